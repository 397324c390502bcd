"""The table of the default policy (domain model §3.2), row by row."""

from dataclasses import replace

import pytest
from msgspec import structs

from policy_eval.adapters.policy_files import default_policy
from tests.support.builders import a_component, evaluated

DISTRIBUTED, SAAS, PUBLIC = "proprietary-distributed", "internal-saas", "public-oss-eupl"
CONTEXTS = (DISTRIBUTED, SAAS, PUBLIC)

ALLOW, CONDITIONS, OSPO, LEGAL, DENY = "allow", "allow-with-conditions", "review-ospo", "review-legal", "deny"

ROWS = [
    ("CC0-1.0", {}, (ALLOW, ALLOW, ALLOW)),
    ("blessing", {}, (ALLOW, ALLOW, ALLOW)),
    ("0BSD", {}, (ALLOW, ALLOW, ALLOW)),
    ("MIT", {"linkage": "copied"}, (ALLOW, ALLOW, ALLOW)),
    ("Apache-2.0", {"linkage": "static", "modified": True}, (ALLOW, ALLOW, ALLOW)),
    ("FTL", {"linkage": "dynamic"}, (CONDITIONS, ALLOW, CONDITIONS)),
    ("IJG", {"linkage": "static"}, (CONDITIONS, ALLOW, OSPO)),
    ("Apache-1.1", {"linkage": "copied"}, (CONDITIONS, ALLOW, OSPO)),
    ("Apache-1.1+", {"linkage": "copied"}, (ALLOW, ALLOW, ALLOW)),
    ("PHP-3.01", {"linkage": "separate"}, (CONDITIONS, ALLOW, CONDITIONS)),
    ("BSD-4-Clause", {}, (OSPO, ALLOW, LEGAL)),
    ("OpenSSL", {}, (OSPO, ALLOW, LEGAL)),
    ("Artistic-2.0", {}, (OSPO, ALLOW, OSPO)),
    ("Ruby", {}, (OSPO, ALLOW, OSPO)),
    ("MS-PL", {}, (OSPO, ALLOW, LEGAL)),
    ("MPL-2.0", {}, (CONDITIONS, ALLOW, CONDITIONS)),
    ("MPL-2.0", {"modified": True}, (OSPO, ALLOW, CONDITIONS)),
    # A rule on a licence holds for "this version or later" too, since this version may be taken.
    ("MPL-2.0+", {}, (CONDITIONS, ALLOW, CONDITIONS)),
    ("MPL-1.1", {}, (CONDITIONS, ALLOW, LEGAL)),
    ("CDDL-1.0", {}, (CONDITIONS, ALLOW, LEGAL)),
    ("MS-RL", {"modified": True}, (OSPO, ALLOW, LEGAL)),
    ("EPL-2.0", {}, (CONDITIONS, ALLOW, OSPO)),
    ("EPL-2.0", {"linkage": "copied"}, (OSPO, ALLOW, LEGAL)),
    ("CPL-1.0", {"modified": True}, (OSPO, ALLOW, LEGAL)),
    ("LGPL-2.1-only", {"linkage": "dynamic"}, (CONDITIONS, ALLOW, CONDITIONS)),
    ("LGPL-2.1-or-later", {"linkage": "static"}, (OSPO, ALLOW, LEGAL)),
    ("LGPL-3.0-only", {"linkage": "dynamic", "modified": True}, (OSPO, ALLOW, CONDITIONS)),
    ("LGPL-3.0-only", {"linkage": "copied"}, (OSPO, ALLOW, LEGAL)),
    ("GPL-2.0-only WITH Classpath-exception-2.0", {"linkage": "static"}, (CONDITIONS, ALLOW, CONDITIONS)),
    ("GPL-3.0-only WITH GCC-exception-3.1", {"linkage": "static"}, (CONDITIONS, ALLOW, CONDITIONS)),
    ("LGPL-3.0-only WITH LGPL-3.0-linking-exception", {"linkage": "static"}, (CONDITIONS, ALLOW, CONDITIONS)),
    ("LGPL-2.1-only WITH OCaml-LGPL-linking-exception", {"linkage": "static"}, (CONDITIONS, ALLOW, CONDITIONS)),
    ("GPL-2.0-only WITH Classpath-exception-2.0", {"linkage": "static", "modified": True}, (OSPO, ALLOW, LEGAL)),
    # An exception for what a tool makes, or for what calls it, changes nothing for the tool itself.
    ("GPL-2.0-or-later WITH Bison-exception-2.2", {}, (DENY, ALLOW, LEGAL)),
    ("GPL-2.0-only WITH Linux-syscall-note", {"linkage": "separate"}, (CONDITIONS, ALLOW, CONDITIONS)),
    ("Apache-2.0 WITH LLVM-exception", {"linkage": "static"}, (ALLOW, ALLOW, ALLOW)),
    ("Apache-2.0+", {}, (ALLOW, ALLOW, ALLOW)),
    ("GPL-2.0-only", {"linkage": "separate"}, (CONDITIONS, ALLOW, CONDITIONS)),
    ("GPL-3.0-or-later", {"linkage": "separate", "modified": True}, (OSPO, ALLOW, CONDITIONS)),
    ("GPL-3.0-only", {"linkage": "dynamic"}, (DENY, ALLOW, LEGAL)),
    # Neither OSI nor FSF assessed version 1, but those that may be taken instead of "1 or later".
    ("GPL-1.0-only", {}, (DENY, OSPO, LEGAL)),
    ("GPL-1.0-or-later", {}, (DENY, ALLOW, LEGAL)),
    ("GPL-2.0-or-later", {}, (DENY, ALLOW, LEGAL)),
    ("Sleepycat", {"linkage": "separate"}, (OSPO, ALLOW, CONDITIONS)),
    ("Sleepycat", {"linkage": "dynamic"}, (DENY, ALLOW, LEGAL)),
    ("Sleepycat+", {"linkage": "separate"}, (OSPO, ALLOW, CONDITIONS)),
    ("EUPL-1.2", {}, (LEGAL, OSPO, ALLOW)),
    ("EUPL-1.1", {"linkage": "separate"}, (OSPO, OSPO, ALLOW)),
    ("CECILL-2.1", {}, (LEGAL, ALLOW, CONDITIONS)),
    ("CECILL-2.1+", {}, (LEGAL, ALLOW, CONDITIONS)),
    ("AGPL-3.0-only", {}, (DENY, LEGAL, LEGAL)),
    ("AGPL-3.0-or-later", {"linkage": "separate"}, (DENY, OSPO, LEGAL)),
    ("AGPL-3.0-or-later", {"linkage": "separate", "modified": True}, (DENY, LEGAL, LEGAL)),
    ("OSL-3.0", {}, (DENY, LEGAL, LEGAL)),
    ("AGPL-1.0-only", {}, (DENY, LEGAL, LEGAL)),
    ("CPAL-1.0", {}, (DENY, LEGAL, LEGAL)),
    ("RPL-1.5", {}, (DENY, LEGAL, LEGAL)),
    ("Parity-7.0.0", {}, (DENY, LEGAL, LEGAL)),
    ("CC-BY-4.0", {"type": "data"}, (CONDITIONS, ALLOW, CONDITIONS)),
    ("CC-BY-4.0", {}, (OSPO, OSPO, OSPO)),
    ("CC-BY-SA-4.0", {"type": "data"}, (OSPO, ALLOW, OSPO)),
    ("ODbL-1.0", {"type": "data"}, (OSPO, OSPO, OSPO)),
    ("OFL-1.1", {}, (CONDITIONS, ALLOW, CONDITIONS)),
    ("CC-BY-NC-4.0", {}, (DENY, LEGAL, DENY)),
    ("SSPL-1.0", {}, (DENY, LEGAL, DENY)),
    ("BUSL-1.1", {}, (DENY, LEGAL, DENY)),
    ("JSON", {}, (DENY, LEGAL, DENY)),
    ("CC-BY-ND-4.0", {}, (LEGAL, OSPO, DENY)),
    ("UNLICENSED", {}, (LEGAL, LEGAL, DENY)),
    ("MIT AND Commercial", {}, (LEGAL, LEGAL, DENY)),
    ("MIT OR Commercial", {}, (ALLOW, ALLOW, ALLOW)),
    ("LicenseRef-scancode-commercial-license", {}, (LEGAL, LEGAL, DENY)),
    ("UNLICENSED", {"scope": "dev"}, (OSPO, OSPO, OSPO)),
    ("NOASSERTION", {}, (OSPO, OSPO, OSPO)),
    ("LicenseRef-our-lawyer-has-not-seen-it", {}, (OSPO, OSPO, OSPO)),
    ("MIT AND (", {}, (OSPO, OSPO, OSPO)),
    ("GPL", {}, (OSPO, OSPO, OSPO)),
    ("NONE", {}, (LEGAL, LEGAL, LEGAL)),
    # Not shipped: allowed, but for restrictions on use and for what is not known.
    ("GPL-3.0-only", {"scope": "dev"}, (ALLOW, ALLOW, ALLOW)),
    ("AGPL-3.0-only", {"scope": "test"}, (ALLOW, ALLOW, ALLOW)),
    ("GPL-3.0-only", {"linkage": "dev-tool"}, (ALLOW, ALLOW, ALLOW)),
    ("GPL-3.0-only", {"scope": "optional"}, (DENY, ALLOW, LEGAL)),
    ("JSON", {"scope": "build"}, (OSPO, OSPO, OSPO)),
    ("BUSL-1.1", {"scope": "excluded"}, (OSPO, OSPO, OSPO)),
    ("NOASSERTION", {"scope": "dev"}, (OSPO, OSPO, OSPO)),
    ("NONE", {"scope": "dev"}, (OSPO, OSPO, OSPO)),
]


@pytest.mark.parametrize(("expression", "facts", "verdicts"), ROWS, ids=str)
def test_each_row_of_the_policy_table_gives_its_verdicts(expression, facts, verdicts):
    component = a_component(expression, **facts)

    found = tuple(evaluated(component, context).release.components[0].verdict for context in CONTEXTS)

    assert found == verdicts


def test_a_component_without_any_license_claim_goes_to_the_ospo():
    component = evaluated(a_component()).release.components[0]

    assert (component.verdict, component.category, component.license) == (OSPO, "unknown", None)


def test_a_family_is_its_versions_and_not_its_namesakes():
    lgpl_2 = evaluated(a_component("LGPL-2.1-only"), policy=in_user_products())
    lgpl_3 = evaluated(a_component("LGPL-3.0-or-later"), policy=in_user_products())

    assert lgpl_2.release.components[0].verdict == CONDITIONS
    assert lgpl_3.release.components[0].verdict == LEGAL


def test_a_program_of_its_own_under_the_gpl_is_reviewed_in_a_user_product():
    component = evaluated(a_component("GPL-3.0-only", linkage="separate"), policy=in_user_products())

    assert component.release.components[0].verdict == OSPO


@pytest.mark.parametrize("license_", ["blessing", "Libpng", "bzip2-1.0.6", "PSF-2.0"])
def test_an_own_analysis_meets_the_requirement_where_no_flag_says_so(license_):
    assert evaluated(a_component(license_)).release.components[0].verdict == ALLOW


def test_an_internal_product_that_nobody_reaches_may_ask_the_ospo_about_network_copyleft():
    component = evaluated(a_component("AGPL-3.0-only"), SAAS, policy=used_by_nobody_else()).release.components[0]

    assert component.verdict == OSPO


def in_user_products():
    return with_context(DISTRIBUTED, user_product=True)


def used_by_nobody_else():
    return with_context(SAAS, delivery=[])


def with_context(name, **changes):
    policy = default_policy()
    return replace(policy, contexts={**policy.contexts, name: structs.replace(policy.contexts[name], **changes)})
