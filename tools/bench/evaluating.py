"""Measures the evaluation of licences beside the parsing of their distinct expressions, in CPU time.

    python -m tools.bench.evaluating [--components 10000] [--stored 1000000] [--repeats 5]

(a) 10,000 components with 266 distinct licence strings, of which 200 are expressions: from the decoded inventory to the
evaluation, beside `parse` over the distinct strings, and beside the library license-expression doing the same, which the
goal of at most three times was derived from. It is the first one of a service, or one after it under another version of
the policy, which says the same or something else on a category: of these licences MPL-2.0 or nearly all. And from there
to the rows and the encoded decisions. (b) 1,000,000 stored components evaluated again release by release, from the stored
inventory's bytes to the rows and the encoded decisions, without the database: in full, and as a change of policy has them
evaluated, where what is as before is shared with the evaluation before. The goal is 10 CPU seconds. What is known of
licences is loaded, and each expression normalised, before: a service has that done.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import msgspec
from license_expression import get_spdx_licensing  # type: ignore[import-untyped]  # it ships no types

from policy_eval.adapters.active_duties import load_active_duties
from policy_eval.adapters.shipped_policies import default_loaded
from policy_eval.application.difference import Base, shared_with
from policy_eval.application.evaluation_rows import EvaluationRows
from policy_eval.application.explanations import explained, packed
from policy_eval.application.rows import rows_of
from policy_eval.domain.conditions import AllOf, Rule
from policy_eval.domain.evaluation import Evaluation, evaluate
from policy_eval.domain.knowledge import LicenseKnowledge
from policy_eval.domain.memory import Memory
from policy_eval.domain.policy import Policy
from policy_eval.domain.release import PartInventory, ReleaseInventory
from shared.computation import without_cycle_search
from shared.contracts.contexts import DEFAULT_CONTEXT
from shared.contracts.inventory import Component, Inventory, LicenseClaim
from shared.licensing import load_catalogue, normalise, parse
from tests.support.builders import an_inventory

_SINGLE = ("MIT", "Apache-2.0", "ISC", "BSD-3-Clause", "BSD-2-Clause", "Zlib", "MPL-2.0", "LGPL-2.1-only", "EPL-2.0")
_PAIRS = [f"{one} {operator} {other}" for one in _SINGLE for operator in ("OR", "AND") for other in _SINGLE]
_TRIPLES = [f"({pair}) AND {third}" for pair in _PAIRS for third in _SINGLE]
_DISTINCT = [*_SINGLE, *_PAIRS, *_TRIPLES][:266]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.evaluating", description="Measure evaluations.")
    parser.add_argument("--components", type=int, default=10_000)
    parser.add_argument("--stored", type=int, default=1_000_000, help="components evaluated again")
    parser.add_argument("--repeats", type=int, default=5, help="of (a); the least is shown")
    arguments = parser.parse_args()
    knowledge = LicenseKnowledge(load_catalogue(), normalise, load_active_duties())
    policy = default_loaded().policy
    encoded = msgspec.json.encode(inventory_of(arguments.components))
    with without_cycle_search():
        _beside_parsing(encoded, policy, knowledge, arguments.repeats)
        _again(encoded, policy, knowledge, arguments.stored // arguments.components)
    return 0


def inventory_of(components: int) -> Inventory:
    """So many components in a tree, with the distinct licences in turn."""
    listed = [
        Component(
            name=f"package-{number}",
            pointer=f"/components/{number}",
            version=f"1.{number}.0",
            purl=f"pkg:npm/package-{number}@1.{number}.0",
            licenses=[
                LicenseClaim(
                    _DISTINCT[number % len(_DISTINCT)], "expression", "declared", f"/components/{number}/licenses/0"
                )
            ],
        )
        for number in range(components)
    ]
    edges = [((number - 1) // 8 if number else -1, number) for number in range(components)]
    return an_inventory(*listed, edges=edges)


def _beside_parsing(encoded: bytes, policy: Policy, knowledge: LicenseKnowledge, repeats: int) -> None:
    inventory = msgspec.json.decode(encoded, type=Inventory)
    release, peer = _release(inventory), get_spdx_licensing()
    evaluate(release, policy, knowledge)
    rounds: list[dict[str, Callable[[], object]]] = [
        {
            "parse them": lambda: [parse(each) for each in _DISTINCT],
            "license-expression": lambda: [peer.parse(each) for each in _DISTINCT],
            "evaluate at first": partial(evaluate, release, policy, _forgetful(knowledge)),
            "under a new version": partial(evaluate, release, replace(policy), knowledge),
            **{
                f"… other on {each}": partial(
                    evaluate, release, stricter(policy, each), _experienced(release, policy, knowledge)
                )
                for each in ("weak-copyleft-file", "permissive")
            },
            # Each is written once: what it has worked out for that, it keeps.
            "rows and decisions": partial(_written, evaluate(release, policy, knowledge)),
        }
        for _ in range(repeats)
    ]
    taken = {what: min(_taken(each[what]) for each in rounds) for what in rounds[0]}
    print(f"{len(inventory.components):,} components, {len(_DISTINCT)} distinct expressions")
    for what, seconds in taken.items():
        beside = (
            f"{seconds / taken['parse them']:6.1f} x {seconds / taken['license-expression']:6.1f} x license-expression"
        )
        print(f"{what:<28} {seconds * 1000:9.1f} ms CPU {beside}", flush=True)


def _forgetful(knowledge: LicenseKnowledge) -> LicenseKnowledge:
    return replace(knowledge, memory=Memory())


def _experienced(release: ReleaseInventory, policy: Policy, knowledge: LicenseKnowledge) -> LicenseKnowledge:
    """The knowledge of a service that has evaluated the release under this policy and no other."""
    experienced = _forgetful(knowledge)
    evaluate(release, policy, experienced)
    return experienced


def stricter(policy: Policy, category: str) -> Policy:
    """The policy, with all of the category to be reviewed."""
    rules = dict.fromkeys(policy.rules[category], (Rule(AllOf(()), "review-ospo"),))
    return replace(policy, version=policy.version + 1, rules={**policy.rules, category: rules})


def _again(encoded: bytes, policy: Policy, knowledge: LicenseKnowledge, releases: int) -> None:
    first = evaluate(_release(msgspec.json.decode(encoded, type=Inventory)), policy, knowledge)
    base = Base("2" * 36, "3" * 64, packed(explained(first)))
    for what, after, its_base in (
        ("in full", policy, None),
        ("under a new version", replace(policy), base),
        ("other on weak-copyleft-file", stricter(policy, "weak-copyleft-file"), base),
        ("other on permissive", stricter(policy, "permissive"), base),
    ):
        before, begun, components = _peak_mib(), time.process_time(), 0
        for _ in range(releases):
            inventory = msgspec.json.decode(encoded, type=Inventory)
            _written(evaluate(_release(inventory), after, knowledge), its_base)
            components += len(inventory.components)
        seconds = time.process_time() - begun
        grown = _peak_mib() - before
        rate = components / seconds
        print(
            f"{components:,} again, {what:<28} {seconds:5.1f} s CPU, {rate:,.0f} a second, {grown:.0f} MiB more at the peak"
        )


def _release(inventory: Inventory) -> ReleaseInventory:
    return ReleaseInventory("shop", "1", DEFAULT_CONTEXT, {"main": PartInventory(inventory, "0" * 64)})


def _written(evaluation: Evaluation, base: Base | None = None) -> tuple[EvaluationRows, bytes | None]:
    """What is stored of the evaluation, without what it shares with the base."""
    explanations = explained(evaluation)
    shared = shared_with(base, explanations)
    rows = rows_of(evaluation, "0" * 36, "1" * 36, explanations, shared)
    return rows, None if shared.decisions_sha256 else msgspec.json.encode(evaluation.release)


def _taken(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
