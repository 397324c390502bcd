"""Whether an evaluation under another version of a policy says what the one before said (ADR 41)."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final

import msgspec
from msgspec import Struct

from policy_eval.application.ports import EvaluationRecord, KeptExplanation
from policy_eval.domain.evaluation import Evaluation
from policy_eval.domain.policy import Policy
from policy_eval.domain.policy_extract import digest_of_extract
from shared.contracts.events import ReleaseState

_WORDING: Final = version("licet-policy-eval")
"""Another version of this service may say the same in other words."""


class Basis(Struct, frozen=True):
    """What an evaluation went by of its policy: `policy` is the digest of what that says to licences of `categories`
    (domain.policy_extract). `wording` is the version of the service."""

    categories: list[str]
    policy: str
    wording: str


def basis_of(evaluation: Evaluation, policy: Policy) -> bytes:
    """The basis of an evaluation by this policy, encoded."""
    categories = evaluation.categories
    digest = digest_of_extract(policy, evaluation.inventory.context, categories)
    return msgspec.json.encode(Basis(categories, digest, _WORDING))


def says_the_same(
    known: EvaluationRecord,
    kept: KeptExplanation | None,
    release: ReleaseState,
    inputs: Mapping[str, Any],
    policy: Policy,
) -> bool:
    """Whether the release with these inputs comes under this policy to what its stored evaluation says; raises
    UnknownContext."""
    if kept is None or kept.basis is None or known.release != release or not known.steps:
        return False
    if {**known.inputs, "policy": None} != {**inputs, "policy": None}:
        return False
    before = msgspec.json.decode(kept.basis, type=Basis)
    return before.wording == _WORDING and before.policy == digest_of_extract(policy, release.context, before.categories)
