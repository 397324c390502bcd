"""Reads the notices by which a file or a package grants a licence in a few sentences."""

import re
from collections.abc import Callable
from functools import lru_cache

from shared.licensing.catalogue import load_catalogue
from shared.licensing.expression import ExpressionError, parse
from shared.licensing.license_text import words_of
from shared.licensing.meaning import Meaning, ambiguous

LONGEST_NOTICE = 4_000
"""Characters; a longer text is no notice."""
_MOST_OTHER_WORDS = 60
_MOST_WORDS_BEFORE = 12
_FEWEST_WORDS = 20

_GNU = re.compile(
    r"(?:is|are) free software (?:and )?(?:you can|you may) (?:use )?redistribute (?:it|them) "
    r"and or (?:modify|change) "
    r"(?:it|them) under (?:the )?terms of (?:the )?gnu (?P<family>(?:lesser |library |affero )?general public license)"
    r"(?: gpl| lgpl| agpl)? (?:as published by (?:the )?free software foundation )?(?:inc )?"
    r"(?P<version>(?:either )?version (?P<number>\d(?: \d)?)(?: of (?:the|that) license)?"
    r"(?P<later>(?: or)? (?:or )?at your option any later version)?(?P<only> only| of the license only)?)?"
)
_APACHE = re.compile(
    r"(?:licensed (?:to (?:you|the apache software foundation asf) )?|(?:the )?asf licenses this file to you )"
    r"under (?:the )?apache license version 2 0 (?:the license )?"
    r"(?:you may not use this file except in compliance with the license )?"
)
_MPL = re.compile(
    r"this source code form is subject to the terms of the mozilla public license v 2 0 (?:if a copy of the mpl "
    r"was not distributed "
    r"with this file you can obtain one at http (?:www )?mozilla org mpl 2 0 ?)?"
)
_BOOST = re.compile(
    r"(?:use modification and distribution (?:is|are) subject to|distributed under) the boost software license "
    r"version 1 0 ?"
)
_EPL = re.compile(
    r"this program and the accompanying materials are made available under the terms of the eclipse public license"
    r"(?: v| version)? (?P<number>[12]) 0 (?:which (?:accompanies this distribution and )?is available at http "
    r"(?:www )?eclipse org "
    r"(?:legal )?(?:epl 2 0|epl v10|epl v20|legal epl 2 0|org documents epl 2 0 epl 2 0(?: html| txt)?|org "
    r"documents epl v10)(?: html)? ?)?"
)
_PERL = re.compile(
    r"(?:this (?:\w+ ){1,3}is free software (?:and )?)?you (?:can|may) redistribute it and or modify it under "
    r"the same terms as "
    r"(?:the )?perl (?:5 )?(?:itself|programming language(?: system)?(?: itself)?)?(?: either perl version "
    r"\d[\d ]* or at your option any "
    r"later version of perl 5 you may have available)?"
)
_BSD_STYLE = re.compile(
    r"(?:use of this source code )?is governed by a bsd style license(?: that can be found in the license file)?"
)
_IDENTIFIER = re.compile(r"spdx-license-identifier\s*:\s*([^\n*#]{1,300})", re.IGNORECASE)

# Sentences that go with the notices and grant nothing.
_GOES_WITH = re.compile(
    r"\b(?:\w+ ){1,3}?(?:is|are) distributed in the hope that (?:it|they) will be useful but without any "
    r"warranty without even the implied"
    r" warranty of merchantability or fitness for a particular purpose see the gnu (?:lesser |library |affero "
    r")?general public license"
    r" for more details"
    r"|you (?:should|must) have received a copy of the (?:gnu )?(?:lesser |library |affero )?(?:general public "
    r")?license along with "
    r"(?:\w+ ){1,8}?(?:see the file \w+ )?if not (?:see|write to the free software foundation inc)"
    r"(?: http (?:www )?gnu org licenses)?(?: (?:51|59|675) [\w ]{1,90}?(?:usa|02139|1307|1301))?"
    r"|you may obtain a copy of the license at http (?:www )?apache org licenses license 2 0(?: txt| html)?"
    r"|unless required by applicable law or agreed to in writing software distributed under the license is "
    r"distributed on an as is basis"
    r" without warranties or conditions of any kind either express or implied see the license for the specific "
    r"language governing"
    r" permissions and limitations under the license"
    r"|see (?:the )?(?:accompanying )?file license[ _]1[ _]0 txt or copy at http (?:www )?boost org license 1 0 txt"
    r"|licensed to the apache software foundation asf under one or more contributor license agreements"
    r"|see the notice file distributed with this work for additional information regarding copyright ownership"
)
_TERMS = re.compile(
    r"\b(?:non|not?|only|except\w*|unless|provided|subject|must|shall|prohibit\w*|restrict\w*|permission|permitted|commercial\w*|grant\w*"
    r"|special|addition\w*|alternativ\w*|instead|dual|also|or|license[sd]?|gpl|lgpl|mit|bsd|apache|mozilla|public)\b"
)
_VERSIONS_OF_GNU = {
    "GPL": ("GPL-1.0-or-later", "GPL-2.0-or-later", "GPL-3.0-or-later"),
    "LGPL": ("LGPL-2.0-or-later", "LGPL-2.1-or-later", "LGPL-3.0-or-later"),
    "AGPL": ("AGPL-1.0-or-later", "AGPL-3.0-or-later"),
}
_GNU_FAMILIES = {"general": "GPL", "lesser general": "LGPL", "library general": "LGPL", "affero general": "AGPL"}


def granted(value: str) -> Meaning | None:
    """The licence that a notice grants; ambiguous where the notice says more than that, or names no version."""
    if len(value) > LONGEST_NOTICE:
        return None
    if identifiers := _IDENTIFIER.findall(value):
        return _identified(identifiers, _IDENTIFIER.sub(" ", value))
    return _noticed(" ".join(words_of(value, with_title=True)).replace("_", " "))


def speaks_of_terms(words: str) -> bool:
    """Whether words beside a grant may add to it, take from it or name another licence."""
    return bool(_TERMS.search(words))


def _noticed(words: str) -> Meaning | None:
    for pattern, license_of in _NOTICES:
        if found := pattern.search(words):
            rest = _GOES_WITH.sub(" ", f"{words[: found.start()]} {words[found.end() :]}")
            return _judged(license_of(found), " ".join(rest.split()))
    return None


def _identified(identifiers: list[str], rest: str) -> Meaning | None:
    """What the lines `SPDX-License-Identifier:` say, where they say one thing and the rest says that or nothing."""
    distinct = dict.fromkeys(identifier.strip().strip("-/>").strip() for identifier in identifiers)
    if len(distinct) > 1:
        return None
    try:
        expression = parse(next(iter(distinct)))
    except ExpressionError:
        return None
    words = " ".join(words_of(rest, with_title=True)).replace("_", " ")
    notice = _noticed(words)
    if (notice and notice.expression == expression) or not _TERMS.search(words):
        return Meaning("text", expression, (), "its line SPDX-License-Identifier")
    return ambiguous((str(expression),), f"SPDX-License-Identifier with more beside it: “{words[:80]}”")


def _judged(options: tuple[str, ...], rest: str) -> Meaning:
    if len(options) > 1:
        return ambiguous(options, "a notice that names no version or variant")
    exception = _exception_in(rest)
    if exception:
        said = f"a notice that grants {options[0]}, and the text of {exception}"
        return Meaning("text", parse(f"{options[0]} WITH {exception}"), (), said)
    if len(rest.split()) > _MOST_OTHER_WORDS or _TERMS.search(rest):
        return ambiguous(options, f"a notice of {options[0]} with more beside it: “{rest[:80]}”")
    return Meaning("text", parse(options[0]), (), f"a notice that grants {options[0]}")


def _exception_in(rest: str) -> str | None:
    """The exception whose whole text is all that a notice says beside the grant."""
    for words, exception in _exceptions():
        if rest.endswith(words):
            before = rest[: -len(words)]
            if len(before.split()) <= _MOST_WORDS_BEFORE and not _TERMS.search(before):
                return exception
    return None


@lru_cache(maxsize=1)
def _exceptions() -> tuple[tuple[str, str], ...]:
    """The words of each exception of the SPDX list with its id, the longest first; none that two of them have."""
    catalogue = load_catalogue()
    ids: dict[str, list[str]] = {}
    for each in catalogue.exceptions:
        words = " ".join(words_of(catalogue.exception_text(each.id) or "", with_title=True)).replace("_", " ")
        if not each.deprecated and len(words.split()) >= _FEWEST_WORDS:
            ids.setdefault(words, []).append(each.id)
    known = ((words, found[0]) for words, found in ids.items() if len(found) == 1)
    return tuple(sorted(known, key=lambda each: -len(each[0])))


def _gnu(found: re.Match[str]) -> tuple[str, ...]:
    family = _GNU_FAMILIES[found["family"].removesuffix(" public license")]
    if not found["number"]:
        return _VERSIONS_OF_GNU[family]
    number = found["number"].replace(" ", ".") if " " in found["number"] else f"{found['number']}.0"
    return (f"{family}-{number}-or-later" if found["later"] else f"{family}-{number}-only",)


_NOTICES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, ...]]], ...] = (
    (_GNU, _gnu),
    (_APACHE, lambda _: ("Apache-2.0",)),
    (_MPL, lambda _: ("MPL-2.0",)),
    (_BOOST, lambda _: ("BSL-1.0",)),
    (_EPL, lambda found: (f"EPL-{found['number']}.0",)),
    (_BSD_STYLE, lambda _: ("BSD-2-Clause", "BSD-3-Clause")),
    (_PERL, lambda _: ("Artistic-1.0-Perl OR GPL-1.0-or-later",)),
)
