"""Which findings are waived: accepted by people until a day, by structure and never by the wording of a message."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from msgspec import structs

from policy_eval.domain.answers import ByPackage
from policy_eval.domain.decisions import Waiver
from policy_eval.domain.evaluated_part import EvaluatedPart
from policy_eval.domain.evaluation import Evaluation, gate_of
from policy_eval.domain.findings import Finding
from policy_eval.domain.purls import read_purl


class Waivers:
    """The waivers that hold in a release."""

    def __init__(
        self, waivers: Iterable[Waiver], version: str, context: str, parts: Sequence[EvaluatedPart] = ()
    ) -> None:
        """`version` and usage `context` of the release; `parts` hold the components that findings name."""
        held = [each for each in waivers if each.holds_in(version, context)]
        self._on_packages = ByPackage(held)
        self._others = [each for each in held if each.target.purl is None]
        self._parts = parts

    def __bool__(self) -> bool:
        return bool(self._on_packages or self._others)

    def of(self, finding: Finding) -> Waiver | None:
        """The oldest waiver that matches the finding, if there is one."""
        about = (*self._others, *self._on_package(finding))
        fitting = [each for each in about if _matches(each, finding) and self._covers_use(each, finding)]
        return min(fitting, key=lambda each: each.source.id, default=None)

    def _covers_use(self, waiver: Waiver, finding: Finding) -> bool:
        """Whether the component is in the waiver's scope and linked as it says; a finding on a whole release has neither."""
        position = finding.component
        if waiver.scope is None and waiver.linkage is None:
            return True
        if position is None:
            return False
        for part in self._parts:
            if position < len(part.decisions):
                used = (part.inventory.components[position].scope, part.decisions[position].usage.linkage)
                return waiver.scope in (None, used[0]) and waiver.linkage in (None, used[1])
            position -= len(part.decisions)
        return False

    def _on_package(self, finding: Finding) -> list[Waiver]:
        subject = finding.subject
        purl = read_purl(subject.purl) if subject.purl and self._on_packages else None
        return self._on_packages.about(purl and replace(purl, version=purl.version or subject.version))


def waived(evaluation: Evaluation, waivers: Iterable[Waiver]) -> Evaluation:
    """The evaluation with its findings waived as people decided; those do not count in the verdict."""
    held = Waivers(waivers, evaluation.inventory.version, evaluation.context.name, evaluation.parts)
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
