"""Reads a string that names one licence, with what people write around the name: brackets, an address, a remark."""

import re

from shared.licensing.addresses import address_of, nuget_expression
from shared.licensing.aliases import alias
from shared.licensing.expression import ExpressionError, parse
from shared.licensing.meaning import Meaning, ambiguous, of_alias
from shared.licensing.spelling import unwrapped

LONGEST_CITED = 600
"""Characters of a name with an address or a remark beside it."""

_CITED = re.compile(r"(?P<name>[^()\[\]<>]{1,300})[(\[<](?P<cited>[^()\[\]<>]{1,300})[)\]>]\s*")
_BESIDE = re.compile(r"(?P<name>[^/]{1,300}?)[\s,;:(\[<-]+(?P<cited>https?://[^\s,;()<>\[\]]{1,300})[)>\]]?")
_MARKDOWN = re.compile(r"\[(?P<name>[^][]{1,300})\]\((?P<cited>[^()\s]{1,300})\)")
_BUNDLE = re.compile(r"\"?(?P<name>[^\";,]{1,300})\"?\s*;\s*(?:link|description)=\S+")
# JSON's and Ruby's: `{"type": "MIT"}`, `{:type => 'MIT', :file => 'LICENSE'}`.
_OBJECT = re.compile(
    r"""\{?\s*['":]?(?:type|name|id)['"]?\s*(?::|=>)\s*['"](?P<name>[^'"{}]{1,300})['"][^{}]{0,600}\}?"""
)
_FILE = (
    r"(?:the )?(?:file )?[\w./-]{0,60}(?:licen[cs]e|copying|notice|readme|copyright)[\w.-]{0,20}(?: file)?"
    r"(?: for (?:more |full |the )?(?:details|information|text|license text))?"
)
_SEE = re.compile(rf"(?:see|in|cf\.?|from|look at) {_FILE}", re.IGNORECASE)
_TAIL = re.compile(
    rf"[\s,;.-]+(?:see {_FILE}|(?:copyright|\(c\)|©)(?!.*\b(?:non|not?|only|except|without|commercial|use|must|may)\b)"
    r" ?(?:\(c\)|©)? ?\d{4}[\w\s.,@()<>&-]{0,200})$",
    re.IGNORECASE,
)
_OF_R = re.compile(r"(?P<name>[^|+]{1,300}?)\s*(?P<joined>[+|])\s*file\s+['\"]?licen[cs]e['\"]?", re.IGNORECASE)
# R's manual: these are templates, to be filled in by the file. With any other licence the file restricts it.
_TEMPLATES_OF_R = frozenset({"MIT", "BSD-2-Clause", "BSD-3-Clause"})


def as_expression(value: str) -> Meaning | None:
    """An SPDX expression, in any letter case."""
    try:
        return Meaning("exact", parse(value), (), "an SPDX expression")
    except ExpressionError:
        return None


def named(value: str) -> Meaning | None:
    """What the name of one licence means, as it stands or without what stands around it."""
    if found := _plainly(value):
        return found
    bare = unwrapped(_TAIL.sub("", value) if len(value) <= LONGEST_CITED else value)
    found = (_plainly(bare) if bare != value else None) or _with_remark(bare) or _spaced(bare)
    return found.as_alias() if found else None


def _spaced(value: str) -> Meaning | None:
    """`MIT_License`, `apache_2_0`: underscores for blanks, in names that have none."""
    return _plainly(value.replace("_", " ")) if "_" in value and " " not in value else None


def _plainly(value: str) -> Meaning | None:
    found = alias(value)
    return as_expression(value) or (of_alias(found) if found else None)


def _with_remark(value: str) -> Meaning | None:
    if len(value) > LONGEST_CITED:
        return None
    if written := nuget_expression(value):
        return as_expression(written)
    if found := _OF_R.fullmatch(value):
        return _of_r(found)
    if found := _BUNDLE.fullmatch(value) or _OBJECT.fullmatch(value):
        return named(found["name"])
    return _beside_another(value)


def _beside_another(value: str) -> Meaning | None:
    matches = (pattern.fullmatch(value) for pattern in (_MARKDOWN, _CITED, _BESIDE))
    found = next(filter(None, matches), None)
    return _agreed(found["name"].strip(), found["cited"].strip()) if found else None


def _of_r(found: re.Match[str]) -> Meaning | None:
    """R: `MIT + file LICENSE` is MIT, `GPL-3 + file LICENSE` adds restrictions, `| file LICENSE` another choice."""
    name = _plainly(found["name"].strip())
    if name is None:
        return None
    if found["joined"] == "+" and str(name.single) in _TEMPLATES_OF_R:
        return name
    return ambiguous(name.options, "a file LICENSE that is not here adds to it, or is offered beside it")


def _agreed(name: str, cited: str) -> Meaning | None:
    """What a name means with something in brackets after it, which may say it again, say more, or contradict."""
    said, again = _plainly(unwrapped(name)), _plainly(unwrapped(cited))
    if said is None:
        return None
    if again is None:
        return said if address_of(cited) or _SEE.fullmatch(cited) else None
    common = [option for option in said.options if option in again.options]
    if len(common) == 1:
        return next(each for each in (said, again, _plainly(common[0])) if each and each.options == tuple(common))
    return ambiguous(common or (*said.options, *again.options), "the name and what stands beside it do not agree")
