"""What the printed forms of a NOTICE have in common: head, licence of a component, grouping by licence."""

from collections import defaultdict
from collections.abc import Iterator

from obligations.domain.notice import Notice, NoticeComponent

SCOPE = (
    "This document names the third-party components that are delivered with the product, the licences under which they "
    "are used, and reproduces the notices and licence texts that go with them."
)
NO_LICENSE = "licence not known"


def head_fields(notice: Notice) -> list[tuple[str, str]]:
    """What stands at the head of the document, as name and value."""
    organization = notice.organization
    return [
        ("Product", f"{notice.project} {notice.version}"),
        ("Status", notice.status),
        ("Supplier", organization.name or "not stated"),
        ("Contact for open source", organization.open_source_contact or "not stated"),
        *((f"SBOM, part {part}", f"sha256:{digest}") for part, digest in notice.documents),
        *([("Also covers the scopes", ", ".join(notice.included_scopes))] if notice.included_scopes else []),
        ("Made by", notice.generator),
    ]


def modified_of(component: NoticeComponent) -> str:
    """What is said of modifications, "" where there are none."""
    return "" if component.modified is False else "yes" if component.modified else "not known"


def license_of(component: NoticeComponent) -> str:
    """The licence that is used, and the offer that it was chosen from."""
    if component.license is None:
        return "not known"
    return component.license + (f" (chosen from: {component.chosen_from})" if component.chosen_from else "")


def by_license(notice: Notice) -> Iterator[tuple[str, list[NoticeComponent]]]:
    """The components below the licence that they are used under, those without one last."""
    found: dict[str, list[NoticeComponent]] = defaultdict(list)
    for component in notice.components:
        found[component.license or NO_LICENSE].append(component)
    yield from sorted(found.items(), key=lambda item: (item[0] == NO_LICENSE, item[0].casefold(), item[0]))
