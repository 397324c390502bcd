"""Which decisions of people are about a release at all: the others can change without changing anything in it."""

from collections.abc import Iterable, Sequence

from policy_eval.domain.decision_records import DecisionRecord
from policy_eval.domain.decisions import ReadRange
from policy_eval.domain.purls import index_key, purl_name, read_purl

Package = tuple[str | None, str | None]
"""The keys of a component's name and version (`purls.package_key`)."""


def names_of(records: Iterable[DecisionRecord]) -> set[str]:
    """The keys of the packages that the decisions name."""
    purls = (getattr(each.content(), "purl", None) for each in records)
    return {index_key(purl_name(purl) or purl) for purl in purls if purl}


def touching(
    records: Sequence[DecisionRecord], packages: Iterable[Package], context: str, read_range: ReadRange
) -> list[DecisionRecord]:
    """Those of the decisions that could say something of a release with these packages in this usage context."""
    versions: dict[str, set[str | None]] = {}
    named = names_of(records)
    for name, version in packages if named else ():
        if name in named:
            versions.setdefault(name, set()).add(version)
    return [each for each in records if _touches(each.content(), versions, context, read_range)]


def _touches(body: object, versions: dict[str, set[str | None]], context: str, read_range: ReadRange) -> bool:
    if getattr(body, "context", None) not in (None, context):
        return False
    purl: str | None = getattr(body, "purl", None)
    read = read_purl(purl) if purl else None
    if read is None:
        return True
    found = versions.get(index_key(read.name))
    if found is None:
        return False
    wanted: str | None = getattr(body, "versions", None)
    if read.version is not None:
        return index_key(read.version) in found
    if wanted is None:
        return True
    is_in_range = read_range(wanted, read.type)
    return any(each is not None and (each.startswith("sha256:") or is_in_range(each)) for each in found)
