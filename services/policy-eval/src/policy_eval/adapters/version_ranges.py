"""Ranges of versions in the VERS syntax (https://github.com/package-url/vers-spec), such as `vers:npm/>=1.0.0|<2.0.0`."""

import re
from typing import Any, Final
from urllib.parse import unquote

from policy_eval.domain.component_search import VersionTest
from shared.errors import ErrorAt, InvalidInput

_CLASS: Final = re.compile(r"<class '[\w.]+'>")  # in the library's own messages


def read_version_range(text: str, purl_type: str) -> VersionTest:
    """Return whether a version lies in the range; raises InvalidInput for what is no range of this type's versions.

    A version that the type's rules cannot read lies in no range but `*`.
    """
    from univers.version_range import VersionRange  # noqa: PLC0415 - takes 0.1 s, which only a question with a range needs

    reader: Any = VersionRange  # the library's functions are without types
    scheme = text.partition(":")[2].partition("/")[0]
    if scheme.lower() != purl_type:
        raise _refused(f"its scheme must be the type of the purl: vers:{purl_type}/…")
    try:
        read = reader.from_string(unquote(text))
    except Exception as error:  # each of the library's schemes raises errors of its own
        raise _refused(f"cannot be compared: {_CLASS.sub(f'{scheme} version', str(error))}") from error
    if any(each.comparator == "*" for each in read.constraints):
        return lambda _: True
    return lambda version: _contains(read, version)


def intervals(text: str, purl_type: str) -> list[tuple[str, str, str, str]] | None:
    """A readable range as intervals of comparator and version at each end, empty where it is open; `=` at both for one.

    None for a range that intervals cannot tell, such as one that leaves a version out.
    """
    from univers.version_range import VersionRange  # noqa: PLC0415 - as above

    reader: Any = VersionRange
    found: list[tuple[str, str, str, str]] = []
    lower = ("", "")
    for each in reader.from_string(unquote(text)).constraints:  # sorted by version
        version = str(each.version.string) if each.version is not None else ""
        match each.comparator:
            case "=":
                found.append(("=", version, "=", version))
            case ">" | ">=":
                lower = (each.comparator, version)
            case "<" | "<=":
                found.append((*lower, each.comparator, version))
                lower = ("", "")
            case _:
                return None
    return [*found, (*lower, "", "")] if lower[0] else found


def _contains(read: Any, version: str) -> bool:
    try:
        return read.version_class(version) in read
    except Exception:  # as above, of a version that its scheme cannot read or compare
        return False


def _refused(message: str) -> InvalidInput:
    return InvalidInput(f"version_range: {message}", errors=(ErrorAt("version_range", message),))
