"""The settings of the standalone, from environment variables that begin with `LICET_`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a person may choose who runs Licet on one machine."""

    model_config = SettingsConfigDict(env_prefix="LICET_", frozen=True)

    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8000, description="The port to listen on.")
    data_dir: Path = Field(Path("data"), description="The folder that holds everything: databases, documents, the key.")
    admin_key: str | None = Field(
        None, min_length=32, description="The first administrator's key; made and kept in `admin.key` when unset."
    )
    rate_limit: int = Field(
        600,
        ge=0,
        description="Requests a minute: of a key, of an address without one, and a sixth of it of wrong keys; 0 = no limit.",
    )
    connections_per_address: int = Field(
        512, ge=0, description="Connections at once of one address; 0 = no limit, as behind a proxy."
    )
    audit_key: str = Field(
        "", description="Keys the audit trail, so that who can write the database alone cannot forge it; never changed."
    )
    token_issuers: Path | None = Field(
        None, description="A YAML file of identity providers whose OIDC tokens are taken, and what they open."
    )
    webhook_networks: str = Field(
        "", description="Private networks, with commas, that webhooks may reach, such as `10.20.0.0/16`; over http too."
    )
    public_url: str = Field("", description="How people reach Licet, for links; its own address when unset.")
    organization_name: str | None = Field(None, description="Who delivers the products, for the head of notices.")
    open_source_contact: str | None = Field(None, description="Whom recipients ask about open source, for notices.")
    notice_signing_key: Path | None = Field(
        None,
        description="The file of an Ed25519 private key in PEM that final notices are signed with; none when unset.",
    )
    traces_url: str = Field(
        "",
        description="Where spans go by OTLP over HTTP, such as `http://collector:4318/v1/traces`; none when empty.",
    )
