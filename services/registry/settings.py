"""The settings of the registry."""

from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from shared.settings import DatabaseUrl, Port, block

DUE_SOON_HOURS = 24  # a common early warning in systems of provinces


class RegistrySettings(BaseSettings):
    """Where the registry listens and where its database is."""

    model_config = block("REGISTRY_")

    host: str = Field("127.0.0.1", description="address of the API")
    port: Port = Field(8082, description="of the API")
    ops_host: str = Field("127.0.0.1", description="address of the second port")
    ops_port: Port = Field(9082, description="of health, metrics and API documents")
    database_url: DatabaseUrl = Field(
        SecretStr("sqlite:///var/hoso/registry.db"),
        description="SQLAlchemy URL: sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME",
    )
    due_soon_hours: int = Field(
        DUE_SOON_HOURS, ge=1, le=24 * 366, description="how long before its due date a dossier is announced as due soon"
    )
    figures_minutes: float = Field(
        15,
        gt=0,
        le=24 * 60,
        description="how often QD 766 and the progress against targets are computed",
    )

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.port == self.ops_port and self.host == self.ops_host:
            raise ValueError("HOSO_REGISTRY_PORT and HOSO_REGISTRY_OPS_PORT must differ")
        return self
