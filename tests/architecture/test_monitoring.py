"""What watches Licet in a cluster - metrics, alerts, the dashboard, traces - looks at what is there."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from shared.observability import Metrics
from tests.support.manifests import K8S, Manifest, container, of_kind, selects

_OVERLAY = "production-monitored"
_PROMTOOL = shutil.which("promtool")


def test_every_service_may_send_its_spans_to_where_it_is_told_to() -> None:
    for each in of_kind(_OVERLAY, "Deployment"):
        (url,) = (urlsplit(v["value"]) for v in container(each)["env"] if v["name"] == "LICET_TRACES_URL")
        host = str(url.hostname).split(".")
        labels = each["spec"]["template"]["metadata"]["labels"]
        policies = [p["spec"] for p in of_kind(_OVERLAY, "NetworkPolicy") if selects(p["spec"]["podSelector"], labels)]
        allowed = {
            (peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"], port["port"])
            for policy in policies
            for rule in policy.get("egress", ())
            for peer in rule.get("to", ())
            for port in rule["ports"]
            if "matchLabels" in peer.get("namespaceSelector", {})
        }

        assert (host[1], url.port) in allowed
        assert url.path == "/v1/traces"  # where OTLP over HTTP is received


def test_every_alert_looks_at_metrics_that_exist_and_has_its_place_in_the_runbook(repository_root: Path) -> None:
    headings = re.findall(r"^## (.+)$", (repository_root / "docs/runbook.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert {each["alert"] for each in _alerts()} == {each for each in headings if each.startswith("Licet")}
    assert _metrics_in(each["expr"] for each in _alerts()) <= _metrics()


def test_the_dashboard_shows_metrics_that_exist() -> None:
    shown = json.loads((K8S / "components/monitoring/licet.json").read_text(encoding="utf-8"))

    used = _metrics_in(target["expr"] for panel in shown["panels"] for target in panel["targets"])

    assert used
    assert used <= _metrics()


@pytest.mark.skipif(_PROMTOOL is None, reason="promtool (Debian: prometheus) tries the alerts")
def test_each_alert_fires_when_it_is_to_and_is_silent_otherwise(tmp_path: Path, repository_root: Path) -> None:
    (rule,) = of_kind(_OVERLAY, "PrometheusRule")
    (tmp_path / "alerts.yaml").write_text(yaml.safe_dump(rule["spec"]), encoding="utf-8")
    shutil.copy(repository_root / "tests/data/alerts/alerts.test.yaml", tmp_path)

    for command in (["check", "rules", "alerts.yaml"], ["test", "rules", "alerts.test.yaml"]):
        done = subprocess.run([str(_PROMTOOL), *command], cwd=tmp_path, capture_output=True, text=True, check=False)

        assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_is_tried(repository_root: Path) -> None:
    tried = yaml.safe_load((repository_root / "tests/data/alerts/alerts.test.yaml").read_text(encoding="utf-8"))[
        "tests"
    ]
    fired = {each["alertname"] for test in tried for each in test["alert_rule_test"] if each.get("exp_alerts")}

    assert fired == {each["alert"] for each in _alerts()}


def _alerts() -> list[Manifest]:
    rules = (each["spec"]["groups"] for each in of_kind(_OVERLAY, "PrometheusRule"))
    return [rule for groups in rules for group in groups for rule in group["rules"]]


def _metrics_in(expressions: Iterable[str]) -> set[str]:
    return {name for each in expressions for name in re.findall(r"\blicet_[a-z_]+\b", each)}


def _metrics() -> set[str]:
    """The names of all time series of a service."""
    families = Metrics("test").registry.collect()
    return {f"{each.name}{suffix}" for each in families for suffix in ("", "_total", "_bucket", "_sum", "_count")}
