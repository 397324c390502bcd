"""Export the SBOM of a release with what was decided of its components."""

from collections.abc import Mapping
from dataclasses import dataclass

from obligations.application.decoded_release import decoded_release
from obligations.application.look_up import LookUp
from obligations.application.ports import DecisionSource, DerivationRecord, SbomRenderer
from obligations.domain.enriched_sbom import EnrichedSbom, Origin, enrich
from shared.computation import compute
from shared.contracts.decisions import DecidedRelease
from shared.errors import ErrorAt, InvalidInput, NotFound, OverLimit

MOST_CHARACTERS = 128 * 1024 * 1024
"""Of all texts together, as often as components have them: one long text of the document may be that of thousands."""


@dataclass(frozen=True, slots=True)
class ExportSbom:
    """The use case, with what it needs. `renderers`: format → renderer."""

    look_up: LookUp
    decisions: DecisionSource
    renderers: Mapping[str, SbomRenderer]
    generator: str

    async def __call__(
        self, release_id: str, evaluation_id: str | None, format_: str
    ) -> tuple[DerivationRecord, bytes]:
        """The document of an evaluation; raises InvalidInput for an unknown format, OverLimit, NotFound, Unavailable."""
        if format_ not in self.renderers:
            message = f"one of {', '.join(sorted(self.renderers))}"
            raise InvalidInput(f"format: {message}", errors=(ErrorAt("format", message),))
        record = await self.look_up.reader.record(release_id, evaluation_id)
        if not record.decisions_sha256:
            raise NotFound("This derivation is of an older version of Licet; POST …/evaluations makes it again.")
        body = await self.decisions.fetch(record.decisions_sha256)
        bundles = [await self.look_up.content(each) for each in record.attributions]
        origin = Origin(record.evaluation_id, record.derived_at, self.generator)
        render = self.renderers[format_]
        return record, await compute(lambda: render(enriched(decoded_release(body, bundles), origin)))


def enriched(release: DecidedRelease, origin: Origin) -> EnrichedSbom:
    """The document with all texts in full; raises OverLimit where they would be too long together."""
    sbom = enrich(release, origin)
    if sbom.characters_of_texts > MOST_CHARACTERS:
        detail = (
            f"The texts of the components, each as often as one has it, have more than {MOST_CHARACTERS:,} characters: "
            "take the NOTICE, which has each text once, or leave long texts out of the SBOM that is sent."
        )
        raise OverLimit(detail, limit="texts")
    return sbom
