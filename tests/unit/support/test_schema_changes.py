"""The comparison that guards the events finds every breaking change and no other."""

from typing import Any, Literal

import msgspec
import pytest

from tests.support.schema_changes import breaking_changes


class Inner(msgspec.Struct):
    name: str
    count: int = 0


class Node(msgspec.Struct):
    name: str
    children: list["Node"] = []


def _schema(**fields: Any) -> dict[str, Any]:
    ordered = sorted(fields.items(), key=lambda field: isinstance(field[1], tuple))
    made = msgspec.defstruct("Event", [(name, *(it if isinstance(it, tuple) else (it,))) for name, it in ordered])
    return msgspec.json.schema(made)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({"a": str, "b": int}, {"a": str}, "$.b: the field was removed"),
        ({"a": str}, {"a": str, "b": int}, "$.b: the field is required now"),
        ({"a": (str, "")}, {"a": str}, "$.a: the field is required now"),
        ({"a": str}, {"a": (str, "")}, "$.a: the field may be missing now"),
        ({"a": str}, {"a": int}, "$.a: the type string became integer"),
        ({"a": str}, {"a": str | None}, "$.a: may now be null"),
        ({"a": str | None}, {"a": str}, "$.a: may no longer be null"),
        ({"a": Literal["x", "y"]}, {"a": Literal["x"]}, "$.a: the value 'y' was removed"),
        ({"a": Literal["x"]}, {"a": Literal["x", "y"]}, "$.a: the value 'y' was added, which older consumers refuse"),
        ({"a": Literal["x"]}, {"a": str}, "$.a: the list of values went"),
        ({"a": str}, {"a": Literal["x"]}, "$.a: the list of values came"),
        ({"a": list[str]}, {"a": list[int]}, "$.a[]: the type string became integer"),
        ({"a": list[str]}, {"a": list}, "$.a: the rule for items changed"),
        ({"a": Inner}, {"a": list[Inner]}, "$.a: the type object became array"),
        ({"a": Inner | None}, {"a": Inner}, "$.a: may no longer be null"),
    ],
)
def test_a_breaking_change_is_found(old: dict[str, Any], new: dict[str, Any], said: str) -> None:
    assert breaking_changes(_schema(**old), _schema(**new)) == [said]


class Less(msgspec.Struct):
    name: str


@pytest.mark.parametrize(("old", "new"), [(Inner, Less), (Inner | None, Less | None), (list[Inner], list[Less])])
def test_a_breaking_change_deep_inside_is_found(old: Any, new: Any) -> None:
    (said,) = breaking_changes(_schema(a=old), _schema(a=new))

    assert said.endswith(".count: the field was removed")


def test_an_optional_field_may_be_added() -> None:
    assert breaking_changes(_schema(a=str), _schema(a=str, b=(int, 0), c=(list[str], []))) == []


def test_nothing_changes_without_a_change_even_where_a_type_holds_itself() -> None:
    everything = _schema(a=str | None, b=list[Inner], c=Literal["x", "y"], d=dict[str, int], e=Node)

    assert breaking_changes(everything, everything) == []
