"""From the decided components of a release to its NOTICE (what belongs in it: domain facts, ISO/IEC 5230 §3.4)."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from obligations.domain.catalogue import RESOLVE_LICENSE, ObligationCatalogue
from obligations.domain.derive import Group, grouped
from obligations.domain.license_texts import Choice, OwnTexts, choose_texts, rejected_ids
from obligations.domain.notice import Notice, NoticeComponent, OpenPoint, Organization, Statement
from obligations.domain.notice_checks import Check, check_notice
from obligations.domain.statements import Findings, find_statements, reference
from obligations.domain.text_shelf import TextShelf, upstream_notices
from shared.contracts.decisions import DecidedComponent, DecidedRelease
from shared.licensing import leaves, parse

_NEEDS_COPYRIGHT = frozenset(("copyright-notices", "cc-attribution"))


_TOLD_BY_OPEN_POINTS = frozenset((2, 4, 6, 7, 11, 12, 14))
"""Checks that fail where an open point names the components; should there be none, the check is the open point."""


@dataclass(frozen=True, slots=True)
class CheckedNotice:
    """A NOTICE and how the checks on it came out."""

    notice: Notice
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The texts of a component: digests on the shelf, and what is known of them."""

    digests: tuple[str, ...]
    missing: tuple[str, ...]
    names_holder: bool


_Row = tuple[DecidedComponent, _Chosen]


def compile_notice(
    release: DecidedRelease, catalogue: ObligationCatalogue, organization: Organization, generator: str
) -> Notice:
    """The NOTICE: shipped components only, each once, in an order that does not depend on the input's.

    `generator`: name and version of the program, for the header. Raises KeyError for a text that the release lacks.
    """
    return compile_checked(release, shipped_groups(release, catalogue), catalogue, organization, generator).notice


def shipped_groups(release: DecidedRelease, catalogue: ObligationCatalogue) -> list[Group]:
    """The groups of components that are shipped."""
    return [group for group in grouped(release, catalogue) if group.usage.shipped]


def compile_checked(
    release: DecidedRelease,
    shipped: list[Group],
    catalogue: ObligationCatalogue,
    organization: Organization,
    generator: str,
) -> CheckedNotice:
    """The NOTICE with its checks; a check that fails for a reason that no open point names is an open point too."""
    compiler = _Compiler(release, catalogue)
    findings = Findings()
    for group in shipped:
        find_statements(group, organization, release.texts, findings)
        compiler.find_open_points(group, findings)
    notice = Notice(
        project=release.project,
        version=release.version,
        organization=organization,
        generator=generator,
        documents=tuple(sorted(release.documents.items())),
        components=tuple(compiler.listed()),
        statements=findings.listed_statements() + _on_cryptography(release),
        texts=tuple(compiler.shelf.listed().values()),
        notices=tuple(compiler.notices.values()),
        open_points=findings.listed_open_points(),
    )
    checks = check_notice(release, notice, shipped, catalogue.licenses)
    told = _TOLD_BY_OPEN_POINTS if notice.open_points else frozenset[int]()
    failed = [each for each in checks if each.result == "failed" and each.number not in told]
    points = tuple(OpenPoint("check-failed", f"check {each.number}, {each.title}: {each.saw}", ()) for each in failed)
    return CheckedNotice(replace(notice, open_points=notice.open_points + points), checks)


def _on_cryptography(release: DecidedRelease) -> tuple[Statement, ...]:
    return () if release.crypto_notice is None else (Statement("cryptography", release.crypto_notice, ()),)


class _Compiler:
    """Chooses texts once for each distinct licence and set of own texts."""

    def __init__(self, release: DecidedRelease, catalogue: ObligationCatalogue) -> None:
        self._release = release
        self._own_texts = OwnTexts(catalogue.licenses)
        self._chosen: dict[str | None, dict[tuple[object, ...] | None, _Chosen]] = defaultdict(dict)
        self._rows: list[_Row] = []
        self.shelf = TextShelf()
        shipped = (component for component in release.components if component.shipped)
        self.notices = upstream_notices(release.texts[key] for each in shipped for key in each.notices)

    def find_open_points(self, group: Group, findings: Findings) -> None:
        """Adds what is missing for the components of a group; keeps their texts on the way."""
        obligations = {duty.obligation for duty in group.duties}
        needs_copyright, is_unresolved = not obligations.isdisjoint(_NEEDS_COPYRIGHT), RESOLVE_LICENSE in obligations
        if is_unresolved:
            message = "the licence is not known or not chosen"
            findings.open("license-unresolved", message, *map(reference, group.components))
        known = self._chosen[group.effective_license]
        for component in group.components:
            own = tuple([(each.license, each.text) for each in component.texts]) if component.texts else ()
            facts = (component.chosen_from, own) if own or component.chosen_from else None
            chosen = known.get(facts) or known.setdefault(facts, self._texts_of(component))
            self._rows.append((component, chosen))
            for missing in chosen.missing:
                message = f"the text of {missing} must come with the component, it has none"
                findings.open("license-text-missing", message, reference(component))
            if needs_copyright and not (component.copyright or chosen.names_holder or component.copyright_status):
                message = f"{component.effective_license}: no copyright notice is known"
                findings.open("copyright-notice-unknown", message, reference(component))
            if component.verdict == "deny":
                findings.open("denied", "the policy denies the use of this component", reference(component))

    def listed(self) -> Iterator[NoticeComponent]:
        """The components as the document shows them, those equal in every fact once; their texts are on the shelf."""
        ids = {digest: text.id for digest, text in self.shelf.listed().items()}
        chosen = {each.digests for known in self._chosen.values() for each in known.values()}
        texts = {digests: tuple([ids[each] for each in digests]) for digests in chosen}
        for component, of_component in _in_order(self._rows):
            yield NoticeComponent(
                name=component.name,
                version=component.version,
                purl=component.purl,
                supplier=component.supplier,
                license=component.effective_license,
                chosen_from=component.chosen_from,
                copyright=tuple(component.copyright),
                notices=self._notices_of(component) if component.notices else (),
                texts=texts[of_component.digests],
                modified=component.modified,
                source=component.source_url,
            )

    def _notices_of(self, component: DecidedComponent) -> tuple[str, ...]:
        return tuple([self.notices[self._release.texts[key]].id for key in component.notices])

    def _texts_of(self, component: DecidedComponent) -> _Chosen:
        choice = self._choose(component)
        digests = tuple(dict.fromkeys(self.shelf.add(text) for text in choice.texts))
        return _Chosen(digests, choice.missing, choice.names_holder)

    def _choose(self, component: DecidedComponent) -> Choice:
        own = [(each.license, self._release.texts[each.text]) for each in component.texts]
        rejected = rejected_ids(component.effective_license, component.chosen_from)
        needed = leaves(parse(component.effective_license)) if component.effective_license else ()
        return choose_texts(needed, own, rejected, self._own_texts)


def _in_order(rows: Iterable[_Row]) -> Iterator[_Row]:
    """By name (case-folded), version, purl and digest of all facts. Each is compared only where those before are equal."""
    by_name: dict[str, _Row] = {}
    namesakes: dict[str, list[_Row]] = {}
    for each in rows:
        name = each[0].name.casefold()
        first = by_name.setdefault(name, each)
        if first is not each:
            namesakes.setdefault(name, [first]).append(each)
    for name in sorted(by_name):
        if name in namesakes:
            yield from _in_order_of_facts(namesakes[name])
        else:
            yield by_name[name]


def _in_order_of_facts(named: list[_Row]) -> Iterator[_Row]:
    """Components of one name, those equal in every fact once."""
    for _, alike in groupby(sorted(named, key=_place), key=_place):
        first, *others = alike
        by_facts = {_digest_of_facts(each): each for each in (first, *others)} if others else {"": first}
        yield from (by_facts[digest] for digest in sorted(by_facts))


def _place(row: _Row) -> tuple[str, str]:
    return row[0].version or "", row[0].purl or ""


def _digest_of_facts(row: _Row) -> str:
    return hashlib.sha256(repr(row[0]).encode("utf-8", "surrogatepass")).hexdigest()
