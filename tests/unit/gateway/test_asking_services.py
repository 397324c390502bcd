"""A service that fails is asked once more where that is safe, and spared once it has failed too often."""

import pytest

from gateway.application.ask_services import CarefullyAsked, Circuit, Retries
from gateway.application.services import Answered, Asked, BrokeOff, Unreached
from shared.errors import BadAnswer, TimedOut, Unavailable


class _Nothing:
    """The body of an answer that has none."""

    at_end = True

    async def next(self) -> bytes:
        return b""

    def close(self) -> None: ...


class _Failing:
    """A service that answers with these, one after the other: an error, or nothing but 200."""

    def __init__(self, *outcomes: Unavailable | None) -> None:
        self._outcomes = list(outcomes)
        self.asked = 0

    async def ask(self, asked: Asked) -> Answered:
        self.asked += 1
        outcome = self._outcomes.pop(0)
        if outcome is not None:
            raise outcome
        return Answered(200, [], _Nothing())

    async def close(self) -> None: ...


def _asked(method: str) -> Asked:
    return Asked(method, "/", [], 1.0)


def _unreached() -> Unreached:
    return Unreached("away")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
async def test_what_was_never_said_waits_until_the_service_is_there(method: str) -> None:
    service = _Failing(_unreached(), _unreached(), _unreached(), None)

    answer = await CarefullyAsked(service, Circuit("s")).ask(_asked(method))

    assert (answer.status_code, service.asked) == (200, 4)


async def test_a_service_that_does_not_come_back_is_not_waited_for_any_longer() -> None:
    service = _Failing(*[_unreached()] * 10)

    with pytest.raises(Unreached):
        await CarefullyAsked(service, Circuit("s"), patience=0.15).ask(_asked("GET"))

    assert service.asked == 3


async def test_a_question_that_broke_off_is_asked_once_more() -> None:
    service = _Failing(BrokeOff("gone"), None)

    assert (await CarefullyAsked(service, Circuit("s")).ask(_asked("GET"))).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_change_that_broke_off_is_not_repeated(method: str) -> None:
    service = _Failing(BrokeOff("gone"), None)

    with pytest.raises(BrokeOff):
        await CarefullyAsked(service, Circuit("s")).ask(_asked(method))

    assert service.asked == 1


@pytest.mark.parametrize("error", [TimedOut("slow"), BadAnswer("garbage")])
async def test_who_was_slow_or_talked_nonsense_is_not_asked_again(error: Unavailable) -> None:
    service = _Failing(error, None)

    with pytest.raises(type(error)):
        await CarefullyAsked(service, Circuit("s")).ask(_asked("GET"))

    assert service.asked == 1


async def test_repetitions_are_a_tenth_of_the_requests_at_most() -> None:
    service = _Failing(*[_unreached()] * 300)
    careful = CarefullyAsked(service, Circuit("s", most=1_000), Retries(_left=0.0), patience=0.0)

    for _ in range(100):
        with pytest.raises(Unreached):
            await careful.ask(_asked("GET"))

    assert 108 <= service.asked <= 110


def test_a_circuit_opens_after_five_failures_in_a_row_and_lets_one_try() -> None:
    now = 100.0
    circuit = Circuit("policy-eval", clock=lambda: now)
    for _ in range(5):
        circuit.admit()
        circuit.note(answered=False)

    with pytest.raises(Unavailable) as refused:
        circuit.admit()
    now += 1
    circuit.admit()
    with pytest.raises(Unavailable):
        circuit.admit()
    circuit.note(answered=True)
    circuit.admit()

    assert refused.value.service == "policy-eval"
    assert refused.value.retry_after == 1


def test_an_answer_between_failures_keeps_the_circuit_closed() -> None:
    circuit = Circuit("s")
    for _ in range(20):
        circuit.note(answered=False)
        circuit.note(answered=False)
        circuit.note(answered=True)

    circuit.admit()


def test_a_try_that_fails_keeps_the_circuit_open() -> None:
    now = 0.0
    circuit = Circuit("s", clock=lambda: now)
    for _ in range(5):
        circuit.note(answered=False)
    now = 1.0
    circuit.admit()
    circuit.note(answered=False)
    now = 1.9

    with pytest.raises(Unavailable):
        circuit.admit()
