"""The sentences that licences demand in the NOTICE, and what is still missing to say them truthfully."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from obligations.domain.derive import Group, has_notice_file
from obligations.domain.duties import Duty
from obligations.domain.notice import ComponentReference, OpenPoint, Organization, SourceOffer, Statement, StatementKind
from shared.contracts.decisions import DecidedComponent

_SOURCE_DUTIES = frozenset(("source-location", "source-with-binary", "network-source"))

ADDRESS = re.compile(
    r"^(?:scm:)?(?:(?:https?|ftp|svn|ssh|git(?:\+(?:https?|ssh))?|git:\w+)://[^\s/]+|[\w.-]+@[^\s:]+:)\S*$",
    re.IGNORECASE,
)
"""A place on the network where source may be: a web address or one of a version control system."""

_LIBRARY_USE = (
    "This product uses the following libraries. The libraries and their use are covered by the licence {license}, "
    "a copy of which is part of this document."
)
_SOURCE = (
    "The source code of the following components is available under the licence {license} from the places named here."
)
_OFFER = (
    "For the following components, under the licence {license}, the complete corresponding source code is offered: "
    "whoever has received this product may request it, within {years} years of receiving it and for as long as spare "
    "parts or customer support are offered for this product, on a medium customarily used for software interchange, "
    "for a charge of no more than the cost of performing this distribution. {online}Requests go to: {address}"
)
_OFFER_ONLINE = "It can also be fetched at no charge from {url} instead. "


@dataclass(slots=True)
class Findings:
    """Statements and open points under way: text by what it is about, components in any order."""

    statements: dict[tuple[StatementKind, str], set[ComponentReference]] = field(
        default_factory=lambda: defaultdict(set)
    )
    open_points: dict[tuple[str, str], set[ComponentReference]] = field(default_factory=lambda: defaultdict(set))

    def open(self, kind: str, message: str, *components: ComponentReference) -> None:
        """Notes a point that keeps the document a draft."""
        self.open_points[kind, message].update(components)

    def listed_statements(self) -> tuple[Statement, ...]:
        """All statements, ordered by kind and text, their components by name, version and purl."""
        return tuple(
            Statement(kind, text, _ordered(components)) for (kind, text), components in sorted(self.statements.items())
        )

    def listed_open_points(self) -> tuple[OpenPoint, ...]:
        """All open points, ordered the same way."""
        return tuple(
            OpenPoint(kind, message, _ordered(components))
            for (kind, message), components in sorted(self.open_points.items())
        )


def reference(component: DecidedComponent, source: str | None = None) -> ComponentReference:
    """The component as statements and open points name it."""
    return ComponentReference(component.name, component.version, component.purl, source)


def find_statements(group: Group, organization: Organization, findings: Findings) -> None:
    """Adds what the duties of these components demand to be said, and what cannot be said yet."""
    for duty in group.duties:
        match duty.obligation:
            case "library-use-notice":
                _say(findings, "library-use", _LIBRARY_USE.format(license=duty.license), group.components)
            case "doc-acknowledgement":
                _acknowledge(duty, group, findings)
            case "notice-file":
                _expect_upstream_notice(duty, group.components, findings)
            case "analyse-license":
                message = f"the duties of {duty.license} have not been analysed"
                findings.open("license-not-analysed", message, *map(reference, group.components))
    _tell_source(group, organization.source_offer, findings)


def _tell_source(group: Group, offer: SourceOffer | None, findings: Findings) -> None:
    """Source statements: by an offer where the licence allows one and there is one, else by a location."""
    for license_expression, duties in _by_license(group.duties):
        names = {duty.obligation for duty in duties}
        wants_source = names & _SOURCE_DUTIES
        if offer and "written-offer" in names:
            _say(findings, "written-offer", _offer_text(license_expression, offer), group.components)
            wants_source -= {"source-with-binary"}
        if not wants_source:
            continue
        _name_locations(license_expression, group.components, findings)
        if "source-with-binary" in wants_source and group.usage.medium == "physical":
            message = (
                f"{license_expression}: on a physical product an address alone is not enough, add source or an offer"
            )
            findings.open("source-with-product", message, *map(reference, group.components))


def _name_locations(license_expression: str, components: Iterable[DecidedComponent], findings: Findings) -> None:
    text = _SOURCE.format(license=license_expression)
    for component in components:
        if component.source_url:
            findings.statements["source-availability", text].add(reference(component, component.source_url))
            if not ADDRESS.match(component.source_url):
                message = f"{license_expression}: what is given as the place of the source is no address"
                findings.open("source-location-malformed", message, reference(component, component.source_url))
        else:
            message = f"{license_expression}: recipients must be told where the source code is"
            findings.open("source-location-unknown", message, reference(component))


def _offer_text(license_expression: str, offer: SourceOffer) -> str:
    online = _OFFER_ONLINE.format(url=offer.url) if offer.url else ""
    return _OFFER.format(license=license_expression, years=offer.years, address=offer.address, online=online)


def _acknowledge(duty: Duty, group: Group, findings: Findings) -> None:
    for sentence in duty.sentences:
        _say(findings, "acknowledgement", sentence, group.components)
    if not duty.sentences:
        message = f"{duty.license}: the sentence to acknowledge with is not known"
        findings.open("acknowledgement-unknown", message, *map(reference, group.components))


def _expect_upstream_notice(duty: Duty, components: Iterable[DecidedComponent], findings: Findings) -> None:
    for component in components:
        if has_notice_file(component) is None:
            message = f"{duty.license}: it is not known whether there is an upstream NOTICE file"
            findings.open("upstream-notice-unknown", message, reference(component))
        elif not component.notices:
            message = f"{duty.license}: there is an upstream NOTICE file, but its content is not known"
            findings.open("upstream-notice-missing", message, reference(component))


def _say(findings: Findings, kind: StatementKind, text: str, components: Iterable[DecidedComponent]) -> None:
    findings.statements[kind, text].update(map(reference, components))


def _by_license(duties: Iterable[Duty]) -> Iterator[tuple[str, list[Duty]]]:
    found: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties:
        if duty.license is not None:
            found[duty.license].append(duty)
    yield from found.items()


def _ordered(components: Iterable[ComponentReference]) -> tuple[ComponentReference, ...]:
    return tuple(
        sorted(
            components,
            key=lambda each: (each.name.casefold(), each.name, each.version or "", each.purl or "", each.source or ""),
        )
    )
