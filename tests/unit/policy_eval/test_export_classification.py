"""What a question about export is answered: findings and their sources, what blocks, which evidence is missing."""

from typing import Any

import msgspec
import pytest

from policy_eval.application.classify_export import ClassifyExport
from policy_eval.domain.export.situation import Situation
from shared.contracts.inventory import ROOT, Component, CryptoFacts, Statement
from shared.errors import InvalidInput
from tests.support.builders import a_component, an_inventory
from tests.support.export import (
    HOME_MADE,
    NOTE3_MET,
    OPENSSL,
    STRONG,
    FixedClock,
    NoVerifications,
    OneInventory,
    a_classification,
    classified,
    shipped_knowledge,
    verdict_of,
)

_PUBLIC: dict[str, Any] = {"published": True, "source_url": "https://example.org/code", "license": "EUPL-1.2"}


async def test_an_answer_has_exactly_the_fields_that_are_promised() -> None:
    answer = await classified(components=[OPENSSL])

    assert answer.keys() == {"findings", "verdicts", "block_release", "evidence_needed"}
    assert answer["verdicts"].keys() == {"US", "EU"}
    for verdict in answer["verdicts"].values():
        assert verdict.keys() == {"verdict", "code", "rule", "reference", "data_date", "why"}
    for finding in answer["findings"]:
        assert finding.keys() == {
            "subject", "detected", "kind", "functions", "algorithms", "source", "confidence", "path",
        }  # fmt: skip


@pytest.mark.parametrize(
    ("question", "blocks"),
    [
        ({}, True),
        (_PUBLIC, False),
        ({**_PUBLIC, "crypto": STRONG}, False),
        ({**_PUBLIC, "crypto": HOME_MADE}, True),
        ({"crypto": {"kind": "none"}}, False),
        ({"components": [OPENSSL]}, True),
        ({"components": [{**OPENSSL, "published": True}]}, True),
        ({"components": [{"purl": "pkg:npm/nobody-knows-it@1"}]}, True),
        ({**_PUBLIC, "components": [{"purl": "pkg:npm/nobody-knows-it@1"}]}, False),
        ({**_PUBLIC, "components": [{"purl": "pkg:npm/nobody-knows-it@1", "published": False}]}, True),
        ({**_PUBLIC, "components": [{**OPENSSL, "published": False}]}, True),
    ],
)
async def test_what_is_not_cleared_blocks_the_release(question: dict[str, Any], blocks: bool) -> None:
    assert (await classified(**question))["block_release"] is blocks


@pytest.mark.parametrize(
    ("question", "blocks"),
    [
        ({"classifications": [a_classification("5D992.c")], "note3": NOTE3_MET}, False),
        ({"classifications": [a_classification("5D992.c")]}, True),
        ({"classifications": [a_classification("5D992.c")], "note3": {"retail": True}}, True),
        ({"classifications": [a_classification("5D002")]}, True),
        ({"classifications": [a_classification("5D002", evidence=["row of the report of 2026"])]}, False),
        ({"classifications": [a_classification("5D002")],
          "notifications": [{"type": "supp-8-annual", "sent_at": "2026-01-20"}]}, False),
    ],
)  # fmt: skip
async def test_an_exception_lets_through_only_when_its_conditions_are_evidenced(
    question: dict[str, Any], blocks: bool
) -> None:
    answer = await classified(jurisdictions=["US"], components=[OPENSSL], **question)

    assert answer["verdicts"]["US"]["verdict"] == "exception-available"
    assert answer["block_release"] is blocks
    assert bool(answer["evidence_needed"]) is blocks


async def test_eu001_needs_its_registration() -> None:
    question = {
        "jurisdictions": ["EU"],
        "crypto": STRONG,
        "destinations": ["CH"],
        "classifications": [a_classification("5D002", jurisdiction="EU")],
    }

    without = await classified(**question)
    registered = {"type": "EU registration", "sent_at": "2026-01-01"}
    with_ = await classified(**question, notifications=[registered])

    assert (without["block_release"], with_["block_release"]) == (True, False)
    assert without["evidence_needed"] == [
        "registration number of the general authorisation with the national authority (EU-07)"
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"recipients": ["crypt@bis.doc.gov"]},
        {"recipients": []},
        {"url": "https://example.org/moved"},
        {"url": None},
        {"sent_at": "2026-03-02"},
        {"sent_at": None},
        {"type": "supp-8-annual"},
    ],
)
async def test_a_notification_of_something_else_does_not_count(changed: dict[str, Any]) -> None:
    mail = {
        "type": "742.15(b)",
        "sent_at": "2026-02-01",
        "recipients": ["Crypt@bis.doc.gov", "enc@nsa.gov"],
        "url": "https://example.org/code/",
    }

    sent = await verdict_of("US", **_PUBLIC, crypto=HOME_MADE, notifications=[mail])
    not_sent = await verdict_of("US", **_PUBLIC, crypto=HOME_MADE, notifications=[mail | changed])

    assert sent == ("US-05", "published-not-subject")
    assert not_sent == ("US-05", "notification-first")


async def test_eu008_is_open_once_registered() -> None:
    listed = a_classification("5D002", jurisdiction="EU", evidence=["EU008 registration 123"])

    answer = await classified(jurisdictions=["EU"], crypto=STRONG, destinations=["BR"], classifications=[listed])

    assert (answer["verdicts"]["EU"]["rule"], answer["block_release"]) == ("EU-08", False)


async def test_a_verdict_says_what_it_saw_and_names_tables_that_nobody_verified() -> None:
    answer = await classified(jurisdictions=["US"], components=[OPENSSL], destinations=["DE"])

    verdict = answer["verdicts"]["US"]
    assert "pkg:deb/debian/libssl3" in verdict["why"] or "libssl3" in verdict["why"]
    assert "for DE" in verdict["why"]
    assert "us-embargo" in verdict["why"].partition("Not verified in the last 90 days: tables ")[2]


async def test_the_knowledge_base_tells_cryptography_from_none_and_from_unknown() -> None:
    purls = [
        "pkg:npm/lodash@4.17.21",
        "pkg:pypi/bcrypt@4.1",
        "pkg:deb/ubuntu/libssl3t64@3.0.13?arch=amd64",
        "pkg:npm/zzz@1",
    ]

    answer = await classified(components=[{"purl": each} for each in purls])

    found = {each["subject"]: each for each in answer["findings"]}
    assert [found[each]["detected"] for each in purls[:3]] == [False, True, True]
    assert found[purls[1]]["functions"] == ["password-hashing"]
    assert "confidentiality" in found[purls[2]]["functions"]
    assert purls[3] not in found
    assert {found[each]["source"] for each in purls[:3]} == {"knowledge-base"}
    assert found["product"]["source"] == "inherited"


async def test_a_name_is_never_more_than_a_suspicion() -> None:
    answer = await classified(jurisdictions=["US"], components=[{"purl": "pkg:npm/acme-crypto-box@1"}])

    (finding,) = answer["findings"]
    assert (finding["source"], finding["confidence"]) == ("name", "suspect")
    assert answer["verdicts"]["US"]["verdict"] == "unclassified"


async def test_the_stricter_source_wins_over_the_suppliers_word() -> None:
    answer = await classified(jurisdictions=["US"], crypto={"kind": "none"}, components=[OPENSSL])

    assert answer["verdicts"]["US"]["verdict"] == "needs-classification"


async def test_weak_words_of_the_caller_do_not_weaken_what_a_component_has() -> None:
    weak = {"kind": "implements", "functions": ["confidentiality"], "algorithms": ["DES"]}

    assert (await verdict_of("US", crypto=weak, components=[OPENSSL]))[1] == "needs-classification"


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"reason": "only hashes are called"}, "not-controlled"),
        ({"reason": None}, "needs-classification"),
        ({"reason": "only hashes are called", "date": None}, "needs-classification"),
        ({"reason": "only hashes are called", "method": "supplier"}, "needs-classification"),
        ({"reason": "only hashes are called", "method": "kb-default"}, "needs-classification"),
        ({"reason": "only hashes are called", "valid_to": "2026-02-01"}, "needs-classification"),
    ],
)
async def test_only_a_person_with_reason_and_date_lowers_what_was_found(facts: dict[str, Any], verdict: str) -> None:
    lowered = a_classification("EAR99", purl="pkg:deb/debian/libssl3") | facts

    assert (await verdict_of("US", components=[OPENSSL], classifications=[lowered]))[1] == verdict


async def test_what_depends_on_cryptography_inherits_its_use_with_the_way() -> None:
    openssl = Component(name="libssl3", pointer="/components/1", purl="pkg:deb/debian/libssl3@3")
    inventory = an_inventory(
        a_component(name="gateway-lib"), a_component(name="client-lib"), openssl, edges=[(0, 1), (1, 2)]
    )

    answer = await classified(inventory, jurisdictions=["US"])

    found = {each["subject"]: each for each in answer["findings"]}
    assert found["pkg:npm/gateway-lib@1.3.0"]["path"] == ["gateway-lib", "client-lib", "libssl3"]
    assert found["pkg:npm/gateway-lib@1.3.0"]["kind"] == "uses"
    assert found["pkg:npm/gateway-lib@1.3.0"]["source"] == "inherited"


async def test_a_cryptographic_asset_counts_by_its_algorithm() -> None:
    aes = Component(name="AES-256-GCM", pointer="/components/0", type="cryptographic-asset")
    sha = Component(name="SHA-256", pointer="/components/0", type="cryptographic-asset")

    encrypts = await classified(an_inventory(aes), jurisdictions=["US"])
    hashes = await classified(an_inventory(sha), jurisdictions=["US"])

    assert encrypts["verdicts"]["US"]["verdict"] == "needs-classification"
    assert encrypts["findings"][1]["source"] == "cbom"
    assert (hashes["verdicts"]["US"]["rule"], hashes["block_release"]) == ("US-08", False)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (CryptoFacts("algorithm", primitive="ae", parameter_set="128"), "needs-classification"),
        (CryptoFacts("algorithm", primitive="signature"), "not-controlled"),
        (CryptoFacts("algorithm", functions=("decrypt",)), "needs-classification"),
        (CryptoFacts("algorithm", primitive="other"), "needs-classification"),
        (CryptoFacts("certificate"), "not-controlled"),
        (CryptoFacts("protocol", protocol="tls"), "needs-classification"),
        (CryptoFacts("related-crypto-material", material="secret-key"), "needs-classification"),
        (CryptoFacts("related-crypto-material", material="public-key"), "not-controlled"),
    ],
)
async def test_an_asset_counts_by_what_its_properties_say(facts: CryptoFacts, verdict: str) -> None:
    asset = Component(name="an asset", pointer="/components/0", type="cryptographic-asset", crypto=facts)

    answer = await classified(an_inventory(asset), jurisdictions=["US"])

    assert answer["verdicts"]["US"]["verdict"] == verdict


async def test_a_short_key_of_an_asset_is_below_the_threshold() -> None:
    facts = CryptoFacts("algorithm", primitive="pke", parameter_set="512")
    asset = Component(name="RSA", pointer="/components/0", type="cryptographic-asset", crypto=facts)

    answer = await classified(an_inventory(asset), jurisdictions=["US"])

    assert answer["verdicts"]["US"]["rule"] == "US-09"


async def test_a_library_that_provides_an_asset_implements_it() -> None:
    asset = Component(name="AES", pointer="/components/0", type="cryptographic-asset")
    inventory = an_inventory(asset, a_component(name="acme-lib"), provides=[(1, 0)])

    answer = await classified(inventory, jurisdictions=["US"])

    (library,) = [each for each in answer["findings"] if each["subject"].startswith("pkg:npm/acme-lib")]
    assert (library["kind"], library["source"], library["path"]) == ("implements", "cbom", ["acme-lib", "AES"])


@pytest.mark.parametrize(
    ("name", "value", "source", "detected"),
    [
        ("cdx:crypto:algorithm", "AES-256", "scanner", True),
        ("cdx:crypto:algorithm", "our cipher", "scanner", True),
        ("exportControlAssessment", "https://example.org/5D002", "supplier", True),
        ("exportControlAssessment", "EAR99", "supplier", False),
    ],
)
async def test_what_scanners_and_suppliers_say_in_the_sbom_is_a_finding(
    name: str, value: str, source: str, detected: bool
) -> None:
    component = a_component(name="acme-lib", statements=(Statement(name, value, "/components/0/properties/0"),))

    answer = await classified(an_inventory(component), jurisdictions=["US"])

    (found,) = [each for each in answer["findings"] if each["subject"] != "product"]
    assert (found["source"], found["detected"]) == (source, detected)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ECC: ECCN 5D002 of the EAR", [("uses", "scanner", "medium")]),
        ("Export control: contains encryption", [("uses", "scanner", "suspect")]),
        ("ECC: export administration regulations", [("uses", "scanner", "suspect")]),
        ("ECCN: EAR99, no encryption items", [("uses", "scanner", "suspect")]),
        ("ECCN: EAR99", []),
    ],
)
async def test_a_statement_on_export_in_words_is_a_finding_with_text_and_place(
    text: str, found: list[tuple[str, str, str]]
) -> None:
    said = Statement("export-statement", text, "/packages/0/annotations/0")
    component = a_component(name="acme-lib", statements=(said,))

    answer = await classified(an_inventory(component), jurisdictions=["US"])

    shown = [each for each in answer["findings"] if each["subject"] != "product"]
    assert [(each["kind"], each["source"], each["confidence"]) for each in shown] == found
    assert [(each["text"], each["pointer"]) for each in shown] == [(text, said.pointer)] * len(found)


async def test_what_a_document_says_of_its_root_is_said_of_the_product() -> None:
    assessed = Statement("exportControlAssessment", "5D002", "/packages/0")
    listed = an_inventory(a_component(name="shop", statements=(assessed,)), root_position=0)
    nothing_listed = an_inventory(
        a_component(name="shop", statements=(Statement("exportControlAssessment", "EAR99", "/packages/0"),)),
        a_component(name="nobody-knows-it"),
        root_position=0,
    )
    asset = Component(name="AES", pointer="/components/0", type="cryptographic-asset")

    answers = [
        await classified(each, jurisdictions=["US"])
        for each in (listed, nothing_listed, an_inventory(asset, provides=[(ROOT, 0)]))
    ]

    products = [answer["findings"][0] for answer in answers]
    assert [(each["subject"], each["kind"], each["source"]) for each in products] == [
        ("product", "uses", "supplier"),
        ("product", "none", "supplier"),
        ("product", "implements", "cbom"),
    ]
    verdicts = [answer["verdicts"]["US"]["verdict"] for answer in answers]
    assert verdicts == ["needs-classification", "unclassified", "needs-classification"]


async def test_what_is_not_shipped_is_not_exported() -> None:
    inventory = an_inventory(
        Component(name="libssl3", pointer="/components/0", purl="pkg:deb/debian/libssl3@3", scope="test"),
        Component(name="lodash", pointer="/components/1", purl="pkg:npm/lodash@4.17.21"),
    )

    assert (await classified(inventory, jurisdictions=["US"]))["verdicts"]["US"]["rule"] == "US-07"


@pytest.mark.parametrize(
    ("question", "pointer"),
    [
        ({"destinations": ["DE", "XX"]}, "/destinations/1"),
        ({"destinations": ["Germany"]}, "/destinations/0"),
        ({"origin": "ZZ"}, "/origin"),
        ({"jurisdictions": ["US", "JP"]}, "/jurisdictions/1"),
        ({"jurisdictions": []}, "/jurisdictions"),
        ({"as_of": "yesterday"}, "/as_of"),
        ({"components": [{"purl": "openssl"}]}, "/components/0/purl"),
        ({"classifications": [a_classification("5D999")]}, "/classifications/0/code"),
        ({"classifications": [a_classification("5D002.z")]}, "/classifications/0/code"),
        ({"classifications": [a_classification("5A992.a")]}, "/classifications/0/code"),
        ({"classifications": [a_classification("5D992.c", jurisdiction="EU")]}, "/classifications/0/code"),
        ({"classifications": [a_classification("5D002", valid_from="2026-05-01", valid_to="2026-04-01")]},
         "/classifications/0/valid_to"),
        ({"classifications": [a_classification("5D002", valid_from="May")]}, "/classifications/0/valid_from"),
        ({"classifications": [a_classification("5D002"), a_classification("EAR99")]}, "/classifications/1/code"),
        ({"classifications": [a_classification("5D002", evidence="x" * 70_000)]}, "/classifications/0/evidence"),
        ({"notifications": [{"sent_at": "2026-01-01", "evidence": ["x" * 70_000]}]}, "/notifications/0/evidence"),
        ({"end_use": ["x" * 70_000]}, "/end_use"),
        ({"notifications": [{"sent_at": "soon"}]}, "/notifications/0/sent_at"),
        ({"crypto": {"kind": "none", "functions": ["confidentiality"]}}, "/crypto/kind"),
    ],
)  # fmt: skip
async def test_a_question_that_makes_no_sense_is_refused_with_its_place(question: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await classified(**question)

    assert [each.pointer for each in refused.value.errors] == [pointer]


@pytest.mark.parametrize(
    "end_use",
    ["civil use", "no military end use", "not for nuclear, missile or military purposes", "", "office software", None],
)
async def test_an_end_use_that_is_denied_is_no_hit(end_use: str | None) -> None:
    assert await verdict_of("US", **_PUBLIC, crypto=STRONG, end_use=end_use) == ("US-03", "published-not-subject")


@pytest.mark.parametrize(
    ("end_use", "rule"),
    [
        ("nuclear", "US-02"), ("chemical_weapons", "US-02"), ("military-end-use", "US-02"), ("wmd", "US-02"),
        ({"military": True}, "US-02"), ({"military": False, "statement": "civil"}, "US-03"), (["civil", "missile"], "US-02"),
        ("not known, military use", "US-02"), ("human-rights violations", "US-02"),
    ],
)  # fmt: skip
async def test_an_end_use_is_read_however_it_is_written(end_use: Any, rule: str) -> None:
    assert (await verdict_of("US", **_PUBLIC, crypto=STRONG, end_use=end_use))[0] == rule


@pytest.mark.parametrize(
    ("screening", "rule"),
    [
        ({"result": "clear"}, "US-03"), ({"result": "no hit", "list": "SDN"}, "US-03"), ({"result": False}, "US-03"),
        ({"result": True, "list": "SDN"}, "US-01"), ({"result": "pending"}, "US-01"), ({}, "US-03"),
    ],
)  # fmt: skip
async def test_a_screening_that_is_not_clear_is_never_passed_over(screening: dict[str, Any], rule: str) -> None:
    assert (await verdict_of("US", **_PUBLIC, crypto=STRONG, screening=screening))[0] == rule


async def test_a_reviewers_classification_of_an_unknown_component_reaches_the_product() -> None:
    component = {"purl": "pkg:npm/nobody-knows-it@1.0.0"}
    listed = a_classification("5D002", purl="pkg:npm/nobody-knows-it", evidence=["memo"])

    answer = await classified(jurisdictions=["US"], components=[component], classifications=[listed])

    assert answer["verdicts"]["US"]["verdict"] == "needs-classification"
    assert {each["source"] for each in answer["findings"]} == {"reviewer", "inherited"}


async def test_a_memo_among_the_evidence_answers_note_3() -> None:
    memo = a_classification("5D992.c", evidence=["Note 3 memo of 2026-01-15"])

    answer = await classified(crypto=STRONG, classifications=[memo])

    assert answer["verdicts"]["US"]["rule"] == "US-12"
    assert answer["verdicts"]["EU"]["rule"] == "EU-05"
    assert answer["block_release"] is False


async def test_an_sbom_of_null_is_none() -> None:
    situation = msgspec.json.decode(b'{"sbom": null, "crypto": {"kind": "none"}}', type=Situation)

    answer = await ClassifyExport(shipped_knowledge(), OneInventory(), NoVerifications(), FixedClock())(situation)

    assert answer["block_release"] is False


async def test_a_classification_counts_from_its_first_to_its_last_day() -> None:
    valid = a_classification("5D992.c", date="2026-01-10", valid_from="2026-01-15", valid_to="2026-01-31")
    question = {"crypto": STRONG, "classifications": [valid], "note3": NOTE3_MET}

    verdicts = {day: (await verdict_of("US", as_of=day, **question))[1] for day in
                ("2026-01-14", "2026-01-15", "2026-01-31", "2026-02-01")}  # fmt: skip

    assert verdicts == {
        "2026-01-14": "needs-classification",
        "2026-01-15": "exception-available",
        "2026-01-31": "exception-available",
        "2026-02-01": "needs-classification",
    }


async def test_a_finding_has_the_way_from_the_product() -> None:
    openssl = Component(name="libssl3", pointer="/components/1", purl="pkg:deb/debian/libssl3@3")
    inventory = an_inventory(a_component(name="client-lib"), openssl, edges=[(-1, 0), (0, 1)])

    answer = await classified(inventory, jurisdictions=["US"])

    paths = {each["subject"]: each["path"] for each in answer["findings"]}
    assert paths["pkg:deb/debian/libssl3@3"] == ["product", "client-lib", "libssl3"]
    assert paths["pkg:npm/client-lib@1.3.0"] == ["client-lib", "libssl3"]
    assert paths["product"] == ["product", "client-lib", "libssl3"]


async def test_a_very_long_way_and_a_circle_are_walked_once() -> None:
    chain = [Component(name=f"c{each}", pointer=f"/components/{each}") for each in range(300)]
    openssl = Component(name="libssl3", pointer="/components/300", purl="pkg:deb/debian/libssl3@3")
    edges = [(each, each + 1) for each in range(300)] + [(299, 0), (-1, 0)]

    answer = await classified(an_inventory(*chain, openssl, edges=edges), jurisdictions=["US"])

    (first,) = [each for each in answer["findings"] if each["subject"] == "c0"]
    assert first["kind"] == "uses"
    assert (first["path"][0], first["path"][-2:], len(first["path"])) == ("c0", ["…", "libssl3"], 66)
