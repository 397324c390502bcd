"""One NOTICE for a product that is made of several releases."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from msgspec import structs

from obligations.domain.license_texts import ChosenText
from obligations.domain.notice import ComponentReference, Notice, NoticeComponent, OpenPoint, Statement, StatementKind
from obligations.domain.text_shelf import TextShelf, upstream_notices


def product_notice(
    notices: Sequence[Notice], name: str | None, version: str | None, exceptions: Collection[str]
) -> Notice:
    """The NOTICE of all of them together, in an order that does not depend on theirs; equal parts stand in it once.

    `exceptions`: the SPDX ids of those whose texts stay with that of their licence. Raises ValueError when there is no
    notice.
    """
    if not notices:
        raise ValueError("a product is made of one release at least")
    ordered = sorted(notices, key=lambda each: (each.project, each.version))
    merged = _Merged(exceptions)
    for notice in ordered:
        merged.add(notice)
    texts, upstream = merged.shelf.listed(), upstream_notices(merged.upstream)
    components = {
        structs.replace(
            each,
            texts=tuple([texts[digest].id for digest in each.texts]),
            notices=tuple([upstream[words].id for words in each.notices]),
        )
        for each in merged.components
    }
    return Notice(
        project=name or " + ".join(dict.fromkeys(each.project for each in ordered)),
        version=version or " + ".join(dict.fromkeys(each.version for each in ordered)),
        organization=ordered[0].organization,
        generator=ordered[0].generator,
        documents=tuple(
            (f"{each.project} {each.version} {part}", digest) for each in ordered for part, digest in each.documents
        ),
        components=tuple(sorted(components, key=_place)),
        statements=tuple(
            Statement(kind, text, _all(parts)) for (kind, text), parts in sorted(merged.statements.items())
        ),
        texts=tuple(texts.values()),
        notices=tuple(upstream.values()),
        open_points=tuple(OpenPoint(kind, text, _all(parts)) for (kind, text), parts in sorted(merged.points.items())),
    )


@dataclass(slots=True)
class _Merged:
    """Components name their texts by the digests of the shelf and their upstream notices by these themselves."""

    exceptions: Collection[str]
    shelf: TextShelf = field(default_factory=TextShelf)
    upstream: set[str] = field(default_factory=set)
    components: list[NoticeComponent] = field(default_factory=list)
    statements: dict[tuple[StatementKind, str], list[ComponentReference]] = field(default_factory=dict)
    points: dict[tuple[str, str], list[ComponentReference]] = field(default_factory=dict)

    def add(self, notice: Notice) -> None:
        """Takes in what the notice has that is not there yet."""
        digests = self._on_shelf(notice)
        upstream = {each.id: each.text for each in notice.notices}
        self.upstream.update(upstream.values())
        for component in notice.components:
            texts = tuple([digests[each] for each in component.texts])
            words = tuple([upstream[each] for each in component.notices])
            self.components.append(structs.replace(component, texts=texts, notices=words))
        for statement in notice.statements:
            self.statements.setdefault((statement.kind, statement.text), []).extend(statement.components)
        for point in notice.open_points:
            self.points.setdefault((point.kind, point.message), []).extend(point.components)

    def _on_shelf(self, notice: Notice) -> dict[str, str]:
        """The digests of the texts by their ids; an exception is printed after the licence that it stands beside."""
        digests: dict[str, str] = {}
        beside = ""
        for text in notice.texts:
            for label in text.license.split(", "):
                beside = beside if label in self.exceptions else label
                digests[text.id] = self.shelf.add(ChosenText(beside or "~", label, text.text, text.source))
        return digests


def _place(component: NoticeComponent) -> tuple[str, str, str, str]:
    return component.name.casefold(), component.version or "", component.purl or "", repr(component)


def _all(components: Iterable[ComponentReference]) -> tuple[ComponentReference, ...]:
    return tuple(sorted(set(components), key=lambda each: (each.name.casefold(), repr(each))))
