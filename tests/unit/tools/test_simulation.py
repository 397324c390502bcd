"""The simulation against what queueing theory says in closed form, and against cases that a hand can follow."""

import random
from statistics import fmean

import pytest

from tools.sizing.simulation import Site, Step, closed_load, open_load

_MANY = 40_000


@pytest.mark.parametrize("load", [0.3, 0.7])
def test_waiting_for_one_server_of_steady_pace_is_as_pollaczek_and_khinchine_say(load: float) -> None:
    served = open_load(Site({"one": 1}), load, [[Step("one", 1.0)]] * _MANY)

    assert fmean(each.seconds for each in served) == pytest.approx(1 + load / (2 * (1 - load)), rel=0.05)


def test_waiting_for_two_servers_of_random_pace_is_as_erlang_says() -> None:
    dice, rate = random.Random(2), 1.4
    work = [[Step("two", dice.expovariate(1.0))] for _ in range(_MANY)]

    served = open_load(Site({"two": 2}), rate, work)

    share = rate / 2
    has_to_wait = (rate**2 / 2 / (1 - share)) / (1 + rate + rate**2 / 2 / (1 - share))  # Erlang C for two servers
    assert fmean(each.seconds for each in served) == pytest.approx(1 + has_to_wait / (2 - rate), rel=0.06)


def test_stations_on_one_core_take_turns() -> None:
    work = [[Step("first", 1.0), Step("second", 1.0)]] * 10

    apart = closed_load(Site({"first": 1, "second": 1}), 10, work)
    together = closed_load(Site({"first": 1, "second": 1}, cores=1), 10, work)

    assert max(each.ended for each in apart) == 11
    assert max(each.ended for each in together) == 20


def test_a_core_of_half_the_speed_takes_twice_the_time() -> None:
    (served,) = closed_load(Site({"one": 1}, speed=0.5), 1, [[Step("one", 1.0)]])

    assert served.seconds == 2.0


def test_senders_bring_their_next_when_the_one_before_has_ended() -> None:
    served = closed_load(Site({"one": 1}), 2, [[Step("one", 1.0)]] * 6)

    assert [each.seconds for each in served] == [1, 2, 2, 2, 2, 2]
    assert {each.ahead["one"] for each in served} == {0}
