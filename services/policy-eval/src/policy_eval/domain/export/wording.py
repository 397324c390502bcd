"""Says why a verdict is what it is: the rule, what it saw, of which part, for which destination."""

from typing import Final

from policy_eval.domain.export.classification import InEffect
from policy_eval.domain.export.detection import PRODUCT
from policy_eval.domain.export.facts import Part, function_of, publication_of
from policy_eval.domain.export.rules import ExportRule
from policy_eval.domain.export.situation import Situation
from policy_eval.domain.export.statements import note3_of

_PUBLICATION: Final = {
    "source": "the source is published without restriction",
    "object-with-source": "object code and its corresponding source are published",
    "object": "object code is published, its corresponding source is not",
    "none": "it is not published",
}
_LONGEST: Final = 300


def explained(rule: ExportRule, part: Part, code: InEffect, place: str | None, situation: Situation) -> str:
    """The reason of a verdict in a few sentences."""
    saw = [_publication(situation, part), saw_crypto(part), code.because, _note3(situation)]
    where = f" for {place}" if place else ""
    return f"{rule.says} Seen of {_subject(part)}{where}: {'; '.join(filter(None, saw))}."


def saw_crypto(part: Part) -> str:
    """What is known of the part's cryptography, with the source and the way to it."""
    finding = part.finding
    if finding is None:
        return "nothing is known of its cryptography (no statement, no cryptographic asset, no entry in the knowledge base)"
    if finding.is_suspicion:
        return f"only its name suggests cryptography ({finding.subject[:_LONGEST]})"
    if not finding.detected:
        return f"no cryptography ({finding.source})"
    functions = "functions not told" if finding.functions is None else ", ".join(sorted(finding.functions))
    algorithms = ", ".join(finding.algorithms[:8]) + (" …" if len(finding.algorithms) > 8 else "")
    strength = " below the key lengths of 5A002.a" if function_of(finding) == "weak" else ""
    standard = "" if finding.standard is not False else " not standard"
    way = f" through {' → '.join(finding.path)[:_LONGEST]}" if len(finding.path) > 1 else ""
    what = f"it {finding.kind}{standard} cryptography for {functions or 'nothing'}{strength}"
    return f"{what}{f' [{algorithms}]' if algorithms else ''} ({finding.source}{way})"


def _subject(part: Part) -> str:
    if part.purl is None and part.name == PRODUCT:
        return "the product"
    return (part.purl or part.name)[:_LONGEST] + (f" and {part.more} more" if part.more else "")


def _publication(situation: Situation, part: Part) -> str:
    if situation.published and situation.access_restricted:
        return "it is published, but access is restricted, which is no publication"
    if situation.is_published and not part.published:
        return "the product is published, this part is not"
    return _PUBLICATION[publication_of(situation, part)]


def _note3(situation: Situation) -> str:
    match note3_of(situation.note3):
        case "met":
            return "Note 3 is met on all four points"
        case "failed":
            return "Note 3 is not met"
        case _:
            return ""
