"""Derive the obligations and the NOTICE of a release when it was evaluated, and tell the others."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from obligations.application.archive_texts import ArchiveTexts
from obligations.application.current_catalogue import CurrentCatalogue
from obligations.application.decoded_release import decoded_release
from obligations.application.ports import Attributions, DecisionSource, DerivationRecord, Renderer, UnitOfWork
from obligations.application.sign_notice import Signer, to_archive
from obligations.application.store_derivation import store_derivation
from obligations.application.tell_steps import alternatives, tell_derivation
from obligations.domain.carried_by_notice import carried_by_notice
from obligations.domain.catalogue import ObligationCatalogue
from obligations.domain.compile_notice import compile_checked, shipped_groups
from obligations.domain.derive import Obligation, derive
from obligations.domain.life import Life, derived_life
from obligations.domain.notice import Notice, Organization, known_organization
from obligations.domain.release_steps import StepFacts, is_public
from obligations.domain.source_bundle import sources_to_give
from shared.clock import Clock, timestamp
from shared.computation import compute
from shared.contracts.envelope import Envelope, data_of
from shared.contracts.events import ReleaseEvaluated, ReleaseState
from shared.crash import crash_point
from shared.persistence.blobs import Blobs
from shared.tracing import traced

CONSUMER = "obligations"
_FORMS_OF_A_DRAFT = ("text", "json")


def is_in_bulk(envelope: Envelope) -> bool:
    """Whether nobody waits for what the event leads to; raises UndecodableMessage."""
    event: ReleaseEvaluated = data_of(envelope)
    return event.bulk


@dataclass(frozen=True, slots=True)
class _Computed:
    """What is kept of a derivation; the NOTICE as a value, much larger, is forgotten before anything is stored."""

    obligations: list[tuple[Obligation, Life]]
    notice_status: Literal["draft", "final"]
    open_points: list[str]
    rendered: dict[str, bytes]
    attached: dict[str, bytes]
    step_facts: StepFacts


@dataclass(frozen=True, slots=True)
class DeriveRelease:
    """The use case, with what it needs. `renderers`: format → renderer, `text` and `json` among them;
    `headers`: what the notices of a project begin with; `archive`: texts by the digests of files.

    Of a final NOTICE every form is kept, signed where there is a signer, of a draft these two: the others are made from
    JSON when they are asked for.
    """

    decisions: DecisionSource
    attributions: Attributions
    catalogue: CurrentCatalogue
    organization: Organization
    generator: str
    renderers: Mapping[str, Renderer]
    blobs: Blobs
    unit_of_work: Callable[[], UnitOfWork]
    clock: Clock
    headers: Callable[[str], Awaitable[str | None]]
    archive: ArchiveTexts
    signer: Signer | None

    async def handle(self, envelope: Envelope) -> None:
        """Derive from the evaluation that the event speaks of, once."""
        event: ReleaseEvaluated = data_of(envelope)
        if await self._is_handled(envelope.id):
            return
        body = await self.decisions.fetch(event.decisions_sha256)
        given = [each.sha256 for each in await self.attributions.of(event.release.project)]
        archived = await self.archive.bundle(body, [await self.blobs.get(each) for each in given])
        given += [archived] if archived else []
        catalogue, analyses = await self.catalogue.with_versions()
        header = await self.headers(event.release.project)
        attributed = [await self.blobs.get(each) for each in given]
        computed = await compute(self._compute, event.release, catalogue, body, (attributed, header))
        digests, attached = await self._stored(computed.rendered), await self._stored(computed.attached)
        record = replace(
            self._record(event, computed, digests), attached=attached, attributions=given, analyses=analyses
        )
        crash_point("derive-before-commit")
        await self._save(event, envelope.id, record, computed)

    @traced("store derivation")
    async def _save(
        self, event: ReleaseEvaluated, message_id: str, record: DerivationRecord, computed: _Computed
    ) -> None:
        async with self.unit_of_work() as unit:
            if not await unit.accept(CONSUMER, message_id):
                return
            is_current = await store_derivation(unit, record, computed.obligations, bulk=event.bulk)
            await tell_derivation(unit, record, computed.step_facts, is_current)
            await unit.commit()
        crash_point("derive-after-commit")

    async def _is_handled(self, message_id: str) -> bool:
        async with self.unit_of_work() as unit:
            return not await unit.accept(CONSUMER, message_id)

    async def _stored(self, contents: Mapping[str, bytes]) -> dict[str, str]:
        digests = await asyncio.gather(*(self.blobs.put(content) for content in contents.values()))
        return dict(zip(contents, digests, strict=True))

    @traced("derive obligations")
    def _compute(
        self, state: ReleaseState, catalogue: ObligationCatalogue, body: bytes, added: tuple[list[bytes], str | None]
    ) -> _Computed:
        given, header = added
        release = decoded_release(body, given)
        shipped = shipped_groups(release, catalogue)
        organization = known_organization(release.organization, self.organization)
        checked = compile_checked(release, shipped, catalogue, organization, self.generator)
        notice = replace(checked.notice, header=header)
        rendered = self._render(notice)
        attached = {
            "checks": msgspec.json.encode(checked.checks),
            "sources": msgspec.json.encode(sources_to_give(shipped, organization.source_offer)),
            **(to_archive(self.signer, rendered) if self.signer and notice.status == "final" else {}),
        }
        open_points = [point.message for point in notice.open_points]
        obligations = derive(release, catalogue)
        carried = carried_by_notice(obligations, notice)
        lives = [(each, derived_life(each.key in carried)) for each in obligations]
        step_facts = StepFacts(
            release=state,
            obligations=len(obligations),
            failed_checks=sum(check.result == "failed" for check in checked.checks),
            is_public=is_public(release),
            documents=release.documents,
            alternatives=alternatives(state.id, obligations),
        )
        return _Computed(lives, notice.status, open_points, rendered, attached, step_facts)

    @traced("render NOTICE")
    def _render(self, notice: Notice) -> dict[str, bytes]:
        forms = self.renderers if notice.status == "final" else _FORMS_OF_A_DRAFT
        return {name: self.renderers[name](notice) for name in forms}

    def _record(self, event: ReleaseEvaluated, computed: _Computed, digests: dict[str, str]) -> DerivationRecord:
        return DerivationRecord(
            evaluation_id=event.evaluation_id,
            release_id=event.release.id,
            project=event.release.project,
            version=event.release.version,
            revision=event.release.revision,
            derived_at=timestamp(self.clock.now()),
            notice_status=computed.notice_status,
            notices=digests,
            open_points=computed.open_points,
            decisions_sha256=event.decisions_sha256,
            step_facts=computed.step_facts,
        )
