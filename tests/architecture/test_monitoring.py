"""What watches Licet in a cluster - metrics, alerts, the dashboard, traces - looks at what is there."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from shared.observability import Metrics
from tests.support.manifests import K8S, container, of_kind, selects

_OVERLAY = "production-monitored"


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
    alerts = [
        rule
        for each in of_kind(_OVERLAY, "PrometheusRule")
        for group in each["spec"]["groups"]
        for rule in group["rules"]
    ]
    headings = re.findall(r"^## (.+)$", (repository_root / "docs/runbook.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert {each["alert"] for each in alerts} == {each for each in headings if each.startswith("Licet")}
    assert _metrics_in(each["expr"] for each in alerts) <= _metrics()


def test_the_dashboard_shows_metrics_that_exist() -> None:
    shown = json.loads((K8S / "components/monitoring/licet.json").read_text(encoding="utf-8"))

    used = _metrics_in(target["expr"] for panel in shown["panels"] for target in panel["targets"])

    assert used
    assert used <= _metrics()


def _metrics_in(expressions: Iterable[str]) -> set[str]:
    return {name for each in expressions for name in re.findall(r"\blicet_[a-z_]+\b", each)}


def _metrics() -> set[str]:
    """The names of all time series of a service."""
    families = Metrics("test").registry.collect()
    return {f"{each.name}{suffix}" for each in families for suffix in ("", "_total", "_bucket", "_sum", "_count")}
