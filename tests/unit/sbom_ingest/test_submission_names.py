"""What an upload may be named: policy and context are checked for their shape, and by the owner of policies later."""

import pytest

from sbom_ingest.application.submission import Submission
from shared.errors import InvalidInput


def _submission(**names: str) -> Submission:
    return Submission("shop", "1.0", ("*",), **names)


@pytest.mark.parametrize("policy", ["default", "procurement", "our-own.2"])
def test_any_policy_name_is_taken_with_an_upload(policy: str) -> None:
    _submission(policy=policy).check()


@pytest.mark.parametrize("policy", ["", "Upper", "../default", "a" * 65, "a\n"])
def test_what_is_no_policy_name_is_refused(policy: str) -> None:
    with pytest.raises(InvalidInput, match=r"^policy: "):
        _submission(policy=policy).check()


def test_the_default_policy_has_the_shipped_contexts_and_another_may_have_its_own() -> None:
    _submission(policy="ours", context="ministry").check()

    with pytest.raises(InvalidInput, match=r"^context: 'ministry' is not known"):
        _submission(context="ministry").check()
    with pytest.raises(InvalidInput, match=r"^context: a printable text of 1 to 100"):
        _submission(policy="ours", context="a" * 101).check()
