"""Findings of compatibility: only what the policy allows and the outbound licence contradicts."""

from dataclasses import replace

import pytest
from msgspec import structs

from policy_eval.adapters.compatibility_files import compatibility, compatibility_facts
from policy_eval.adapters.policy_files import default_policy
from policy_eval.adapters.version_ranges import read_version_range
from policy_eval.domain.compatibility import Compatibility
from policy_eval.domain.compatibility_facts import Combination, Outcome
from policy_eval.domain.decisions import decisions_of
from policy_eval.domain.evaluation import evaluate
from policy_eval.domain.findings import Finding
from policy_eval.domain.outbound import outbound_findings
from policy_eval.domain.policy import Policy
from shared.contracts.inventory import Component
from shared.licensing import Expression, load_catalogue, normalise
from tests.support.builders import a_component, a_release, an_inventory, evaluated, real_knowledge
from tests.support.decisions import a_decision


def policy_with_outbound(outbound: str | None, context: str = "public-oss-eupl") -> Policy:
    """The default policy with another outbound licence in the context."""
    policy = default_policy()
    changed = structs.replace(policy.context(context), outbound=outbound)
    return replace(policy, contexts={**policy.contexts, context: changed})


def found(*components: Component, outbound: str | None, context: str = "public-oss-eupl") -> tuple[Finding, ...]:
    evaluation = evaluated(components, context, policy_with_outbound(outbound, context))
    return outbound_findings(evaluation, compatibility(), normalise)


def test_an_allowed_licence_that_contradicts_the_outbound_one_is_an_error_with_clause_and_way_out() -> None:
    [finding] = found(a_component("Apache-2.0", name="http"), a_component("MIT"), outbound="GPL-2.0-only")

    question = finding.question
    assert (question.kind, question.severity, question.route) == ("compatibility", "error", "legal")
    assert (question.rule, question.license, finding.subject.name) == ("compatibility/outbound", "Apache-2.0", "http")
    assert "GPL-2.0 §6" in question.message
    assert "Raise the outbound licence to GPL-3.0-or-later" in question.how_to_fix


@pytest.mark.parametrize("outbound", ["GPL-3.0-only", None, "no licence at all"])
def test_what_is_compatible_or_has_no_outbound_licence_is_not_asked(outbound: str | None) -> None:
    assert found(a_component("Apache-2.0"), outbound=outbound) == ()


@pytest.mark.parametrize(
    "component",
    [
        a_component("Apache-2.0", linkage="separate"),
        a_component("Apache-2.0", scope="test"),
        a_component("GPL-3.0-only"),  # has its licence finding
        a_component("Apache-2.0 OR MIT"),  # the branch is taken
        a_component("NOASSERTION"),
        a_component(),
    ],
)
def test_nothing_is_found_where_nothing_is_combined_or_a_licence_finding_says_so(component: Component) -> None:
    assert found(component, outbound="GPL-2.0-only") == ()


@pytest.mark.parametrize("context", ["proprietary-distributed", "internal-saas", "public-oss-eupl"])
def test_the_default_policy_says_all_itself(context: str) -> None:
    licenses = [each for each in compatibility_facts().matrix if " " not in each]
    components = [
        a_component(each, name=f"{linkage}-{number}", linkage=linkage)
        for number, each in enumerate(licenses)
        for linkage in ("copied", "static", "dynamic", "package", "separate")
    ]

    evaluation = evaluated(components, context)

    assert outbound_findings(evaluation, compatibility(), normalise) == ()


def test_versions_share_a_fingerprint_and_another_outbound_licence_asks_anew() -> None:
    of_gpl = [found(a_component("Apache-2.0", version=each), outbound="GPL-2.0-only")[0] for each in "12"]
    [of_lgpl] = found(a_component("Apache-2.0"), outbound="LGPL-2.1-only")

    assert len({each.fingerprint for each in of_gpl}) == 1
    assert of_lgpl.fingerprint not in {each.fingerprint for each in of_gpl}


class _Counting(Compatibility):
    """The real answers, counted."""

    asked = 0

    def decide(self, inbound: Expression, outbound: Expression, combination: Combination) -> Outcome:
        self.asked += 1
        return super().decide(inbound, outbound, combination)


def test_components_with_the_same_facts_are_asked_once() -> None:
    components = [a_component("Apache-2.0", name=f"c{number}") for number in range(500)]
    evaluation = evaluated(components, "public-oss-eupl", policy_with_outbound("GPL-2.0-only"))
    counting = _Counting(compatibility_facts(), load_catalogue())

    findings = outbound_findings(evaluation, counting, normalise)

    assert (len(findings), counting.asked) == (500, 1)


def test_a_package_that_is_handed_to_nobody_contradicts_no_outbound_licence() -> None:
    said = a_decision("context", project="shop", purl="pkg:npm/http", delivery=[])
    policy = policy_with_outbound("GPL-2.0-only")
    release = a_release(
        "public-oss-eupl", main=an_inventory(a_component("Apache-2.0", name="http"), a_component("MIT"))
    )
    decisions = decisions_of([said], read_version_range)

    before = outbound_findings(evaluate(release, policy, real_knowledge()), compatibility(), normalise)
    after = outbound_findings(evaluate(release, policy, real_knowledge(), decisions), compatibility(), normalise)

    assert (len(before), after) == (1, ())


@pytest.mark.parametrize("of_release", [None, "MIT"])
def test_what_goes_out_under_a_licence_of_its_own_is_asked_about_that_one(of_release: str | None) -> None:
    said = a_decision("context", project="*", purl="pkg:npm/plug-in", outbound="GPL-2.0-only")
    components = a_component("Apache-2.0", name="plug-in"), a_component("Apache-2.0", name="core")
    decisions = decisions_of([said], read_version_range)
    release = a_release("public-oss-eupl", main=an_inventory(*components))
    policy = policy_with_outbound(of_release)

    evaluation = evaluate(release, policy, real_knowledge(), decisions)

    [finding] = outbound_findings(evaluation, compatibility(), normalise)
    assert finding.subject.name == "plug-in"
    assert "cannot go out under GPL-2.0-only" in finding.question.message
