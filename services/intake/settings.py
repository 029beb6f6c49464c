"""The settings of intake."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from services.intake.due_dates import LifeRules
from services.intake.waits import WaitKind
from shared.settings import DatabaseUrl, Port, block


class IntakeSettings(BaseSettings):
    """Where intake listens, what it keeps where, and what it takes."""

    model_config = block("INTAKE_")

    host: str = Field("127.0.0.1", description="address of the API and of the second port")
    port: Port = Field(8081, description="of the API")
    ops_port: Port = Field(9081, description="of health, metrics and API documents")
    database_url: DatabaseUrl = Field(
        SecretStr("sqlite:///var/hoso/intake.db"),
        description="the ledger: sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME",
    )
    search_key: SecretStr = Field(
        min_length=32,
        description="secret of the keyed hashes people are found by; changed, nobody is found any more",
    )
    max_file_bytes: int = Field(100 * 2**20, gt=0, lt=2**31, description="a larger file is refused")
    max_request_bytes: int = Field(256 * 2**20, gt=0, description="a larger upload is ended")
    max_pixels: int = Field(200_000_000, gt=0, description="of one page of a picture; A0 at 300 dpi has 140 million")
    max_pages: int = Field(1000, gt=0, description="of one file")
    inbox: Path | None = Field(None, description="the hot folder; none is watched without it")
    keep_done: bool = Field(False, description="keep files taken from the hot folder in done/ beside it")
    inbox_poll_seconds: float = Field(1, gt=0, description="between two looks at the hot folder")
    inbox_settle_seconds: float = Field(3, ge=0, description="a file that did not change for so long is whole")
    sweep_interval_hours: float = Field(6, gt=0, description="between two sweeps for orphaned objects")
    sweep_age_hours: float = Field(24, gt=0, description="a younger object is left alone")
    review_lease_seconds: float = Field(
        300, gt=0, description="a claim on a review ends when its holder is idle so long"
    )
    keep_answers_hours: float = Field(7 * 24, gt=0, description="how long an Idempotency-Key is honoured")
    supplement_stops_clock: bool = Field(default=True, description="while the applicant supplements a dossier")
    fee_stops_clock: bool = Field(default=True, description="while the applicant pays a fee or tax")
    suspension_stops_clock: bool = Field(default=True, description="while handling is suspended")
    extensions: int = Field(1, ge=0, description="how often a dossier may be extended with an apology")

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.port == self.ops_port:
            raise ValueError("HOSO_INTAKE_PORT and HOSO_INTAKE_OPS_PORT must differ")
        if self.max_file_bytes > self.max_request_bytes:
            raise ValueError("HOSO_INTAKE_MAX_FILE_BYTES is more than HOSO_INTAKE_MAX_REQUEST_BYTES lets in")
        return self

    def life_rules(self) -> LifeRules:
        """Return what stops the clock, and how often a dossier may be extended."""
        stopping = {
            WaitKind.SUPPLEMENT: self.supplement_stops_clock,
            WaitKind.FEE: self.fee_stops_clock,
            WaitKind.SUSPENSION: self.suspension_stops_clock,
        }
        return LifeRules(frozenset(kind for kind, stops in stopping.items() if stops), self.extensions)
