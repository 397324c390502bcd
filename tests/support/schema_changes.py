"""Says what in a JSON Schema would break those who read or write by the older one.

Within a version of an event only optional fields may be added: older consumers skip them, newer ones read older events
without them. The schemas are those that msgspec makes: objects, arrays, enums, const, anyOf, references.
"""

from typing import Any

Schema = dict[str, Any]


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """Return a sentence for each breaking change, sorted; empty where `new` may take the place of `old`."""
    return sorted(set(_Comparison(old, new).of(old, new, "$")))


class _Comparison:
    """Resolves references in both schemas, each pair once."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old = old
        self._new = new
        self._seen: set[tuple[str, str]] = set()

    def of(self, old: Schema, new: Schema, at: str) -> list[str]:
        pair = (old.get("$ref", at), new.get("$ref", at))
        if pair in self._seen:
            return []
        self._seen.add(pair)
        old, new = _resolved(self._old, old), _resolved(self._new, new)
        if "anyOf" in old or "anyOf" in new:
            return self._of_alternatives(old, new, at)
        if _kind(old) != _kind(new):
            return [f"{at}: the type {_kind(old)} became {_kind(new)}"]
        return self._of_values(old, new, at) + self._of_fields(old, new, at) + self._of_items(old, new, at)

    def _of_alternatives(self, old: Schema, new: Schema, at: str) -> list[str]:
        before = {_kind(_resolved(self._old, each)): each for each in old.get("anyOf", [old])}
        after = {_kind(_resolved(self._new, each)): each for each in new.get("anyOf", [new])}
        gone = [f"{at}: may no longer be {kind}" for kind in before.keys() - after.keys()]
        come = [f"{at}: may now be {kind}" for kind in after.keys() - before.keys()]
        both = before.keys() & after.keys()
        return gone + come + [each for kind in both for each in self.of(before[kind], after[kind], f"{at}|{kind}")]

    def _of_values(self, old: Schema, new: Schema, at: str) -> list[str]:
        before, after = _values(old), _values(new)
        if before is None and after is None:
            return []
        if before is None or after is None:
            return [f"{at}: the list of values {'came' if before is None else 'went'}"]
        gone = [f"{at}: the value {value} was removed" for value in before - after]
        return gone + [f"{at}: the value {value} was added, which older consumers refuse" for value in after - before]

    def _of_fields(self, old: Schema, new: Schema, at: str) -> list[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        required_before, required = set(old.get("required", ())), set(new.get("required", ()))
        found = [f"{at}.{name}: the field was removed" for name in before.keys() - after.keys()]
        found += [f"{at}.{name}: the field is required now" for name in required - required_before]
        found += [f"{at}.{name}: the field may be missing now" for name in (required_before - required) & after.keys()]
        for name in before.keys() & after.keys():
            found += self.of(before[name], after[name], f"{at}.{name}")
        return found

    def _of_items(self, old: Schema, new: Schema, at: str) -> list[str]:
        if "items" not in old or "items" not in new:
            return [] if ("items" in old) == ("items" in new) else [f"{at}: the rule for items changed"]
        return self.of(old["items"], new["items"], f"{at}[]")


def _resolved(root: Schema, schema: Schema) -> Schema:
    while "$ref" in schema:
        place: Any = root
        for name in schema["$ref"].removeprefix("#/").split("/"):
            place = place[name]
        schema = place
    return schema


def _kind(schema: Schema) -> str:
    if "type" in schema:
        return str(schema["type"])
    values = _values(schema)
    return "any" if values is None else "string" if all(each.startswith("'") for each in values) else "value"


def _values(schema: Schema) -> set[str] | None:
    if "const" in schema:
        return {repr(schema["const"])}
    return {repr(each) for each in schema["enum"]} if "enum" in schema else None
