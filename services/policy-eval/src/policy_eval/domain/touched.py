"""Which decisions of people are about a release at all: the others can change without changing anything in it."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from policy_eval.domain.decision_records import DecisionRecord
from policy_eval.domain.decisions import ReadRange
from policy_eval.domain.purls import index_key, purl_name, read_purl

Package = tuple[str | None, str | None]
"""The keys of a component's name and version (`purls.package_key`)."""


class Touched(Protocol):
    """A release, as far as decisions name one."""

    @property
    def version(self) -> str: ...

    @property
    def context(self) -> str: ...


def names_of(records: Iterable[DecisionRecord]) -> set[str]:
    """The keys of the packages that the decisions name."""
    purls = (getattr(each.content(), "purl", None) for each in records)
    return {index_key(purl_name(purl) or purl) for purl in purls if purl}


def touching(
    records: Sequence[DecisionRecord], packages: Iterable[Package], release: Touched, read_range: ReadRange
) -> list[DecisionRecord]:
    """Those of the decisions that could say something of a release with these packages."""
    versions: dict[str, set[str | None]] = {}
    named = names_of(records)
    for name, version in packages if named else ():
        if name in named:
            versions.setdefault(name, set()).add(version)
    about = [each for each in records if _is_of(each, release)]
    return [each for each in about if _touches(each.content(), versions, read_range)]


def _is_of(record: DecisionRecord, release: Touched) -> bool:
    """Whether the decision does not name another release or usage context."""
    body = record.content()
    named = (getattr(body, "context", None), getattr(body, "version", None))
    return named[0] in (None, release.context) and named[1] in (None, release.version)


def _touches(body: object, versions: dict[str, set[str | None]], read_range: ReadRange) -> bool:
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
