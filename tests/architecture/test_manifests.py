"""The Kubernetes manifests: valid by their schemas, hardened, and true to the code."""

import json
import shutil
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from pydantic_settings import BaseSettings

import gateway.settings
import obligations.settings
import policy_eval.settings
import sbom_ingest.settings
from shared.contracts.events import CONSUMERS
from tests.support.manifests import (
    K8S,
    OVERLAYS,
    Manifest,
    container,
    name,
    of_kind,
    our_workloads,
    pod,
    rendered,
    secret_keys,
    selects,
    workloads,
)
from tests.support.operators import KINDS

_VERSIONS = ("1.30", "1.37")  # the oldest that the README names, and the newest that is known
_SETTINGS: dict[str, type[BaseSettings]] = {
    "sbom-ingest": sbom_ingest.settings.Settings,
    "policy-eval": policy_eval.settings.Settings,
    "obligations": obligations.settings.Settings,
    "gateway": gateway.settings.Settings,
}
_MODELS = {
    **dict.fromkeys(("ScaledObject", "TriggerAuthentication"), "cloudcoil.models.keda.v1alpha1"),
    **dict.fromkeys(("ServiceMonitor", "PrometheusRule"), "cloudcoil.models.prometheus_operator.v1"),
}
_TRACES = "LICET_TRACES_URL"
_KUBECTL = shutil.which("kubectl")


@pytest.mark.skipif(_KUBECTL is None, reason="kubectl renders; without it the committed rendering is tested")
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_committed_rendering_is_that_of_the_overlay(overlay: str) -> None:
    printed = subprocess.run(
        [str(_KUBECTL), "kustomize", str(K8S / "overlays" / overlay)],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip

    assert list(yaml.safe_load_all(printed)) == list(rendered(overlay)), "run `make manifests`"


def test_each_overlay_is_rendered_and_nothing_else() -> None:
    assert tuple(sorted(path.stem for path in (K8S / "rendered").iterdir())) == OVERLAYS


@pytest.mark.parametrize("version", _VERSIONS)
def test_every_object_of_a_built_in_kind_keeps_to_its_schema_strictly(version: str) -> None:
    distinct = {json.dumps(each): each for overlay in OVERLAYS for each in rendered(overlay)}

    for each in distinct.values():
        if each["kind"] not in (*_MODELS, *KINDS):
            kubernetes_validate.validate(each, version, strict=True)


@pytest.mark.parametrize(("kind", "package"), _MODELS.items())
def test_every_object_of_keda_and_of_the_prometheus_operator_keeps_to_its_model(kind: str, package: str) -> None:
    objects = [each for overlay in OVERLAYS for each in of_kind(overlay, kind)]
    assert objects

    for each in objects:
        model = getattr(import_module(package), kind).model_validate(each)  # the import takes seconds

        # A model drops what it does not know.
        assert model.model_dump(mode="json", by_alias=True, exclude_none=True)["spec"] == each["spec"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_pod_is_restricted(overlay: str) -> None:
    for each in workloads(overlay):
        of_the_pod, of_the_container = pod(each)["securityContext"], container(each)["securityContext"]

        assert pod(each)["automountServiceAccountToken"] is False, name(each)
        assert of_the_pod["runAsNonRoot"] is True
        assert of_the_pod["runAsUser"] > 0
        assert of_the_pod["seccompProfile"] == {"type": "RuntimeDefault"}
        assert of_the_container == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_container_says_what_memory_it_needs(overlay: str) -> None:
    for each in workloads(overlay):
        resources = container(each)["resources"]

        assert set(resources["requests"]) == {"cpu", "memory"}, name(each)
        assert "memory" in resources["limits"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_variables_are_settings_and_all_required_ones_are_given(overlay: str) -> None:
    for each in our_workloads(overlay):
        fields = _SETTINGS[_service(each)].model_fields
        given = {variable["name"] for variable in container(each)["env"]}
        required = {_variable(field) for field, definition in fields.items() if definition.is_required()}

        assert given <= {_variable(field) for field in fields}, name(each)
        assert each["kind"] == "Job" or required <= given


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_plain_values_are_accepted_by_the_settings(overlay: str) -> None:
    for each in of_kind(overlay, "Deployment"):
        values = {v["name"].removeprefix("LICET_").lower(): v.get("value", "x" * 40) for v in container(each)["env"]}

        settings: Any = _SETTINGS[_service(each)](**values)

        assert settings.port == container(each)["ports"][0]["containerPort"]
        assert settings.port == _SETTINGS[_service(each)].model_fields["port"].default


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_image_runs_the_package_of_its_service(overlay: str, repository_root: Path) -> None:
    for each in our_workloads(overlay):
        package, command = container(each)["args"]

        assert container(each)["image"].partition(":")[0] == f"licet/{_service(each)}"
        assert (repository_root / "services" / _service(each) / "src" / package / "__main__.py").is_file()
        assert command == ("serve" if each["kind"] == "Deployment" else "migrate")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_services_reach_each_other_by_names_and_ports_that_exist(overlay: str) -> None:
    addresses = {
        f"http://{name(each)}:{port['port']}" for each in of_kind(overlay, "Service") for port in each["spec"]["ports"]
    }
    for each in of_kind(overlay, "Deployment"):
        values = {v["name"]: str(v.get("value", "")) for v in container(each)["env"] if v["name"] != _TRACES}

        assert {value for value in values.values() if value.startswith("http")} <= addresses, name(each)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_service_finds_the_pods_of_its_workload(overlay: str) -> None:
    templates = [each["spec"]["template"] for each in of_kind(overlay, "Deployment", "StatefulSet")]
    for each in of_kind(overlay, "Service"):
        found = [t for t in templates if selects({"matchLabels": each["spec"]["selector"]}, t["metadata"]["labels"])]

        assert len(found) == 1, name(each)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_edge_of_the_architecture_is_allowed_and_everything_else_denied(overlay: str) -> None:
    edges = {
        (source, target)
        for source in _SETTINGS
        for target in _SETTINGS
        if source != target and _may_talk(overlay, source, target)
    }

    assert edges == {
        ("gateway", "sbom-ingest"), ("gateway", "policy-eval"), ("gateway", "obligations"),
        ("policy-eval", "sbom-ingest"), ("obligations", "policy-eval"),
    } | {(each, "gateway") for each in _SETTINGS if _may_leave(overlay, each, "gateway")}  # fmt: skip
    deny = next(each for each in of_kind(overlay, "NetworkPolicy") if name(each) == "deny-all")
    assert deny["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_pod_has_time_to_end_what_it_began(overlay: str) -> None:
    for each in of_kind(overlay, "Deployment"):
        pause = container(each)["lifecycle"]["preStop"]["sleep"]["seconds"]

        assert pod(each)["terminationGracePeriodSeconds"] >= pause + 30 + 20  # requests, then messages


@pytest.mark.parametrize("overlay", [each for each in OVERLAYS if each.startswith("production")])
def test_in_production_a_node_may_go_without_a_service_going(overlay: str) -> None:
    budgets = {name(each) for each in of_kind(overlay, "PodDisruptionBudget")}
    scaled = {each["spec"]["scaleTargetRef"]["name"]: each["spec"] for each in of_kind(overlay, "ScaledObject")}
    for each in of_kind(overlay, "Deployment"):
        replicas = each["spec"].get("replicas") or scaled[name(each)]["minReplicaCount"]

        assert replicas >= 2
        assert name(each) in budgets
        assert pod(each)["topologySpreadConstraints"]


def test_scaling_looks_at_queues_that_exist() -> None:
    queues = {
        trigger["metadata"]["queueName"]
        for each in of_kind("production-keda", "ScaledObject")
        for trigger in each["spec"]["triggers"]
    }

    assert queues == {f"licet.{consumer}" for consumer in CONSUMERS if consumer != "gateway"} | {
        "licet.obligations.bulk"
    }


def test_the_secrets_of_the_single_node_are_those_that_its_pods_ask_for() -> None:
    printed = subprocess.run(
        ["sh", str(K8S / "overlays/single-node/make-secrets.sh")], capture_output=True, text=True, check=True
    ).stdout
    secrets = list(yaml.safe_load_all(printed))

    made = {(name(each), key) for each in secrets if each for key in each["stringData"]}

    assert made == {each for workload in workloads("single-node") for each in secret_keys(workload)}


def _service(workload: Manifest) -> str:
    return str(workload["metadata"]["labels"]["app.kubernetes.io/name"])


def _variable(field: str) -> str:
    return f"LICET_{field.upper()}"


def _labels(overlay: str, service: str) -> dict[str, str]:
    workload = next(each for each in of_kind(overlay, "Deployment") if name(each) == service)
    labels: dict[str, str] = workload["spec"]["template"]["metadata"]["labels"]
    return labels


def _may_talk(overlay: str, source: str, target: str) -> bool:
    return _may_leave(overlay, source, target) and _may_enter(overlay, source, target)


def _may_leave(overlay: str, source: str, target: str) -> bool:
    return any(_takes(rule.get("to"), overlay, target) and _has_port(rule, target)
               for rule in _rules(overlay, source, "egress"))  # fmt: skip


def _may_enter(overlay: str, source: str, target: str) -> bool:
    return any(_takes(rule.get("from"), overlay, source) and _has_port(rule, target)
               for rule in _rules(overlay, target, "ingress"))  # fmt: skip


def _rules(overlay: str, service: str, direction: str) -> list[Manifest]:
    policies = [
        each["spec"]
        for each in of_kind(overlay, "NetworkPolicy")
        if selects(each["spec"]["podSelector"], _labels(overlay, service))
    ]
    return [rule for policy in policies for rule in policy.get(direction, ())]


def _takes(peers: list[Manifest] | None, overlay: str, service: str) -> bool:
    if peers is None:
        return True
    own = [peer["podSelector"] for peer in peers if "podSelector" in peer]
    everywhere = any(peer.get("namespaceSelector") == {} for peer in peers)
    return everywhere or any(selects(each, _labels(overlay, service)) for each in own)


def _has_port(rule: Manifest, service: str) -> bool:
    return any(each["port"] == _SETTINGS[service].model_fields["port"].default for each in rule["ports"])
