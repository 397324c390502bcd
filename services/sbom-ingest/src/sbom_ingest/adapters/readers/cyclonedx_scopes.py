"""What CycloneDX scopes, and the properties that package managers write, say of the use of a component."""

from collections.abc import Iterable

from sbom_ingest.adapters.readers.cyclonedx_structs import Property
from sbom_ingest.domain.draft import Draft
from shared.contracts.inventory import Scope

# The first four are the specification's; the others are words that tools write in their place.
SCOPES: dict[str, Scope] = {
    "": "runtime",
    "required": "runtime",
    "optional": "optional",
    "excluded": "excluded",
    "runtime": "runtime",
    "compile": "runtime",
    "dev": "dev",
    "development": "dev",
    "test": "test",
    "build": "build",
    "provided": "excluded",
}
# Property names: https://github.com/CycloneDX/cyclonedx-property-taxonomy (and cdxgen for component_scope).
_TRUE_MARKS: dict[str, Scope] = {
    "cdx:npm:package:development": "dev",
    "cdx:composer:package:isDevRequirement": "dev",
    "cdx:maven:package:test": "test",
}
_WORD_MARKS = frozenset({"cdx:maven:component_scope", "cdx:poetry:group", "cdx:pipenv:category"})
_GROUPS: dict[str, Scope] = {**SCOPES, "develop": "dev", "system": "excluded"}
_MARKS = _TRUE_MARKS.keys() | _WORD_MARKS


def component_scope(word: str, properties: Iterable[Property], draft: Draft, pointer: str) -> tuple[Scope, str | None]:
    """The scope, and the source's own word for it: a property that marks development or test is more precise than
    `scope`, but never brings back what is excluded."""
    scope = SCOPES.get(word)
    if scope is None:
        draft.warn("unknown-scope", f"{word[:80]!r} is no scope; taken as required", f"{pointer}/scope")
        scope = "runtime"
    if scope == "excluded":
        return scope, word
    for mark in properties:
        marked = _marked(mark) if mark.name in _MARKS else None
        if marked is not None and marked != "runtime":
            return marked, f"{mark.name}={mark.value}"
    return scope, word or None


def _marked(mark: Property) -> Scope | None:
    if mark.name in _WORD_MARKS:
        return _GROUPS.get(mark.value)
    return _TRUE_MARKS[mark.name] if mark.value.lower() == "true" else None
