"""Export the SBOM of a release with what was decided of its components."""

from collections.abc import Mapping
from dataclasses import dataclass

from obligations.application.decoded_release import decoded_release
from obligations.application.look_up import LookUp
from obligations.application.ports import DecisionSource, DerivationRecord, SbomRenderer
from obligations.domain.enriched_sbom import Origin, enrich
from shared.computation import compute
from shared.errors import ErrorAt, InvalidInput, NotFound


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
        """The document of an evaluation; raises InvalidInput for an unknown format, NotFound, Unavailable."""
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
        return record, await compute(lambda: render(enrich(decoded_release(body, bundles), origin)))
