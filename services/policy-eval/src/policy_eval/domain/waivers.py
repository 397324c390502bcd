"""Which findings are waived: accepted by people until a day, by structure and never by the wording of a message."""

from collections.abc import Iterable
from dataclasses import replace

from msgspec import structs

from policy_eval.domain.answers import ByPackage
from policy_eval.domain.decisions import Waiver
from policy_eval.domain.evaluation import Evaluation, gate_of
from policy_eval.domain.findings import Finding
from policy_eval.domain.purls import read_purl


class Waivers:
    """The waivers that hold in a project and a usage context."""

    def __init__(self, waivers: Iterable[Waiver], context: str) -> None:
        held = [each for each in waivers if each.context in (None, context)]
        self._on_packages = ByPackage(held)
        self._others = [each for each in held if each.target.purl is None]

    def __bool__(self) -> bool:
        return bool(self._on_packages or self._others)

    def of(self, finding: Finding) -> Waiver | None:
        """The oldest waiver that matches the finding, if there is one."""
        fitting = [each for each in (*self._others, *self._on_package(finding)) if _matches(each, finding)]
        return min(fitting, key=lambda each: each.source.id, default=None)

    def _on_package(self, finding: Finding) -> list[Waiver]:
        subject = finding.subject
        purl = read_purl(subject.purl) if subject.purl and self._on_packages else None
        return self._on_packages.about(purl and replace(purl, version=purl.version or subject.version))


def waived(evaluation: Evaluation, waivers: Iterable[Waiver]) -> Evaluation:
    """The evaluation with its findings waived as people decided; those do not count in the verdict."""
    held = Waivers(waivers, evaluation.context.name)
    if not held:
        return evaluation
    findings = tuple(structs.replace(each, waiver=held.of(each)) for each in evaluation.findings)
    return replace(evaluation, write_findings=lambda: findings, gate=gate_of(findings))


def _matches(waiver: Waiver, finding: Finding) -> bool:
    """A waiver settles only questions of the routes that its approver may answer: the OSPO's none of those to legal."""
    question = finding.question
    return (
        (question.route is None or question.route in waiver.routes)
        and waiver.rule in (None, question.rule)
        and waiver.license in (None, question.identity, question.license)
    )
