"""Which findings, and which answers of people, a release has from the one before it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from msgspec import json
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from policy_eval.adapters.queue_tables import open_question
from policy_eval.adapters.tables import evaluation, finding, release_answer, release_input
from policy_eval.domain.open_questions import OpenQuestion
from policy_eval.domain.used_answers import UsedAnswer
from shared.contracts.events import ReleaseState
from shared.contracts.steps import Inherited

_FINGERPRINT: Final = [column.name for column in finding.columns].index("fingerprint")


async def inherited_by(connection: AsyncConnection, release: ReleaseState) -> str | None:
    """Return what the release can have from the one before: SHA-256 as hex of which that is, of what it leaves open and of
    the answers that it rests on; None where that is an evaluation from before it was kept.

    To be asked before what comes from there is read, so that a change in between makes it old and not new.
    """
    before = await _before(connection, release)
    if before is None:
        return sha256(b"").hexdigest()
    query = select(release_input.c.archived, evaluation.c.opened).where(release_input.c.release_id == before)
    row = (await connection.execute(query.join(evaluation, evaluation.c.id == release_input.c.evaluation_id))).one()
    if row.opened is None:
        return None
    answers = sorted((await _answers_of(connection, before)).items())
    return sha256(json.encode((before, None if row.archived else row.opened, answers))).hexdigest()


def digest_of_questions(questions: Iterable[OpenQuestion]) -> str:
    """SHA-256 as hex of the fingerprints, in any order."""
    return sha256("\n".join(sorted(each.fingerprint for each in questions)).encode()).hexdigest()


async def with_inheritance(
    connection: AsyncConnection, release: ReleaseState, findings: list[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """Return the rows of findings with `inherited_from`: the release before, if it leaves the same question open now.

    That release is the newest of the project that is older than this one, by their ids, which are in the order of
    their creation. What is said of an evaluation stays as it is when the release before is evaluated again.
    """
    before = await _before(connection, release) if findings else None
    opened = set() if before is None else await _open_in(connection, before)
    return [(*row, before if row[_FINGERPRINT] in opened else None) for row in findings]


async def keep_answers(
    connection: AsyncConnection, release: ReleaseState, answers: Sequence[UsedAnswer]
) -> Mapping[str, list[Inherited]]:
    """Keep the answers in place of those of the release until now; return how many are inherited, by step and from where.

    Inherited is what was said before the release was there, and what the release before rests on too, for the same step;
    it comes from the first of them.
    """
    before = await _before(connection, release) if answers else None
    known = {} if before is None else await _answers_of(connection, before)
    rows, counted = [], Counter[tuple[str, str]]()
    for each in answers:
        source = known.get((each.id, each.step)) if each.at <= release.created_at else None
        rows.append({"release_id": release.id, "answer_id": each.id, "step": each.step, "inherited_from": source})
        if source is not None:
            counted[each.step, source] += 1
    await connection.execute(delete(release_answer).where(release_answer.c.release_id == release.id))
    if rows:
        await connection.execute(insert(release_answer), rows)
    found: dict[str, list[Inherited]] = defaultdict(list)
    for (step, source), count in sorted(counted.items()):
        found[step].append(Inherited(source, count))
    return found


async def _answers_of(connection: AsyncConnection, release_id: str) -> dict[tuple[str, str], str]:
    """By id and step, the release that an answer of this release comes from."""
    rows = await connection.execute(select(release_answer).where(release_answer.c.release_id == release_id))
    return {(row.answer_id, row.step): row.inherited_from or release_id for row in rows}


async def _before(connection: AsyncConnection, release: ReleaseState) -> str | None:
    query = (
        select(release_input.c.release_id)
        .where(release_input.c.project == release.project, release_input.c.release_id < release.id)
        .where(release_input.c.evaluation_id.is_not(None))
        .order_by(release_input.c.release_id.desc())
        .limit(1)
    )
    return (await connection.execute(query)).scalar_one_or_none()


async def _open_in(connection: AsyncConnection, release_id: str) -> set[str]:
    query = select(open_question.c.fingerprint).where(open_question.c.release_id == release_id)
    return set((await connection.execute(query)).scalars())
