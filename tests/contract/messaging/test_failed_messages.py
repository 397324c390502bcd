"""A message whose handler fails is tried again with growing delays; one that cannot succeed is buried with its reason."""

import asyncio
import time
from collections.abc import Callable

import pytest

from shared.contracts.envelope import BrokenPromise, Envelope, UndecodableMessage, data_of
from shared.errors import NotFound, Unavailable
from shared.messaging.broker import TRIES, Buried, Handled
from shared.messaging.unit_of_work import UnitOfWork
from tests.contract.messaging.conftest import Place
from tests.support.post_office import LOST, SHORT_DELAYS, WRITTEN, Letter


class Failing:
    """Fails the tries of the letter `poison` as often as told, and notes when each of them was."""

    def __init__(self, times: int = 1_000_000, error: Callable[[], Exception] = lambda: ValueError("no good")) -> None:
        self.times = times
        self.error = error
        self.at: list[float] = []

    async def __call__(self, text: str) -> None:
        if text == "poison":
            self.at.append(time.monotonic())
            if len(self.at) <= self.times:
                raise self.error()

    def gaps(self) -> list[float]:
        return [later - earlier for earlier, later in zip(self.at, self.at[1:], strict=False)]


async def test_a_handler_that_fails_is_tried_again_with_growing_delays(place: Place) -> None:
    failing = Failing(times=3)
    office = place.office()
    office.consumer("clerk", before=failing)

    async with office:
        await office.write("poison")
        await office.until_done(("clerk", "poison"))
        await office.until_sent()

        assert len(failing.at) == 4
        assert all(gap >= delay for gap, delay in zip(failing.gaps(), SHORT_DELAYS, strict=False)), failing.gaps()
        assert await office.dead() == []


async def test_a_handler_that_always_fails_is_given_up_after_five_tries(place: Place) -> None:
    failing = Failing()
    office = place.office()
    office.consumer("clerk", before=failing)
    office.consumer("archivist")

    async with office:
        (id_,) = await office.write("poison")
        (letter,) = await office.until_dead()
        await office.until_sent()

        assert len(failing.at) == TRIES == 5
        assert (letter.consumer, letter.message_id, letter.attempts) == ("clerk", id_, TRIES)
        assert (letter.type, letter.subject) == (WRITTEN, "poison")
        assert "no good" in letter.reason
        await office.until_done(("archivist", "poison"))


async def test_a_failing_message_does_not_hold_up_those_behind_it(place: Place) -> None:
    office = place.office()
    office.consumer("clerk", before=Failing())

    async with office:
        await office.write("poison")
        await office.write(*(f"good {number}" for number in range(10)))
        await office.until_dead()

        await office.until_done(*(("clerk", f"good {number}") for number in range(10)))
        last_of_poison = len(office.tries) - office.tries[::-1].index("poison")
        assert sorted(office.tries[:last_of_poison])[:10] == [f"good {number}" for number in range(10)]


async def test_a_fault_of_the_surroundings_uses_up_no_tries(place: Place) -> None:
    failing = Failing(times=TRIES + 2, error=lambda: Unavailable("away", service="sbom-ingest"))
    office = place.office()
    office.consumer("clerk", before=failing)

    async with office:
        await office.write("poison")
        await office.until_done(("clerk", "poison"))

        assert len(failing.at) == TRIES + 3
        assert all(gap >= SHORT_DELAYS[-1] for gap in failing.gaps()[len(SHORT_DELAYS) :]), "delays grow here as well"
        assert await office.dead() == []


async def test_tries_count_again_from_one_after_faults_of_the_surroundings(place: Place) -> None:
    errors = [Unavailable("away")] * TRIES + [ValueError("once")]
    failing = Failing(times=TRIES + 1, error=lambda: errors[len(failing.at) - 1])
    office = place.office()
    office.consumer("clerk", before=failing)

    async with office:
        await office.write("poison")
        await office.until_done(("clerk", "poison"))

        assert await office.dead() == []


async def test_a_consumer_that_is_done_is_left_in_peace_while_another_still_tries(place: Place) -> None:
    failing = Failing(times=3)
    office = place.office()
    office.consumer("clerk", before=failing)
    office.consumer("archivist")

    async with office:
        await office.write("poison")
        await office.until_done(("clerk", "poison"), ("archivist", "poison"))

        assert len(office.tries) == len(failing.at) + 1


async def test_a_broken_promise_is_buried_at_once(place: Place) -> None:
    failing = Failing(error=lambda: BrokenPromise("revision 7 was never there"))
    office = place.office()
    office.consumer("clerk", before=failing)

    async with office:
        await office.write("poison")
        (letter,) = await office.until_dead()

        assert len(failing.at) == 1
        assert letter.reason == "revision 7 was never there"


async def test_what_cannot_be_understood_is_buried_at_once(place: Place) -> None:
    office = place.office()
    office.consumer("clerk")
    bodies = (b"<xml/>", b'{"id":"\xff"}', office.enveloped("letter.written.v2"), office.enveloped("letter.burnt.v1"))

    async with office:
        for body in bodies:
            await office.write_raw(body)
        letters = {letter.body: letter for letter in await office.until_dead(len(bodies))}
        await office.until_sent()

        assert [letters[body].reason.partition(":")[0] for body in bodies] == [
            "no CloudEvents envelope",
            "no CloudEvents envelope",
            "clerk does not handle 'letter.written.v2'",
            "clerk does not handle 'letter.burnt.v1'",
        ]
        assert {letter.attempts for letter in letters.values()} == {1}
        assert office.tries == []


async def test_the_failure_is_published_by_the_transaction_that_buries(place: Place) -> None:
    office = place.office()
    crashes = [RuntimeError("the first burial fails after it has emitted")]

    async def tell(unit: UnitOfWork, envelope: Envelope, reason: str) -> None:
        await unit.emit(LOST, envelope.subject, Letter(f"lost: {reason}"))
        if crashes:
            raise crashes.pop()

    office.consumer("clerk", before=Failing(error=lambda: BrokenPromise("gone")), on_buried=tell)
    office.consumer("archivist", types=(LOST,))
    async with office:
        await office.write("poison")
        await office.until_dead()

        await office.until_done(("archivist", "lost: gone"))
        await office.until_sent()
        assert office.tries.count("lost: gone") == 1


async def test_a_message_without_readable_content_is_buried_though_its_failure_cannot_be_told(place: Place) -> None:
    office = place.office()

    async def read(_text: str) -> None:
        raise UndecodableMessage("content")

    async def tell(_unit: UnitOfWork, envelope: Envelope, _reason: str) -> None:
        data_of(envelope)

    office.consumer("clerk", before=read, on_buried=tell)
    async with office:
        await office.write("poison")
        (letter,) = await office.until_dead()

        assert letter.reason == "content"


async def test_a_handler_that_hangs_uses_up_tries(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.messaging.consumer._DEADLINE_SECONDS", 0.02)
    office = place.office()
    office.consumer("clerk", before=lambda _text: asyncio.sleep(60))

    async with office:
        await office.write("poison")
        (letter,) = await office.until_dead()

        assert letter.attempts == TRIES


async def test_a_dead_letter_can_be_replayed_and_is_then_handled_once(place: Place) -> None:
    failing = Failing(error=lambda: BrokenPromise("not yet"))
    office = place.office()
    clerk = office.consumer("clerk", before=failing)
    letters = office.letters_of(clerk)

    async with office:
        await office.write("poison")
        (dead,) = await office.until_dead()

        assert await letters.replay(dead.id) == Buried("not yet")
        assert len(await office.dead()) == 2, "it is dead again, with a reason of its own"
        failing.times = 0
        assert await letters.replay(dead.id) == Handled()
        assert await letters.replay(dead.id) == Handled()

        assert await office.effects() == [("clerk", "poison")]
        replayed = {row.id: row.replayed_at for row in await office.dead()}
        assert replayed[dead.id] is not None


async def test_dead_letters_are_listed_the_newest_first_by_pages(place: Place) -> None:
    office = place.office()
    letters = office.letters_of(office.consumer("clerk"))

    async with office:
        for text in ("one", "two", "three"):
            await office.write_raw(text.encode())
            await office.until_dead(len(await office.dead()) + 1)

        first = await letters.page(None, 2)
        rest = await letters.page(first[-1].id, 2)

    assert [row.body for row in (*first, *rest)] == [b"three", b"two", b"one"]


async def test_a_dead_letter_that_is_not_there_cannot_be_replayed(place: Place) -> None:
    office = place.office()
    letters = office.letters_of(office.consumer("clerk"))

    async with office:
        with pytest.raises(NotFound, match="no dead letter"):
            await letters.replay("nonsense")
