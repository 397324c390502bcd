"""Each export rule decides the situation it is meant for, on the days on which it is the law."""

from datetime import date, timedelta
from typing import Any

import pytest

from policy_eval.adapters.export_files import shipped_law
from policy_eval.domain.export.evidence import EVIDENCE
from policy_eval.domain.export.rules import STAGES, ExportRule
from tests.support.export import HOME_MADE, NOTE3_MET, OPENSSL, STRONG, a_classification, classified, verdict_of

_MAIL = {
    "type": "742.15(b)",
    "sent_at": "2016-10-01T08:00:00Z",
    "recipients": ["crypt@bis.doc.gov", "enc@nsa.gov"],
    "url": "https://example.org/code",
    "evidence": ["mail.eml"],
}
_PUBLIC: dict[str, Any] = {"published": True, "source_url": "https://example.org/code", "license": "EUPL-1.2"}
_5D002 = {"crypto": STRONG, "classifications": [a_classification("5D002", evidence=["memo"])]}
_MASS = {"crypto": STRONG, "classifications": [a_classification("5D992.c")], "note3": NOTE3_MET}

US = [
    ("US-01", "prohibited", {"screening": {"result": "hit", "list": "SDN"}, **_PUBLIC}),
    ("US-01", "prohibited", {"screening": {"result": "match", "list": "Denied Persons List"}}),
    ("US-01", "licence-required", {"screening": {"result": "hit", "list": "Entity List"}, **_PUBLIC}),
    ("US-01", "licence-required", {"screening": {"result": "hit"}}),
    ("US-01", "review", {"screening": {"result": "hit", "list": "UVL"}, **_PUBLIC, "crypto": {"kind": "none"}}),
    ("US-01", "review", {"screening": {"result": "possible"}, **_PUBLIC, "crypto": {"kind": "none"}}),
    ("US-02", "licence-required", {"end_use": "guidance of a missile", **_PUBLIC}),
    ("US-02", "licence-required", {"end_use": "military end use", **_MASS}),
    ("US-03", "published-not-subject", {**_PUBLIC, "crypto": {"kind": "none"}}),
    ("US-03", "published-not-subject", {**_PUBLIC, "crypto": STRONG}),
    ("US-03", "published-not-subject", {**_PUBLIC, "components": [OPENSSL], "destinations": ["worldwide-public"]}),
    ("US-03", "published-not-subject", {**_PUBLIC, "crypto": STRONG, "destinations": ["IR", "CU"]}),
    ("US-03", "published-not-subject", {**_PUBLIC, "form": "object", "crypto": {"kind": "none"}}),
    ("US-04", "notification-first", {**_PUBLIC, "crypto": STRONG, "as_of": "2021-03-28"}),
    ("US-03", "published-not-subject", {**_PUBLIC, "crypto": STRONG, "as_of": "2021-03-29"}),
    ("US-04", "published-not-subject", {**_PUBLIC, "crypto": STRONG, "as_of": "2021-03-28", "notifications": [_MAIL]}),
    ("US-04", "notification-first", {**_PUBLIC, "crypto": STRONG, "as_of": "2016-09-20", "notifications": [_MAIL]}),
    ("US-22", "notification-first", {**_PUBLIC, "crypto": STRONG, "as_of": "2016-09-19"}),
    ("US-05", "notification-first", {**_PUBLIC, "crypto": HOME_MADE}),
    ("US-05", "published-not-subject", {**_PUBLIC, "crypto": HOME_MADE, "notifications": [_MAIL]}),
    ("US-05", "review", {**_PUBLIC, "crypto": {"kind": "implements", "functions": ["confidentiality"]}}),
    ("US-06", "published-not-subject",
     {**_PUBLIC, "form": "object", "corresponding_source_published": True, "crypto": STRONG}),
    ("US-05", "notification-first",
     {**_PUBLIC, "form": "object", "corresponding_source_published": True, "crypto": HOME_MADE}),
    ("US-11", "needs-classification", {**_PUBLIC, "form": "object", "crypto": STRONG}),
    ("US-07", "not-controlled", {"crypto": {"kind": "none"}}),
    ("US-07", "not-controlled", {"components": [{"purl": "pkg:npm/lodash@4.17.21"}]}),
    ("US-08", "not-controlled", {"crypto": {"kind": "uses", "functions": ["authentication", "signature"]}}),
    ("US-08", "not-controlled", {"crypto": {"kind": "implements", "functions": ["hash"], "standard": False}}),
    ("US-08", "not-controlled", {"components": [{"purl": "pkg:pypi/bcrypt@4.1.0"}]}),
    ("US-09", "not-controlled",
     {"crypto": {"kind": "uses", "functions": ["confidentiality"], "algorithms": ["DES", "RSA-512"]}}),
    ("US-10", "review", {"crypto": STRONG, "primary_function": "a game of chess"}),
    ("US-11", "needs-classification", {"crypto": STRONG}),
    ("US-11", "needs-classification", {"crypto": {"kind": "calls-os"}}),
    ("US-11", "needs-classification", {"crypto": STRONG, "note3": NOTE3_MET}),
    ("US-11", "needs-classification", {"crypto": HOME_MADE}),
    ("US-11", "needs-classification", {**_PUBLIC, "access_restricted": True, "crypto": STRONG}),
    ("US-11", "needs-classification", {"components": [{**OPENSSL, "published": True}]}),
    ("US-11", "needs-classification",
     {"crypto": STRONG, "classifications": [a_classification("5D992.c", valid_to="2026-02-01")], "note3": NOTE3_MET}),
    ("US-12", "exception-available", _MASS),
    ("US-12", "exception-available", {**_MASS, "destinations": ["DE", "US", "CN"]}),
    ("US-11", "needs-classification", {**_MASS, "note3": {**NOTE3_MET, "retail": False}}),
    ("US-13", "exception-available", _5D002),
    ("US-14", "needs-classification", {**_5D002, "crypto": HOME_MADE}),
    ("US-14", "needs-classification", {**_MASS, "crypto": HOME_MADE}),
    ("US-14", "needs-classification", {**_5D002, "description": "a cryptographic library for sale"}),
    ("US-14", "exception-available",
     {"crypto": STRONG, "classifications": [a_classification("5D002", method="ccats", basis="740.17(b)(3)(i)")]}),
    ("US-14", "exception-available",
     {"crypto": STRONG, "classifications": [a_classification("5D002", basis="(b)(3)", evidence=["CCATS G123456"])]}),
    ("US-03", "published-not-subject",
     {**_PUBLIC, "crypto": {"kind": "uses", "functions": ["confidentiality"]}, "components": [OPENSSL]}),
    ("US-15", "needs-classification", {**_5D002, "form": "source"}),
    ("US-15", "needs-classification", {"classifications": [a_classification("5E002")]}),
    ("US-15", "exception-available", {"classifications": [a_classification("5A004", method="authority")]}),
    ("US-16", "licence-required", {**_5D002, "destinations": ["IR"]}),
    ("US-16", "licence-required", {**_5D002, "destinations": ["DE", "CU"]}),
    ("US-17", "licence-required", {"crypto": {"kind": "none"}, "destinations": ["KP"]}),
    ("US-17", "licence-required", {"components": [OPENSSL], "destinations": ["IR"]}),
    ("US-17", "licence-required", {**_MASS, "destinations": ["SY"]}),
    ("US-18", "licence-required", {**_MASS, "destinations": ["RU"]}),
    ("US-18", "licence-required", {**_5D002, "destinations": ["BY"]}),
    ("US-18", "licence-required", {"crypto": {"kind": "none"}, "destinations": ["UA-43"]}),
    ("US-18", "review", {"crypto": {"kind": "none"}, "destinations": ["RU"]}),
    ("US-12", "exception-available", {**_MASS, "destinations": ["RU"], "as_of": "2022-02-23",
                                      "classifications": [a_classification("5D992.c", date="2022-01-01")]}),
    ("US-19", "review", {**_MASS, "destinations": ["CN"], "end_use": "delivery to a military end user"}),
    ("US-20", "review", {"crypto": {"kind": "none"}, "form": "source", "end_use": "release to a foreign person"}),
    ("US-21", "unclassified", {}),
    ("US-21", "unclassified", {**_PUBLIC}),
    ("US-21", "unclassified", {**_PUBLIC, "destinations": ["worldwide-public"]}),
    ("US-17", "licence-required", {"destinations": ["worldwide-public"]}),
    ("US-21", "unclassified", {"components": [{"purl": "pkg:npm/nobody-knows-it@1.0.0"}]}),
    ("US-23", "review", {"classifications": [a_classification("4A003")]}),
    ("US-22", "exception-available",
     {**_PUBLIC, "crypto": STRONG, "as_of": "2016-09-19", "notifications": [{**_MAIL, "sent_at": "2015-05-01"}]}),
    ("US-07", "not-controlled", {"crypto": STRONG, "classifications": [a_classification("EAR99", reason="memo 12")]}),
    ("US-15", "needs-classification", {**_5D002, "description": "penetration testing tool"}),
    ("US-15", "exception-available",
     {"crypto": STRONG, "classifications": [a_classification("5D002", method="ccats", basis="740.17(b)(2)(i)")]}),
    ("US-13", "exception-available", {"crypto": STRONG, "classifications": [a_classification("5D002", method="ccats")]}),
    ("US-18", "licence-required", {"classifications": [a_classification("4A003")], "destinations": ["BY"]}),
    ("US-02", "review",
     {"crypto": {"kind": "none"}, "destinations": ["BR"], "end_use": "delivery to a military end user"}),
]  # fmt: skip

_EU_5D002 = {"crypto": STRONG, "classifications": [a_classification("5D002", jurisdiction="EU")]}
EU = [
    ("EU-01", "prohibited", {"screening": {"result": "hit", "list": "EU consolidated"}, **_PUBLIC}),
    ("EU-01", "review", {"screening": {"result": "unsure"}, **_PUBLIC}),
    ("EU-01", "prohibited", {**_EU_5D002, "destinations": ["RU"]}),
    ("EU-01", "review", {"crypto": {"kind": "none"}, "destinations": ["RU"]}),
    ("EU-01", "review", {"crypto": STRONG, "note3": NOTE3_MET, "destinations": ["IR"]}),
    ("EU-02", "licence-required", {"end_use": "interception of telephone calls", **_PUBLIC}),
    ("EU-03", "published-not-subject", {**_PUBLIC, "crypto": STRONG}),
    ("EU-03", "published-not-subject", {**_PUBLIC, "crypto": HOME_MADE}),
    ("EU-03", "published-not-subject", {**_PUBLIC, "form": "object", "crypto": STRONG}),
    ("EU-04", "not-controlled", {"crypto": {"kind": "none"}}),
    ("EU-04", "not-controlled", {"crypto": {"kind": "uses", "functions": ["signature"]}}),
    ("EU-05", "not-controlled", {"crypto": STRONG, "note3": NOTE3_MET}),
    ("EU-05", "not-controlled", {**_MASS, "destinations": ["DE", "US", "CN"]}),
    ("EU-06", "not-controlled", {**_EU_5D002, "destinations": ["DE", "FR"]}),
    ("EU-07", "exception-available", {**_EU_5D002, "origin": "US", "destinations": ["CH"]}),
    ("EU-07", "exception-available", {**_EU_5D002, "origin": "DE", "destinations": ["UK", "US", "FR"]}),
    ("EU-08", "exception-available", {**_EU_5D002, "destinations": ["BR"]}),
    ("EU-09", "licence-required", {**_EU_5D002, "destinations": ["CN"]}),
    ("EU-09", "licence-required", {**_EU_5D002, "destinations": ["BR"], "note3": {"user_can_change_crypto": True}}),
    ("EU-09", "licence-required", {**_EU_5D002, "crypto": HOME_MADE, "destinations": ["BR"]}),
    ("EU-09", "licence-required", {**_EU_5D002, "destinations": ["IR"]}),
    ("EU-09", "review", _EU_5D002),
    ("EU-11", "needs-classification", {"components": [OPENSSL], "destinations": ["DE"]}),
    ("EU-11", "needs-classification",
     {"crypto": STRONG, "classifications": [a_classification("5D002", jurisdiction="EU", valid_to="2026-02-28")]}),
    ("EU-12", "unclassified", {}),
    ("EU-02", "review", {**_PUBLIC, "end_use": "delivery to a military end user"}),
    ("EU-04", "not-controlled",
     {"crypto": STRONG, "classifications": [a_classification("not-listed", jurisdiction="EU", reason="memo 12")]}),
]  # fmt: skip


_SITUATIONS = {"US": US, "EU": EU}
_ROWS = shipped_law().rules.rules


@pytest.mark.parametrize(("rule", "verdict", "question"), US)
async def test_the_rules_of_the_united_states(rule: str, verdict: str, question: dict[str, Any]) -> None:
    assert await verdict_of("US", **question) == (rule, verdict)


@pytest.mark.parametrize(("rule", "verdict", "question"), EU)
async def test_the_rules_of_the_european_union(rule: str, verdict: str, question: dict[str, Any]) -> None:
    assert await verdict_of("EU", **question) == (rule, verdict)


@pytest.mark.parametrize("row", _ROWS, ids=[f"{each.id} {each.says[:40]}" for each in _ROWS])
async def test_every_row_decides_a_situation_here(row: ExportRule) -> None:
    asked = [(rule, question) for rule, _, question in _SITUATIONS[row.jurisdiction] if rule == row.id]
    answers = [await classified(jurisdictions=[row.jurisdiction], **question) for _, question in asked]

    told = [each["verdicts"][row.jurisdiction] for each in answers]
    deciding = [each for each in told if each["why"].startswith(row.says)]
    assert deciding, f"no situation of {row.id} is decided by this row: add one to the table above"
    assert {each["reference"] for each in deciding} == {row.reference}


def test_no_two_rows_of_a_jurisdiction_say_the_same() -> None:
    assert len({(each.jurisdiction, each.says) for each in _ROWS}) == len(_ROWS)


@pytest.mark.parametrize(
    "row", [each for each in _ROWS if each.valid_from or each.valid_to], ids=lambda row: row.says[:40]
)
def test_a_row_is_the_law_from_its_first_to_its_last_day(row: ExportRule) -> None:
    one = timedelta(days=1)

    if row.valid_from:
        assert (row.in_force(row.valid_from - one), row.in_force(row.valid_from)) == (False, True)
    if row.valid_to:
        assert (row.in_force(row.valid_to), row.in_force(row.valid_to + one)) == (True, False)


_CLOSED_OPENSSL = {"components": [OPENSSL]}
_NOBODY_KNOWS = {"components": [{"purl": "pkg:npm/nobody-knows-it@1"}]}
_FREE = "published-not-subject"
_TABLE = [
    ("public, no cryptography", {**_PUBLIC, "crypto": {"kind": "none"}}, _FREE, _FREE, False),
    ("public, standard", {**_PUBLIC, "components": [OPENSSL]}, _FREE, _FREE, False),
    ("public, not standard", {**_PUBLIC, "crypto": HOME_MADE}, "notification-first", _FREE, True),
    ("closed, found, not classified", _CLOSED_OPENSSL, "needs-classification", "needs-classification", True),
    ("closed, mass market", {**_MASS, "destinations": ["BR"]}, "exception-available", "not-controlled", False),
    ("closed, mass market, embargo", {**_MASS, "destinations": ["IR"]}, "licence-required", "review", True),
    ("closed, 5D002", {"crypto": STRONG, "destinations": ["BR"], "classifications": [
        a_classification("5D002"), a_classification("5D002", jurisdiction="EU")]},
     "exception-available", "exception-available", True),
    ("embargo set, not published", {**_CLOSED_OPENSSL, "destinations": ["KP"]},
     "licence-required", "needs-classification", True),
    ("party", {**_PUBLIC, "screening": {"result": "hit", "list": "SDN"}}, "prohibited", "prohibited", True),
    ("end use", {**_PUBLIC, "end_use": "nuclear explosives"}, "licence-required", "licence-required", True),
    ("unknown, closed", _NOBODY_KNOWS, "unclassified", "unclassified", True),
    ("unknown, public", {**_PUBLIC, **_NOBODY_KNOWS}, "unclassified", "unclassified", False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "question", "us", "eu", "blocks"), _TABLE, ids=[each[0] for each in _TABLE])
async def test_the_decision_table_of_the_domain_model(
    name: str, question: dict[str, Any], us: str, eu: str, blocks: bool
) -> None:
    answer = await classified(**question)

    assert tuple(answer["verdicts"][each]["verdict"] for each in ("US", "EU")) == (us, eu)
    assert answer["block_release"] is blocks


def test_rules_stand_in_the_order_of_their_stages_and_ask_for_known_evidence() -> None:
    law = shipped_law()

    for jurisdiction in ("US", "EU"):
        stages = [STAGES.index(each.stage) for each in law.rules.rules if each.jurisdiction == jurisdiction]
        assert stages == sorted(stages)
    asked = {name for each in law.rules.rules for name in each.evidence}
    assert asked <= EVIDENCE == law.evidence.keys()


def test_what_was_compared_with_the_law_says_when_and_rules_and_tables_differ_in_that() -> None:
    law = shipped_law()

    checked = [each.checked for each in law.rules.rules if each.checked is not None]
    assert checked
    assert all(date.fromisoformat(each.partition(":")[0]) <= law.rules.data_date for each in checked)
    assert all(each.compared_with for each in law.places.groups if each.verified is not None)
