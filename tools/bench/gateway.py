"""Measures what passing a request on costs the gateway, beside a bare relay, the obvious one and nginx.

    python -m tools.bench.gateway [--seconds 2] [--rounds 3] [--connections 16]

All stand before the same service, which answers with 1 KB. wrk asks, by turns, so that the noise of the machine meets all.
The gateway authenticates, counts, correlates, logs; for a release it also looks up which one it is and how far it has come.
"""

import argparse
import asyncio
import http.client
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.support.gateway import ADMIN_KEY, INTERNAL_KEY, running_gateway
from tests.support.ports import free_port
from tests.support.processes import ServiceProcess
from tools.bench.accounting import cpu_seconds, peak_bytes, tree

_MIB = 1024 * 1024
_ANY = "/api/v1/policies"
_UPLOAD = "/api/v1/policies/validate"
_NGINX = """daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log /dev/null crit;
events {{ worker_connections 512; }}
http {{
  access_log off; client_max_body_size 0; proxy_request_buffering off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  upstream service {{ server 127.0.0.1:{service}; keepalive 64; }}
  server {{ listen 127.0.0.1:{port}; location / {{
    proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; }} }}
}}
"""


@dataclass(frozen=True)
class Relay:
    """A relay that runs, and the path that is asked of it."""

    name: str
    process: ServiceProcess
    port: int
    path: str = _ANY

    @property
    def cpu(self) -> float:
        return cpu_seconds(tree(self.process.pid))


def main() -> int:
    arguments = _arguments()
    if shutil.which("wrk") is None:
        print("wrk is missing: as root, tools/install_bench_tools.sh installs it and nginx", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="licet-bench-") as name, ExitStack() as stack:
        relays = _started(Path(name), stack)
        for connections in (1, arguments.connections):
            _print_questions(relays, connections, arguments)
        _print_uploads(relays)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.gateway", description="Measure relaying.")
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    return parser.parse_args()


def _started(folder: Path, stack: ExitStack) -> list[Relay]:
    release = asyncio.run(_known_release(folder))
    service = _python("service", free_port(), "", folder, stack)
    url = f"http://127.0.0.1:{service.port}"
    bare = _python("bare", free_port(), url, folder, stack)
    gateway = _python("gateway", free_port(), url, folder, stack)
    path = f"/api/v1/releases/{release}/findings"
    of_release = Relay("gateway, of a release", gateway.process, gateway.port, path)
    obvious = _python("obvious", free_port(), url, folder, stack)
    return [bare, gateway, of_release, obvious, *_nginx(folder, service.port, stack)]


async def _known_release(folder: Path) -> str:
    """Make the gateway's database, with a release in it; return its id."""
    async with running_gateway(folder) as gateway:
        return (await gateway.know("bench")).id


def _python(name: str, port: int, url: str, folder: Path, stack: ExitStack) -> Relay:
    environment = {
        "LICET_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/gateway.sqlite",
        "LICET_BROKER_URL": "",
        "LICET_INTERNAL_KEY": INTERNAL_KEY,
        "LICET_ADMIN_KEY": ADMIN_KEY,
        "LICET_RATE_LIMIT": "100000000",
        "LICET_PORT": str(port),
        "LICET_POLICY_EVAL_URL": url,
    }
    command = [sys.executable, "-m", "tools.bench.relays", name, str(port), url]
    return _launched(Relay(name, ServiceProcess(command, environment, folder / f"{name}.log"), port), stack)


def _nginx(folder: Path, service: int, stack: ExitStack) -> list[Relay]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        print("nginx is missing: as root, tools/install_bench_tools.sh installs it", file=sys.stderr)
        return []
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(_NGINX.format(folder=folder, port=port, service=service))
    command = [program, "-p", str(folder), "-c", str(configuration)]
    return [_launched(Relay("nginx", ServiceProcess(command, {}, folder / "nginx.log"), port), stack)]


def _launched(relay: Relay, stack: ExitStack) -> Relay:
    stack.enter_context(relay.process)
    relay.process.wait_for(lambda: _listens(relay.port), 60)
    return relay


def _listens(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.connect()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def _print_questions(relays: list[Relay], connections: int, arguments: argparse.Namespace) -> None:
    cpu, rate = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    for each in relays:
        _asked(each, connections, 1)
    for _ in range(arguments.rounds):
        for each in relays:
            before = each.cpu
            answered = _asked(each, connections, arguments.seconds)
            cpu[each.name].append((each.cpu - before) / answered * 1000)
            rate[each.name].append(answered / arguments.seconds)
    print(f"\nGET of 1 KB, {connections} connections{'CPU ms':>16}{'× bare':>9}{'requests/s':>12}")
    for each in relays:
        ratio = median(cpu[each.name]) / median(cpu["bare"])
        print(f"  {each.name:<30}{median(cpu[each.name]):>14.3f}{ratio:>9.2f}{median(rate[each.name]):>12,.0f}")
    if connections > 1:
        _print_goals({name: median(each) for name, each in cpu.items()}, {n: median(each) for n, each in rate.items()})


def _print_goals(cpu: dict[str, float], rate: dict[str, float]) -> None:
    for name in ("gateway", "gateway, of a release"):
        ratio = cpu[name] / cpu["bare"]
        print(_goal(f"{name}: CPU at most 1.3 × the bare relay: {ratio:.2f} ×", ratio <= 1.3))
        less, more = cpu["obvious"] / cpu[name], rate[name] / rate["obvious"]
        print(_goal(f"{name}: at least 5 × less CPU than the obvious relay: {less:.1f} ×", less >= 5))
        print(_goal(f"{name}: at least 8 × the requests of the obvious relay: {more:.1f} ×", more >= 8))


def _asked(relay: Relay, connections: int, seconds: int) -> int:
    url = f"http://127.0.0.1:{relay.port}{relay.path}"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "-H", f"X-Api-Key: {ADMIN_KEY}", url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        raise RuntimeError(f"{relay.name}: {said}")
    return int(re.search(r"(\d+) requests in", said)[1])  # type: ignore[index]  # without it there is nothing to print


def _print_uploads(relays: list[Relay]) -> None:
    print(f"\nPOST of 5 MiB{'CPU ms':>32}{'peak MiB':>10}{'peak after 64 MiB':>19}")
    for each in relays:
        if each.path != _ANY:
            continue
        _post(each, 5)
        costs = []
        for _ in range(10):
            before = each.cpu
            _post(each, 5)
            costs.append(each.cpu - before)
        peak = peak_bytes(each.process.pid)
        _post(each, 64)
        after = peak_bytes(each.process.pid)
        print(f"  {each.name:<30}{median(costs) * 1000:>13.1f}{peak / _MIB:>10.0f}{after / _MIB:>19.0f}")
        if each.name == "gateway":
            print(_goal(f"uploads take constant memory: {(after - peak) / _MIB:+.1f} MiB", after - peak < 4 * _MIB))


def _post(relay: Relay, mebibytes: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", relay.port, timeout=120)
    pieces = (b"x" * _MIB for _ in range(mebibytes))
    headers = {"X-Api-Key": ADMIN_KEY, "Content-Length": str(mebibytes * _MIB)}
    connection.request("POST", _UPLOAD, pieces, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{relay.name}: {answer.status}")


def _goal(text: str, met: bool) -> str:
    return f"goal {'met   ' if met else 'MISSED'}  {text}"


if __name__ == "__main__":
    sys.exit(main())
