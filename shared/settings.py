"""Blocks of settings that several services share; every name and default is in docs/settings.md."""

from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.errors import HosoError


def block(prefix: str) -> SettingsConfigDict:
    """Return the configuration of a block whose variables begin with ``HOSO_<prefix>``."""
    return SettingsConfigDict(
        env_prefix=f"HOSO_{prefix}",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )


class BadSettings(HosoError):
    """A setting is missing or wrong; the message names each variable, never its value."""

    reason = "bad-settings"


Block = TypeVar("Block", bound=BaseSettings)


def read(kind: type[Block]) -> Block:
    """Return a block read from the environment; raises ``BadSettings``."""
    try:
        return kind()
    except ValidationError as error:
        prefix = kind.model_config.get("env_prefix", "")
        wrong = [f"{prefix}{'_'.join(map(str, e['loc']))}".upper() + f": {e['msg']}" for e in error.errors()]
        raise BadSettings("; ".join(wrong)) from None


class KafkaSettings(BaseSettings):
    """How to reach the log."""

    model_config = block("KAFKA_")

    bootstrap_servers: str = Field("127.0.0.1:9092", description="host:port, comma-separated")
    client_id: str = Field("hoso", description="how we name ourselves to the broker")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="with SASL we prove who we are, with SSL nobody listens"
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "SCRAM-SHA-512", description="how we prove who we are"
    )
    username: str = Field("", description="of SASL")
    password: SecretStr = Field(SecretStr(""), description="of SASL")
    ca_file: str | None = Field(None, description="certificates to trust instead of the system's")
    declare_topics: bool = Field(default=True, description="create missing topics at start")
    partitions: int = Field(6, ge=1, description="of a topic we create")
    replication_factor: int = Field(1, ge=1, description="of a topic we create; 3 in production")
    publish_timeout_seconds: float = Field(
        10,
        gt=0,
        description="without an acknowledgement by then the fate of a message is unknown",
    )


class StoreSettings(BaseSettings):
    """Where the bytes lie: in an S3 if an endpoint is given, else in a directory."""

    model_config = block("STORE_")

    directory: Path = Field(Path("var/hoso/objects"), description="used without an endpoint")
    endpoint: str | None = Field(None, description="host:port of MinIO or any S3")
    access_key: str = Field("", description="of the S3")
    secret_key: SecretStr = Field(SecretStr(""), description="of the S3")
    bucket: str = Field("hoso", description="made where it is missing and we may make it")
    secure: bool = Field(default=True, description="https; false only on a network nobody else shares")


class OpsSettings(BaseSettings):
    """What a service tells the people who run it."""

    model_config = block("")

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="from this level on")
