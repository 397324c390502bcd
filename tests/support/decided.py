"""Decided components and releases with defaults that a test need not care about."""

from typing import Any

from shared.contracts.decisions import ComponentText, DecidedComponent, DecidedRelease, Delivery, UsageContext
from shared.licensing import load_catalogue


def a_context(*delivery: Delivery, **facts: Any) -> UsageContext:
    """A proprietary product delivered as a binary for download, unless told otherwise."""
    defaults: dict[str, Any] = {"name": "proprietary-distributed", "outbound": "LicenseRef-Proprietary"}
    return UsageContext(delivery=list(delivery) or ["binary"], **{**defaults, **facts})


def a_component(license_expression: str | None = "MIT", **facts: Any) -> DecidedComponent:
    """An unmodified library with a copyright notice, linked as a package, of which nothing is unknown."""
    defaults: dict[str, Any] = {
        "name": "lodash",
        "version": "4.17.21",
        "part": "main",
        "verdict": "allow",
        "category": "permissive",
        "declared": [license_expression] if license_expression else [],
        "license": license_expression,
        "effective_license": license_expression,
        "linkage": "package",
        "modified": False,
        "copyright": ["Copyright (c) 2020 The Lodash Authors"],
        "notice_status": "absent",
        "source_url": "https://example.org/source.tar.gz",
    }
    named = {**defaults, **facts}
    named.setdefault("purl", f"pkg:npm/{named['name']}@{named['version']}")
    return DecidedComponent(**named)


def a_release(*components: DecidedComponent, **facts: Any) -> DecidedRelease:
    """A release of one part with these components; `texts` by key, `context` as `a_context` makes them."""
    defaults: dict[str, Any] = {
        "project": "shop",
        "version": "1.2.0",
        "context": a_context(),
        "documents": {"main": "ab" * 32},
    }
    return DecidedRelease(components=list(components), **{**defaults, **facts})


def text_of_holder(license_id: str, holder_notice: str) -> str:
    """The listed text of a licence of the MIT or BSD kind as a component ships it, its blank line filled in."""
    listed = load_catalogue().text(license_id)
    assert listed is not None
    lines = listed.split("\n")
    blank = next(number for number, line in enumerate(lines) if line.startswith("Copyright") and "<" in line)
    lines[blank] = holder_notice
    return "\n".join(lines)


def own_text(key: str, license_id: str | None = None) -> ComponentText:
    """A text that came with the component, kept under `key` in the release's texts."""
    return ComponentText(text=key, license=license_id)
