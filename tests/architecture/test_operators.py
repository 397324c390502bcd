"""RabbitMQ and PostgreSQL from their operators: the fields exist, and names, Secrets and edges fit those of the services."""

import subprocess
from typing import Any

import kubernetes_validate
import msgspec
import pytest
import yaml
from sqlalchemy import make_url

from tests.support.manifests import K8S, Manifest, name, of_kind, our_workloads, secret_keys
from tests.support.operators import KINDS, read

_RABBITMQ, _POSTGRESQL = "production-rabbitmq-operator", "production-cloudnative-pg"
_OBJECTS = [*of_kind(_RABBITMQ, *KINDS), *of_kind(_POSTGRESQL, *KINDS)]


@pytest.mark.parametrize("each", _OBJECTS, ids=lambda each: f"{each['kind']} {name(each)}")
def test_an_object_has_fields_of_its_kind_alone(each: Manifest) -> None:
    kubernetes_validate.validate(read(each).embedded_in_a_pod(), "1.37", strict=True)

    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        read({**each, "spec": each["spec"] | {"instanceCount": 3}})


def test_services_take_the_broker_from_the_secret_that_the_operator_makes() -> None:
    (cluster,) = of_kind(_RABBITMQ, "RabbitmqCluster")

    taken = {key for each in of_kind(_RABBITMQ, "Deployment") for key in secret_keys(each) if key[1] != "internal-key"}

    made = {key for key in taken if key[0] == f"{name(cluster)}-default-user"}
    assert made == {(f"{name(cluster)}-default-user", "connection_string")}
    assert {key for _, key in taken - made} == {"database-url", "admin-key", "audit-key"}


def test_a_broker_keeps_its_log_as_short_as_that_of_the_single_node() -> None:
    (cluster,) = of_kind(_RABBITMQ, "RabbitmqCluster")
    (settings,) = (each["data"] for each in of_kind("single-node", "ConfigMap") if "rabbitmq.conf" in each["data"])

    said = cluster["spec"]["rabbitmq"]["additionalConfig"].splitlines()

    assert said == [line for line in settings["rabbitmq.conf"].splitlines() if not line.startswith("#")]


def test_each_service_has_a_role_a_database_and_a_secret_that_fit() -> None:
    (cluster,) = of_kind(_POSTGRESQL, "Cluster")
    secrets = {name(each): each for each in _made_secrets()}
    databases = {each["spec"]["name"]: each["spec"] for each in of_kind(_POSTGRESQL, "Database")}

    for role in cluster["spec"]["managed"]["roles"]:
        secret = secrets.pop(role["passwordSecret"]["name"])
        url = make_url(secret["stringData"]["database-url"])

        assert secret["type"] == "kubernetes.io/basic-auth"
        assert (url.username, url.password) == (secret["stringData"]["username"], secret["stringData"]["password"])
        assert url.username == role["name"] == url.database  # `sameuser` in pg_hba
        assert (url.host, url.port, url.query) == (f"{name(cluster)}-rw", 5432, {"ssl": "require"})
        database = databases.pop(str(url.database))
        assert (database["owner"], database["cluster"]) == (role["name"], {"name": name(cluster)})
    assert (secrets, databases) == ({}, {})


def test_the_secrets_that_are_printed_are_those_that_pods_ask_for_beside_the_shared_one() -> None:
    made = {(name(each), key) for each in _made_secrets() for key in each["stringData"]}
    asked = {key for each in our_workloads(_POSTGRESQL) for key in secret_keys(each)}

    assert asked - made == {("licet-shared", "broker-url"), ("licet-shared", "internal-key")}
    assert {key for _, key in made - asked} == {"username", "password"}


@pytest.mark.parametrize(
    ("overlay", "labels", "port"),
    [
        (_RABBITMQ, {"app.kubernetes.io/name": "rabbitmq"}, 5672),
        (_POSTGRESQL, {"cnpg.io/cluster": "postgresql"}, 5432),
    ],
)
def test_services_may_reach_the_pods_that_the_operator_makes_and_they_take_them(
    overlay: str, labels: dict[str, str], port: int
) -> None:
    policies = {name(each): each["spec"] for each in of_kind(overlay, "NetworkPolicy")}
    (of_the_pods,) = (each for each in policies.values() if each["podSelector"].get("matchLabels") == labels)

    out = [rule for rule in policies["database-and-broker"]["egress"] if port in _ports(rule)]

    assert [rule["to"] for rule in out] == [[{"podSelector": {"matchLabels": labels}}]]
    assert any(port in _ports(rule) and "service" in str(rule["from"]) for rule in of_the_pods["ingress"])


def _ports(rule: Manifest) -> list[int]:
    return [each["port"] for each in rule["ports"]]


def _made_secrets() -> list[Any]:
    printed = subprocess.run(
        ["sh", str(K8S / "components/cloudnative-pg/make-secrets.sh")], capture_output=True, text=True, check=True
    ).stdout
    return [each for each in yaml.safe_load_all(printed) if each]
