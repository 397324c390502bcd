"""The fields that the overlays use of the kinds of the two operators, and no other: what is not here is refused.

Written from the types of the operators (names, kinds of values, what is required, enumerations and limits), not copied
from their schemas. What Kubernetes itself defines - resources, affinity - its own schema checks (`embedded_in_a_pod`).

| kind | source |
| --- | --- |
| `RabbitmqCluster` | rabbitmq/cluster-operator, `api/v1beta1/rabbitmqcluster_types.go`, 039848e02910 (MPL-2.0) |
| `Cluster` | cloudnative-pg/cloudnative-pg, `api/v1/cluster_types.go`, 000280e2dbd3 (Apache-2.0); roles by its manual |
| `Database` | cloudnative-pg/cloudnative-pg, `api/v1/database_types.go`, 083d1a4f3da5 (Apache-2.0) |
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, convert, field

Quantity = Annotated[str, Meta(pattern=r"^[0-9]+(\.[0-9]+)?(m|Ki|Mi|Gi|Ti)?$")]
Name = Annotated[str, Meta(pattern=r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", max_length=63)]
_BuiltIn = dict[str, Any]


class Metadata(Struct, forbid_unknown_fields=True, rename="camel"):
    name: Name
    namespace: Name
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}


class NameOnly(Struct, forbid_unknown_fields=True, rename="camel"):
    name: Name


class Persistence(Struct, forbid_unknown_fields=True, rename="camel"):
    storage: Quantity
    storage_class_name: str | None = None


class RabbitmqConfiguration(Struct, forbid_unknown_fields=True, rename="camel"):
    additional_config: Annotated[str, Meta(max_length=2_000)]


class RabbitmqClusterSpec(Struct, forbid_unknown_fields=True, rename="camel"):
    replicas: Annotated[int, Meta(ge=0)]
    image: str
    persistence: Persistence
    rabbitmq: RabbitmqConfiguration
    resources: _BuiltIn
    affinity: _BuiltIn


class RabbitmqCluster(Struct, forbid_unknown_fields=True, rename="camel"):
    api_version: Literal["rabbitmq.com/v1beta1"]
    kind: Literal["RabbitmqCluster"]
    metadata: Metadata
    spec: RabbitmqClusterSpec

    def embedded_in_a_pod(self) -> _BuiltIn:
        return _pod(self.spec.resources, self.spec.affinity)


class Storage(Struct, forbid_unknown_fields=True, rename="camel"):
    size: Quantity
    storage_class: str | None = None


class InstanceAffinity(Struct, forbid_unknown_fields=True, rename="camel"):
    enable_pod_anti_affinity: bool
    pod_anti_affinity_type: Literal["preferred", "required"]
    topology_key: str


class PostgresConfiguration(Struct, forbid_unknown_fields=True, rename="camel"):
    pg_hba: list[str] = field(name="pg_hba", default_factory=list)
    parameters: dict[str, str] = {}


class Role(Struct, forbid_unknown_fields=True, rename="camel"):
    name: str
    password_secret: NameOnly
    login: bool
    ensure: Literal["present", "absent"] = "present"


class Managed(Struct, forbid_unknown_fields=True, rename="camel"):
    roles: list[Role]


class ClusterSpec(Struct, forbid_unknown_fields=True, rename="camel"):
    instances: Annotated[int, Meta(ge=1)]
    image_name: str
    storage: Storage
    resources: _BuiltIn
    affinity: InstanceAffinity
    postgresql: PostgresConfiguration
    managed: Managed


class Cluster(Struct, forbid_unknown_fields=True, rename="camel"):
    api_version: Literal["postgresql.cnpg.io/v1"]
    kind: Literal["Cluster"]
    metadata: Metadata
    spec: ClusterSpec

    def embedded_in_a_pod(self) -> _BuiltIn:
        return _pod(self.spec.resources, {})


DatabaseName = Annotated[str, Meta(pattern=r"^(?!(postgres|template0|template1)$)")]


class DatabaseSpec(Struct, forbid_unknown_fields=True, rename="camel"):
    cluster: NameOnly
    name: DatabaseName
    owner: str


class Database(Struct, forbid_unknown_fields=True, rename="camel"):
    api_version: Literal["postgresql.cnpg.io/v1"]
    kind: Literal["Database"]
    metadata: Metadata
    spec: DatabaseSpec

    def embedded_in_a_pod(self) -> _BuiltIn:
        return _pod({}, {})


KINDS: dict[str, type[RabbitmqCluster | Cluster | Database]] = {
    each.__name__: each for each in (RabbitmqCluster, Cluster, Database)
}


def read(manifest: _BuiltIn) -> RabbitmqCluster | Cluster | Database:
    """Return the object of an operator; raises msgspec.ValidationError for one that breaks what is said above."""
    return convert(manifest, KINDS[manifest["kind"]])


def _pod(resources: _BuiltIn, affinity: _BuiltIn) -> _BuiltIn:
    container = {"name": "any", "image": "any", "resources": resources}
    spec = {"containers": [container], "affinity": affinity}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "any"}, "spec": spec}
