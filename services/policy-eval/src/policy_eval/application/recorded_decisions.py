"""The decisions of people that an evaluation rests on."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from policy_eval.application.ports import DecisionRecords, Organizations, ReadVersionRange
from policy_eval.domain.decision_records import DecisionRecord, is_expired
from policy_eval.domain.decisions import Decisions, decisions_of
from policy_eval.domain.organization import Organization
from policy_eval.domain.project_patterns import matches_any


@dataclass(frozen=True, slots=True)
class ProjectDecisions:
    """The records that hold in a project now; `sha256` names them in the inputs of an evaluation.

    `organization` is what the organisation says of itself, in this version; 0 where it says nothing.
    """

    records: tuple[DecisionRecord, ...]
    sha256: str
    organization: Organization
    organization_version: int


@dataclass(frozen=True, slots=True)
class RecordedDecisions:
    """Reads decisions once for an evaluation."""

    records: DecisionRecords
    read_range: ReadVersionRange
    organizations: Organizations

    async def of(self, project: str, now: datetime) -> ProjectDecisions:
        """Return what holds in the project now."""
        in_effect = await self.records.in_effect()
        held = [each for each in in_effect if matches_any(each.scope, project) and not is_expired(each, now)]
        digest = hashlib.sha256()
        for each in held:
            digest.update(msgspec.json.encode(each) + b"\n")
        version, organization = await self.organizations.current()
        return ProjectDecisions(tuple(held), digest.hexdigest(), organization, version)

    def read(self, held: ProjectDecisions) -> Decisions:
        """Return the decisions as values."""
        decisions = decisions_of(held.records, self.read_range)
        said = held.organization
        return replace(decisions, preferred=tuple(said.preferred_licenses), organization=said.facts())
