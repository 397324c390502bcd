"""What a policy says to a release: its version in full, but for the rules that nothing in the release asks for."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from msgspec import json

from policy_eval.domain.policy import Policy


def digest_of_extract(policy: Policy, context_name: str, categories: Iterable[str]) -> str:
    """SHA-256 as hex of all that the policy says in this context to licences of these categories.

    Two versions of a policy with the same digest come to the same evaluation of a release whose licences, those that might
    be chosen or taken instead included, are of no other category. Left out are the version, the tests, the rules of other
    categories and all other contexts. Raises UnknownContext.
    """
    extract = replace(
        policy,
        version=0,
        contexts={context_name: policy.context(context_name)},
        rules={each: {context_name: policy.rules.get(each, {}).get(context_name, ())} for each in categories},
        export={name: asked for name, asked in policy.export.items() if name == context_name},
        tests=(),
        free_rules=(),
    )
    free_rules = [(each.name, each.text, each.then, each.how_to_fix) for each in policy.free_rules]
    return hashlib.sha256(json.encode((extract, free_rules), order="deterministic")).hexdigest()
