"""The tables that the benchmark prints."""

from collections.abc import Iterator
from math import log

from tools.bench.measuring import Measurement
from tools.bench.stages import STAGES

Results = dict[tuple[str, int], Measurement]
_MIB = 1024 * 1024
_MOST, _FASTER = 8.0, 0.05
_COLUMNS = (*STAGES, "whole", "floor")


def cpu_table(results: Results) -> Iterator[str]:
    """CPU milliseconds by format and size, one column a stage."""
    stages = "".join(f"{name:>12}" for name in STAGES)
    yield f"{'CPU ms (median)':<17}{stages}{'WHOLE':>8}{'floor':>7}{'ratio':>7}"
    for (format_, size), found in results.items():
        stages = "".join(f"{found.stages[name] * 1000:>12.1f}" for name in STAGES)
        ratio = found.whole / found.floor
        yield f"{format_:<10}{size:>7,}{stages}{found.whole * 1000:>8.0f}{found.floor * 1000:>7.1f}{ratio:>7.1f}"


def growth(results: Results) -> Iterator[str]:
    """The exponent of growth between the two largest sizes of each format, one column a stage; 1 is linear."""
    sizes = sorted({size for _, size in results})[-2:]
    if len(sizes) < 2:
        return
    yield f"exponent of growth, {sizes[0]:,} → {sizes[1]:,} (1 is linear)"
    for format_ in dict.fromkeys(name for name, _ in results):
        found = [_growth(results, format_, name) for name in _COLUMNS]
        stages = "".join(f"{each:>12.2f}" for each in found[:-2])
        yield f"{format_:<17}{stages}{found[-2]:>8.2f}{found[-1]:>7.2f}"


def memory(peaks: dict[str, int], results: Results) -> Iterator[str]:
    """The largest resident memory of each process, over the whole run."""
    floor = max(found.floor_peak for found in results.values())
    shown = {**peaks, "floor": floor}
    yield "peak memory, MiB (VmHWM, largest process of each name):"
    yield "  " + ", ".join(f"{name} {size / _MIB:.0f}" for name, size in shown.items())


def broker(results: Results) -> Iterator[str]:
    """What RabbitMQ used while it carried the messages, idling included."""
    if any(found.broker for found in results.values()):
        yield "RabbitMQ, not in the whole, CPU ms:"
        yield "  " + ", ".join(
            f"{format_} {size:,}: {found.broker * 1000:.0f}" for (format_, size), found in results.items()
        )


def goals(results: Results) -> Iterator[str]:
    """Whether the whole is cheap enough at the largest size, and grows no faster than the floor."""
    *_, size = sizes = sorted({size for _, size in results})
    worst = max(found.whole / found.floor for (_, each), found in results.items() if each == size)
    yield _goal(f"at {size:,} components at most {_MOST:g} × the floor: {worst:.1f} ×", worst <= _MOST)
    if len(sizes) > 1:
        formats = dict.fromkeys(name for name, _ in results)
        faster = max(_growth(results, name, "whole") - _growth(results, name, "floor") for name in formats)
        yield _goal(f"grows at most by {_FASTER:g} faster than the floor: {faster:+.2f}", faster <= _FASTER)


def _goal(text: str, met: bool) -> str:
    return f"goal {'met   ' if met else 'MISSED'}  {text}"


def _growth(results: Results, format_: str, column: str) -> float:
    *_, small, large = sorted({size for _, size in results})
    least, most = (_seconds(results[format_, size], column) for size in (small, large))
    return log(most / least) / log(large / small)


def _seconds(found: Measurement, column: str) -> float:
    return {"whole": found.whole, "floor": found.floor}.get(column) or found.stages[column]
