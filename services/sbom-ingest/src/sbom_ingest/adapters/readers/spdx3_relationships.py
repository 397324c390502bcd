"""What the relationship types of SPDX 3.0 (Core, RelationshipType) say of licences, dependencies, scope and linkage.

Keys are in lower case without `_`: the types of the specification, and those that previews wrote (`DEPENDS_ON`).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from sbom_ingest.adapters.readers.spdx_relationships import MEANINGS as OF_SPDX_2
from sbom_ingest.adapters.readers.spdx_relationships import OTHERS as OTHERS_OF_SPDX_2
from sbom_ingest.adapters.readers.spdx_relationships import SCOPE_STRENGTH, Meaning
from shared.contracts.inventory import Scope
from shared.remembering import remembered

DESCRIBES = "describes"
LICENSES: Mapping[str, Literal["concluded", "declared"]] = {
    "hasconcludedlicense": "concluded",
    "hasdeclaredlicense": "declared",
}
_MEANINGS: Mapping[str, Meaning] = {
    "dependson": Meaning("dependency", scope="runtime"),
    "hasprerequisite": Meaning("dependency", scope="runtime"),
    "hasstaticlink": Meaning("dependency", scope="runtime", linkage="static"),
    "hasdynamiclink": Meaning("dependency", scope="runtime", linkage="dynamic"),
    "hasoptionaldependency": Meaning("dependency", scope="optional"),
    "hasoptionalcomponent": Meaning("dependency", scope="optional"),
    # Provided by the surroundings at run time, and so not shipped.
    "hasprovideddependency": Meaning("dependency", scope="excluded"),
    "usestool": Meaning("dependency", scope="build", linkage="dev-tool"),
    "hastest": Meaning("dependency", scope="test"),
    "hastestcase": Meaning("dependency", scope="test"),
    # Whether a model carries the licence of what it was trained on is not for a reader to decide.
    "trainedon": Meaning("dependency", scope="runtime"),
    "testedon": Meaning("dependency", scope="test"),
    "contains": Meaning("containment"),
}
_PREVIEW_MEANINGS = {kind.replace("_", "").lower(): meaning for kind, meaning in OF_SPDX_2.items()}
MEANINGS: Mapping[str, Meaning] = {**_PREVIEW_MEANINGS, **_MEANINGS}
OTHERS = frozenset(
    """
    affects amendedBy ancestorOf availableFrom configures coordinatedBy copiedTo delegatedTo descendantOf doesNotAffect
    expandsTo exploitCreatedBy fixedBy fixedIn foundBy generates hasAddedFile hasAssessmentFor
    hasAssociatedVulnerability hasDataFile hasDeletedFile hasDependencyManifest hasDistributionArtifact
    hasDocumentation hasEvidence hasExample hasHost hasInput hasMetadata hasOutput hasRequirement hasSpecification
    hasVariant invokedBy modifiedBy other packagedBy patchedBy publishedBy reportedBy republishedBy serializedInArtifact
    underInvestigationFor
    """.lower().split()
) | {kind.replace("_", "").lower() for kind in OTHERS_OF_SPDX_2}
_LIFE_CYCLE: Mapping[str, Scope] = {
    "design": "dev",
    "development": "dev",
    "build": "build",
    "test": "test",
    "runtime": "runtime",
}
LIFE_CYCLE_SCOPES = _LIFE_CYCLE.keys() | {"other", ""}


@remembered(256)
def relationship_kind(written: str) -> str:
    """The key of a type, however it is spelled."""
    return written.rpartition("/")[2].replace("_", "").lower()


def scoped(meaning: Meaning, life_cycle_scope: str) -> Meaning:
    """What the relationship means where it holds in a part of the life cycle only: the weaker of both scopes."""
    scope = _LIFE_CYCLE.get(life_cycle_scope)
    if meaning.kind == "containment" or scope is None:
        return meaning
    if meaning.linkage == "dev-tool":
        return replace(meaning, scope=scope, linkage=None if scope == "runtime" else "dev-tool")
    return replace(meaning, scope=max(scope, meaning.scope or scope, key=SCOPE_STRENGTH.index))
