"""Processes that the tests start: services under test and throwaway servers.

All run in a group of their own, write to a log file, and end no later than the test session, however that ends.
What waits here blocks: an asynchronous test whose loop must go on meanwhile calls it through asyncio.to_thread.
"""

import http.client
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

_POLL_SECONDS = 0.05
_LOG_LINES_SHOWN = 30


class MissingServer(RuntimeError):
    """A server's program is not on this machine; the message is one line that says what to install."""


class ProcessFailed(RuntimeError):
    """A process ended or hung when it should not have; the message carries what it said last."""


def find_program(name: str, *, named_by: str, packaged: str, package: str) -> Path:
    """Where the program is: in the folder that the variable `named_by` holds, else as `packaged`, else on PATH.

    `packaged` is a pattern of folders; of several the newest version is taken. Raises MissingServer.
    """
    if folder := os.environ.get(named_by):
        found = shutil.which(name, path=folder)
    else:
        versions = sorted(Path("/").glob(packaged.removeprefix("/")), key=_version_of)
        found = shutil.which(name, path=os.pathsep.join(map(str, reversed(versions)))) if versions else None
        found = found or shutil.which(name)
    if found is None:
        raise MissingServer(f"no {name}: install the package {package} or name its folder in {named_by}")
    return Path(found)


def _version_of(folder: Path) -> list[int]:
    digits = "".join(character if character.isdigit() else " " for character in str(folder))
    return [int(number) for number in digits.split()]


def run_to_end(args: Sequence[str], env: Mapping[str, str], user: str | None = None) -> str:
    """What the command wrote to its standard output. Raises ProcessFailed, with its error output, unless it exits 0."""
    done = subprocess.run(
        args, env=env, user=user, group=user and _group_of(user), extra_groups=[] if user else None,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False, cwd="/",
    )  # fmt: skip
    if done.returncode != 0:
        raise ProcessFailed(f"{args[0]} exited {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def _group_of(user: str) -> int:
    return pwd.getpwnam(user).pw_gid


def wait_until(condition: Callable[[], bool], timeout: float) -> bool:
    """Whether the condition came true within `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


class DeathWatch:
    """Kills a process group, and removes its folder if one is given, once the process that set the watch is gone.

    The sign is a pipe, which the kernel closes however the process that set the watch ends. (Linux's PR_SET_PDEATHSIG
    will not do: it fires when the *thread* that started the child ends, so a server that a worker thread restarted
    would die with that thread.)
    """

    _SCRIPT = 'read -r _; kill -s KILL -- "-$1"; [ -z "$2" ] || rm -rf -- "$2"'

    def __init__(self, group: int, folder: Path | None) -> None:
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", self._SCRIPT, "death-watch", str(group), str(folder or "")],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd="/", start_new_session=True,
        )  # fmt: skip

    def release(self) -> None:
        """Ends the watch and touches nothing."""
        self._shell.kill()
        self._shell.communicate()


class ServiceProcess:
    """A program under test, as a process of its own, with `env` as its whole environment and all output in `log_path`.

    As root it can be run as another user. `folder` is removed if this process dies without having ended the program.
    """

    def __init__(
        self,
        args: Sequence[str],
        env: Mapping[str, str],
        log_path: Path,
        user: str | None = None,
        folder: Path | None = None,
    ) -> None:
        self._args = list(args)
        self._env = dict(env)
        self.further_env: dict[str, str] = {}  # from the next start on
        self._log_path = log_path
        self._user = user
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: DeathWatch | None = None

    def start(self) -> None:
        """Starts the program and does not wait for it. May be called again after it has ended; the log is continued."""
        if self.running:
            raise RuntimeError(f"{self._args[0]} is running already, as process {self.pid}")
        self._reap()
        user = self._user
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(
                self._args, env=self._env | self.further_env,
                user=user, group=user and _group_of(user), extra_groups=[] if user else None,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self._watch = DeathWatch(self._process.pid, self._folder)

    @property
    def pid(self) -> int:
        """The process id, which is the id of the process group too. Raises RuntimeError before the first start."""
        return self._started().pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def log(self) -> str:
        """Everything the program wrote, over all its starts."""
        return self._log_path.read_text(errors="replace") if self._log_path.exists() else ""

    def wait_ready(self, url: str, timeout: float = 20.0) -> None:
        """Returns once GET `url` answers 200. Raises ProcessFailed if it ends first or `timeout` seconds pass."""
        self.wait_for(lambda: _answers_200(url), timeout)

    def wait_for(self, condition: Callable[[], bool], timeout: float) -> None:
        """Returns once the condition holds. Raises ProcessFailed if it ends first or `timeout` seconds pass."""
        if not wait_until(lambda: not self.running or condition(), timeout):
            raise ProcessFailed(self._obituary(f"not ready after {timeout:g} s"))
        if not self.running:
            raise ProcessFailed(self._obituary(f"ended with {self._started().returncode} before it was ready"))

    def terminate(self, timeout: float = 30.0) -> int:
        """Asks the program to end (SIGTERM) and gives its exit code. See `end`."""
        return self.end(signal.SIGTERM, timeout)

    def end(self, signal_number: signal.Signals, timeout: float) -> int:
        """Sends the signal, unless the program has ended already, and gives the exit code.

        Raises ProcessFailed, after killing it, if it is still there after `timeout` seconds.
        """
        process = self._started()
        process.send_signal(signal_number)
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise ProcessFailed(self._obituary(f"alive {timeout:g} s after {signal_number.name}")) from None
        self._reap()
        return process.returncode

    def kill(self) -> None:
        """Ends the program and all of its process group at once (SIGKILL); does nothing to one that has ended."""
        if self._process is not None and self.running:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._reap()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError(f"{self._args[0]} was not started")
        return self._process

    def _reap(self) -> None:
        if self._process is not None:
            self._process.wait()
        if self._watch is not None:
            self._watch.release()
            self._watch = None

    def _obituary(self, what_happened: str) -> str:
        last_lines = self.log().splitlines()[-_LOG_LINES_SHOWN:]
        return "\n  ".join([f"{self._args[0]}: {what_happened}; it said last:", *last_lines])


def _answers_200(url: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=2) as response:
            return int(response.status) == 200
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return False
    except (OSError, http.client.HTTPException):
        return False


class ThrowawayServer(ABC):
    """A server for one test session, private to it: own folder, own ports on 127.0.0.1, data kept until `destroy`.

    As a context manager it is started, and destroyed at the end.
    """

    _stop_signal = signal.SIGTERM
    _seconds_to_start = 60.0
    _seconds_to_stop = 30.0
    _server: ServiceProcess

    def __init__(self, kind: str) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix=f"licet-{kind}-")).resolve()
        self._prepared = False

    @abstractmethod
    def _prepare(self) -> None:
        """Everything that has to be there before the first start."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether the server serves its protocol."""

    @property
    def running(self) -> bool:
        return self._server.running

    @property
    def pid(self) -> int:
        """Of the server that is running; what serves its clients descends from it."""
        return self._server.pid

    def start(self) -> None:
        """Returns when the server serves. Raises ProcessFailed with its last log lines if it does not."""
        if not self._prepared:
            self._prepare()
            self._prepared = True
        self._server.start()
        self._server.wait_for(self._answers, self._seconds_to_start)

    def stop(self) -> None:
        """Ends the server the clean way and keeps its data."""
        self._server.end(self._stop_signal, self._seconds_to_stop)

    def kill(self) -> None:
        """Ends the server with SIGKILL, as a crash would, and keeps its data."""
        self._server.kill()

    def restart(self, further_env: Mapping[str, str] | None = None) -> None:
        """Stops the server if it runs, and starts it again with its data; `further_env` is more of its environment."""
        if self.running:
            self.stop()
        if further_env is not None:
            self._server.further_env = dict(further_env)
        self.start()

    def destroy(self) -> None:
        """Ends everything that was started here and removes the folder; allowed at any time, and twice."""
        try:
            if self.running:
                self.stop()
        finally:
            self.kill()
            shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.destroy()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.destroy()
