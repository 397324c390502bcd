"""What is kept of a document that broke a promise: the document, smaller where that is quick, and how to read it again."""

import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from tools.fuzz.mutations import Form, loaded, places, written
from tools.fuzz.promises import BrokenPromise, check

_SECONDS_TO_SHRINK = 10.0
_PROJECT = "/src/"  # every package of the project lies in a folder of this name

Kind = tuple[str, str]


@dataclass
class Crashes:
    """The first document of each kind of fault, written to `folder` as it is found."""

    folder: Path
    form: Form
    found: set[Kind] = field(default_factory=set)

    def check(self, document: bytes) -> None:
        """Check the promises; writes down what breaks one in a way that was not seen before."""
        kind = fault_of(document)
        if kind is None or kind in self.found:
            return
        self.found.add(kind)
        smaller = shrunk(document, self.form, lambda candidate: fault_of(candidate) == kind)
        print(f"\n{kind[0]} at {kind[1]}: {command(self._kept(smaller))}", flush=True)

    def _kept(self, document: bytes) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / sha256(document).hexdigest()
        path.write_bytes(document)
        return path


def command(path: Path) -> str:
    """What a person types to see the fault again."""
    return f"python -m tools.fuzz --document {path}"


def fault_of(document: bytes) -> Kind | None:
    """What went wrong and where in the code; None where all promises hold."""
    try:
        check(document)
    except BrokenPromise as broken:
        return "broken promise", str(broken)
    except Exception as fault:
        frames = traceback.extract_tb(fault.__traceback__)
        frame = next((each for each in reversed(frames) if _PROJECT in each.filename), frames[-1])
        return type(fault).__name__, f"{Path(frame.filename).name}:{frame.lineno}"
    return None


def shrunk(document: bytes, form: Form, still_fails: Callable[[bytes], bool]) -> bytes:
    """A smaller document that still fails: without members, then without bytes that are not needed for it."""
    until = time.monotonic() + _SECONDS_TO_SHRINK
    for smaller in (_without_members, _without_bytes):
        while time.monotonic() < until:
            found = next((each for each in smaller(document, form, until) if still_fails(each)), None)
            if found is None:
                break
            document = found
    return document


def _without_members(document: bytes, form: Form, until: float) -> Iterator[bytes]:
    try:
        value = loaded(document, form)
    except ValueError:
        return
    for holder, key in list(places(value)):
        if time.monotonic() > until:
            return
        removed = holder.pop(key)
        candidate = written(value, form)
        if len(candidate) < len(document):
            yield candidate
        if isinstance(holder, list):
            holder.insert(key, removed)
        else:
            holder[key] = removed


def _without_bytes(document: bytes, _form: Form, until: float) -> Iterator[bytes]:
    length = len(document) // 2
    while length:
        for start in range(0, len(document), length):
            if time.monotonic() > until:
                return
            yield document[:start] + document[start + length :]
        length //= 2
