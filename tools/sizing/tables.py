"""The tables of docs/sizing.md, each between `<!-- name -->` and `<!-- end -->`, of what was measured and simulated."""

import random
import re
from collections.abc import Callable, Iterable, Sequence
from statistics import quantiles
from typing import Final

from tools.sizing.measuring import Measured
from tools.sizing.simulation import Served, Site, Step, closed_load, open_load

MIXTURE: Final = {100: 30, 250: 30, 500: 25, 1000: 12, 5000: 3}
"""Components of a document: how many in a hundred documents. 500 on average."""
LOAD: Final = 0.7
REPLICAS: Final = (1, 2, 3, 4)
RELEASES: Final = (10_000, 100_000, 1_000_000)
_SIMULATED: Final = 20_000
_READERS_OF_A_REPLICA: Final = 2
_CORES_OF_A_SERVER: Final = 4
_CONNECTIONS_OF_A_PROCESS: Final = 10
_BACKLOG: Final = 10_000
_SERVICES: Final = ("sbom-ingest", "policy-eval", "obligations", "gateway")
_MARKED = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_MEAN: Final = sum(size * share for size, share in MIXTURE.items()) / sum(MIXTURE.values())


def page(text: str, costs: Measured) -> str:
    """Return the page with its tables made anew; raises KeyError for a table that is not known."""
    return _MARKED.sub(lambda found: f"{found[1]}{_TABLES[found[2]](costs)}\n{found[3]}", text)


def way(costs: Measured, components: int) -> list[Step]:
    """The way of a document from the gateway to the NOTICE.

    What PostgreSQL does for it is taken to be spread evenly over the three services, and RabbitMQ's over its two messages.
    """
    cpu = {name: line.of(components) for name, line in costs.cpu.items()}
    database, broker = Step("postgresql", cpu["postgresql"] / 3), Step("rabbitmq", cpu["rabbitmq"] / 2)
    gateway, ingest, reader, evaluation, derivation = (
        Step(name, cpu[name]) for name in ("gateway", "sbom-ingest", "reader", "policy-eval", "obligations")
    )
    return [gateway, ingest, reader, database, broker, evaluation, database, broker, derivation, database]


def site(replicas: int) -> Site:
    """So many replicas of every service with a core for each, and a PostgreSQL and a RabbitMQ of four cores."""
    of_services = dict.fromkeys(_SERVICES, replicas) | {"reader": replicas * _READERS_OF_A_REPLICA}
    return Site(of_services | dict.fromkeys(("postgresql", "rabbitmq"), _CORES_OF_A_SERVER))


def foretold(costs: Measured) -> list[Served]:
    """The measured run as the simulation sees it: on the cores of the machine, as far as others left them to it."""
    run = costs.run
    speed = sum(run.cpu.values()) / (run.seconds * costs.cores)
    servers = {**site(1).servers, "client": run.senders}
    steps = [Step("client", run.cpu["client"] / run.documents), *way(costs, run.components)]
    return closed_load(Site(servers, costs.cores, speed), run.senders, [steps] * run.documents)


def _costs(costs: Measured) -> str:
    rows = [
        [
            name,
            f"{line.once * 1e3:.0f}",
            f"{line.each * 1e6:.0f}",
            f"{line.of(_MEAN) * 1e3:.0f}",
            f"{costs.idle[name] * 1e3:.0f}",
        ]
        for name, line in costs.cpu.items()
    ]
    head = ["process", "ms a document", "µs a component", f"ms a document of {_MEAN:.0f}", "ms a second, idle"]
    return _table(head, rows)


def _check(costs: Measured) -> str:
    run, served = costs.run, foretold(costs)
    seconds, shares = max(each.ended for each in served), quantiles([each.seconds for each in served], n=20)
    cpu = sum(line.of(run.components) for line in costs.cpu.values()) + run.cpu["client"] / run.documents
    rows = [
        ["CPU ms a document", f"{sum(run.cpu.values()) / run.documents * 1e3:.0f}", f"{cpu * 1e3:.0f}"],
        ["SBOMs a second", f"{run.documents / run.seconds:.2f}", f"{run.documents / seconds:.2f}"],
        ["POST to verdict, median, s", f"{run.half:.1f}", f"{shares[9]:.1f}"],
        ["POST to verdict, 95 %, s", f"{run.most:.1f}", f"{shares[18]:.1f}"],
    ]
    return _table(["", "measured", "foretold"], rows)


def _replicas(costs: Measured) -> str:
    head = ["replicas", "SBOMs/s at most", "a day", "held by", "POST to NOTICE s: 50 %", "95 %", "99 %",
            "wait for policy-eval, 95 %", f"{_BACKLOG:,} evaluated again", "connections"]  # fmt: skip
    return _table(head, [_of_replicas(costs, each) for each in REPLICAS])


def _of_replicas(costs: Measured, replicas: int) -> list[str]:
    limits = _limits(costs, replicas)
    station, most = min(limits.items(), key=lambda pair: pair[1])
    served = open_load(site(replicas), LOAD * most, _mixed(costs))
    shares = quantiles([each.seconds for each in served], n=100)
    waiting = quantiles([each.ahead["policy-eval"] for each in served], n=20)[18]
    again = _BACKLOG / min(limits["policy-eval"], limits["obligations"], limits["postgresql"])
    return [
        f"{replicas}", f"{most:.1f}", f"{most * 86_400:,.0f}", station,
        f"{shares[49]:.2f}", f"{shares[94]:.2f}", f"{shares[98]:.2f}",
        f"{waiting:.0f}", f"{again / 60:.0f} min", f"{len(_SERVICES) * replicas * _CONNECTIONS_OF_A_PROCESS}",
    ]  # fmt: skip


def _limits(costs: Measured, replicas: int) -> dict[str, float]:
    """Documents a second of each station by itself."""
    taken: dict[str, float] = {}
    for size, share in MIXTURE.items():
        for step in way(costs, size):
            taken[step.station] = taken.get(step.station, 0.0) + step.seconds * share / sum(MIXTURE.values())
    return {name: site(replicas).servers[name] / seconds for name, seconds in taken.items()}


def _mixed(costs: Measured) -> Iterable[Sequence[Step]]:
    ways = {size: way(costs, size) for size in MIXTURE}
    sizes = random.Random(7).choices(list(MIXTURE), list(MIXTURE.values()), k=_SIMULATED)
    return [ways[size] for size in sizes]


def _growth(costs: Measured) -> str:
    largest = max(
        (name for name in costs.stored if not name.endswith(" blobs")), key=lambda name: costs.stored[name].each
    )
    head = ["releases", "components, M", *(f"PostgreSQL {each}, GB" for each in _SERVICES), "blobs, GB",
            f"{largest.replace(' ', ' `')}`, GB", "taken in by 4 replicas", "evaluated again by 4"]  # fmt: skip
    return _table(head, [_of_releases(costs, each, largest) for each in RELEASES])


def _of_releases(costs: Measured, releases: int, largest: str) -> list[str]:
    limits = _limits(costs, 4)
    stored = dict.fromkeys((*_SERVICES, "blobs"), 0.0)
    for name, line in costs.stored.items():
        service, table = name.split(" ")
        stored["blobs" if table == "blobs" else service] += line.of(_MEAN)
    again = min(limits["policy-eval"], limits["obligations"], limits["postgresql"])
    gigabytes = [f"{each * releases / 1e9:,.1f}" for each in (*stored.values(), costs.stored[largest].of(_MEAN))]
    return [f"{releases:,}", f"{releases * _MEAN / 1e6:,.0f}", *gigabytes,
            _hours(releases / min(limits.values())), _hours(releases / again)]  # fmt: skip


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.1f} h"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


_TABLES: Final[dict[str, Callable[[Measured], str]]] = {
    "costs": _costs, "check": _check, "replicas": _replicas, "growth": _growth,
}  # fmt: skip
