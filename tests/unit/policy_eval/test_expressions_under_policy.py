"""Expressions (domain model §3.4) under a policy: what the verdict is, in any order, and however strict the policy."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_eval.adapters.policy_files import default_policy
from policy_eval.domain.choice import Chooser
from policy_eval.domain.conditions import AllOf, OfFamily, Rule
from policy_eval.domain.gnu_licenses import later_versions
from policy_eval.domain.judgement import Judge
from policy_eval.domain.usage import Usage
from shared.licensing import License, all_of, any_of, leaves, parse
from tests.support.builders import a_component, evaluated, real_knowledge
from tests.support.examples import examples

CONTEXTS = ("proprietary-distributed", "internal-saas", "public-oss-eupl")
LEAVES = [
    "MIT",
    "Apache-2.0",
    "MPL-2.0",
    "EPL-2.0",
    "LGPL-3.0-only",
    "GPL-2.0-only",
    "GPL-2.0-or-later",
    "LGPL-2.1-or-later",
    "Apache-2.0+",
    "Apache-1.1+",
    "GPL-2.0-only WITH Classpath-exception-2.0",
    "GPL-2.0-or-later WITH Classpath-exception-2.0",
    "GPL-3.0-only WITH Autoconf-exception-generic",
    "AGPL-3.0-only",
    "EUPL-1.2",
    "JSON",
    "LicenseRef-own-terms",
]
SUCCESSORS = real_knowledge().successors
USAGES = [Usage(), Usage(linkage="separate"), Usage(linkage="static", modified=True), Usage(shipped=False)]

expressions = st.recursive(
    st.sampled_from(LEAVES).map(parse),
    lambda inner: st.lists(inner, min_size=2, max_size=4).flatmap(
        lambda parts: st.sampled_from([all_of, any_of]).map(lambda join: join(parts))
    ),
    max_leaves=8,
)


def chosen(expression, usage=USAGES[0], context=CONTEXTS[0], policy=None, duties=None):
    policy = policy or default_policy()
    knowledge = replace(real_knowledge(), duties=duties) if duties else real_knowledge()
    judge = Judge(policy, policy.context(context), knowledge.catalogue, successors=knowledge.successors)
    return Chooser(judge, knowledge.duties).choose(expression, usage)


@pytest.mark.parametrize(
    ("expression", "verdicts"),
    [
        ("MIT AND GPL-2.0-only", ("deny", "allow", "review-legal")),
        ("MIT OR GPL-2.0-only", ("allow", "allow", "allow")),
        ("GPL-2.0-only OR AGPL-3.0-only", ("deny", "allow", "review-legal")),
        ("MPL-2.0 AND (JSON OR EPL-2.0)", ("allow-with-conditions", "allow", "review-ospo")),
        (
            "(MIT AND JSON) OR (Apache-2.0 AND LGPL-2.1-only)",
            ("allow-with-conditions", "allow", "allow-with-conditions"),
        ),
        ("EUPL-1.2 OR MPL-2.0", ("allow-with-conditions", "allow", "allow")),
        ("MIT WITH Classpath-exception-2.0", ("review-ospo", "review-ospo", "review-ospo")),
        ("GPL-2.0-only WITH Linux-syscall-note AND MIT", ("deny", "allow", "review-legal")),
        ("GPL-2.0-or-later", ("deny", "allow", "review-legal")),
        ("GPL-2.0-or-later AND MIT", ("deny", "allow", "review-legal")),
        ("GPL-2.0-or-later OR Apache-2.0+", ("allow", "allow", "allow")),
        ("LGPL-2.1-or-later AND Apache-2.0+", ("allow-with-conditions", "allow", "allow-with-conditions")),
        (
            "GPL-2.0-or-later WITH Classpath-exception-2.0",
            ("allow-with-conditions", "allow", "allow-with-conditions"),
        ),
        (
            "GPL-2.0-or-later WITH Classpath-exception-2.0 AND AGPL-3.0-or-later",
            ("deny", "review-legal", "review-legal"),
        ),
        (
            "GPL-2.0-or-later WITH Classpath-exception-2.0 OR AGPL-3.0-or-later",
            ("allow-with-conditions", "allow", "allow-with-conditions"),
        ),
        ("MIT+ WITH Classpath-exception-2.0", ("review-ospo", "review-ospo", "review-ospo")),
    ],
)
def test_and_takes_the_strictest_or_the_mildest_and_with_the_pair(expression, verdicts):
    found = tuple(evaluated(a_component(expression), context).release.components[0].verdict for context in CONTEXTS)

    assert found == verdicts


def test_an_unknown_exception_is_never_the_bare_license():
    evaluation = evaluated(a_component("MIT WITH Autoconf-exception-generic-3.0"))

    assert evaluation.release.components[0].verdict == "review-ospo"
    assert evaluation.findings[0].question.rule == "license/unknown-exception"


def test_a_version_that_was_taken_is_judged_as_the_one_that_is_named_whichever_comes_first():
    first, second = (
        chosen(parse(each), USAGES[0], "proprietary-distributed")
        for each in ("Apache-2.0 AND Apache-1.1+", "Apache-1.1+ AND Apache-2.0")
    )

    assert first.judgement == second.judgement


@examples(60)
@given(expressions, st.sampled_from(USAGES), st.sampled_from(CONTEXTS), st.randoms(use_true_random=False))
def test_the_order_of_operands_never_changes_the_verdict_nor_the_choice(expression, usage, context, random):
    reordered = shuffled(expression, random)

    first, second = chosen(expression, usage, context), chosen(reordered, usage, context)

    assert first.judgement == second.judgement
    assert first.remaining == second.remaining


@examples(30)
@given(expressions, st.sampled_from(CONTEXTS), st.randoms(use_true_random=False))
def test_a_release_has_the_same_verdict_findings_and_identities_whatever_the_order(expression, context, random):
    reordered = shuffled(expression, random)

    first, second = (evaluated(a_component(str(each)), context) for each in (expression, reordered))

    assert first.gate == second.gate
    assert [each.fingerprint for each in first.findings] == [each.fingerprint for each in second.findings]
    assert first.release.components[0].verdict == second.release.components[0].verdict


@examples(60)
@given(expressions, st.sampled_from(USAGES), st.sampled_from(CONTEXTS), st.data())
def test_a_stricter_policy_never_gives_a_milder_verdict(expression, usage, context, data):
    mild = default_policy()
    strict = made_stricter(mild, context, data)

    before, after = chosen(expression, usage, context, mild), chosen(expression, usage, context, strict)

    assert after.judgement.rank >= before.judgement.rank


@examples(60)
@given(expressions, st.sampled_from(USAGES), st.sampled_from(CONTEXTS))
def test_what_remains_after_the_choice_has_the_verdict_of_the_whole(expression, usage, context):
    choice = chosen(expression, usage, context)

    again = chosen(choice.remaining, usage, context)

    assert again.judgement.verdict == choice.judgement.verdict
    offered = [version for leaf in leaves(expression) for version in (leaf, *later_versions(leaf, SUCCESSORS))]
    assert set(leaves(choice.remaining)) <= set(offered)


@pytest.mark.parametrize(("operator", "weighed"), [(all_of, 0), (any_of, 10_000)], ids=["AND", "OR"])
def test_ten_thousand_operands_are_each_weighed_once_where_there_is_a_choice(operator, weighed):
    counted = []

    def count(leaf):
        counted.append(leaf)
        return 0

    choice = chosen(operator(License(f"LicenseRef-{number}") for number in range(10_000)), duties=count)

    assert len(counted) == weighed
    assert choice.judgement.verdict == "review-ospo"


def test_an_and_of_two_thousand_choices_is_chosen_operand_by_operand():
    expression = all_of(any_of([License("MIT"), License(f"LicenseRef-{number}")]) for number in range(2_000))

    choice = chosen(expression)

    assert str(choice.remaining) == "MIT"


def test_a_deeply_nested_expression_needs_no_deep_stack():
    expression = License("LicenseRef-0")
    for number in range(1, 2_000):
        join = any_of if number % 2 else all_of
        expression = join([expression, License(f"LicenseRef-{number}")])

    assert chosen(expression).judgement.rule == "license/open-choice"


@pytest.mark.parametrize(
    ("expression", "remaining", "why"),
    [
        ("GPL-2.0-only OR MIT", "MIT", "lowest verdict"),
        ("Apache-2.0 OR Zlib OR BSD-3-Clause", "BSD-3-Clause", "first in the preferred list"),
        ("X11 OR 0BSD", "0BSD", "fewest duties"),
        ("Zlib OR X11", "X11", "alphabet"),
        ("(MIT AND Zlib) OR Apache-2.0", "Apache-2.0", "a combination is not in the preferred list"),
    ],
)
def test_a_choice_falls_by_verdict_preference_duties_and_alphabet(expression, remaining, why):
    duties = {"0BSD": 0, "X11": 2, "Zlib": 2}

    choice = chosen(parse(expression), duties=lambda leaf: duties.get(str(leaf), 5))

    assert str(choice.remaining) == remaining, why


def test_a_choice_that_needs_review_is_left_to_people():
    component, finding = first(evaluated(a_component("Ruby OR Artistic-2.0")))

    assert component.effective_license == component.license == "Ruby OR Artistic-2.0"
    assert component.chosen_from is None
    assert (component.verdict, finding.question.rule) == ("review-ospo", "license/open-choice")


def test_a_recorded_choice_names_what_it_was_made_in():
    component = evaluated(a_component("BSD-3-Clause AND (GPL-2.0-only OR MIT)")).release.components[0]

    assert component.license == "BSD-3-Clause AND (GPL-2.0-only OR MIT)"
    assert component.effective_license == "BSD-3-Clause AND MIT"
    assert component.chosen_from == component.license


def test_a_later_version_is_taken_where_it_is_milder_than_the_one_that_is_named():
    component = evaluated(a_component("MIT AND GPL-2.0-or-later"), policy=gpl_3_allowed()).release.components[0]

    assert component.license == component.chosen_from == "MIT AND GPL-2.0-or-later"
    assert (component.effective_license, component.verdict) == ("MIT AND GPL-3.0-only", "allow-with-conditions")


@pytest.mark.parametrize("expression", ["GPL-2.0-only", "GPL-2.0-or-later WITH Bison-exception-2.2"])
def test_no_later_version_is_taken_that_nobody_offers_or_that_the_exception_was_not_written_for(expression):
    component = evaluated(a_component(expression), policy=gpl_3_allowed()).release.components[0]

    assert (component.effective_license, component.verdict) == (expression, "deny")


def test_a_later_version_that_people_would_have_to_be_asked_about_is_not_taken():
    component = evaluated(a_component("GPL-2.0-or-later"), policy=gpl_3_allowed("review-ospo")).release.components[0]

    assert (component.effective_license, component.verdict) == ("GPL-2.0-or-later", "deny")


def gpl_3_allowed(verdict="allow-with-conditions"):
    policy = default_policy()
    rules = (Rule(AllOf((OfFamily("GPL-3.0"),)), verdict), Rule(AllOf(()), "deny"))
    strong = {**policy.rules["strong-copyleft"], CONTEXTS[0]: rules}
    return replace(policy, rules={**policy.rules, "strong-copyleft": strong})


def first(evaluation):
    return evaluation.release.components[0], evaluation.findings[0]


def shuffled(expression, random):
    if not hasattr(expression, "operands"):
        return expression
    operands = [shuffled(operand, random) for operand in expression.operands]
    random.shuffle(operands)
    return type(expression)(tuple(operands))


def made_stricter(policy, context, data):
    rules = {category: dict(by_context) for category, by_context in policy.rules.items()}
    for category in data.draw(st.sets(st.sampled_from(sorted(rules)), max_size=6)):
        steps = data.draw(st.integers(1, 4))
        rules[category][context] = tuple(raised(rule, steps, policy) for rule in rules[category][context])
    return replace(policy, rules=rules)


def raised(rule, steps, policy):
    rank = min(policy.rank(rule.then) + steps, len(policy.verdict_order) - 1)
    return Rule(rule.condition, policy.verdict_order[rank])
