"""What holds of every question about export: more makes no verdict milder, and nothing unknown is cleared."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policy_eval.adapters.export_files import shipped_law
from policy_eval.domain.export.terms import severity
from tests.support.examples import examples
from tests.support.export import DAY, HOME_MADE, NOTE3_MET, OPENSSL, STRONG, a_classification, classified

_PURLS = [
    "pkg:deb/debian/libssl3@3", "pkg:npm/lodash@4", "pkg:pypi/bcrypt@4", "pkg:npm/nobody-knows-it@1",
    "pkg:npm/my-crypto@1", "pkg:golang/golang.org/x/crypto@v0.21.0",
]  # fmt: skip
_PLACES = ["DE", "US", "CN", "IR", "RU", "CH", "BR", "CU", "UA-43", "worldwide-public"]
_CODES = ["EAR99", "5D992.c", "5D002", "5E002", "4A003"]


def _optional(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in fields.items()})


_questions = st.builds(
    lambda plain, code, parts, places: (
        plain
        | ({"classifications": [code]} if code else {})
        | ({"components": [{"purl": each} for each in parts]} if parts else {})
        | ({"destinations": places} if places else {})
    ),
    _optional(
        published=[True, False],
        access_restricted=[True, False],
        form=["source", "object", "product"],
        source_url=["https://example.org/code"],
        corresponding_source_published=[True, False],
        crypto=[STRONG, HOME_MADE, {"kind": "none"}, {"kind": "uses", "functions": ["signature"]}],
        note3=[NOTE3_MET, {"retail": True}],
        end_use=["civil use", "missile"],
        screening=[{"result": "clear"}, {"result": "hit", "list": "SDN"}],
        as_of=[DAY, "2015-01-01", "2020-01-01"],
    ),
    st.none() | st.sampled_from([a_classification(each, reason="looked at") for each in _CODES]),
    st.lists(st.sampled_from(_PURLS), unique=True, max_size=3),
    st.lists(st.sampled_from(_PLACES), unique=True, max_size=3),
)


def _severities(answer: dict[str, Any]) -> dict[str, int]:
    return {name: severity(each["verdict"]) for name, each in answer["verdicts"].items()}


@examples(150)
@given(_questions, st.sampled_from(_PLACES))
async def test_another_destination_makes_no_verdict_milder(question: dict[str, Any], place: str) -> None:
    places = question.get("destinations", [])
    if not places:
        return

    before = _severities(await classified(**question))
    after = _severities(await classified(**question | {"destinations": [*places, place]}))

    assert all(after[name] >= before[name] for name in before)


@examples(150)
@given(_questions, st.sampled_from(_PURLS))
async def test_another_component_makes_no_verdict_milder(question: dict[str, Any], purl: str) -> None:
    parts = question.get("components", [])
    if not parts and "crypto" not in question:
        return

    before = await classified(**question)
    after = await classified(**question | {"components": [*parts, {"purl": purl}]})

    milder = [name for name, now in _severities(after).items() if now < _severities(before)[name]]
    assert [
        name for name in milder if not _rests_on_a_person_now(before["verdicts"][name], after["verdicts"][name])
    ] == []


async def test_what_a_person_has_classified_counts_once_publication_does_not_suffice() -> None:
    question = {"published": True, "form": "source", "corresponding_source_published": False, "crypto": {"kind": "none"},
                "note3": NOTE3_MET, "classifications": [a_classification("EAR99", reason="looked at")]}  # fmt: skip

    plain = (await classified(**question))["verdicts"]["US"]
    encrypting = (await classified(**question, components=[{"purl": _PURLS[0]}]))["verdicts"]["US"]

    assert (plain["rule"], plain["verdict"]) == ("US-03", "published-not-subject")
    assert (encrypting["rule"], encrypting["verdict"]) == ("US-07", "not-controlled")


def _rests_on_a_person_now(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether a person's classification is what counts now, nothing being to be done before and after.

    Published software without cryptography is not subject (15 CFR §734.7(a)); with it, and its source kept back, it is,
    unless somebody has classified it outside of Category 5 Part 2.
    """
    return (before["rule"], after["rule"], after["code"]) == ("US-03", "US-07", "EAR99")


@examples(150)
@given(_questions)
async def test_a_published_component_changes_nothing(question: dict[str, Any]) -> None:
    parts = [each | {"published": True} for each in question.get("components", [])]

    plain = await classified(**question)
    published = await classified(**question | ({"components": parts} if parts else {}))

    assert plain == published


@examples(150)
@given(_questions)
async def test_every_answer_says_whether_it_blocks_as_promised(question: dict[str, Any]) -> None:
    answer = await classified(**question)

    words = {each["verdict"] for each in answer["verdicts"].values()}
    if words <= {"not-controlled", "published-not-subject"}:
        assert answer["block_release"] is False
    if words & {"review", "notification-first", "needs-classification", "licence-required", "prohibited"}:
        assert answer["block_release"] is True
    assert all(each["rule"] and each["reference"] and each["why"] for each in answer["verdicts"].values())


async def test_a_group_is_judged_as_its_members_and_all_countries_cost_no_more_than_their_groups() -> None:
    question = {"components": [OPENSSL], "classifications": [a_classification("5D992.c")], "note3": NOTE3_MET}

    as_group = await classified(**question, destinations=["E:1"])
    one_by_one = await classified(**question, destinations=["IR", "KP", "SY"])
    everywhere = await classified(**question, destinations=sorted(shipped_law().places.countries))

    assert as_group["verdicts"] == one_by_one["verdicts"]
    assert everywhere["verdicts"]["US"]["verdict"] == "licence-required"
