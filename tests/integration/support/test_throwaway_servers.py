"""The servers that the tests start survive what the tests do to them, and leave nothing behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import aio_pika
import asyncpg
import pytest

from tests.support.ports import free_port
from tests.support.postgresql import ThrowawayPostgres
from tests.support.processes import (
    MissingServer,
    ProcessFailed,
    ServiceProcess,
    ThrowawayServer,
    find_program,
    wait_until,
)
from tests.support.rabbitmq import ThrowawayRabbit

_ENVIRONMENT = {"PATH": os.environ["PATH"]}
_HTTP_SERVER = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1"]
_DEAF_TO_SIGTERM = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
)

# `kill` and `stop` are the two ways a server of ours ends before it is started again.
_both_ends = pytest.mark.parametrize("end", [ThrowawayServer.kill, ThrowawayServer.stop], ids=["SIGKILL", "clean stop"])

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def broker() -> Iterator[ThrowawayRabbit]:
    with ThrowawayRabbit() as server:
        yield server


@pytest.mark.servers
@_both_ends
async def test_a_committed_row_outlives_the_server(end: Callable[[ThrowawayServer], None]) -> None:
    with ThrowawayPostgres() as server:
        url = server.database("ledger").replace("+asyncpg", "")
        await _execute(url, "CREATE TABLE entry (name text)", "INSERT INTO entry VALUES ('committed')")

        end(server)
        server.start()

        assert await _rows(url, "SELECT name FROM entry") == ["committed"]


@pytest.mark.servers
@_both_ends
async def test_a_persistent_message_in_a_quorum_queue_outlives_the_node(
    broker: ThrowawayRabbit, end: Callable[[ThrowawayServer], None]
) -> None:
    await _publish(broker.url, "kept", b"persistent")
    broker.wait_until_on_disk("kept")

    end(broker)
    broker.start()

    assert await _take(broker.url, "kept") == b"persistent"


@pytest.mark.servers
async def test_a_second_node_shares_nothing_with_the_first_and_leaves_nothing(broker: ThrowawayRabbit) -> None:
    await _publish(broker.url, "first", b"of the first node")

    with ThrowawayRabbit() as second:
        queues_of_second = second.ctl("--silent", "list_queues", "name").split()
        processes_of_second = _processes_of(second.directory)

    assert queues_of_second == []
    assert len(processes_of_second) >= 2, "the node and its port mapper"
    assert wait_until(lambda: not _processes_of(second.directory), timeout=5)
    assert not second.directory.exists()
    assert await _take(broker.url, "first") == b"of the first node"


@pytest.mark.servers
async def test_a_virtual_host_of_its_own_sees_no_queue_of_the_others(broker: ThrowawayRabbit) -> None:
    url = broker.vhost("private")

    await _publish(url, "secluded", b"here alone")

    assert "secluded" not in broker.ctl("--silent", "list_queues", "name").split()
    assert await _take(url, "secluded") == b"here alone"


@pytest.mark.servers
async def test_two_postgresql_servers_side_by_side_leave_nothing(postgres: ThrowawayPostgres) -> None:
    with ThrowawayPostgres(fsync=True) as second:
        url = second.database("second").replace("+asyncpg", "")
        settings = await _rows(url, "SELECT setting FROM pg_settings WHERE name IN ('fsync', 'TimeZone')")
        processes = _processes_of(second.directory)

    assert sorted(settings) == ["UTC", "on"]
    assert processes
    assert wait_until(lambda: not _processes_of(second.directory), timeout=5)
    assert not second.directory.exists()
    assert postgres.running


@pytest.mark.servers
def test_a_killed_server_can_be_destroyed_twice() -> None:
    server = ThrowawayPostgres()
    server.start()
    server.kill()

    server.destroy()
    server.destroy()

    assert not server.directory.exists()


@pytest.mark.servers
async def test_each_test_has_an_empty_database(postgres_url: str) -> None:
    tables = await _rows(postgres_url.replace("+asyncpg", ""), "SELECT relname FROM pg_stat_user_tables")

    assert tables == []


def test_a_missing_program_is_named_with_the_package_that_has_it() -> None:
    with pytest.raises(MissingServer, match=r"^no no-such-server: install the package some-package[^\n]*$"):
        find_program("no-such-server", named_by="LICET_TEST_NOWHERE", packaged="/nowhere/*/bin", package="some-package")


def test_of_several_packaged_versions_the_newest_is_taken(tmp_path: Path) -> None:
    for version in ("9", "10"):
        program = tmp_path / version / "server"
        program.parent.mkdir()
        program.touch(mode=0o755)

    found = find_program("server", named_by="LICET_TEST_NOWHERE", packaged=f"{tmp_path}/*", package="any")

    assert found == tmp_path / "10" / "server"


def test_a_service_is_ready_once_it_answers_and_ends_on_sigterm(tmp_path: Path) -> None:
    port = free_port()

    with ServiceProcess([*_HTTP_SERVER, str(port)], _ENVIRONMENT, tmp_path / "log") as service:
        service.wait_ready(f"http://127.0.0.1:{port}/")
        exit_code = service.terminate()

    assert exit_code == -signal.SIGTERM
    assert not service.running
    assert "GET / HTTP" in service.log()


def test_a_service_that_ends_before_it_is_ready_is_reported_with_its_last_words(tmp_path: Path) -> None:
    with (
        ServiceProcess([sys.executable, "-c", "exit('no such setting')"], _ENVIRONMENT, tmp_path / "log") as service,
        pytest.raises(ProcessFailed, match="no such setting"),
    ):
        service.wait_ready(f"http://127.0.0.1:{free_port()}/")


def test_a_service_that_ignores_sigterm_is_killed_and_reported(tmp_path: Path) -> None:
    with ServiceProcess([sys.executable, "-c", _DEAF_TO_SIGTERM], _ENVIRONMENT, tmp_path / "log") as service:
        service.wait_for(lambda: "deaf" in service.log(), timeout=10)

        with pytest.raises(ProcessFailed, match="SIGTERM"):
            service.terminate(timeout=0.1)

    assert not service.running


def test_a_service_dies_with_a_session_that_is_killed(tmp_path: Path, repository_root: Path) -> None:
    left_over = tmp_path / "scratch"
    left_over.mkdir()
    session = f"""
import sys, time
from pathlib import Path
from tests.support.processes import ServiceProcess
service = ServiceProcess([sys.executable, "-c", "import time; time.sleep(60)"], {{}}, Path({str(tmp_path / "log")!r}),
                         folder=Path({str(left_over)!r}))
service.start()
print(service.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen(
        [sys.executable, "-c", session], cwd=repository_root, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        service_pid = int(parent.stdout.readline())
        parent.kill()

    assert wait_until(lambda: not _is_alive(service_pid), timeout=5)
    assert wait_until(lambda: not left_over.exists(), timeout=5)


def _processes_of(folder: Path) -> list[int]:
    # Every process of a throwaway server has the server's folder in its environment or on its command line.
    needle = str(folder).encode()
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if needle in _traces(entry)]


def _traces(entry: Path) -> bytes:
    try:
        return (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
    except OSError:  # it ended, or is another user's
        return b""


def _is_alive(pid: int) -> bool:
    # An orphan that nobody waits for stays as a zombie; that is dead enough.
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def _rows(url: str, query: str) -> list[str]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(query)
    await connection.close()
    return [row[0] for row in rows]


async def _publish(url: str, queue: str, body: bytes) -> None:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        await channel.declare_queue(queue, durable=True, arguments={"x-queue-type": "quorum"})
        message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, routing_key=queue)


async def _take(url: str, queue: str) -> bytes:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        message = await (await channel.get_queue(queue)).get(timeout=10)
        await message.ack()
        return message.body
