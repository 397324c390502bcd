"""Versions of policies in the database: none is changed, none is lost, one is active."""

import pytest

from policy_eval.adapters.shipped_policies import shipped_policies
from policy_eval.adapters.stored_policies import StoredPolicies
from policy_eval.application.change_ports import Reevaluation
from policy_eval.application.policy_ports import Activation, MadeActive, PolicyHead
from shared.errors import NotFound
from shared.persistence.engine import Database

BODY = shipped_policies()["default"].body


def _file(name: str, version: int) -> bytes:
    return BODY.replace(b"name: default", b"name: %b" % name.encode()).replace(b"version: 1", b"version: %d" % version)


def _head(name: str, version: int) -> PolicyHead:
    return PolicyHead(name, version, "0" * 64, "ada", "2026-01-01T00:00:00Z")


def _made_active(name: str, version: int, number: int) -> MadeActive:
    now = "2026-01-01T00:00:00Z"
    ask = Reevaluation(f"{number:036}", "a policy", now, "service:policy-eval", name, None)
    return MadeActive(Activation(f"{number:036}", name, version, "ada", now), ask)


async def test_a_shipped_policy_is_version_one_until_another_is_activated(evaluations_url: str) -> None:
    database = Database(evaluations_url)
    policies = StoredPolicies(database, shipped_policies())

    shipped = await policies.active(None)
    await policies.add(_head("default", 2), _file("default", 2), None)
    still = await policies.active("default")
    await policies.activate(_made_active("default", 2, 1))
    newer = await policies.active("default")
    await policies.activate(_made_active("default", 1, 2))
    back = await policies.active("default")
    await database.close()

    assert [each.identity.version for each in (shipped, still, newer, back)] == [1, 1, 2, 1]
    assert newer.sha256 != shipped.sha256 == back.sha256


async def test_the_same_number_is_stored_once_and_its_activation_with_it(evaluations_url: str) -> None:
    database = Database(evaluations_url)
    policies = StoredPolicies(database, {})

    first = await policies.add(_head("ours", 1), _file("ours", 1), _made_active("ours", 1, 1))
    second = await policies.add(_head("ours", 1), b"other", _made_active("ours", 1, 2))
    _, body = await policies.body("ours", None)
    await database.close()

    assert (first, second) == (True, False)
    assert body == _file("ours", 1)


async def test_versions_and_names_come_in_pages(evaluations_url: str) -> None:
    database = Database(evaluations_url)
    policies = StoredPolicies(database, shipped_policies())
    for version in (2, 3):
        await policies.add(_head("procurement", version), _file("procurement", version), None)
    await policies.add(_head("ours", 1), _file("ours", 1), None)

    names = [(head.name, head.version, newest) for head, newest in await policies.page("", 10)]
    rest = [head.name for head, _ in await policies.page("default", 1)]
    newest = await policies.versions("procurement", None, 2)
    older = await policies.versions("procurement", 2, 2)
    with pytest.raises(NotFound, match="no active version"):
        await policies.body("ours", None)
    with pytest.raises(NotFound, match="There is no policy"):
        await policies.versions("nobody", None, 2)
    await database.close()

    assert names == [("default", 1, 1), ("ours", 1, 1), ("procurement", 1, 3)]
    assert rest == ["ours"]
    assert [each.version for each in newest] == [3, 2]
    assert [(each.version, each.created_by) for each in older] == [(1, None)]
