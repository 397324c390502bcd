"""The questions that are measured, each with a look-up in the index that could answer it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from sqlalchemy import text

from gateway.adapters.releases import SqlReleases
from gateway.application.ports import ReleaseFilter
from policy_eval.adapters.evaluation_reader import SqlEvaluationReader
from policy_eval.adapters.version_ranges import read_version_range
from policy_eval.application.look_up import LookUp
from policy_eval.domain.component_search import ReleasesAsked
from shared.persistence.engine import Database
from shared.persistence.look_up import LookUps
from tools.bench.stored_rows import (
    POPULAR,
    RARE,
    RARE_LICENSE,
    RELEASES_OF_A_PROJECT,
    Amount,
    project_of,
    release_id,
)

Ask = Callable[[], Awaitable[Any]]
_PAGE = 101
_OF_NAME = "SELECT release_id FROM decided_component WHERE purl_name = :name"
_OF_VERSION = f"{_OF_NAME} AND purl_version = :version"
_OF_LICENSE = "SELECT release_id FROM evaluation_license WHERE license = :name"
_NEWEST = " AND release_id < :before ORDER BY release_id DESC LIMIT 101"


@dataclass(frozen=True)
class Question:
    """What is asked, how, and the bare look-up beside it."""

    name: str
    ask: Ask
    look_up: Ask | None = None


def component_questions(database: Database, amount: Amount) -> list[Question]:
    """The questions that policy-eval answers."""
    look_up = LookUp(SqlEvaluationReader(database), read_version_range, "")
    end, middle = release_id(amount.releases), release_id(amount.releases // 2)

    def search(name: str, *asked: str | None, floor: tuple[str, dict[str, str]], **where: Any) -> Question:
        wanted = look_up.search(*asked)
        page = ReleasesAsked(_PAGE, where.get("before"), where.get("among"))
        bare = _bare(database, floor[0] + _NEWEST, floor[1] | {"before": where.get("before", end)})
        return Question(name, lambda: look_up.releases_with(wanted, page), bare)

    name, rare = (_OF_NAME, {"name": POPULAR}), (_OF_NAME, {"name": RARE})
    version = (_OF_VERSION, {"name": POPULAR, "version": "4.1.1"})
    mit, sleepycat = (_OF_LICENSE, {"name": "MIT"}), (_OF_LICENSE, {"name": RARE_LICENSE})
    project = tuple(release_id(number) for number in range(RELEASES_OF_A_PROJECT))
    return [
        search("popular package, any version", POPULAR, None, None, floor=name),
        search("popular package, any version, deep page", POPULAR, None, None, floor=name, before=middle),
        search("popular package, popular version", f"{POPULAR}@4.1.1", None, None, floor=version),
        search("popular package, rare version", f"{POPULAR}@4.17.999", None, None, floor=version),
        search("popular package, version of none", f"{POPULAR}@9", None, None, floor=version),
        search("popular package, wide range", POPULAR, "vers:npm/<4.50.0", None, floor=name),
        search("popular package, wide range, deep page", POPULAR, "vers:npm/<4.50.0", None, floor=name, before=middle),
        search("popular package, range of rare versions", POPULAR, "vers:npm/>=4.17.900|<4.18.0", None, floor=version),
        search("popular package and popular licence", POPULAR, None, "MIT", floor=name),
        search("popular package and rare licence", POPULAR, None, RARE_LICENSE, floor=name),
        search("popular package with a qualifier of none", f"{POPULAR}?arch=x", None, None, floor=name),
        search("popular package among the releases of a project", POPULAR, None, None, floor=name, among=project),
        search("rare package", RARE, None, None, floor=rare),
        search("rare package, range", RARE, "vers:npm/>=4.0.0", None, floor=rare),
        search("rare package among the releases of a project", RARE, None, None, floor=rare, among=project),
        search("popular licence", None, None, "MIT", floor=mit),
        search("popular licence, deep page", None, None, "MIT", floor=mit, before=middle),
        search("licence inside an expression", None, None, "Zlib", floor=(_OF_LICENSE, {"name": "Zlib"})),
        search("rare licence", None, None, RARE_LICENSE, floor=sleepycat),
        search(
            "rare licence among the releases of a project", None, None, RARE_LICENSE, floor=sleepycat, among=project
        ),
        *_lists(look_up, amount),
    ]


def _lists(look_up: LookUp, amount: Amount) -> list[Question]:
    largest, deep = release_id(0), amount.largest - 200
    return [
        Question("components of 50,000, first page", lambda: look_up.components(largest, None, -1, _PAGE)),
        Question("components of 50,000, deep page", lambda: look_up.components(largest, None, deep, _PAGE)),
        Question(
            "components of 50,000, popular package", lambda: look_up.components(largest, None, -1, _PAGE, POPULAR)
        ),
        Question("components of 50,000, rare package", lambda: look_up.components(largest, None, -1, _PAGE, RARE)),
        Question("components of 100, one package", lambda: look_up.components(release_id(9), None, -1, _PAGE, POPULAR)),
    ]


def release_questions(database: Database, count: int) -> list[Question]:
    """The questions that the gateway's projection answers."""
    releases = SqlReleases(database, LookUps(database))

    def page(name: str, *names: str | None, patterns: tuple[str, ...] = ("*",), after: str | None = None) -> Question:
        project, version, verdict = (*names, None, None, None)[:3]
        wanted = ReleaseFilter(project, version, verdict, patterns=patterns)

        def visible(project: str) -> bool:
            return any(fnmatchcase(project, each) for each in patterns)

        return Question(name, lambda: releases.page(wanted, visible, after, _PAGE))

    old = project_of(0)
    return [
        page("all releases, first page"),
        page("all releases, deep page", after=release_id(count // 2)),
        page("of one old project", old),
        page("of one version", None, "1.7"),
        page("of a verdict that none has", None, None, "fail"),
        page("for a key of one old project", patterns=(old,)),
        page("for a key of one team in fifty", patterns=("team-1/*",)),
        page("for a key of one team in fifty, deep page", patterns=("team-1/*",), after=release_id(count // 4)),
        page("for a key that sees nothing", patterns=("other/*",)),
        Question("all projects", releases.projects),
    ]


def _bare(database: Database, statement: str, values: dict[str, str]) -> Ask:
    async def look_up() -> list[Any]:
        async with database.read() as connection:
            return list((await connection.execute(text(statement), values)).all())

    return look_up
