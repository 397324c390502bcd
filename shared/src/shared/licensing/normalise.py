"""What a licence string of an SBOM means, as an SPDX expression, or that it does not say.

The order: an SPDX expression; what says nothing; a name, address or reviewed alias, also with what people write around
it; several of them with an operator or in a list; the text or notice of a licence. A string that could mean two
licences is never resolved: a wrong answer costs more than a question.
"""

import re
from dataclasses import dataclass

from shared.licensing.combined import MOST_OPERANDS, combined
from shared.licensing.expression import Expression
from shared.licensing.meaning import Meaning, Status, unknown
from shared.licensing.single_name import as_expression, named
from shared.licensing.spelling import plain, unwrapped
from shared.licensing.text_reading import as_text
from shared.remembering import remembered

LONGEST_EXPRESSION = 8_192
"""Characters; a longer value is only compared with the texts of licences."""
LONGEST_TEXT = 1_048_576
"""Characters; a longer value is not read at all. The longest text of the SPDX list has about 50,000."""

_OPERATOR_WORD = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"(?:noassertion|unknown(?: licen[sc]e)?|none|no[_ ]licen[sc]e(?:[_ ](?:found|specified|defined|given))?|not specified"
    r"|other(?: licen[sc]e)?|n/?a|null|nil|undefined|tbd|todo|custom(?: licen[sc]e)?|-+|\?+"
    r"|see licen[sc]e(?: file)?(?: in .{1,200})?"
    r"|declared licen[sc]e file: ?\S{1,100}"
    r"|licen[sc]e(?: file)?|licen[sc]e\.(?:txt|md|rst)|copying(?:\.\w+)?|file licen[sc]e"
    r"|dual[- ]licen[sc]ed?|various|multiple|mixed|unspecified|open source|free software|(?:osi|dfsg) approved)",
    re.IGNORECASE,
)
# The sentence that Tern puts around what a package states.
_QUOTED = re.compile(
    r"The license info found in the package meta data is: (.{1,300}?)\. See the specific package info in this SPDX document"
    r" or the package itself for more details\.?"
)
# What ScanCode writes in place of a text of its LicenseDB.
_POINTING = re.compile(r"See details at (https://github\.com/\S{1,200})")
# ScanCode's own exceptions, as it writes them; SPDX 3.0.1 Annex B takes AdditionRef there.
_REFERENCE_AFTER_WITH = re.compile(r"(\bwith\s)licenseref-", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Normalised:
    """What `input` means. `expression` is set for the statuses exact, alias and text, else None; `candidates` are
    SPDX expressions to choose from, for the status ambiguous; `why` is a sentence for the reader."""

    input: str
    expression: Expression | None
    status: Status
    candidates: tuple[str, ...]
    why: str


def normalise(value: str) -> Normalised:
    """What a licence string means. Never raises; the cost is bounded by the length of the value. Values that are
    short enough for an expression are remembered.

    exact: an SPDX expression, in any letter case, deprecated ids replaced. alias: a known name or address, or an
    expression whose parts all are. text: the wording of one licence, or a notice that grants it. ambiguous: names a
    family or several licences without saying how they combine, or a text that departs from the licence's. unknown:
    anything else.
    """
    found = _remembered(value) if len(value) <= LONGEST_EXPRESSION else _long(value)
    return Normalised(value, found.expression, found.status, found.candidates, found.why)


@remembered(4_096)
def _remembered(value: str) -> Meaning:
    stripped = value.strip()
    if len(_OPERATOR_WORD.findall(stripped)) >= MOST_OPERANDS:
        return as_text(value) or unknown(f"more than {MOST_OPERANDS} operands")
    return as_expression(stripped) or _read(stripped)


def _read(value: str) -> Meaning:
    written = plain(value)
    line = " ".join(written.split())
    if quoted := _QUOTED.fullmatch(line) or _POINTING.fullmatch(line):
        return _read(quoted[1]).as_alias()
    if not line or _SAYS_NOTHING.fullmatch(line):
        return unknown("states that there is no licence" if line == "NONE" else "says nothing about the licence")
    found = (
        as_expression(_REFERENCE_AFTER_WITH.sub(r"\1AdditionRef-", line))
        or named(line)
        or next(filter(None, map(combined, dict.fromkeys((written, line, unwrapped(line))))), None)
    )
    if found:
        return found.as_alias()
    return as_text(written) or unknown("no SPDX expression, known name, address or text")


def _long(value: str) -> Meaning:
    if len(value) > LONGEST_TEXT:
        return unknown(f"longer than {LONGEST_TEXT} characters")
    return as_text(plain(value)) or unknown("too long for an expression, and no known licence text")
