"""What the rendered manifests say is run: their Jobs and Deployments as processes on loopback, with their own variables,
probes and end, over a real RabbitMQ and PostgreSQL."""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from sqlalchemy.engine import make_url

from tests.support.manifests import K8S, Manifest, container, name, of_kind, pod
from tests.support.ports import free_port
from tests.support.postgresql import ThrowawayPostgres
from tests.support.processes import ServiceProcess
from tests.support.rabbitmq import ThrowawayRabbit
from tests.support.sboms import a_cyclonedx

pytestmark = pytest.mark.servers

_OVERLAY = "production"
_ADMIN_KEY = "licet_" + "k" * 40


class Cluster:
    """The Deployments of an overlay as processes of this machine: ports, host and volumes are this test's."""

    def __init__(self, values: dict[tuple[str, str], str], folder: Path) -> None:
        self.deployments = {name(each): each for each in of_kind(_OVERLAY, "Deployment")}
        self.jobs = of_kind(_OVERLAY, "Job")
        self.ports = {service: free_port() for service in self.deployments}
        self.processes: dict[str, ServiceProcess] = {}
        self._values = values
        self._folder = folder

    def environment(self, workload: Manifest) -> dict[str, str]:
        given = {each["name"]: self._value(each) for each in container(workload)["env"]}
        own = {"PATH": os.environ.get("PATH", os.defpath)}
        if workload["kind"] == "Deployment":
            own |= {"LICET_HOST": "127.0.0.1", "LICET_PORT": str(self.ports[name(workload)])}
        if "LICET_BLOB_DIR" in given:
            own["LICET_BLOB_DIR"] = str(self._folder / name(workload))
        return given | own

    def run_jobs(self) -> None:
        for job in self.jobs:
            command = [sys.executable, "-m", *container(job)["args"]]
            subprocess.run(command, env=self.environment(job), check=True, capture_output=True, timeout=60)

    def start(self, service: str) -> None:
        deployment = self.deployments[service]
        command = [sys.executable, "-m", *container(deployment)["args"]]
        process = ServiceProcess(command, self.environment(deployment), self._folder / f"{service}.log")
        self.processes[service] = process
        process.start()

    def probe(self, service: str, probe: str) -> str:
        """The URL of a probe."""
        asked = container(self.deployments[service])[probe]["httpGet"]
        assert asked["port"] == "http"
        return f"http://127.0.0.1:{self.ports[service]}{asked['path']}"

    def _value(self, variable: Manifest) -> str:
        if "value" not in variable:
            reference = variable["valueFrom"]["secretKeyRef"]
            return self._values[reference["name"], reference["key"]]
        value: str = variable["value"]
        for service, port in self.ports.items():
            for each in container(self.deployments[service])["ports"]:
                value = value.replace(f"http://{service}:{each['containerPort']}", f"http://127.0.0.1:{port}")
        return value


@pytest.fixture
def cluster(rabbitmq: ThrowawayRabbit, postgres: ThrowawayPostgres, tmp_path: Path) -> Iterator[Cluster]:
    services = [name(each) for each in of_kind(_OVERLAY, "Deployment")]
    values = {
        (f"licet-{each}", "database-url"): postgres.database(f"manifests_{each.replace('-', '_')}") for each in services
    } | {
        ("licet-shared", "broker-url"): rabbitmq.vhost("manifests"),
        ("licet-shared", "internal-key"): secrets.token_hex(32),
        ("licet-gateway", "admin-key"): _ADMIN_KEY,
        ("licet-gateway", "audit-key"): secrets.token_hex(32),
    }
    running = Cluster(values, tmp_path)
    with ExitStack() as stack:
        stack.callback(lambda: [each.kill() for each in running.processes.values()])
        yield running


def test_a_rollout_waits_for_its_migration_then_serves_and_ends_in_time(cluster: Cluster) -> None:
    cluster.start("sbom-ingest")
    process = cluster.processes["sbom-ingest"]
    process.wait_ready(cluster.probe("sbom-ingest", "livenessProbe"), 60)
    early = httpx.get(cluster.probe("sbom-ingest", "readinessProbe"), trust_env=False).status_code

    cluster.run_jobs()
    for service in cluster.deployments:
        if service != "sbom-ingest":
            cluster.start(service)
    for service, each in cluster.processes.items():
        each.wait_ready(cluster.probe(service, "readinessProbe"), 60)
    stages = _stages(cluster)

    assert early == 503
    assert stages == {"ingested": "done", "evaluated": "done", "obligations": "done"}
    for service, each in cluster.processes.items():
        grace = pod(cluster.deployments[service])["terminationGracePeriodSeconds"]
        assert each.end(signal.SIGTERM, grace) == 0, service


def test_the_single_node_makes_a_role_and_a_database_of_its_own_for_each_service(postgres: ThrowawayPostgres) -> None:
    script = K8S / "overlays/single-node/create-databases.sh"
    server = make_url(postgres.database("made_by_script"))
    surroundings = {
        "PATH": os.environ.get("PATH", os.defpath), "PGHOST": str(server.host), "PGPORT": str(server.port),
        "POSTGRES_USER": str(server.username), "POSTGRES_DB": "made_by_script", "LICET_DATABASE_PASSWORD": "it's a secret",
    }  # fmt: skip

    subprocess.run(["sh", str(script)], env=surroundings, check=True, capture_output=True, timeout=60)

    asked = "SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = datname ORDER BY 1"
    owned = subprocess.run(
        ["psql", "-At", "-U", str(server.username), "-d", "made_by_script", "-c", asked],
        env=surroundings, check=True, capture_output=True, text=True, timeout=60,
    ).stdout.split()  # fmt: skip
    assert owned == ["licet_gateway", "licet_obligations", "licet_policy_eval", "licet_sbom_ingest"]


def _stages(cluster: Cluster) -> dict[str, str]:
    with httpx.Client(base_url=f"http://127.0.0.1:{cluster.ports['gateway']}", trust_env=False, timeout=90) as client:
        answer = client.post(
            "/api/v1/sboms",
            params={"project": "shop", "version": "1", "wait": "60"},
            headers={"X-Api-Key": _ADMIN_KEY},
            content=a_cyclonedx(),
        )
    assert answer.status_code == 200, answer.text
    stages: dict[str, str] = answer.json()["stages"]
    return stages
