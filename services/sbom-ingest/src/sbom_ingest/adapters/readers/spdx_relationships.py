"""What the relationship types of SPDX 2 (clause 11.1) say of dependencies, their scope and linkage."""

from dataclasses import dataclass
from typing import Literal

from shared.contracts.inventory import Linkage, Scope


@dataclass(frozen=True, slots=True)
class Meaning:
    """What `A type B` says. `reverse` where B depends on (or contains) A; `scope` and `linkage` are of the one that
    is depended on, None where the type says nothing of them."""

    kind: Literal["dependency", "containment"]
    reverse: bool = False
    scope: Scope | None = None
    linkage: Linkage | None = None


MEANINGS: dict[str, Meaning] = {
    "DEPENDS_ON": Meaning("dependency", scope="runtime"),
    "DEPENDENCY_OF": Meaning("dependency", reverse=True, scope="runtime"),
    "RUNTIME_DEPENDENCY_OF": Meaning("dependency", reverse=True, scope="runtime"),
    "HAS_PREREQUISITE": Meaning("dependency", scope="runtime"),
    "PREREQUISITE_FOR": Meaning("dependency", reverse=True, scope="runtime"),
    "DYNAMIC_LINK": Meaning("dependency", scope="runtime", linkage="dynamic"),
    "STATIC_LINK": Meaning("dependency", scope="runtime", linkage="static"),
    "OPTIONAL_DEPENDENCY_OF": Meaning("dependency", reverse=True, scope="optional"),
    "OPTIONAL_COMPONENT_OF": Meaning("dependency", reverse=True, scope="optional"),
    # Provided by the surroundings at run time, and so not shipped.
    "PROVIDED_DEPENDENCY_OF": Meaning("dependency", reverse=True, scope="excluded"),
    "BUILD_DEPENDENCY_OF": Meaning("dependency", reverse=True, scope="build"),
    "BUILD_TOOL_OF": Meaning("dependency", reverse=True, scope="build", linkage="dev-tool"),
    "DEV_DEPENDENCY_OF": Meaning("dependency", reverse=True, scope="dev"),
    "DEV_TOOL_OF": Meaning("dependency", reverse=True, scope="dev", linkage="dev-tool"),
    "TEST_DEPENDENCY_OF": Meaning("dependency", reverse=True, scope="test"),
    "TEST_TOOL_OF": Meaning("dependency", reverse=True, scope="test", linkage="dev-tool"),
    "TEST_OF": Meaning("dependency", reverse=True, scope="test"),
    "TEST_CASE_OF": Meaning("dependency", reverse=True, scope="test"),
    "CONTAINS": Meaning("containment"),
    "CONTAINED_BY": Meaning("containment", reverse=True),
    "PACKAGE_OF": Meaning("containment", reverse=True),
}
DESCRIBES, DESCRIBED_BY = "DESCRIBES", "DESCRIBED_BY"
# Types that say nothing of what ships with what.
OTHERS = frozenset(
    {
        "AMENDS",
        "ANCESTOR_OF",
        "COPY_OF",
        "DATA_FILE_OF",
        "DEPENDENCY_MANIFEST_OF",
        "DESCENDANT_OF",
        "DISTRIBUTION_ARTIFACT",
        "DOCUMENTATION_OF",
        "EXAMPLE_OF",
        "EXPANDED_FROM_ARCHIVE",
        "FILE_ADDED",
        "FILE_DELETED",
        "FILE_MODIFIED",
        "GENERATED_FROM",
        "GENERATES",
        "METAFILE_OF",
        "OTHER",
        "PATCH_APPLIED",
        "PATCH_FOR",
        "REQUIREMENT_DESCRIPTION_FOR",
        "SPECIFICATION_FOR",
        "VARIANT_OF",
    }
)
# From the strongest: a package that is needed at run time by one and for tests by another is needed at run time.
SCOPE_STRENGTH: tuple[Scope, ...] = ("runtime", "optional", "build", "test", "dev", "excluded")
LINKAGE_STRENGTH: tuple[Linkage, ...] = ("static", "dynamic", "dev-tool")
