"""The sentences that licences demand in the NOTICE, and what is still missing to say them truthfully."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from obligations.domain.derive import Group, has_notice_file
from obligations.domain.duties import Duty
from obligations.domain.notice import ComponentReference, OpenPoint, Organization, SourceOffer, Statement, StatementKind
from shared.contracts.decisions import DecidedComponent
from shared.remembering import remembered

_SOURCE_DUTIES = frozenset(("source-location", "source-with-binary", "network-source"))

_PART = r"[^\s<>{}\"\\^`|]"
_ADDRESS = re.compile(
    rf"(?:scm:)?(?:(?:https?|ftp|svn|ssh|git(?:\+(?:https?|ssh))?|git:\w+)://{_PART}+|[\w.-]+@[\w.-]+:{_PART}*)\Z",
    re.IGNORECASE,
)


@remembered(4096)
def is_address(source: str) -> bool:
    """Whether it is a place on the network where source may be: a web address or one of a version control system."""
    return _ADDRESS.match(source) is not None


_ACKNOWLEDGEMENT = re.compile(r"acknowledge?ment", re.IGNORECASE)
_WANTED_SENTENCE = re.compile(
    r"acknowledge?ment:?\s{1,60}[\"'“`*]{0,3}\s{0,60}(This product includes .{5,400}?)[\"'”*]{0,3}\s{0,9}"
    r"(?:\n[ \t]*\n|\n\s{0,20}\d+[.)]|\n\s{0,20}Alternat|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_SENTENCE = 600
_MOST_SENTENCES = 20
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
    sentences: dict[str, frozenset[str]] = field(default_factory=dict)
    """Those that each text wants to be said, by the text's key: thousands of components may have the same text."""

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


def find_statements(group: Group, organization: Organization, texts: Mapping[str, str], findings: Findings) -> None:
    """Adds what the duties of these components demand to be said, and what cannot be said yet.

    `texts`: those that came with components, by key.
    """
    for duty in group.duties:
        match duty.obligation:
            case "library-use-notice":
                _say(findings, "library-use", _LIBRARY_USE.format(license=duty.license), group.components)
            case "doc-acknowledgement" | "advertising-acknowledgement":
                _acknowledge(duty, group, texts, findings)
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
    named: list[ComponentReference] = []
    for component in components:
        if component.source_url:
            named.append(reference(component, component.source_url))
            if not is_address(component.source_url):
                message = f"{license_expression}: what is given as the place of the source is no address"
                findings.open("source-location-malformed", message, reference(component, component.source_url))
        else:
            message = f"{license_expression}: recipients must be told where the source code is"
            findings.open("source-location-unknown", message, reference(component))
    if named:
        findings.statements["source-availability", _SOURCE.format(license=license_expression)].update(named)


def _offer_text(license_expression: str, offer: SourceOffer) -> str:
    online = _OFFER_ONLINE.format(url=offer.url) if offer.url else ""
    return _OFFER.format(license=license_expression, years=offer.years, address=offer.address, online=online)


def _acknowledge(duty: Duty, group: Group, texts: Mapping[str, str], findings: Findings) -> None:
    """The licence's own sentence, else the one in the component's own text, which names its holder."""
    for sentence in duty.sentences:
        _say(findings, "acknowledgement", sentence, group.components)
    for component in () if duty.sentences else group.components:
        own = {sentence for each in component.texts for sentence in _sentences_of(each.text, texts, findings)}
        for sentence in own:
            _say(findings, "acknowledgement", sentence, [component])
        if not own and duty.obligation == "doc-acknowledgement":
            message = f"{duty.license}: the sentence to acknowledge with is not known"
            findings.open("acknowledgement-unknown", message, reference(component))


def _sentences_of(key: str, texts: Mapping[str, str], findings: Findings) -> frozenset[str]:
    known = findings.sentences.get(key)
    return findings.sentences.setdefault(key, _sentences_in(texts[key])) if known is None else known


def _sentences_in(text: str) -> frozenset[str]:
    """The sentences that a licence text wants to be said, on one line each and word for word."""
    places = islice(_ACKNOWLEDGEMENT.finditer(text), _MOST_SENTENCES)
    read = (_WANTED_SENTENCE.match(text[place.start() : place.start() + _LONGEST_SENTENCE]) for place in places)
    return frozenset(" ".join(found[1].split()) for found in read if found)


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
