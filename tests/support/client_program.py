"""The program `licet` as a process: in a pipe, or in a terminal of a given width."""

import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path

_COMMAND = (sys.executable, "-m", "licet")
_SECONDS = 120.0


@dataclass(frozen=True)
class Ended:
    """How a run of the program ended, and what it wrote."""

    code: int
    out: str
    err: str = ""


class ClientProgram:
    """The program with its surroundings: a folder that it works in, a home of its own, a server and a key."""

    def __init__(self, folder: Path, url: str | None, key: str | None) -> None:
        self.folder = folder
        self.config = folder / "home" / "config.toml"
        given = {"LICET_URL": url, "LICET_API_KEY": key, "LICET_CONFIG": str(self.config), "HOME": str(folder)}
        self._environment = {"PATH": os.environ.get("PATH", os.defpath), "NO_PROXY": "127.0.0.1"}
        self._environment |= {name: value for name, value in given.items() if value is not None}

    def run(self, *arguments: str, send: bytes = b"", encoding: str = "utf-8", **more: str) -> Ended:
        """Run it to its end, with its streams in pipes; `more` are variables of its environment."""
        done = subprocess.run(
            [*_COMMAND, *arguments],
            cwd=self.folder,
            env=self.environment(more),
            input=send,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))

    def start(self, *arguments: str, **more: str) -> "subprocess.Popen[bytes]":
        """Start it, in a process group of its own, with Ctrl-C as in a terminal; the caller waits for its end."""
        return subprocess.Popen(
            [*_COMMAND, *arguments],
            cwd=self.folder,
            env=self.environment(more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=_heed_interrupts,  # noqa: PLW1509 - it takes no lock that another thread could hold
        )

    def run_in_terminal(self, *arguments: str, columns: int = 80, typed: bytes = b"", **more: str) -> Ended:
        """Run it in a terminal; `out` is all that the terminal was sent."""
        main, side = pty.openpty()
        ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        running = subprocess.Popen(
            [*_COMMAND, *arguments],
            cwd=self.folder,
            env=self.environment({"TERM": "xterm-256color"} | more),
            stdin=side,
            stdout=side,
            stderr=side,
            start_new_session=True,
        )
        os.close(side)
        os.write(main, typed)
        sent = _all_of(main, time.monotonic() + _SECONDS)
        os.close(main)
        return Ended(running.wait(_SECONDS), sent.decode(errors="replace").replace("\r\n", "\n"))

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        return self._environment | dict(more)


def interrupt(running: "subprocess.Popen[bytes]") -> Ended:
    """Send what Ctrl-C sends to the process group, and return how the program ended."""
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=_SECONDS)
    return Ended(running.returncode, out.decode(), err.decode())


def without_styles(text: str) -> str:
    """The text of a terminal without what colours and moves."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def _all_of(terminal: int, end: float) -> bytes:
    pieces = []
    while time.monotonic() < end:
        ready, _, _ = select.select([terminal], [], [], 0.2)
        if not ready:
            continue
        try:
            piece = os.read(terminal, 65_536)
        except OSError:  # the other side is closed
            break
        if not piece:
            break
        pieces.append(piece)
    return b"".join(pieces)


def _heed_interrupts() -> None:
    """What runs in the background of a script ignores SIGINT, and what it starts inherits that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
