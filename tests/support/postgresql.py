"""A private, throwaway PostgreSQL server."""

import os
import pwd
import shutil
import signal
from contextlib import suppress
from pathlib import Path

from tests.support.ports import free_port
from tests.support.processes import ProcessFailed, ServiceProcess, ThrowawayServer, find_program, run_to_end

_OWNER = "licet"


class ThrowawayPostgres(ThrowawayServer):
    """A PostgreSQL server on a port of its own, with the superuser `licet` and no password; UTF-8, locale C, UTC.

    It listens on 127.0.0.1 alone, without a Unix socket. With `fsync` off (the default) it is quick and loses commits
    in a power cut; it keeps them over a SIGKILL either way. PostgreSQL refuses to run as root: there it runs as
    `postgres`, else `nobody`. Raises MissingServer if its programs are not on this machine.
    """

    # SIGTERM would wait for the clients to leave; SIGINT is the fast shutdown (manual: "Shutting Down the Server").
    _stop_signal = signal.SIGINT

    def __init__(self, *, fsync: bool = False) -> None:
        self._programs = find_program(
            "initdb", named_by="LICET_TEST_PGBIN", packaged="/usr/lib/postgresql/*/bin", package="postgresql"
        ).parent
        super().__init__("postgresql")
        self.port = free_port()
        self._user = _unprivileged_user()
        self._env = {
            "PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.directory), "LC_ALL": "C", "TZ": "UTC",
        }  # fmt: skip
        command = [str(self._programs / "postgres"), "-D", str(self._cluster), *self._settings(fsync)]
        self._server = ServiceProcess(command, self._env, self.directory / "log", self._user, self.directory)

    @property
    def _cluster(self) -> Path:
        return self.directory / "cluster"

    def database(self, name: str, template: str = "template1") -> str:
        """Creates a database, empty or as the template, and gives its URL, for SQLAlchemy with asyncpg.

        Raises ProcessFailed if it exists.
        """
        self._run("createdb", *self._address(), f"--template={template}", name)
        return f"postgresql+asyncpg://{_OWNER}@127.0.0.1:{self.port}/{name}"

    def drop_database(self, name: str) -> None:
        """Removes the database, and disconnects whoever still uses it."""
        self._run("dropdb", "--force", *self._address(), name)

    def pause(self) -> None:
        """Stop all its processes where they are (SIGSTOP) until `resume`."""
        self._signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal_all(signal.SIGCONT)

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which PostgreSQL's own programs are found, and find this server."""
        path = f"{self._programs}{os.pathsep}{self._env['PATH']}"
        return {"PATH": path, "PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": _OWNER}

    def start(self) -> None:
        """Returns when the server serves, after a crash too. Raises ProcessFailed, with its last log lines."""
        try:
            super().start()
        except ProcessFailed as failure:
            # Children of a killed server notice its end a moment later, and until then it cannot come back.
            if "pre-existing shared memory block" not in str(failure):
                raise
            super().start()

    def _prepare(self) -> None:
        if self._user:
            shutil.chown(self.directory, self._user)
        self._run(
            "initdb", "--pgdata", str(self._cluster), "--username", _OWNER, "--auth=trust",
            "--encoding=UTF8", "--locale=C", "--no-sync",
        )  # fmt: skip

    def _signal_all(self, number: int) -> None:
        postmaster = (self._cluster / "postmaster.pid").read_text().split()[0]
        os.kill(int(postmaster), number)  # first, so that it starts no other meanwhile
        for each in Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(each), number)

    def _settings(self, fsync: bool) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "64MB",
            # In the folder, so that a killed server leaves nothing in /dev/shm.
            "dynamic_shared_memory_type": "mmap",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "fsync": "on" if fsync else "off",
            "full_page_writes": "on" if fsync else "off",
            # After a crash: the file system as a whole, not some thousand files one after the other.
            "recovery_init_sync_method": "syncfs",
        }
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    def _answers(self) -> bool:
        try:
            self._run("pg_isready", "--quiet", "--dbname=postgres", *self._address())
        except ProcessFailed:
            return False
        return True

    def _address(self) -> list[str]:
        return ["--host=127.0.0.1", f"--port={self.port}", f"--username={_OWNER}"]

    def _run(self, program: str, *args: str) -> None:
        run_to_end([str(self._programs / program), *args], self._env, self._user)


def _unprivileged_user() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
