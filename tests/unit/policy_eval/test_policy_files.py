"""Policy files: what is wrong in them is refused, and the place is named."""

import copy
import json
from importlib.resources import files

import pytest
import yaml

from policy_eval.adapters.policy_files import default_policy, parse_policy, read_policy
from policy_eval.adapters.policy_node import InvalidPolicy
from policy_eval.domain.categories import CATEGORIES
from shared.licensing import load_catalogue

TEXT = files("policy_eval.policies").joinpath("default.yaml").read_text(encoding="utf-8")
DOCUMENT = yaml.safe_load(TEXT)


def changed(path, value):
    document = copy.deepcopy(DOCUMENT)
    *parents, last = path
    place = document
    for key in parents:
        place = place[key]
    place[last] = value
    return document


def test_the_default_policy_has_rules_for_every_category_in_its_three_contexts():
    policy = default_policy()

    assert set(policy.rules) == set(CATEGORIES)
    assert list(policy.contexts) == ["proprietary-distributed", "internal-saas", "public-oss-eupl"]
    assert (policy.name, policy.version) == ("default", 1)


def test_every_category_of_the_catalogue_has_a_rule():
    assert {each.category for each in load_catalogue().licenses} <= set(CATEGORIES)


def test_a_rule_says_in_words_what_it_tests():
    rules = default_policy().rules["strong-copyleft"]["proprietary-distributed"]

    assert [rule.describe() for rule in rules] == [
        "license is Sleepycat and linkage is separate → review-ospo",
        "linkage is separate and modified is false and user_product is false → allow-with-conditions",
        "linkage is separate → review-ospo",
        "otherwise → deny",
    ]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["sources"], [], "sources: unknown field"),
        (["version"], 0, "version: a whole number from 1 is wanted, not 0"),
        (["name"], None, "name: a text is wanted"),
        (["verdict_order"], ["allow"], "verdict_order: each of these once"),
        (["contexts", "saas"], {"delivery": ["network"], "outbound": None}, "rules.public-domain: missing: saas"),
        (
            ["contexts", "internal-saas", "delivery"],
            ["mail"],
            r"contexts.internal-saas.delivery\[0\]: 'mail' is not known",
        ),
        (["contexts", "internal-saas", "user_product"], "no", "contexts.internal-saas.user_product: true or false"),
        (["rules", "permisive"], {}, "rules.permisive: unknown field"),
        (["rules", "permissive", "moon"], "allow", "rules.permissive.moon: unknown field"),
        (
            ["rules", "permissive", "internal-saas"],
            "alow",
            "rules.permissive.internal-saas: 'alow' is not known here; known: allow, ",
        ),
        (["rules", "permissive", "internal-saas"], [], "rules.permissive.internal-saas: the last rule, and no other"),
        (
            ["rules", "permissive", "internal-saas"],
            [{"if": {"modified": True}, "then": "allow"}],
            "rules.permissive.internal-saas: the last rule, and no other",
        ),
        (
            ["rules", "permissive", "internal-saas"],
            [{"if": {"linkage": ["dynmic"]}, "then": "allow"}, {"then": "deny"}],
            r"rules.permissive.internal-saas\[0\].if.linkage\[0\]: 'dynmic' is not known",
        ),
        (
            ["rules", "permissive", "internal-saas"],
            [{"if": {"linkedge": "static"}, "then": "allow"}, {"then": "deny"}],
            r"rules.permissive.internal-saas\[0\].if.linkedge: unknown field",
        ),
        (
            ["rules", "permissive", "internal-saas"],
            [{"if": {"license": "MPL-2,0"}, "then": "allow"}, {"then": "deny"}],
            r"rules.permissive.internal-saas\[0\].if.license: 'MPL-2,0' is no id",
        ),
        (["linking_exceptions"], ["Classpath"], r"linking_exceptions\[0\]: 'Classpath' is no exception"),
        (["not_shipped", "except", "copyleft"], "deny", "not_shipped.except.copyleft: unknown field"),
        (["or_choice", "auto_record"], ["yes"], r"or_choice.auto_record\[0\]: 'yes' is not known"),
        (["release_gate", "block"], ["warning"], r"release_gate.block\[0\]: 'warning' is not known"),
        (["require", "at_least"], True, "require.at_least: True is not known"),
        (["rules"], ["allow"], "rules: a mapping is wanted"),
    ],
)
def test_a_policy_that_would_not_do_what_it_says_is_refused_at_its_place(path, value, message):
    with pytest.raises(InvalidPolicy, match=f"^{message}"):
        read_policy(changed(path, value))


def test_a_missing_category_is_named():
    document = copy.deepcopy(DOCUMENT)
    del document["rules"]["unknown"]

    with pytest.raises(InvalidPolicy, match=r"^rules: missing: unknown$"):
        read_policy(document)


def test_a_repeated_key_is_refused_with_its_name():
    with pytest.raises(InvalidPolicy, match="'name' is repeated"):
        parse_policy("name: a\nversion: 1\nname: b\n")


@pytest.mark.parametrize("text", ["", "[]", "{", "!!python/object:os.system {}", "1: {}"])
def test_what_is_no_policy_at_all_is_refused(text):
    with pytest.raises(InvalidPolicy):
        parse_policy(text)


def test_a_policy_may_be_written_as_json():
    assert parse_policy(json.dumps(DOCUMENT)) == default_policy()
