"""What an `Idempotency-Key` promises, over a store in memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.application.idempotency import KEPT, LEASE, Idempotency, KeptAnswer, KeyRecord, own_key
from shared.errors import Conflict, InvalidInput
from tests.support.gateway import SettableClock

_CREATED = KeptAnswer(201, {"location": "/there"}, b"made")


class _Store:
    """`KeyStore` in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[str, KeyRecord]] = {}

    async def begin(self, key: str, record: KeyRecord, now: str, forget_before: str) -> KeyRecord | None:
        self.rows = {
            name: (created, known)
            for name, (created, known) in self.rows.items()
            if created >= forget_before and (known.finished or known.lease_until >= now)
        }
        if key in self.rows:
            return self.rows[key][1]
        self.rows[key] = now, record
        return None

    async def finish(self, key: str, record: KeyRecord) -> None:
        if not self.rows[key][1].finished:
            self.rows[key] = self.rows[key][0], record

    async def release(self, key: str) -> None:
        if key in self.rows and not self.rows[key][1].finished:
            del self.rows[key]


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def first_answers(clock: SettableClock) -> Idempotency:
    return Idempotency(_Store(), clock)


async def _answered(first_answers: Idempotency, answer: KeptAnswer = _CREATED, secret: bool = False) -> None:
    assert await first_answers.begin("k", "request") is None
    await first_answers.finish("k", "request", "body", answer, secret=secret)


async def test_the_same_request_gets_the_first_answer(first_answers: Idempotency) -> None:
    await _answered(first_answers)

    known = await first_answers.begin("k", "request")

    assert known is not None
    assert first_answers.replay(known, "body") == _CREATED


async def test_another_request_under_the_key_is_refused(first_answers: Idempotency) -> None:
    await _answered(first_answers)

    with pytest.raises(InvalidInput, match="another request"):
        await first_answers.begin("k", "another request")


async def test_another_body_under_the_key_is_refused(first_answers: Idempotency) -> None:
    await _answered(first_answers)
    known = await first_answers.begin("k", "request")
    assert known is not None

    with pytest.raises(InvalidInput, match="another body"):
        first_answers.replay(known, "another body")


async def test_while_the_first_runs_the_same_is_told_to_come_back(first_answers: Idempotency) -> None:
    await first_answers.begin("k", "request")

    with pytest.raises(Conflict) as refusal:
        await first_answers.begin("k", "request")
    with pytest.raises(InvalidInput):
        await first_answers.begin("k", "another request")

    assert refusal.value.retry_after == 1


@pytest.mark.parametrize("status", [400, 404, 409, 413, 422, 425, 429, 500, 503, 504])
async def test_a_refusal_is_not_kept(first_answers: Idempotency, status: int) -> None:
    await _answered(first_answers, KeptAnswer(status, {}, b"no"))

    assert await first_answers.begin("k", "request") is None


async def test_a_request_that_ended_without_an_answer_may_be_sent_again(first_answers: Idempotency) -> None:
    await first_answers.begin("k", "request")

    await first_answers.abandon("k")

    assert await first_answers.begin("k", "another request") is None


async def test_a_secret_is_not_kept_but_its_request_is_known(first_answers: Idempotency) -> None:
    await _answered(first_answers, secret=True)

    known = await first_answers.begin("k", "request")

    assert known is not None
    assert first_answers.replay(known, "body") is None
    with pytest.raises(InvalidInput):
        first_answers.replay(known, "another body")


async def test_the_key_of_a_process_that_died_is_free_when_its_lease_is_over(
    first_answers: Idempotency, clock: SettableClock
) -> None:
    await first_answers.begin("k", "request")
    clock.moment += LEASE
    with pytest.raises(Conflict):
        await first_answers.begin("k", "request")

    clock.advance(seconds=1)

    assert await first_answers.begin("k", "request") is None


async def test_an_answer_is_kept_for_a_day(first_answers: Idempotency, clock: SettableClock) -> None:
    await _answered(first_answers)
    clock.moment += KEPT
    assert await first_answers.begin("k", "request") is not None

    clock.advance(seconds=1)

    assert await first_answers.begin("k", "another request") is None


@pytest.mark.parametrize("key", ["", "a\n", "\x00", "\x7f", "x" * 256, "\N{ZERO WIDTH SPACE}"])
def test_a_text_that_cannot_be_a_key_is_refused(key: str) -> None:
    with pytest.raises(InvalidInput, match="1 to 255 printable characters"):
        own_key("key:1", key)


@pytest.mark.parametrize("key", ["x", "x" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "ü", "a b"])
def test_any_printable_text_is_a_key(key: str) -> None:
    assert len(own_key("key:1", key)) == 64


_SUBJECTS = st.uuids().map(lambda id_: f"key:{id_}")
_KEYS = st.text(st.characters(codec="latin-1", exclude_categories=["C", "Z"]), min_size=1, max_size=255)


@given(st.tuples(_SUBJECTS, _KEYS), st.tuples(_SUBJECTS, _KEYS))
def test_a_key_belongs_to_its_caller(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (own_key(*one) == own_key(*other)) is (one == other)
