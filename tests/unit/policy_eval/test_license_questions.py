"""The policy answers any licence string, in every shipped context."""

import asyncio
from typing import Any, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policy_eval.adapters.active_duties import load_active_duties
from policy_eval.adapters.shipped_policies import default_loaded
from policy_eval.application.judge_license import JudgeLicense
from policy_eval.application.ports import LoadedPolicy
from policy_eval.domain.knowledge import LicenseKnowledge
from shared.contracts.contexts import SHIPPED_CONTEXTS
from shared.contracts.decisions import Kind, Use, Verdict
from shared.contracts.inventory import Linkage
from shared.contracts.questions import LicenseQuestion
from shared.licensing import load_catalogue, normalise
from tests.support.examples import examples

CATALOGUE = load_catalogue()


class _TheDefault:
    async def active(self, name: str | None) -> LoadedPolicy:
        return default_loaded()


judge = JudgeLicense(_TheDefault(), LicenseKnowledge(CATALOGUE, normalise, load_active_duties()))


def asked(license_string: str, **facts: Any) -> Any:
    return asyncio.run(judge(LicenseQuestion(license=license_string, **facts)))


@given(
    st.text(max_size=40) | st.sampled_from([each.id for each in CATALOGUE.licenses]),
    st.builds(
        dict,
        modified=st.sampled_from([True, False, None]),
        linkage=st.sampled_from([*get_args(Linkage), None]),
        kind=st.sampled_from(get_args(Kind)),
        use=st.sampled_from(get_args(Use)),
        shipped=st.booleans(),
        user_product=st.booleans(),
    ),
)
@example("NONE", {})
@example("(((", {})
@example("MIT OR", {})
@example("\ud800\x00", {})
@examples(200)
def test_every_string_has_a_category_and_a_verdict_in_every_context(license_string: str, facts: dict[str, Any]) -> None:
    told = asked(license_string, **facts)

    assert set(told.verdicts) == set(SHIPPED_CONTEXTS)
    assert set(told.verdicts.values()) <= set(get_args(Verdict))
    assert told.category
    assert (told.expression is None) == (told.remaining is None)


@pytest.mark.parametrize(
    ("license_string", "chosen", "remaining"),
    [
        ("MIT", None, "MIT"),
        ("GPL-2.0-only OR MIT", "MIT", "MIT"),
        ("Apache-2.0 OR MIT", "MIT", "MIT"),  # both allowed: the preferred list
        ("(Apache-2.0 OR MIT) AND ISC", "MIT", "MIT AND ISC"),
        ("(Apache-2.0 OR MIT) AND (Zlib OR ISC)", "MIT AND ISC", "MIT AND ISC"),
        ("GPL-2.0-only OR GPL-3.0-only", None, "GPL-2.0-only OR GPL-3.0-only"),
    ],
)
def test_the_branch_that_the_default_context_takes_is_told(
    license_string: str, chosen: str | None, remaining: str
) -> None:
    told = asked(license_string)

    assert (told.chosen, told.remaining) == (chosen, remaining)


def test_a_user_product_and_an_unknown_linkage_are_judged_by_the_strictest_that_may_hold() -> None:
    lgpl = "LGPL-3.0-only"

    assert asked(lgpl).verdicts["proprietary-distributed"] == "allow-with-conditions"
    assert asked(lgpl, user_product=True).verdicts["proprietary-distributed"] == "review-legal"
    assert asked(lgpl, linkage=None).verdicts["proprietary-distributed"] == "review-ospo"
    assert asked("GPL-2.0-only", linkage=None).verdicts["proprietary-distributed"] == "deny"


@pytest.mark.parametrize(("linkage", "shipped"), [("dev-tool", True), ("package", False)])
def test_what_is_not_shipped_is_allowed_but_for_restrictions_of_use(linkage: Linkage, shipped: bool) -> None:
    assert set(asked("AGPL-3.0-only", linkage=linkage, shipped=shipped).verdicts.values()) == {"allow"}
    assert set(asked("JSON", linkage=linkage, shipped=shipped).verdicts.values()) == {"review-ospo"}
