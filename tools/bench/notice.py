"""Measures the printing and making of NOTICEs beside a plain join of the same content, in CPU time, and their serving.

    python -m tools.bench.notice [--components 10000 50000] [--repeats 7]

For each number of components and each format: printing, beside the join of `notice_floor.py`, and the most memory that
printing holds as a multiple of the document. The goals: at most three times the join, the same at 50,000 components, less
than four times the document. Then the way from decided components to the checked NOTICE, beside the join of the text. Last
a stored NOTICE is fetched from the obligations service, where the goal is 5 ms, and over HTTP through all of Licet.
"""

import argparse
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial

from obligations.adapters.catalogue_files import load_obligation_catalogue
from obligations.bootstrap import RENDERERS
from obligations.domain.catalogue import ObligationCatalogue
from obligations.domain.compile_notice import compile_checked, shipped_groups
from obligations.domain.notice import Organization
from shared.computation import without_cycle_search
from shared.contracts.decisions import DecidedRelease
from tests.support.decided import a_component, a_release
from tools.bench.notice_floor import join_of
from tools.bench.notice_serving import milliseconds_to_serve

_LICENSES = (
    *("MIT", "Apache-2.0", "ISC", "BSD-3-Clause", "MPL-2.0", "LGPL-2.1-or-later", "Zlib", "MIT AND BSD-3-Clause"),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.notice", description="Measure NOTICEs.")
    parser.add_argument("--components", type=int, nargs="+", default=[10_000, 50_000])
    parser.add_argument("--repeats", type=int, default=7, help="of each step; the least is shown")
    arguments = parser.parse_args()
    catalogue = load_obligation_catalogue()
    for count in arguments.components:
        release = _release(count)
        with without_cycle_search():
            _measure(release, catalogue, arguments.repeats)
    for what, (size, passed, computed) in milliseconds_to_serve(arguments.components[0]).items():
        print(f"{what:<20} {size:12,} bytes {passed:9.1f} ms, {computed:.1f} ms CPU")
    return 0


def _release(count: int) -> DecidedRelease:
    return a_release(
        *(
            a_component(
                _LICENSES[number % len(_LICENSES)],
                name=f"package-{number}",
                version=f"1.{number}.0",
                copyright=[f"Copyright © 20{number % 27:02} The authors of package-{number} <mail@example.org>"],
                supplier=f"Supplier {number % 50}",
                linkage="dynamic",
            )
            for number in range(count)
        )
    )


def _measure(release: DecidedRelease, catalogue: ObligationCatalogue, repeats: int) -> None:
    shipped = shipped_groups(release, catalogue)
    make = partial(compile_checked, release, shipped, catalogue, Organization(), "Licet")
    notice = make().notice
    print(f"{len(notice.components):,} components")
    print("format           bytes     join ms  printed ms      x   memory x of the document")
    for format_, render in RENDERERS.items():
        join = join_of(notice, format_)
        if format_ == "text" and join() != render(notice):
            raise RuntimeError("the join does not give the bytes of the text")
        joining, printing = _least_of_both(join, partial(render, notice), repeats)
        size, memory = len(render(notice)), _peak(partial(render, notice))
        print(
            f"{format_:<10} {size:12,} {joining:10.1f} {printing:10.1f} {printing / joining:8.1f} {memory / size:8.1f}"
        )
    joining, making = _least_of_both(join_of(notice, "text"), make, repeats)
    print(f"made and checked        {joining:10.1f} {making:10.1f} {making / joining:8.1f}", flush=True)


def _least_of_both(one: Callable[[], object], other: Callable[[], object], repeats: int) -> tuple[float, float]:
    """The least CPU time of each in milliseconds, measured in turn."""
    pairs = [(_cpu(one), _cpu(other)) for _ in range(repeats)]
    return min(first for first, _ in pairs), min(second for _, second in pairs)


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


def _peak(work: Callable[[], object]) -> int:
    """The largest number of bytes that Python held during the work, beyond what it held before."""
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


if __name__ == "__main__":
    sys.exit(main())
