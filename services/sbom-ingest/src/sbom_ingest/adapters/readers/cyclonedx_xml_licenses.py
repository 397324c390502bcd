"""Where the entries of a `licenses` element of CycloneDX XML stand, and which of them may stand side by side."""

from collections.abc import Callable
from typing import Any

from sbom_ingest.domain.outcome import breaks_specification

Object = dict[str, Any]


class LicensePositions:
    """Remembers in `by_pointer`, as `to_xpath` takes them, the elements of those entries that have another position
    among the elements of their name than among all."""

    def __init__(self, version: str) -> None:
        self._may_mix = version == "1.7"
        self.by_pointer: dict[str, str] = {}

    def checked(self, entries: list[Object], place: Callable[[], str]) -> list[Object]:
        """The entries of the list that stands at `place()`, a JSON pointer.

        Refuses expressions beside others, which 1.7 was the first to permit.

        A license with several ids (1.0) becomes as many entries, the second and further ones behind all others.
        """
        for entry in entries:
            if not isinstance(entry.get("license"), dict):
                return self._looked_at(entries, place())
        return entries

    def _looked_at(self, entries: list[Object], pointer: str) -> list[Object]:
        names = [_element_name(entry) for entry in entries]
        if names.count("license") != len(names):
            if len(names) > 1 and not self._may_mix:
                raise breaks_specification(pointer, "must hold licenses or one expression; both may stand in 1.7 only")
            self._note(names, pointer)
        return self._apart(entries, pointer)

    def _note(self, names: list[str], pointer: str) -> None:
        counts: dict[str, int] = {}
        for index, name in enumerate(names):
            counts[name] = counts.get(name, 0) + 1
            self.by_pointer[f"{pointer}/{index}"] = f"{name}[{counts[name]}]"

    def _apart(self, entries: list[Object], pointer: str) -> list[Object]:
        further: list[Object] = []
        for index, entry in enumerate(entries):
            ids = entry.get("license")
            if isinstance(ids, list):
                entry["license"] = ids[0] if ids else {}
                for each in ids[1:]:
                    self.by_pointer[f"{pointer}/{len(entries) + len(further)}"] = f"license[{index + 1}]"
                    further.append({"license": each})
        return entries + further


def _element_name(entry: Object) -> str:
    if "license" in entry:
        return "license"
    if "expressionDetails" in entry:
        return "expression-detailed"
    return "expression" if "expression" in entry else "*"
