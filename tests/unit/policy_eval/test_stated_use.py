"""What people say of the use of a release, a scope or a package stands in place of what documents say and what is usual."""

from typing import Any

import pytest

from policy_eval.adapters.policy_files import default_policy
from policy_eval.adapters.version_ranges import read_version_range
from policy_eval.domain.decision_records import DecisionRecord
from policy_eval.domain.decisions import decisions_of
from policy_eval.domain.evaluation import Evaluation, evaluate
from policy_eval.domain.touched import touching
from shared.contracts.decisions import OwnContext
from shared.contracts.events import ReleaseState
from shared.contracts.inventory import Component
from tests.support.builders import a_component, a_release, an_inventory, real_knowledge
from tests.support.decisions import a_decision

_PURL = "pkg:npm/left-pad"


def _said(**body: Any) -> DecisionRecord:
    return a_decision("context", project="shop", **body)


def _evaluated(
    said: list[DecisionRecord], *components: Component, context: str = "proprietary-distributed"
) -> Evaluation:
    decisions = decisions_of(said, read_version_range)
    release = a_release(context, main=an_inventory(*components))
    return evaluate(release, default_policy(), real_knowledge(), decisions)


def _verdicts(evaluation: Evaluation) -> list[str]:
    return [each.verdict for each in evaluation.release.components]


def test_a_linkage_that_is_said_of_a_package_decides_the_verdict_and_stands_in_the_trace() -> None:
    said = _said(purl=_PURL, linkage="separate")

    evaluation = _evaluated([said], a_component("GPL-2.0-only"), a_component("GPL-2.0-only", name="other"))

    assert _verdicts(evaluation) == ["allow-with-conditions", "deny"]
    assert evaluation.release.components[0].linkage == "separate"
    (step,) = [each for each in evaluation.parts[0].decisions[0].trace if each.step == "used"]
    assert (step.source, step.author) == (f"context {said.id}", "key:ann")
    assert step.saw == "linkage is separate: seen in LICENSE"


def test_the_narrowest_counts_and_of_two_as_narrow_the_newer() -> None:
    said = [
        _said(purl=f"{_PURL}@1.3.0", linkage="static"),
        _said(linkage="dynamic", modified=True),
        _said(scope="optional", linkage="copied"),
        _said(scope="optional", linkage="separate"),
    ]
    components = [
        a_component("MIT", scope="optional"),
        a_component("MIT", name="b", scope="optional"),
        a_component("MIT", name="c"),
        a_component("MIT", name="d", purl=None),
    ]

    evaluation = _evaluated(said, *components)

    assert [each.linkage for each in evaluation.release.components] == ["static", "separate", "dynamic", "dynamic"]
    assert [each.modified for each in evaluation.release.components] == [True] * 4


@pytest.mark.parametrize(
    ("about", "shipped"),
    [
        ({}, False),
        ({"version": "1.4.2"}, False),
        ({"version": "1.4.3"}, True),
        ({"context": "proprietary-distributed"}, False),
        ({"context": "internal-saas"}, True),
        ({"scope": "runtime"}, False),
        ({"scope": "optional"}, True),
        ({"purl": _PURL, "versions": "vers:npm/<2.0.0"}, False),
        ({"purl": _PURL, "versions": "vers:npm/>=2.0.0"}, True),
    ],
)
def test_it_holds_for_the_release_the_context_the_scope_and_the_package_that_it_names(
    about: dict[str, Any], shipped: bool
) -> None:
    evaluation = _evaluated([_said(shipped=False, **about)], a_component("GPL-3.0-only"))

    assert evaluation.release.components[0].shipped is shipped
    assert evaluation.gate.verdict == ("fail" if shipped else "pass")


def test_delivery_and_outbound_licence_are_said_of_the_release() -> None:
    said = _said(delivery=[], outbound="none", user_product=True, medium="physical", commercial=False)

    context = _evaluated([said], a_component("MIT")).release.context

    assert (context.delivery, context.outbound, context.user_product) == ([], None, True)
    assert (context.medium, context.commercial, context.name) == ("physical", False, "proprietary-distributed")


def test_user_product_that_is_said_changes_the_verdict_on_lgpl_3() -> None:
    component = a_component("LGPL-3.0-only", linkage="dynamic")

    before, after = _evaluated([], component), _evaluated([_said(user_product=True)], component)

    assert (_verdicts(before), _verdicts(after)) == (["allow-with-conditions"], ["review-legal"])


def test_the_delivery_of_a_package_decides_its_verdict_alone_and_stands_in_the_trace() -> None:
    said = _said(purl=_PURL, delivery=[])
    components = [a_component("EUPL-1.2"), a_component("EUPL-1.2", name="other")]

    before = _evaluated([], *components, context="internal-saas")
    after = _evaluated([said], *components, context="internal-saas")

    assert (_verdicts(before), _verdicts(after)) == (["review-ospo"] * 2, ["allow", "review-ospo"])
    assert [each.own_context for each in after.release.components] == [OwnContext(delivery=()), None]
    assert after.release.context.delivery == ["network"]
    steps = [[step.saw for step in each.trace if step.step == "used"] for each in after.parts[0].decisions]
    assert steps == [["delivery is none: seen in LICENSE"], []]


def test_what_is_said_of_a_scope_gives_way_to_the_package_and_stands_before_the_release() -> None:
    said = [
        _said(user_product=True, medium="physical", audience="consumers", advertising=False),
        _said(scope="optional", user_product=False, commercial=False, interactive_ui=False),
        _said(purl=f"{_PURL}@1.3.0", user_product=True, interactive_ui=True),
    ]
    components = [
        a_component("LGPL-3.0-only", scope="optional", linkage="dynamic"),
        a_component("LGPL-3.0-only", name="b", scope="optional", linkage="dynamic"),
        a_component("LGPL-3.0-only", name="c", linkage="dynamic"),
    ]

    release = _evaluated(said, *components).release

    assert [each.verdict for each in release.components] == ["review-legal", "allow-with-conditions", "review-legal"]
    assert [each.own_context for each in release.components] == [
        OwnContext(user_product=True, commercial=False, interactive_ui=True),
        OwnContext(user_product=False, commercial=False, interactive_ui=False),
        None,
    ]
    assert (release.context.audience, release.context.advertising) == ("consumers", False)


def test_outbound_licence_and_audience_of_a_package_go_before_those_of_its_release() -> None:
    said = [
        _said(outbound="EUPL-1.2", audience="public"),
        _said(scope="optional", outbound="MIT"),
        _said(purl=_PURL, outbound="none", audience="own-organisation"),
    ]
    components = [
        a_component("MIT", scope="optional"),
        a_component("MIT", name="b", scope="optional"),
        a_component("MIT", name="c"),
    ]

    release = _evaluated(said, *components).release

    contexts = [release.context.of(each.own_context) for each in release.components]
    assert [(each.outbound, each.audience) for each in contexts] == [
        (None, "own-organisation"),
        ("MIT", "public"),
        ("EUPL-1.2", "public"),
    ]


def test_copied_code_is_modified_and_a_tool_of_development_is_not_shipped() -> None:
    said = [_said(purl=_PURL, linkage="copied"), _said(purl="pkg:npm/tool", linkage="dev-tool")]

    evaluation = _evaluated(said, a_component("MIT"), a_component("MIT", name="tool"))

    assert evaluation.parts[0].decisions[0].usage.modified
    assert [each.shipped for each in evaluation.release.components] == [True, False]


def test_what_is_said_of_another_release_touches_this_one_not() -> None:
    release = ReleaseState("r1", "shop", "1", "internal-saas", 1, "2026-03-01T00:00:00Z")
    said = [
        _said(linkage="static", **about) for about in ({}, {"version": "1"}, {"version": "2"}, {"context": "other"})
    ]

    assert touching(said, (), release, read_version_range) == said[:2]
