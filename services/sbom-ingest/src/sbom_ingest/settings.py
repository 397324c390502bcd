"""The settings of sbom-ingest, from environment variables that begin with `LICET_`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator may choose."""

    model_config = SettingsConfigDict(env_prefix="LICET_", frozen=True)

    database_url: str = Field(
        "sqlite+aiosqlite:///data/sbom-ingest.sqlite", description="The service's own database, as a SQLAlchemy URL."
    )
    broker_url: str = Field(
        description="RabbitMQ, such as amqp://user:password@host:5672/, or amqps://…?cafile=… over TLS."
    )
    blob_dir: Path = Field(
        Path("data/blobs/sbom-ingest"), description="The folder of stored documents and inventories."
    )
    blob_url: str = Field(
        "",
        description="An S3 bucket in place of the folder, such as `s3://bucket/licet`; the usual `AWS_` variables open it.",
    )
    internal_key: str = Field(min_length=32, description="Signs the principal between the services; the same for all.")
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8001, description="The port to listen on.")
    readers: int = Field(2, ge=1, le=64, description="How many documents are read at a time, each in its own process.")
    traces_url: str = Field(
        "",
        description="Where spans go by OTLP over HTTP, such as `http://collector:4318/v1/traces`; none when empty.",
    )
