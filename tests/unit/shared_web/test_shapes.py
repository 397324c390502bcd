"""A body that has not the wanted shape is refused with the place of the fault."""

from typing import Any

import msgspec
import pytest

from policy_eval.domain.decision_records import ContextBody
from shared.shapes import misfit


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"project": "shop", "reason": "x", "linkage": "glued"}, "/linkage"),
        ({"project": "shop", "reason": "x", "delivery": ["binary", "fax"]}, "/delivery/1"),
        ({"project": "shop"}, "/reason"),
        ({"project": "shop", "reason": "x", "colour": "red"}, "/colour"),
        ([], ""),
    ],
)
def test_a_fault_has_the_json_pointer_of_its_place(body: Any, pointer: str) -> None:
    with pytest.raises(msgspec.ValidationError) as fault:
        msgspec.convert(body, ContextBody)

    refusal = misfit("context", fault.value)

    assert [each.pointer for each in refusal.errors] == [pointer]
    assert refusal.detail.startswith(f"{pointer or 'context'}: ")
    assert " - at " not in refusal.detail
