"""Take in attributions for components of a release, and have the release evaluated and its NOTICE made again."""

from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from obligations.application.archive_texts import ArchiveTexts
from obligations.application.ports import Attributions, DerivationReader, EvaluationRequester, GivenAttributions
from obligations.domain.attributions import Attribution
from shared.clock import Clock, NewId, timestamp
from shared.errors import ErrorAt, InvalidInput
from shared.persistence.blobs import Blobs

_MOST_UNUSED = 100


class AttributionBundle(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is handed in, component by component."""

    components: Annotated[list[Attribution], Meta(min_length=1, max_length=50_000)]


@dataclass(frozen=True, slots=True)
class BundleToGive:
    """What was read of a body: attributions, and the files that nothing was made of, with the reasons."""

    components: list[Attribution]
    unused: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Giver:
    """Who hands in a bundle, and for which projects."""

    subject: str
    projects: tuple[str, ...]

    @property
    def sees_everything(self) -> bool:
        """Whether no project is hidden."""
        return "*" in self.projects


@dataclass(frozen=True, slots=True)
class GiveAttributions:
    """The use case, with what it needs."""

    reader: DerivationReader
    archive: ArchiveTexts
    attributions: Attributions
    evaluation: EvaluationRequester
    blobs: Blobs
    clock: Clock
    new_id: NewId

    async def __call__(self, release_id: str, bundle: BundleToGive, giver: Giver) -> dict[str, Any]:
        """Keep the bundle for the project of the release; raises NotFound, InvalidInput, Unavailable.

        It holds for these components in every release of the project from its next evaluation on; that of this release
        is asked for at once. Of somebody who sees all projects it is archived by the digests of the components, too, and
        holds wherever a component with such a digest has no text.
        """
        unnamed = [number for number, each in enumerate(bundle.components) if not each.is_named]
        if unnamed:
            errors = tuple(ErrorAt(f"/components/{number}", "neither purl nor name") for number in unnamed)
            raise InvalidInput("Each component needs a `purl`, or `name` and `version`.", errors=errors)
        if not bundle.components:
            errors = tuple(ErrorAt(file, reason) for file, reason in bundle.unused[:_MOST_UNUSED])
            raise InvalidInput("Nothing in it says anything of a component.", errors=errors)
        archived, record = 0, await self.reader.record(release_id, None)
        sha256 = await self.blobs.put(msgspec.json.encode(bundle.components))
        moment = timestamp(self.clock.now())
        given = GivenAttributions(self.new_id(), record.project, giver.subject, moment, sha256)
        await self.attributions.add(given)
        if giver.sees_everything and record.decisions_sha256:
            archived = await self.archive.keep(record.decisions_sha256, bundle.components)
        evaluation = await self.evaluation.again(release_id)
        return {
            "id": given.id,
            "components": len(bundle.components),
            "sha256": sha256,
            "evaluation": evaluation,
            "archived": archived,
            "unused": [{"file": file, "reason": reason} for file, reason in bundle.unused[:_MOST_UNUSED]],
            "unused_total": len(bundle.unused),
        }
