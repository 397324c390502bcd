"""Explain how a component's verdict came about: each step of the decision, and whose word it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from policy_eval.application.explanations import unpacked
from policy_eval.application.ports import EvaluationReader, EvaluationRecord
from policy_eval.domain.purls import read_purl
from policy_eval.domain.trace import TraceStep
from shared.errors import ErrorAt, InvalidInput, NotFound

MOST_COMPONENTS: Final = 100
_BY_CATALOGUE: Final = frozenset({"mapped", "category"})
_OF_COMPONENT: Final = (
    *("purl", "name", "version", "part", "declared", "license", "effective_license", "license_source"),
    *("category", "verdict"),
)


@dataclass(frozen=True, slots=True)
class ExplainComponent:
    """The use case, with what it needs."""

    reader: EvaluationReader

    async def __call__(
        self, release_id: str, evaluation_id: str | None, purl: str | None, name: str | None
    ) -> dict[str, Any]:
        """Return the traces of the components of this purl, or of this name; raises NotFound, InvalidInput."""
        record = await self.reader.record(release_id, evaluation_id)
        positions = await self._positions(record, purl, name)
        if not positions:
            raise NotFound(f"The evaluation {record.id} has no component {purl or name}.")
        shown = positions[:MOST_COMPONENTS]
        explanations = unpacked(await self.reader.explanation(record.id))
        components = await self.reader.components_at(record.id, shown)
        findings = await self.reader.findings_at(record.id, shown)
        items = [
            _item(each, explanations.trace(each["position"]), findings.get(each["position"], []), record)
            for each in components
        ]
        return {"release": release_id, "evaluation": record.id, "items": items, "components": len(positions)}

    async def _positions(self, record: EvaluationRecord, purl: str | None, name: str | None) -> list[int]:
        if purl is None:
            if not name or "\0" in name:
                raise _refused("purl", "name the component by `purl`, or by `name` where it has none")
            return await self.reader.positions_named(record.id, name, MOST_COMPONENTS)
        read = read_purl(purl)
        if read is None:
            raise _refused("purl", "no package URL, such as pkg:npm/left-pad@1.3.0")
        return await self.reader.positions_of(record, read)


def _item(
    component: Mapping[str, Any],
    trace: Sequence[TraceStep],
    findings: Sequence[Mapping[str, Any]],
    record: EvaluationRecord,
) -> dict[str, Any]:
    steps = [_step(each, component["part"], record) for each in trace]
    steps[-1:-1] = [_waiver_step(each) for each in findings]
    return {**{name: component[name] for name in _OF_COMPONENT}, "trace": steps, "findings": list(findings)}


def _step(step: TraceStep, part: str, record: EvaluationRecord) -> dict[str, Any]:
    source, version, policy = step.source, step.version, f"policy {record.policy.name}"
    if step.step == "declared":
        source, version = f"document of the part {part}", record.inputs.get("documents", {}).get(part)
    elif step.step in _BY_CATALOGUE and step.author is None:
        source, version = "licence catalogue", record.inputs.get("license_catalogue")
    elif source in (None, "policy", policy):
        # What is written of another version of the policy, which says the same, holds for this one.
        source, version = policy, str(record.policy.version)
    author = step.author or (None if step.step == "declared" else "licet")
    return {"step": step.step, "saw": step.saw, "source": source, "version": version, "author": author}


def _waiver_step(finding: Mapping[str, Any]) -> dict[str, Any]:
    waiver = finding["waived"]
    if waiver is None:
        saw = f"{finding['rule']} ({finding['severity']}) is not waived"
        return {"step": "waiver", "saw": saw, "source": None, "version": None, "author": None}
    saw = f"{finding['rule']} ({finding['severity']}) is waived until {waiver['expires_at']}: {waiver['reason']}"
    author = waiver["approved_by"]
    return {"step": "waiver", "saw": saw, "source": f"waiver {waiver['id']}", "version": None, "author": author}


def _refused(parameter: str, message: str) -> InvalidInput:
    return InvalidInput(f"{parameter}: {message}", errors=(ErrorAt(parameter, message),))
