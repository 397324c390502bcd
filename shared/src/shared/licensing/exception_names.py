"""Reads a licence name with an exception: `GPLv2 with Classpath exception`, `GPL-3+-with-bison-exception`."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import product

from shared.licensing.alias_file import Alias, alias_rows
from shared.licensing.catalogue import load_catalogue

_JOINED = re.compile(
    r"^(?P<base>[^;]{2,120}?)[\s,(_-]+(?:with|w/|plus|\+(?=\s))[\s_-]*(?:the |an? )?(?P<exception>[^()]{1,80}?)\)?$"
    r"|^(?P<base2>[^;]{2,120}?)[\s,(_-]+(?P<exception2>[\w.-]{1,40}[\s_-]exceptions?)\)?$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)*")
_SILENT = frozenset(["the", "exception", "exceptions", "gnu", "special", "version", "v", "linking", "license"])


def name_with_exception(value: str, read: Callable[[str], Alias | None]) -> Alias | None:
    """What `licence with exception` means, where `read` knows the licence and the table the exception.

    Several exceptions, or several licences, leave candidates. An exception that is not known is None: the string is
    then never taken for the bare licence.
    """
    found = _JOINED.match(value)
    if found is None:
        return None
    base = read(found["base"] or found["base2"])
    ids = _exceptions().get(_key(found["exception"] or found["exception2"]), ())
    if base is None or not ids:
        return None
    pairs = tuple(_pairs(base, ids))
    if not pairs:
        return None
    return Alias(pairs[0], (), base.source) if len(pairs) == 1 else Alias(None, pairs, base.source)


def _pairs(base: Alias, ids: Iterable[str]) -> Iterable[str]:
    licenses = [base.expression] if base.expression else base.candidates
    for license_id, exception in product(licenses, ids):
        if " " not in license_id and not _of_other_version(license_id, exception):
            yield f"{license_id} WITH {exception}"


def _of_other_version(license_id: str, exception: str) -> bool:
    """Whether the exception was written for another version of the licence, by the table."""
    wanted = _written_for().get(exception)
    return wanted is not None and not license_id.startswith(wanted)


def _key(words: str) -> str:
    return " ".join(word for word in _WORD.findall(words.lower()) if word not in _SILENT)


@lru_cache(maxsize=1)
def _exceptions() -> Mapping[str, tuple[str, ...]]:
    """Key → exceptions: ids and names of the SPDX list where they are alone with it, and the rows of the table."""
    listed: dict[str, set[str]] = {}
    for known in load_catalogue().exceptions:
        for name in (known.id, known.name):
            listed.setdefault(_key(name), set()).add(known.id)
    rows = {_key(name): tuple(row["ids"]) for row in alias_rows("exceptions") for name in row["strings"]}
    return {key: tuple(ids) for key, ids in listed.items() if key and len(ids) == 1} | rows


@lru_cache(maxsize=1)
def _written_for() -> Mapping[str, tuple[str, ...]]:
    rows = [row for row in alias_rows("exceptions") if "written_for" in row]
    return {id_: tuple(row["written_for"]) for row in rows for id_ in row["ids"]}
