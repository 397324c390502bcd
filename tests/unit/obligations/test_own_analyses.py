"""An organisation's own analyses of licences: what is refused, and what they change in the duties that are derived."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.application.current_catalogue import CurrentCatalogue
from obligations.application.keep_analyses import KeepAnalyses
from obligations.domain.catalogue import ANALYSE_LICENSE
from obligations.domain.duties import Duty, duties_of
from obligations.domain.own_analyses import AnalysisVersion, OwnAnalysis, OwnRow
from obligations.domain.triggers import Usage
from shared.errors import Conflict, InvalidInput, NotFound
from shared.licensing import parse

SHIPPED = load_obligation_catalogue()
DELIVERED = Usage(frozenset({"binary"}))
ACME = "LicenseRef-Acme"


class KeptAnalyses:
    """`application.analysis_ports.OwnAnalyses` in memory."""

    def __init__(self) -> None:
        self.all: list[AnalysisVersion] = []

    async def current(self) -> list[AnalysisVersion]:
        newest = {each.license: each for each in self.all}
        return [newest[name] for name in sorted(newest)]

    async def page(self, after: str, limit: int) -> list[AnalysisVersion]:
        return [each for each in await self.current() if each.license > after][:limit]

    async def version(self, license_id: str, version: int | None) -> AnalysisVersion | None:
        found = await self.versions(license_id, None, len(self.all))
        return next((each for each in found if version in (None, each.version)), None)

    async def versions(self, license_id: str, before: int | None, limit: int) -> list[AnalysisVersion]:
        of_license = [each for each in reversed(self.all) if each.license == license_id]
        return [each for each in of_license if before is None or each.version < before][:limit]

    async def add(self, version: AnalysisVersion) -> bool:
        if any((each.license, each.version) == (version.license, version.version) for each in self.all):
            return False
        self.all.append(version)
        return True


class StandingClock:
    """`shared.clock.Clock` that stands still."""

    def now(self) -> datetime:
        return datetime(2026, 11, 28, 9, tzinfo=UTC)


@pytest.fixture
def kept() -> KeptAnalyses:
    return KeptAnalyses()


@pytest.fixture
def keep(kept: KeptAnalyses) -> KeepAnalyses:
    return KeepAnalyses(kept, SHIPPED, StandingClock())


def a_row(**other: Any) -> OwnRow:
    return OwnRow(**{"obligation": "license-text", "clause": "§1", "trigger": ("source", "binary"), **other})


def an_analysis(*rows: OwnRow, **other: Any) -> OwnAnalysis:
    return OwnAnalysis(obligations=rows, **other)


async def duties(kept: KeptAnalyses, expression: str) -> tuple[Duty, ...]:
    return duties_of(parse(expression), DELIVERED, await CurrentCatalogue(SHIPPED, kept)())


async def test_a_licence_of_ones_own_brings_its_duties_instead_of_the_question(
    kept: KeptAnalyses, keep: KeepAnalyses
) -> None:
    assert [each.obligation for each in await duties(kept, ACME)] == [ANALYSE_LICENSE]

    await keep.publish(ACME, an_analysis(a_row(), a_row(obligation="notice-file", trigger=("network",))), "key:1")

    assert [(each.obligation, each.clause, each.license) for each in await duties(kept, ACME)] == [
        ("license-text", "§1", ACME)
    ]


async def test_an_own_analysis_stands_in_front_of_the_shipped_one_until_it_is_withdrawn(
    kept: KeptAnalyses, keep: KeepAnalyses
) -> None:
    shipped = await duties(kept, "MIT")

    await keep.publish("mit", an_analysis(a_row(clause="our reading")), "key:1")
    own = await duties(kept, "MIT")
    await keep.withdraw("MIT", "key:2")

    assert [each.clause for each in own] == ["our reading"]
    assert await duties(kept, "MIT") == shipped
    assert [(each.version, each.created_by, each.analysis is None) for each in await keep.history("MIT", None, 9)] == [
        (2, "key:2", True),
        (1, "key:1", False),
    ]


async def test_a_derivation_names_the_versions_that_it_rests_on(kept: KeptAnalyses, keep: KeepAnalyses) -> None:
    await keep.publish(ACME, an_analysis(a_row()), "key:1")
    await keep.publish(ACME, an_analysis(a_row(clause="§2")), "key:1")
    await keep.publish("MIT", an_analysis(), "key:1")
    await keep.withdraw("MIT", "key:1")

    catalogue, versions = await CurrentCatalogue(SHIPPED, kept).with_versions()

    assert versions == [f"{ACME}@2"]
    assert catalogue.duties[ACME].own_version == 2
    assert catalogue.duties["MIT"].own_version is None


async def test_an_analysis_without_rows_says_that_nothing_is_due(kept: KeptAnalyses, keep: KeepAnalyses) -> None:
    await keep.publish(ACME, an_analysis(), "key:1")

    assert await duties(kept, ACME) == ()


async def test_who_analysed_is_the_sender_unless_told(kept: KeptAnalyses, keep: KeepAnalyses) -> None:
    checked = an_analysis(a_row(), status="checked", checked_on=date(2026, 11, 27), analysed_by="A. Lawyer")

    await keep.publish(ACME, checked, "key:1")
    await keep.publish("ISC", an_analysis(a_row()), "key:1")

    found = (await CurrentCatalogue(SHIPPED, kept)()).duties
    assert (found[ACME].analysed_by, found[ACME].status, found[ACME].checked_on) == (
        "A. Lawyer",
        "checked",
        date(2026, 11, 27),
    )
    assert (found["ISC"].analysed_by, found["ISC"].status) == ("key:1", "draft")


@pytest.mark.parametrize(
    ("analysis", "place", "words"),
    [
        (an_analysis(status="checked"), "/checked_on", "on which day"),
        (an_analysis(a_row(obligation="licence-text")), "/obligations/0/obligation", "no generic obligation"),
        (an_analysis(a_row(obligation="analyse-license")), "/obligations/0/obligation", "no generic obligation"),
        (an_analysis(a_row(), a_row()), "/obligations/1", "there already"),
        (an_analysis(a_row(alternative_to="source-location")), "/obligations/0/alternative_to", "no other row"),
        (an_analysis(a_row(alternative_to="license-text")), "/obligations/0/alternative_to", "no other row"),
        (an_analysis(a_row(sentences=("Thanks.",))), "/obligations/0/sentences", "print sentences"),
    ],
)
async def test_what_would_not_do_what_its_author_means_is_refused_with_its_place(
    keep: KeepAnalyses, analysis: OwnAnalysis, place: str, words: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await keep.publish(ACME, analysis, "key:1")

    assert [each.pointer for each in refused.value.errors] == [place]
    assert words in refused.value.errors[0].message


async def test_all_faults_are_told_at_once(keep: KeepAnalyses) -> None:
    with pytest.raises(InvalidInput) as refused:
        await keep.publish(ACME, an_analysis(a_row(obligation="x"), a_row(obligation="y"), status="checked"), "key:1")

    assert len(refused.value.errors) == 3


@pytest.mark.parametrize(
    ("license_id", "words"),
    [
        ("Acme-1.0", "no id of the SPDX licence list"),
        ("LicenseRef-", "no id of the SPDX licence list"),
        ("LicenseRef-a_b", "no id of the SPDX licence list"),
        (f"LicenseRef-{'a' * 200}", "no id of the SPDX licence list"),
        ("GPL-2.0+", "what replaces it, GPL-2.0-or-later"),
    ],
)
async def test_an_id_that_no_component_could_have_is_refused(keep: KeepAnalyses, license_id: str, words: str) -> None:
    with pytest.raises(InvalidInput, match="license_id") as refused:
        await keep.publish(license_id, an_analysis(a_row()), "key:1")

    assert words in refused.value.errors[0].message


async def test_what_is_not_there_is_not_found_and_not_withdrawn_twice(keep: KeepAnalyses) -> None:
    with pytest.raises(NotFound, match="no own analysis of MIT"):
        await keep.version("MIT", None)
    with pytest.raises(NotFound):
        await keep.withdraw("MIT", "key:1")
    await keep.publish("MIT", an_analysis(), "key:1")
    await keep.withdraw("MIT", "key:1")
    with pytest.raises(Conflict):
        await keep.withdraw("MIT", "key:1")
    with pytest.raises(NotFound, match="no version 7"):
        await keep.version("MIT", 7)


@pytest.mark.parametrize(
    "body",
    [
        b'{"obligations": [{"obligation": "license-text", "clause": "", "trigger": ["binary"]}]}',
        b'{"obligations": [{"obligation": "license-text", "clause": "1", "trigger": []}]}',
        b'{"obligations": [{"obligation": "license-text", "clause": "1", "trigger": ["post"]}]}',
        b'{"obligations": [{"obligation": "license-text", "clause": "1", "trigger": ["binary"], "linkage": []}]}',
        b'{"obligations": [{"obligation": "license-text", "clause": "1", "trigger": ["binary"], "when": "now"}]}',
        b'{"obligations": [], "status": "sure"}',
        b"{}",
    ],
)
def test_the_shape_of_an_analysis_is_that_of_the_shipped_rows(body: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(body, type=OwnAnalysis)


@pytest.mark.parametrize("license_id", ["GPL-3.0-only", "LGPL-2.1-only", "Apache-2.0", "AGPL-3.0-only"])
def test_a_shipped_analysis_can_be_sent_as_an_own_one_and_means_the_same(license_id: str) -> None:
    rows = SHIPPED.duties[license_id].rows
    sent = [
        OwnRow(
            obligation=row.obligation,
            clause=row.clause,
            trigger=row.trigger.causes,
            modified_only=row.trigger.modified_only,
            linkage=row.trigger.linkage,
            medium=row.trigger.medium,
            kind=row.trigger.kind,
            commercial_only=row.trigger.commercial_only,
            if_notice_file=row.trigger.if_notice_file,
            alternative_to=row.alternative_to,
            sentences=row.sentences,
        )
        for row in rows
    ]

    assert tuple(each.as_row() for each in sent) == rows
