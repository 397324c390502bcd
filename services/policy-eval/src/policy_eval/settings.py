"""The settings of policy-eval, from environment variables that begin with `LICET_`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator may choose."""

    model_config = SettingsConfigDict(env_prefix="LICET_", frozen=True)

    database_url: str = Field(
        "sqlite+aiosqlite:///data/policy-eval.sqlite", description="The service's own database, as a SQLAlchemy URL."
    )
    broker_url: str = Field(
        description="RabbitMQ, such as amqp://user:password@host:5672/, or amqps://…?cafile=… over TLS."
    )
    blob_dir: Path = Field(Path("data/blobs/policy-eval"), description="The folder of decided components.")
    blob_url: str = Field(
        "",
        description="An S3 bucket in place of the folder, such as `s3://bucket/licet`; the usual `AWS_` variables open it.",
    )
    internal_key: str = Field(min_length=32, description="Signs the principal between the services; the same for all.")
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8002, description="The port to listen on.")
    public_url: str = Field("", description="How people reach the gateway, for links; empty for links without a host.")
    sbom_ingest_url: str = Field("http://127.0.0.1:8001", description="Where sbom-ingest listens.")
    policy_two_people: bool = Field(
        False,
        description="Whether a policy, and a classification of a licence, takes effect only when a second person agrees.",
    )
    export_retention_years: int = Field(
        5, ge=5, description="For how many years evidence of exports is kept; the law asks for five at least."
    )
    traces_url: str = Field(
        "",
        description="Where spans go by OTLP over HTTP, such as `http://collector:4318/v1/traces`; none when empty.",
    )
