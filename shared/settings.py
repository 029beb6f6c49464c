"""Blocks of settings that several services share; every name and default is in docs/settings.md."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
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
    """Settings are missing, wrong or unknown: a line each that names the variable, never its value."""

    reason = "bad-settings"

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = tuple(lines)


Block = TypeVar("Block", bound=BaseSettings)


def read(kind: type[Block]) -> Block:
    """Return a block read from the environment; raises ``BadSettings``."""
    try:
        return kind()
    except ValidationError as error:
        raise BadSettings([_line(kind, found) for found in error.errors()]) from None


def _line(kind: type[BaseSettings], found: ErrorDetails) -> str:
    said = found["msg"].removeprefix("Value error, ")
    if not found["loc"]:  # of the block as a whole: such a message names its variables itself
        return said
    return f"{variable(kind, str(found['loc'][0]))}: {said}"


def variable(kind: type[BaseSettings], name: str) -> str:
    """Return the environment variable of a setting."""
    return f"{kind.model_config.get('env_prefix', '')}{name}".upper()


def _checked_url(url: SecretStr) -> SecretStr:
    if not _DATABASE_URL.fullmatch(url.get_secret_value()):
        raise ValueError("must be sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME")
    return url


def _checked_servers(servers: str) -> str:
    if not all(_SERVER.fullmatch(server) for server in servers.split(",")):
        raise ValueError("must be host:port, several of them with commas and without spaces between")
    return servers


def _checked_endpoint(endpoint: str | None) -> str | None:
    if endpoint is not None and not _ENDPOINT.fullmatch(endpoint):
        raise ValueError("must be host or host:port without http://; HOSO_STORE_SECURE says whether it is https")
    return endpoint


_DATABASE_URL = re.compile(r"sqlite:///.+|postgresql\+psycopg://[^/]*/.+")
_SERVER = re.compile(r"[^\s,/]+:\d+")
_ENDPOINT = re.compile(r"[^\s/:]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?")
DatabaseUrl = Annotated[SecretStr, AfterValidator(_checked_url)]
Port = Annotated[int, Field(ge=1, le=65535)]


class KafkaSettings(BaseSettings):
    """How to reach the log."""

    model_config = block("KAFKA_")

    bootstrap_servers: Annotated[str, AfterValidator(_checked_servers)] = Field(
        "127.0.0.1:9092", description="host:port, comma-separated"
    )
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

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.security_protocol.startswith("SASL") and not (self.username and self.password.get_secret_value()):
            raise ValueError("HOSO_KAFKA_SECURITY_PROTOCOL asks for HOSO_KAFKA_USERNAME and HOSO_KAFKA_PASSWORD")
        if self.username and not self.security_protocol.startswith("SASL"):
            raise ValueError("HOSO_KAFKA_USERNAME is of no use without SASL in HOSO_KAFKA_SECURITY_PROTOCOL")
        if self.ca_file is not None and not self.security_protocol.endswith("SSL"):
            raise ValueError("HOSO_KAFKA_CA_FILE is of no use without SSL in HOSO_KAFKA_SECURITY_PROTOCOL")
        if self.ca_file is not None and not Path(self.ca_file).is_file():
            raise ValueError("HOSO_KAFKA_CA_FILE: there is no such file")
        return self


class StoreSettings(BaseSettings):
    """Where the bytes lie: in an S3 if an endpoint is given, else in a directory."""

    model_config = block("STORE_")

    directory: Path = Field(Path("var/hoso/objects"), description="used without an endpoint")
    endpoint: Annotated[str | None, AfterValidator(_checked_endpoint)] = Field(
        None, description="host:port of MinIO or any S3"
    )
    access_key: str = Field("", description="of the S3")
    secret_key: SecretStr = Field(SecretStr(""), description="of the S3")
    bucket: str = Field("hoso", description="made where it is missing and we may make it")
    secure: bool = Field(default=True, description="https; false only on a network nobody else shares")

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        keys = (self.access_key, self.secret_key.get_secret_value())
        if self.endpoint is not None and not all(keys):
            raise ValueError("HOSO_STORE_ENDPOINT asks for HOSO_STORE_ACCESS_KEY and HOSO_STORE_SECRET_KEY")
        if self.endpoint is None and any(keys):
            raise ValueError("HOSO_STORE_ACCESS_KEY is of no use without HOSO_STORE_ENDPOINT")
        return self


class OpsSettings(BaseSettings):
    """What a service tells the people who run it."""

    model_config = block("")

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="from this level on")
