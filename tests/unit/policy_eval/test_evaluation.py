"""The evaluation of whole releases."""

import random

import pytest

from policy_eval.adapters.policy_files import default_policy
from policy_eval.domain.evaluation import evaluate
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.domain.policy import UnknownContext
from shared.contracts.documents import Root
from shared.contracts.inventory import Inventory
from shared.licensing import load_catalogue
from shared.licensing.normalise import normalise
from tests.support.builders import a_component, a_release, an_inventory, evaluated, real_knowledge


def test_a_release_with_allowed_licenses_only_passes():
    evaluation = evaluated([a_component("MIT"), a_component("Apache-2.0", name="right-pad")])

    assert evaluation.gate.verdict == "pass"
    assert evaluation.findings == ()


def test_hints_pass_and_an_error_fails():
    assert evaluated(a_component("MPL-2.0")).gate.verdict == "pass"
    assert evaluated([a_component("MPL-2.0"), a_component("JSON")]).gate.verdict == "fail"


def test_the_components_of_all_parts_stand_in_the_order_of_the_parts_names():
    web = an_inventory(a_component("MIT", name="z"), a_component("Ruby", name="a"))
    api = an_inventory(a_component("MIT", name="m"))

    evaluation = evaluate(a_release(web=web, api=api), default_policy(), real_knowledge())

    assert [(each.part, each.name) for each in evaluation.release.components] == [
        ("api", "m"),
        ("web", "z"),
        ("web", "a"),
    ]
    assert [finding.component for finding in evaluation.findings] == [2]
    assert evaluation.release.documents == {"api": "digest of api", "web": "digest of web"}


def test_a_context_that_the_policy_lacks_is_refused_by_name():
    with pytest.raises(UnknownContext, match=r"'on-the-moon'.*internal-saas"):
        evaluated(a_component("MIT"), "on-the-moon")


def test_a_device_as_root_means_delivery_on_a_physical_product():
    assert evaluated([], root=Root(type="firmware")).release.context.medium == "physical"
    assert evaluated([], root=Root(type="application")).release.context.medium == "download"


def test_elements_that_are_no_software_give_one_hint_for_their_type():
    files = [a_component(name=f"{number}.png", purl=None, type="file") for number in range(30)]
    system = a_component("NOASSERTION", name="debian", purl=None, type="operating-system")

    evaluation = evaluated([*files, system])

    assert [(each.subject.name, each.component) for each in evaluation.findings] == [
        ("file", None),
        ("operating-system", None),
    ]
    assert "30" in evaluation.findings[0].question.message
    assert evaluation.gate.verdict == "pass"


def test_a_file_with_a_license_is_judged_like_anything_else():
    evaluation = evaluated(a_component("JSON", name="bad.js", purl=None, type="file"))

    assert evaluation.gate.verdict == "fail"


def test_the_release_itself_needs_no_inbound_license():
    root = a_component("NOASSERTION", name="shop")

    evaluation = evaluated([root, a_component("MIT")], format="spdx", root_position=0)

    assert evaluation.gate.verdict == "pass"
    assert [finding.subject.name for finding in evaluation.findings] == ["root"]


def test_a_plain_debian_image_is_no_wall_of_denials():
    licenses = [
        "GPL-3.0-or-later",
        "GPL-2.0-only AND LGPL-2.1-or-later",
        "GPL-1.0-or-later OR Artistic-1.0-Perl",
        "BSD-3-Clause",
    ]
    packages = [
        a_component(each, name=f"package-{position}", purl=f"pkg:deb/debian/package-{position}@1?distro=debian-12")
        for position, each in enumerate(licenses)
    ]
    image = Root(name="debian", version="12", type="container")
    edges = [(-1, 0), (-1, 1), (0, 2), (1, 3), (3, 0)]

    evaluation = evaluated(packages, root=image, edges=edges)

    assert {each.verdict for each in evaluation.release.components} <= {"allow", "allow-with-conditions"}
    assert evaluation.gate.verdict == "pass"


def test_the_order_of_components_changes_no_verdict():
    licenses = ["MIT", "GPL-2.0-only", "Ruby OR MIT", "NONE", "BSD", "LGPL-3.0-only"]
    components = [a_component(each, name=f"package-{position}") for position, each in enumerate(licenses)]
    shuffled = random.Random(7).sample(components, len(components))

    first, second = evaluated(components), evaluated(shuffled)

    assert verdicts(first) == verdicts(second)
    assert first.gate == second.gate
    assert {finding.fingerprint for finding in first.findings} == {finding.fingerprint for finding in second.findings}


def test_ten_thousand_components_take_one_decision_for_each_distinct_fact():
    read, weighed = [], []
    knowledge = LicenseKnowledge(
        load_catalogue(),
        normalise=lambda value: read.append(value) or normalise(value),
        duties=lambda leaf: weighed.append(leaf) or 0,
    )

    evaluation = evaluate(a_release(main=ten_thousand_components()), default_policy(), knowledge)

    assert len(evaluation.release.components) == 10_000
    assert sorted(read) == ["GPL-2.0-only OR MIT", "LGPL-2.1-only", "Our own terms"]
    assert len(weighed) == 4, "the two licences of the choice in two scopes"
    assert len({id(decision) for decision in evaluation.parts[0].decisions}) == 6


def verdicts(evaluation):
    return {each.name: each.verdict for each in evaluation.release.components}


def ten_thousand_components() -> Inventory:
    statements = ("GPL-2.0-only OR MIT", "LGPL-2.1-only", "Our own terms")
    return an_inventory(
        *(
            a_component(statements[number % 3], name=f"package-{number}", scope="dev" if number % 2 else "runtime")
            for number in range(10_000)
        )
    )
