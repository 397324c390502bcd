"""Documents are read in bounded processes that come and go with the pool."""

import asyncio
import os
import resource
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sbom_ingest.adapters.reader_pool import ReaderPool
from sbom_ingest.domain.limits import Limits
from sbom_ingest.domain.outcome import Refusal
from shared.errors import Saturated, Unavailable
from shared.persistence.faults import is_away
from tests.support.reading import Read, with_inventory
from tests.support.small_sboms import cyclonedx, refusal_of, result_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the processes are bounded by means of Linux")


class Sent:
    """The file of a document that was sent."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.holds(cyclonedx({"name": "a", "purl": "npm/a"}, {"name": " "}))

    def holds(self, content: bytes) -> None:
        self.content = content
        self.path.write_bytes(content)

    def is_large(self) -> None:
        self.holds(cyclonedx(*({"name": str(number)} for number in range(50_000))))

    def neighbours(self) -> list[str]:
        return [path.name for path in self.path.parent.iterdir()]


@pytest.fixture
def document(tmp_path: Path) -> Sent:
    return Sent(tmp_path / "document")


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncIterator[ReaderPool]:
    async with ReaderPool(1, tmp_path) as started:
        yield started


async def reading(pool: ReaderPool, document: Sent) -> Read | Refusal:
    async with pool.read(document.path, len(document.content)) as outcome:
        if isinstance(outcome, Refusal):
            return outcome
        return with_inventory(outcome.result, outcome.inventory.read_bytes())


def proc(pid: int, name: str) -> bytes:
    return Path(f"/proc/{pid}/{name}").read_bytes()


def alive(pid: int) -> bool:
    try:
        return b") Z " not in proc(pid, "stat")
    except OSError:
        return False


async def until_dead(pid: int) -> None:
    async with asyncio.timeout(10):
        while alive(pid):  # noqa: ASYNC110 - nobody tells of the end of a stranger's child
            await asyncio.sleep(0.01)


async def until_replaced(pool: ReaderPool, gone: list[int]) -> None:
    async with asyncio.timeout(30):
        while not pool.processes or pool.processes == gone:  # noqa: ASYNC110 - the pool tells nobody of it
            await asyncio.sleep(0.01)


async def test_a_process_reads_as_the_reader_does_itself(pool: ReaderPool, document: Sent) -> None:
    outcome = await reading(pool, document)

    assert outcome == result_of(document.content)


async def test_a_refusal_comes_back_whole(pool: ReaderPool, document: Sent) -> None:
    document.holds(cyclonedx({"name": None}))

    assert await reading(pool, document) == refusal_of(document.content)


async def test_one_process_serves_many_documents_and_leaves_nothing_behind(pool: ReaderPool, document: Sent) -> None:
    before = pool.processes

    for _ in range(3):
        await reading(pool, document)

    assert pool.processes == before
    assert document.neighbours() == ["document"]


async def test_a_document_that_takes_too_long_is_refused_and_its_process_replaced(
    tmp_path: Path, document: Sent
) -> None:
    document.is_large()
    async with ReaderPool(1, tmp_path, Limits(seconds=0.05)) as pool:
        first = pool.processes

        outcome = await reading(pool, document)
        await until_replaced(pool, first)

        assert isinstance(outcome, Refusal)
        assert (outcome.kind, outcome.limit) == ("over-limit", "reading-time")
        assert not alive(first[0])
        document.holds(cyclonedx())
        assert isinstance(await reading(pool, document), Read)


async def test_a_document_that_takes_too_much_memory_is_refused(pool: ReaderPool, document: Sent) -> None:
    document.holds(b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":[' + b"0," * 16_000_000 + b"0]}")

    outcome = await reading(pool, document)

    assert isinstance(outcome, Refusal)
    assert (outcome.kind, outcome.limit) == ("over-limit", "memory")
    document.holds(cyclonedx())
    assert isinstance(await reading(pool, document), Read)


async def test_what_the_system_refuses_a_process_passes_and_is_no_fault_of_the_reader(
    pool: ReaderPool, document: Sent
) -> None:
    [pid] = pool.processes
    most = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (len(os.listdir(f"/proc/{pid}/fd")), most[1]))

    with pytest.raises(OSError, match="Too many open files") as raised:
        await reading(pool, document)

    assert is_away(raised.value)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, most)
    assert isinstance(await reading(pool, document), Read)


async def test_a_process_killed_in_the_middle_of_a_document_makes_the_reader_unavailable(
    pool: ReaderPool, document: Sent
) -> None:
    document.is_large()
    [pid] = pool.processes

    task = asyncio.create_task(reading(pool, document))
    await asyncio.sleep(0.05)
    os.kill(pid, signal.SIGKILL)

    with pytest.raises(Unavailable):
        await task
    assert isinstance(await reading(pool, document), Read)


async def test_a_process_killed_while_all_are_busy_costs_only_its_own_document(tmp_path: Path, document: Sent) -> None:
    document.is_large()
    async with ReaderPool(2, tmp_path) as pool:
        before = pool.processes
        tasks = [asyncio.create_task(reading(pool, document)) for _ in range(5)]
        await asyncio.sleep(0.05)
        os.kill(before[0], signal.SIGKILL)

        outcomes = await asyncio.gather(*tasks, return_exceptions=True)

        assert sorted(type(each).__name__ for each in outcomes) == ["Read", "Read", "Read", "Read", "Unavailable"]
        await until_replaced(pool, before[:1])
        assert len(pool.processes) == 2


async def test_a_process_killed_between_documents_costs_no_document(pool: ReaderPool, document: Sent) -> None:
    [pid] = pool.processes
    os.kill(pid, signal.SIGKILL)
    await until_dead(pid)

    assert isinstance(await reading(pool, document), Read)


async def test_a_caller_that_goes_away_takes_its_process_along(pool: ReaderPool, document: Sent) -> None:
    document.is_large()
    before = pool.processes
    task = asyncio.create_task(reading(pool, document))
    await asyncio.sleep(0.05)

    task.cancel()
    await until_replaced(pool, before)

    document.holds(cyclonedx({"name": "next"}))
    outcome = await reading(pool, document)
    assert isinstance(outcome, Read)
    assert outcome.facts.buckets.components == 1


async def test_a_full_pool_says_so_after_the_wait(tmp_path: Path, document: Sent) -> None:
    document.is_large()
    async with ReaderPool(1, tmp_path, wait_seconds=0.01) as pool:
        first = asyncio.create_task(reading(pool, document))
        await asyncio.sleep(0.01)

        with pytest.raises(Saturated):
            await reading(pool, document)

        assert isinstance(await first, Read)


async def test_a_process_is_replaced_after_its_number_of_documents(tmp_path: Path, document: Sent) -> None:
    async with ReaderPool(1, tmp_path, documents_per_process=1) as pool:
        first = pool.processes

        await reading(pool, document)
        await until_replaced(pool, first)

        assert not alive(first[0])


async def test_no_process_outlives_the_pool(tmp_path: Path) -> None:
    async with ReaderPool(2, tmp_path) as pool:
        pids = pool.processes

    assert len(pids) == 2
    assert not any(map(alive, pids))


async def test_a_process_has_no_environment_and_bounded_memory(pool: ReaderPool) -> None:
    [pid] = pool.processes

    assert b"PATH=" not in proc(pid, "environ")
    assert str(700 * 1024 * 1024).encode() in proc(pid, "limits")


async def test_the_processes_die_with_their_parent(tmp_path: Path) -> None:
    script = (
        "import asyncio, os, signal, sys\n"
        "from pathlib import Path\n"
        "from sbom_ingest.adapters.reader_pool import ReaderPool\n"
        "async def main():\n"
        "    async with ReaderPool(1, Path(sys.argv[1])) as pool:\n"
        "        print(pool.processes[0], file=sys.stderr, flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(tmp_path), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, printed = await parent.communicate()

    await until_dead(int(printed.split()[-1]))
