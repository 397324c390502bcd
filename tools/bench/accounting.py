"""CPU time and memory of other processes, as Linux keeps them."""

import os
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


def tree(root: int) -> list[int]:
    """The process and all that descend from it."""
    children: dict[int, list[int]] = defaultdict(list)
    for stat in _PROC.glob("[0-9]*/stat"):
        try:
            children[int(_stat(stat)[1])].append(int(stat.parent.name))
        except (FileNotFoundError, ProcessLookupError):  # it ended in this moment
            continue
    found = [root]
    for each in found:
        found += children[each]
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """What the processes have used in user and kernel mode, with the children that have ended already."""
    return sum(_cpu_clock(pid) + _of_ended_children(pid) for pid in pids)


def peak_bytes(pid: int) -> int:
    """The largest resident set that the process ever had; 0 when it has ended."""
    return _memory(pid, "VmHWM:")


def resident_bytes(pid: int) -> int:
    """The resident set of the process; 0 when it has ended."""
    return _memory(pid, "VmRSS:")


def _memory(pid: int, field: str) -> int:
    try:
        status = (_PROC / str(pid) / "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith(field))


def _cpu_clock(pid: int) -> float:
    # clock_getcpuclockid(3) makes this number of a process id; /proc/<pid>/stat counts in steps of 10 ms only.
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def _of_ended_children(pid: int) -> float:
    try:
        fields = _stat(_PROC / str(pid) / "stat")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[13]) + int(fields[14])) / _TICKS


def _stat(path: Path) -> list[str]:
    """The fields of proc_pid_stat(5) from the third, the state, on: the name before it may hold anything."""
    return path.read_text().rpartition(")")[2].split()
