"""What elements of every format have in common."""

from collections.abc import Iterable
from datetime import datetime

from sbom_ingest.domain.draft import Draft
from sbom_ingest.domain.purls import is_well_formed
from shared.contracts.inventory import Component


def check_purl(purl: str, draft: Draft, pointer: str) -> None:
    """Warn of a package URL that is not written as its specification says; it is kept as it is."""
    if purl and not is_well_formed(purl):
        warn_of_purl(purl, draft, pointer)


def warn_of_purl(purl: str, draft: Draft, pointer: str) -> None:
    """Warn of a package URL that is not well-formed."""
    draft.warn("malformed-purl", f"{purl[:200]!r} is not a well-formed package URL", pointer)


def copyright_lines(texts: Iterable[str]) -> list[str]:
    """The lines of copyright statements, verbatim, each once, in order; empty ones left out."""
    lines: dict[str, None] = {}
    for text in texts:
        if "\n" in text:
            for line in text.split("\n"):
                if line and not line.isspace():
                    lines[line.rstrip("\r")] = None
        elif text and not text.isspace():
            lines[text] = None
    return list(lines)


def add_element(component: Component, draft: Draft) -> int | None:
    """Add the element and return its position, or None where nothing in it says what it is: it is ignored."""
    draft.check_elements(len(draft.components) + len(draft.ignored) + 1)
    if component.name.strip() or component.purl or component.licenses or component.copyright:
        return draft.add(component)
    draft.ignore(component.pointer, "it has no name, no package URL, no licence and no copyright")
    return None


def read_time(written: str, rule: str, draft: Draft, pointer: str) -> str | None:
    """The time as it is written; warns, naming the rule for times, where it is none."""
    try:
        datetime.fromisoformat(written or "1970-01-01")
    except ValueError:
        draft.warn("malformed-time", f"{written[:40]!r} is no time ({rule})", pointer)
        return None
    return written or None
