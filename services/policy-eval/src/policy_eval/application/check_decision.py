"""Check what somebody wants to put on file about licences, and write it in one spelling."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec
from msgspec import structs

from policy_eval.application.expiry import check_review_date, expiry, refused
from policy_eval.application.ports import ReadVersionRange
from policy_eval.application.record_ports import DecisionRecords
from policy_eval.domain.branches import narrowed
from policy_eval.domain.categories import CATEGORIES
from policy_eval.domain.curation_conflicts import contradict
from policy_eval.domain.decision_records import (
    BODIES,
    OF_DELIVERY,
    OF_USAGE,
    REASONS,
    ChoiceBody,
    ClassificationBody,
    ConfirmationBody,
    ContextBody,
    CurationBody,
    CurationSource,
    DecisionKind,
    DecisionRecord,
    ExclusionBody,
    WaiverBody,
)
from policy_eval.domain.expression_fold import canonical
from policy_eval.domain.project_patterns import overlap
from policy_eval.domain.purls import read_purl
from policy_eval.domain.recorded import NOTHING
from shared.clock import Clock, timestamp
from shared.contracts.decisions import NO_OUTBOUND
from shared.errors import Conflict, InvalidInput
from shared.licensing import And, Expression, ExpressionError, License, With, parse
from shared.shapes import misfit

Body = TypeVar("Body")
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/]+\S*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CheckDecision:
    """The checks, with what they need."""

    records: DecisionRecords
    read_range: ReadVersionRange
    clock: Clock

    def read(self, kind: DecisionKind, body: dict[str, Any]) -> Any:
        """Return the body of this kind, checked, its licences in canonical spelling; raises InvalidInput."""
        try:
            content = msgspec.convert(_with_closed_reason(body) if kind == "waiver" else body, BODIES[kind])
        except msgspec.ValidationError as error:
            raise misfit(kind, error) from error
        if hasattr(content, "purl"):
            self._package(content.purl, getattr(content, "versions", None))
        if isinstance(content, WaiverBody):
            return self._waiver(content)
        return _CHECKED[type(content)](content)

    def _waiver(self, waiver: WaiverBody) -> WaiverBody:
        now = self.clock.now()
        ends = expiry(waiver.expires_at, now)
        check_review_date(waiver.review_date, now, ends)
        return structs.replace(waiver, expires_at=timestamp(ends))

    async def fits(self, record: DecisionRecord) -> None:
        """Check the record against those on file; raises Conflict."""
        content = record.content()
        if isinstance(content, CurationBody):
            await self._no_contradiction(record, content)
        elif isinstance(content, ChoiceBody):
            await self._no_other_choice(record, content)
        elif isinstance(content, ClassificationBody):
            await self._no_other_category(record, content)

    async def _no_contradiction(self, record: DecisionRecord, curation: CurationBody) -> None:
        read = read_purl(curation.purl)
        for each in await self.records.on_package("curation", read.name if read else None):
            if overlap(each.scope, record.scope) and contradict(curation, each.content(), self.read_range):
                says = each.content().license or "another meaning of the same declared string"
                raise Conflict(
                    f"The curation {each.id} gives components that this one matches the licence "
                    f"{says}. End it first (DELETE /api/v1/curations/{each.id}), or narrow one of them."
                )

    async def _no_other_choice(self, record: DecisionRecord, choice: ChoiceBody) -> None:
        read = read_purl(choice.purl) if choice.purl else None
        for each in await self.records.on_package("license-choice", read.name if read else None):
            other: ChoiceBody = each.content()
            same = other.purl == choice.purl and each.scope == record.scope and _same(other.license, choice.license)
            if same and not _same(other.chosen, choice.chosen):
                raise Conflict(
                    f"The choice {each.id} takes {other.chosen} of the same expression. End it first "
                    f"(DELETE /api/v1/license-choices/{each.id})."
                )

    async def _no_other_category(self, record: DecisionRecord, classification: ClassificationBody) -> None:
        for each in await self.records.on_package("license-classification", None):
            other: ClassificationBody = each.content()
            if other.license == classification.license and overlap(each.scope, record.scope):
                raise Conflict(
                    f"The classification {each.id} says that {other.license} is {other.category}. End it first "
                    f"(DELETE /api/v1/license-classifications/{each.id})."
                )

    def _package(self, purl: str | None, versions: str | None) -> None:
        read = read_purl(purl) if purl is not None else None
        if purl is not None and read is None:
            raise refused("/purl", "a package URL such as pkg:npm/left-pad or pkg:npm/left-pad@1.3.0")
        if versions is None:
            return
        if read is None or read.version is not None:
            raise refused("/versions", "goes with a purl without a version")
        try:
            self.read_range(versions, read.type)
        except InvalidInput as error:
            raise refused("/versions", error.detail.partition(": ")[2]) from error


def _with_closed_reason(body: dict[str, Any]) -> dict[str, Any]:
    """The body with a reason of the closed list: one in ORT's spelling is known, and any other text is a comment."""
    reason = body.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        return body
    known = reason.strip().lower().replace("_", "-").removesuffix("-exception")
    if known in REASONS:
        return body | {"reason": known}
    comment = body.get("comment", "")
    return body | {
        "reason": "other",
        "comment": f"{reason}\n{comment}".strip() if isinstance(comment, str) else comment,
    }


def _check_source(source: CurationSource) -> None:
    said = {name: value for name, value in structs.asdict(source).items() if value is not None}
    if not said:
        raise refused("/source", "name the file, the commit or the url in which it was seen, or leave it out")
    for name, value in said.items():
        if not value.isprintable():
            raise refused(f"/source/{name}", "one line without control characters")
    if source.url is not None and not _ADDRESS.fullmatch(source.url):
        raise refused("/source/url", "an address such as https://example.org/left-pad/blob/v1.3.0/LICENSE")
    if source.reviewer is not None and source.reviewer == source.author:
        raise refused("/source/reviewer", "somebody else than the author; leave it out where nobody else has looked")


def _checked_curation(curation: CurationBody) -> CurationBody:
    if curation.source is not None:
        _check_source(curation.source)
    if (curation.license is None) == (curation.mapping is None):
        raise refused("/license", "either a license or a mapping of declared strings is wanted")
    if curation.license is not None:
        return structs.replace(curation, license=str(expression_at("/license", curation.license)))
    if curation.declared is not None:
        raise refused("/declared", "goes with a license; a mapping names the declared strings itself")
    return structs.replace(curation, mapping={name: _meaning(name, text) for name, text in _sorted(curation)})


def _sorted(curation: CurationBody) -> list[tuple[str, str]]:
    return sorted((curation.mapping or {}).items())


def _meaning(name: str, text: str) -> str:
    return text if text == NOTHING else str(expression_at(f"/mapping/{name}", text))


def _checked_context(content: ContextBody) -> ContextBody:
    said = [name for name in (*OF_DELIVERY, *OF_USAGE) if getattr(content, name) is not None]
    if not said:
        raise refused("/linkage", f"one of {', '.join((*OF_DELIVERY, *OF_USAGE))} is wanted")
    if content.outbound in (None, NO_OUTBOUND):
        return content
    return structs.replace(content, outbound=str(expression_at("/outbound", content.outbound or "")))


def _checked_license(content: ConfirmationBody | ExclusionBody) -> ConfirmationBody | ExclusionBody:
    if content.license is None:
        return content
    expression = expression_at("/license", content.license)
    if isinstance(content, ConfirmationBody) and not isinstance(expression, And):
        raise refused("/license", "the licences that all apply, joined by AND")
    return structs.replace(content, license=str(expression))


def _checked_classification(classification: ClassificationBody) -> ClassificationBody:
    leaf = expression_at("/license", classification.license)
    if not isinstance(leaf, License | With):
        raise refused("/license", "one licence, alone or with an exception")
    if classification.category not in CATEGORIES:
        raise refused("/category", f"one of {', '.join(CATEGORIES)}")
    return structs.replace(classification, license=str(leaf))


def _checked_choice(choice: ChoiceBody) -> ChoiceBody:
    given, chosen = expression_at("/license", choice.license), expression_at("/chosen", choice.chosen)
    if narrowed(given, chosen) is None:
        raise refused("/chosen", f"{chosen} is no branch of an OR of {given}")
    return structs.replace(choice, license=str(given), chosen=str(chosen))


def _same(one: str, other: str) -> bool:
    return canonical(parse(one)) == canonical(parse(other))


def expression_at(pointer: str, text: str) -> Expression:
    """Return the SPDX expression at this place of a body; raises InvalidInput."""
    try:
        return parse(text)
    except ExpressionError as error:
        raise refused(pointer, f"an SPDX expression; {error}") from error


_CHECKED: Final[Mapping[type[Any], Callable[[Any], Any]]] = {
    ChoiceBody: _checked_choice,
    ClassificationBody: _checked_classification,
    ConfirmationBody: _checked_license,
    ContextBody: _checked_context,
    CurationBody: _checked_curation,
    ExclusionBody: _checked_license,
}
