"""One NOTICE for a product that is made of several releases."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from msgspec import structs

from obligations.domain.notice import (
    ComponentReference,
    Notice,
    NoticeComponent,
    NoticeText,
    OpenPoint,
    Statement,
    StatementKind,
    UpstreamNotice,
)
from obligations.domain.text_shelf import normalised_digest


def product_notice(notices: Sequence[Notice], name: str | None, version: str | None) -> Notice:
    """The NOTICE of all of them together, in an order that does not depend on theirs; equal parts stand in it once.

    Raises ValueError when there is none.
    """
    if not notices:
        raise ValueError("a product is made of one release at least")
    ordered = sorted(notices, key=lambda each: (each.project, each.version))
    merged = _Merged()
    for notice in ordered:
        merged.add(notice)
    return Notice(
        project=name or " + ".join(dict.fromkeys(each.project for each in ordered)),
        version=version or " + ".join(dict.fromkeys(each.version for each in ordered)),
        organization=ordered[0].organization,
        generator=ordered[0].generator,
        documents=tuple(
            (f"{each.project} {each.version} {part}", digest) for each in ordered for part, digest in each.documents
        ),
        components=tuple(sorted(merged.components, key=_place)),
        statements=tuple(
            Statement(kind, text, _all(parts)) for (kind, text), parts in sorted(merged.statements.items())
        ),
        texts=tuple(merged.texts.values()),
        notices=tuple(merged.notices.values()),
        open_points=tuple(OpenPoint(kind, text, _all(parts)) for (kind, text), parts in sorted(merged.points.items())),
    )


@dataclass(slots=True)
class _Merged:
    components: dict[NoticeComponent, None] = field(default_factory=dict)
    texts: dict[tuple[str, str], NoticeText] = field(default_factory=dict)
    notices: dict[str, UpstreamNotice] = field(default_factory=dict)
    statements: dict[tuple[StatementKind, str], list[ComponentReference]] = field(default_factory=dict)
    points: dict[tuple[str, str], list[ComponentReference]] = field(default_factory=dict)

    def add(self, notice: Notice) -> None:
        """Takes in what the notice has that is not there yet; ids are given anew."""
        text_ids = {each.id: self._text(each) for each in notice.texts}
        notice_ids = {each.id: self._upstream(each) for each in notice.notices}
        for component in notice.components:
            texts = tuple(text_ids[each] for each in component.texts)
            upstream = tuple(notice_ids[each] for each in component.notices)
            self.components[_with_ids(component, texts, upstream)] = None
        for statement in notice.statements:
            self.statements.setdefault((statement.kind, statement.text), []).extend(statement.components)
        for point in notice.open_points:
            self.points.setdefault((point.kind, point.message), []).extend(point.components)

    def _text(self, text: NoticeText) -> str:
        key = (text.license, normalised_digest(text.text))
        return self.texts.setdefault(key, replace(text, id=f"text-{len(self.texts) + 1}")).id

    def _upstream(self, upstream: UpstreamNotice) -> str:
        kept = UpstreamNotice(f"notice-{len(self.notices) + 1}", upstream.text)
        return self.notices.setdefault(upstream.text, kept).id


def _with_ids(component: NoticeComponent, texts: tuple[str, ...], notices: tuple[str, ...]) -> NoticeComponent:
    return structs.replace(component, texts=texts, notices=notices)


def _place(component: NoticeComponent) -> tuple[str, str, str, str]:
    return component.name.casefold(), component.version or "", component.purl or "", repr(component)


def _all(components: Iterable[ComponentReference]) -> tuple[ComponentReference, ...]:
    return tuple(sorted(set(components), key=lambda each: (each.name.casefold(), repr(each))))
