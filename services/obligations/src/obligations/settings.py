"""The settings of obligations, from environment variables that begin with `LICET_`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator may choose."""

    model_config = SettingsConfigDict(env_prefix="LICET_", frozen=True)

    database_url: str = Field(
        "sqlite+aiosqlite:///data/obligations.sqlite", description="The service's own database, as a SQLAlchemy URL."
    )
    broker_url: str = Field(
        description="RabbitMQ, such as amqp://user:password@host:5672/, or amqps://…?cafile=… over TLS."
    )
    blob_dir: Path = Field(Path("data/blobs/obligations"), description="The folder of rendered notices.")
    blob_url: str = Field(
        "",
        description="An S3 bucket in place of the folder, such as `s3://bucket/licet`; the usual `AWS_` variables open it.",
    )
    internal_key: str = Field(min_length=32, description="Signs the principal between the services; the same for all.")
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8003, description="The port to listen on.")
    policy_eval_url: str = Field("http://127.0.0.1:8002", description="Where policy-eval listens.")
    organization_name: str | None = Field(None, description="Who delivers the products, for the head of notices.")
    open_source_contact: str | None = Field(None, description="Whom recipients ask about open source, for notices.")
    notice_signing_key: Path | None = Field(
        None,
        description="The file of an Ed25519 private key in PEM that final notices are signed with; none when unset.",
    )
    verification_two_people: bool = Field(
        False, description="Whether nobody may verify an obligation that they have fulfilled or given evidence of."
    )
    traces_url: str = Field(
        "",
        description="Where spans go by OTLP over HTTP, such as `http://collector:4318/v1/traces`; none when empty.",
    )
