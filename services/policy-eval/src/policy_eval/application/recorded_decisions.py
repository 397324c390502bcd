"""The decisions of people that an evaluation rests on."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

import msgspec

from policy_eval.application.ports import ReadVersionRange
from policy_eval.application.record_ports import DecisionRecords, Organizations
from policy_eval.domain.decision_records import DecisionRecord, is_expired
from policy_eval.domain.decisions import Decisions, decisions_of
from policy_eval.domain.organization import Organization
from policy_eval.domain.project_patterns import matches_any
from policy_eval.domain.touched import Package, Touched, touching


@dataclass(frozen=True, slots=True)
class ProjectDecisions:
    """The records that hold in a project now.

    `organization` is what the organisation says of itself, in this version; 0 where it says nothing.
    """

    records: tuple[DecisionRecord, ...]
    organization: Organization
    organization_version: int
    today: date


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
        version, organization = await self.organizations.current()
        return ProjectDecisions(tuple(held), organization, version, now.date())

    def digest(self, held: ProjectDecisions, packages: Iterable[Package], release: Touched) -> str:
        """Return what names the decisions about a release in the inputs of its evaluations: SHA-256 as hex."""
        digest = hashlib.sha256()
        for each in touching(held.records, packages, release, self.read_range):
            digest.update(msgspec.json.encode(each) + b"\n")
        return digest.hexdigest()

    def read(self, held: ProjectDecisions) -> Decisions:
        """Return the decisions as values."""
        decisions = decisions_of(held.records, self.read_range)
        said = held.organization
        decisions = replace(decisions, today=held.today)
        return replace(decisions, preferred=tuple(said.preferred_licenses), organization=said.facts())
