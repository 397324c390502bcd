"""The rendered Kubernetes manifests as objects, and the few questions that tests ask of them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

K8S = Path(__file__).parents[2] / "deploy/k8s"
OVERLAYS = tuple(sorted(path.name for path in (K8S / "overlays").iterdir()))

Manifest = dict[str, Any]


@cache
def rendered(overlay: str) -> tuple[Manifest, ...]:
    """What `make manifests` committed for the overlay."""
    return tuple(yaml.safe_load_all((K8S / "rendered" / f"{overlay}.yaml").read_text(encoding="utf-8")))


def of_kind(overlay: str, *kinds: str) -> list[Manifest]:
    return [each for each in rendered(overlay) if each["kind"] in kinds]


def workloads(overlay: str) -> list[Manifest]:
    return of_kind(overlay, "Deployment", "Job", "StatefulSet")


def our_workloads(overlay: str) -> list[Manifest]:
    """The Deployments and Jobs that run this project's images."""
    return of_kind(overlay, "Deployment", "Job")


def pod(workload: Manifest) -> Manifest:
    spec: Manifest = workload["spec"]["template"]["spec"]
    return spec


def container(workload: Manifest) -> Manifest:
    """The one container of a workload."""
    (only,) = pod(workload)["containers"]
    return dict(only)


def name(manifest: Manifest) -> str:
    return str(manifest["metadata"]["name"])


def secret_keys(workload: Manifest) -> Iterator[tuple[str, str]]:
    """(Secret, key) of every variable that is taken from a Secret."""
    for variable in container(workload).get("env", ()):
        if reference := variable.get("valueFrom", {}).get("secretKeyRef"):
            yield reference["name"], reference["key"]


def selects(selector: Manifest, labels: dict[str, str]) -> bool:
    """Whether a label selector takes an object with these labels; `In` is the only operator in use."""
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    return all(labels.get(each["key"]) in each["values"] for each in selector.get("matchExpressions", ()))
