"""What is asked of the components of all releases: a package, its versions, a licence."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from policy_eval.domain.purls import Purl, index_key, read_purl
from shared.licensing import leaves, parse
from shared.remembering import remembered

VersionTest = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class ComponentSearch:
    """A component is found if it is covered by `purl`, its version lies in `versions`, and it has `license`."""

    purl: Purl | None = None
    versions: VersionTest | None = None
    license: str | None = None

    def finds(self, purl: str, version: str | None, effective_license: str | None) -> bool:
        """Whether these are facts of a component that is asked for; one without a version lies in no range.

        `version` is the component's own, which counts where its purl has none.
        """
        read = read_purl(purl)
        if read is None:
            return False
        found = replace(read, version=read.version or version)
        if self.purl is not None and not self.purl.covers(found):
            return False
        if self.versions is not None and not (found.version and self.versions(found.version)):
            return False
        return self.license is None or (
            effective_license is not None and self.license in license_names(effective_license)
        )


@dataclass(frozen=True, slots=True)
class ReleasesAsked:
    """Which releases a search goes through: those older than the id `before`, or only those `among`; at most `limit`."""

    limit: int
    before: str | None = None
    among: tuple[str, ...] | None = None


@remembered(4_096)
def license_names(effective_license: str) -> frozenset[str]:
    """The expression itself and each of its operands: by what an effective licence is found."""
    return frozenset((effective_license, *license_operands(effective_license)))


def license_operands(effective_license: str) -> set[str]:
    """The licences, each with its exception, that the expression is made of."""
    return {str(leaf) for leaf in leaves(parse(effective_license))}


def license_keys(effective_licenses: set[str]) -> list[str]:
    """The names of all these licences as they are indexed, sorted."""
    return sorted({index_key(name) for each in effective_licenses for name in license_names(each)})
