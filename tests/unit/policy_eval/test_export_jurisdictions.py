"""Another jurisdiction is added as data: rules, a control list and its tables of places."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
import yaml

from policy_eval.adapters.export_files import law_of, shipped_law
from policy_eval.application.classify_export import ClassifyExport
from policy_eval.domain.export.situation import Situation
from shared.errors import InvalidInput
from tests.support.export import OPENSSL, FixedClock, NoVerifications, OneInventory, shipped_knowledge

_RULES = """
data_date: 2026-03-01
evidence: {classification: "a classification", destination: "countries of destination"}
CH:
  - {id: CH-01, stage: publication, if: {publication: [source]}, verdict: published-not-subject,
     says: "Published source is free.", ref: "SR 946.202.1 Annex 2", evidence: []}
  - {id: CH-02, stage: classification, if: {code: [none, kb]}, verdict: needs-classification,
     says: "It must be classified.", ref: "SR 946.202.1 Art. 3", evidence: [classification]}
  - {id: CH-03, stage: authorisation, if: {}, verdict: licence-required,
     says: "A licence is needed.", ref: "SR 946.202.1 Art. 3", evidence: [destination]}
"""
_PLACES = """
countries: CH DE LI
groups:
  customs-union: {title: "Customs union with Switzerland", source: "SR 0.631.112.514", members: [LI]}
"""
_LISTS = """
CH:
  not-listed: [none]
  mass-market: []
  information-security: [5D002]
  cryptanalysis: []
  other: []
  exact: {}
  paragraphs: {5D002: abc}
  until: {}
  other_categories: "[0-46-9][A-E][0-9]{3}"
"""


async def _asked(rules: str, **question: Any) -> dict[str, Any]:
    law = law_of(*map(yaml.safe_load, (rules, _PLACES, _LISTS)))
    knowledge = replace(shipped_knowledge(), law=law)
    ask = ClassifyExport(knowledge, OneInventory(), NoVerifications(), FixedClock())
    return await ask(msgspec.json.decode(msgspec.json.encode(question), type=Situation))


async def test_the_rules_of_another_jurisdiction_decide_without_a_change_of_code() -> None:
    closed = await _asked(_RULES, components=[OPENSSL])
    public = await _asked(_RULES, components=[OPENSSL], published=True)
    listed = await _asked(
        _RULES,
        components=[OPENSSL],
        destinations=["customs-union"],
        classifications=[{"code": "5D002.a", "jurisdiction": "CH", "method": "reviewer", "date": "2026-01-01"}],
    )

    told = [answer["verdicts"]["CH"] for answer in (closed, public, listed)]
    assert [each["rule"] for each in told] == ["CH-02", "CH-01", "CH-03"]
    assert "for LI" in told[2]["why"]
    assert list(closed["verdicts"]) == ["CH"]


async def test_a_jurisdiction_that_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="'EU' is not known; known: CH"):
        await _asked(_RULES, jurisdictions=["EU"])


def test_rules_without_a_control_list_are_not_taken() -> None:
    with pytest.raises(ValueError, match="control lists of"):
        law_of(*map(yaml.safe_load, (_RULES.replace("CH:", "NO:"), _PLACES, _LISTS)))
    assert shipped_law().lists.jurisdictions == ("US", "EU")
