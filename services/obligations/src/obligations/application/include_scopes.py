"""Make the NOTICE of a release anew with components of scopes that are not delivered as a rule."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from obligations.application.current_catalogue import CurrentCatalogue
from obligations.application.decoded_release import decoded_release
from obligations.application.look_up import LookUp
from obligations.application.ports import DecisionSource, DerivationRecord, ReadNotice
from obligations.domain.catalogue import ObligationCatalogue
from obligations.domain.compile_notice import compile_notice
from obligations.domain.included_scopes import with_scopes
from obligations.domain.notice import Notice, Organization, known_organization
from shared.computation import compute
from shared.contracts.inventory import Scope
from shared.errors import ErrorAt, InvalidInput, NotFound

INCLUDABLE: Final[tuple[Scope, ...]] = ("dev", "test", "build")


@dataclass(frozen=True, slots=True)
class IncludeScopes:
    """The use case, with what it needs. `organization`: who delivers, where the evaluation does not say it."""

    look_up: LookUp
    decisions: DecisionSource
    catalogue: CurrentCatalogue
    organization: Organization
    read_notice: ReadNotice

    async def __call__(self, record: DerivationRecord, scopes: Sequence[Scope]) -> Notice:
        """The NOTICE of that evaluation as if components of these scopes were delivered; NotFound, Unavailable."""
        kept = await self.look_up.content(record.notices["json"])
        if not scopes:
            return await compute(self.read_notice, kept)
        if not record.decisions_sha256:
            raise NotFound("This derivation is of an older version of Licet; POST …/evaluations makes it again.")
        body = await self.decisions.fetch(record.decisions_sha256)
        bundles = [await self.look_up.content(each) for each in record.attributions]
        catalogue = await self.catalogue.as_of(record.analyses)
        return await compute(self._made, catalogue, body, bundles, kept, scopes)

    def _made(
        self, catalogue: ObligationCatalogue, body: bytes, bundles: list[bytes], kept: bytes, scopes: Sequence[Scope]
    ) -> Notice:
        release = with_scopes(decoded_release(body, bundles), scopes)
        without = self.read_notice(kept)
        organization = known_organization(release.organization, self.organization)
        notice = compile_notice(release, catalogue, organization, without.generator)
        return replace(notice, header=without.header, included_scopes=tuple(scopes))


def scopes_of(asked: str) -> tuple[Scope, ...]:
    """The scopes, joined by commas, in one order; raises InvalidInput."""
    named = {each.strip() for each in asked.split(",")} - {""}
    if not named <= set(INCLUDABLE):
        message = f"some of {', '.join(INCLUDABLE)}"
        raise InvalidInput(f"include: {message}", errors=(ErrorAt("include", message),))
    return tuple(each for each in INCLUDABLE if each in named)
