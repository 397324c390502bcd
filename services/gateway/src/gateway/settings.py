"""The settings of the gateway, from environment variables that begin with `LICET_`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class TrailSettings(BaseSettings):
    """Where the audit trail is, and what it is keyed with."""

    model_config = SettingsConfigDict(env_prefix="LICET_", frozen=True)

    database_url: str = Field(
        "sqlite+aiosqlite:///data/gateway.sqlite", description="The service's own database, as a SQLAlchemy URL."
    )
    audit_key: str = Field(
        "", description="Keys the audit trail, so that who can write the database alone cannot forge it; never changed."
    )


class Settings(TrailSettings):
    """What an operator may choose."""

    broker_url: str = Field(
        description="RabbitMQ, such as amqp://user:password@host:5672/, or amqps://…?cafile=… over TLS."
    )
    internal_key: str = Field(min_length=32, description="Signs the principal between the services; the same for all.")
    admin_key: str = Field(
        min_length=32, description="The first administrator's key: any text of 32 characters or more."
    )
    token_issuers: Path | None = Field(
        None, description="A YAML file of identity providers whose OIDC tokens are taken, and what they open."
    )
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8000, description="The port to listen on.")
    trusted_proxies: str = Field(
        "",
        description="Addresses of proxies, with commas, whose `X-Forwarded-For` names the caller; nobody's by default.",
    )
    rate_limit: int = Field(
        600,
        ge=0,
        description="Requests a minute: of a key, of an address without one, and a sixth of it of wrong keys; 0 = no limit.",
    )
    connections_per_address: int = Field(
        512, ge=0, description="Connections at once of one address, trusted proxies excepted; 0 = no limit."
    )
    concurrent_uploads: int = Field(64, ge=1, description="Uploads at once in this process; half of them for one key.")
    webhook_networks: str = Field(
        "", description="Private networks, with commas, that webhooks may reach, such as `10.20.0.0/16`; over http too."
    )
    sbom_ingest_url: str = Field("http://127.0.0.1:8001", description="Where sbom-ingest listens.")
    policy_eval_url: str = Field("http://127.0.0.1:8002", description="Where policy-eval listens.")
    obligations_url: str = Field("http://127.0.0.1:8003", description="Where obligations listens.")
    traces_url: str = Field(
        "",
        description="Where spans go by OTLP over HTTP, such as `http://collector:4318/v1/traces`; none when empty.",
    )
