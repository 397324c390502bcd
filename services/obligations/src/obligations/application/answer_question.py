"""Answer what a licence asks in a usage, and what is known of a licence, without a stored release."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from obligations.application.current_catalogue import CurrentCatalogue
from obligations.application.ports import LicenseJudge
from obligations.domain.catalogue import ANALYSE_LICENSE, ExceptionEffect, LicenseDuties, ObligationCatalogue, Row
from obligations.domain.duties import Duty, all_duties_of
from obligations.domain.triggers import Usage
from shared.contracts.decisions import Delivery, Kind, Medium, Use
from shared.contracts.inventory import Linkage
from shared.contracts.questions import LicenseQuestion, LicenseVerdicts
from shared.errors import NotFound
from shared.licensing import LicenseInfo, parse


class ObligationQuestion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The question as the API takes it. None = unknown; an empty `delivery` = no copy and no use reaches others."""

    license: str
    delivery: tuple[Delivery, ...] = ("binary",)
    modified: bool | None = False
    linkage: Linkage | None = "package"
    shipped: bool = True
    user_product: bool = False
    medium: Medium = "download"
    kind: Kind = "code"
    commercial: bool = True
    has_notice_file: bool | None = None
    use: Use = "whole"


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """The use case, with what it needs."""

    catalogue: CurrentCatalogue
    judge: LicenseJudge

    async def obligations(self, question: ObligationQuestion) -> dict[str, Any]:
        """The verdicts and the triggered duties of any string; raises Unavailable while policy-eval is away.

        Of an OR only the branch that the default context takes brings duties; where it takes none, all do. `questions`
        are licences whose duties nobody has analysed, so that an empty list is never taken for "nothing is due".
        """
        told = await self.judge.judge(_asked(question))
        catalogue = await self.catalogue()
        duties = _duties(told, _usage(question), catalogue)
        return {
            "expression": told.expression,
            "chosen": told.chosen,
            "category": told.category,
            "verdicts": told.verdicts,
            "obligations": [_shown(each, catalogue) for each in duties if each.obligation != ANALYSE_LICENSE],
            "questions": [
                {"id": each.obligation, "license": each.license}
                for each in duties
                if each.obligation == ANALYSE_LICENSE
            ],
        }

    async def license(self, license_id: str) -> dict[str, Any]:
        """What is known of a licence or exception of the SPDX list, in any letter case, or of a licence that the
        organisation analysed itself; raises NotFound."""
        catalogue = await self.catalogue()
        known = catalogue.licenses.license(license_id)
        if known is not None:
            return _shown_license(known, catalogue)
        if own := catalogue.duties.get(license_id):
            return _shown_own(own, catalogue)
        return _shown_exception(license_id, catalogue)


def _duties(told: LicenseVerdicts, usage: Usage, catalogue: ObligationCatalogue) -> list[Duty]:
    if told.remaining is None:
        return []
    return list(dict.fromkeys(all_duties_of(parse(told.remaining), usage, catalogue)))


def _shown(duty: Duty, catalogue: ObligationCatalogue) -> dict[str, Any]:
    return {
        "id": duty.obligation,
        "license": duty.license,
        "clause": duty.clause,
        "trigger": duty.trigger,
        "scope": duty.scope,
        "kind": catalogue.generic[duty.obligation].kind,
        "alternative_to": duty.alternative_to,
    }


def _shown_exception(exception_id: str, catalogue: ObligationCatalogue) -> dict[str, Any]:
    known = catalogue.licenses.exception(exception_id)
    if known is None:
        raise NotFound(f"Neither the SPDX licence list nor the organisation's own analyses have {exception_id!r}.")
    effect = catalogue.effects.get(known.id)
    return {
        "id": known.id,
        "name": known.name,
        "kind": "exception",
        "deprecated": known.deprecated,
        "text_sha256": known.text_sha256,
        "clause": effect.clause if effect else None,
        "effect": effect.effect if effect else None,
        "analysis": _analysis(effect) if effect else None,
    }


def _asked(question: ObligationQuestion) -> LicenseQuestion:
    return LicenseQuestion(
        license=question.license,
        modified=question.modified,
        linkage=question.linkage,
        shipped=question.shipped,
        user_product=question.user_product,
        medium=question.medium,
        kind=question.kind,
        commercial=question.commercial,
        use=question.use,
    )


def _usage(question: ObligationQuestion) -> Usage:
    return Usage(
        delivery=frozenset(question.delivery),
        modified=question.modified,
        linkage=question.linkage,
        shipped=question.shipped,
        user_product=question.user_product,
        medium=question.medium,
        kind=question.kind,
        commercial=question.commercial,
        has_notice_file=question.has_notice_file,
        use=question.use,
    )


def _shown_own(own: LicenseDuties, catalogue: ObligationCatalogue) -> dict[str, Any]:
    return {
        "id": own.id,
        "name": own.id,
        "kind": "license",
        "analysis": _analysis(own) | {"own_version": own.own_version},
        "obligations": list(_rows(own.rows, catalogue)),
    }


def _shown_license(known: LicenseInfo, catalogue: ObligationCatalogue) -> dict[str, Any]:
    analysed = catalogue.duties_of(known.id) or catalogue.duties_of(known.replaced_by or "")
    return {
        "id": known.id,
        "name": known.name,
        "kind": "license",
        "category": known.category,
        "category_source": known.category_source,
        "osi_approved": known.osi_approved,
        "fsf_libre": known.fsf_libre,
        "deprecated": known.deprecated,
        "replaced_by": known.replaced_by,
        "holder_specific": known.holder_specific,
        "text_sha256": known.text_sha256,
        "analysis": _analysis(analysed) | {"own_version": analysed.own_version} if analysed else None,
        "obligations": list(_rows(analysed.rows, catalogue)) if analysed else [],
    }


def _rows(rows: tuple[Row, ...], catalogue: ObligationCatalogue) -> Iterator[dict[str, Any]]:
    for row in rows:
        generic = catalogue.generic[row.obligation]
        yield {
            "id": row.obligation,
            "title": generic.title,
            "clause": row.clause,
            "trigger": row.trigger.describe(),
            "kind": generic.kind,
            "alternative_to": row.alternative_to,
            "sentences": list(row.sentences),
        }


def _analysis(of: LicenseDuties | ExceptionEffect) -> dict[str, Any]:
    return {
        "status": of.status,
        "analysed_by": of.analysed_by,
        "checked_on": of.checked_on.isoformat() if of.checked_on else None,
    }
