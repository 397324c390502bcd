"""What an evaluation reads of the decisions on file: those in effect, in its project, that have not ended."""

from datetime import UTC, datetime

from msgspec import structs

from policy_eval.adapters.decision_records import SqlDecisionRecords
from policy_eval.adapters.organizations import SqlOrganizations
from policy_eval.adapters.version_ranges import read_version_range
from policy_eval.application.change_ports import Reevaluation
from policy_eval.application.recorded_decisions import RecordedDecisions
from policy_eval.domain.organization import Organization
from shared.contracts.events import ReleaseState
from shared.persistence.engine import Database
from tests.support.decisions import a_decision

_RELEASE = ReleaseState("r1", "shop", "1", "internal-saas", 1, "2026-03-01T00:00:00Z")
_EARLIER = datetime(2026, 3, 1, tzinfo=UTC)
_LATER = datetime(2026, 3, 3, tzinfo=UTC)


def _ask(id_: str) -> Reevaluation:
    return Reevaluation(id_, "the organisation", "2026-03-01T00:00:00Z", "service:policy-eval", None, None)


async def test_an_expired_waiver_and_an_ended_curation_are_read_no_more(evaluations_url: str) -> None:
    database = Database(evaluations_url)
    records = SqlDecisionRecords(database)
    recorded = RecordedDecisions(records, read_version_range, SqlOrganizations(database))
    waiver = a_decision("waiver", reason="other", expires_at="2026-03-02T00:00:00.000000Z")
    curation = a_decision("curation", purl="pkg:npm/a", license="MIT")
    elsewhere = structs.replace(a_decision("curation", purl="pkg:npm/a", license="MIT"), scope=["other*"])
    for each, name in ((waiver, None), (curation, "pkg:npm/a"), (elsewhere, "pkg:npm/a")):
        await records.add(each, name)

    before = await recorded.of("shop", _EARLIER)
    expired = await recorded.of("shop", _LATER)
    ended = structs.replace(curation, state="ended")
    changed = [await records.change(ended, "in-effect"), await records.change(ended, "in-effect")]
    after = await recorded.of("shop", _LATER)
    await database.close()

    assert {each.id for each in before.records} == {waiver.id, curation.id}
    assert [each.id for each in expired.records] == [curation.id]
    assert (after.records, changed) == ((), [True, False])
    here, without = [("pkg:npm/a", "1")], [("pkg:npm/b", "1")]
    assert len({recorded.digest(each, here, _RELEASE) for each in (before, expired, after)}) == 3
    assert recorded.digest(expired, without, _RELEASE) == recorded.digest(after, here, _RELEASE)


async def test_each_version_of_the_organisation_is_kept_and_the_newest_counts(evaluations_url: str) -> None:
    database = Database(evaluations_url)
    organizations = SqlOrganizations(database)

    nothing = await organizations.current()
    await organizations.put(Organization(name="A"), "2026-03-01T00:00:00Z", "key:ann", _ask("r1"))
    await organizations.put(Organization(name="B"), "2026-03-02T00:00:00Z", "key:ann", _ask("r2"))
    newest = await organizations.current()
    await database.close()

    assert nothing == (0, Organization())
    assert newest == (2, Organization(name="B"))
