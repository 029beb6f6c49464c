"""All settings of the OCR workers."""

import os
import tempfile
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from services.ocr.fields import NAMES
from services.ocr.limits import Limits
from services.ocr.required import USUAL, Demands
from shared.settings import Port, block
from shared.topics import Lane

_OPS_PORTS = {Lane.EXPRESS: 9083, Lane.BULK: 9084}


class OcrSettings(BaseSettings):
    """How an OCR worker does its work."""

    model_config = block("OCR_")

    lane: Lane = Field(Lane.EXPRESS, description="the lane this process serves")
    threads: int | None = Field(None, ge=1, description="pages recognised at once; as many as cores if not set")
    niceness: int = Field(0, ge=0, le=19, description="how far this process gives way to others")
    slice_seconds: float = Field(30, gt=0, description="after this no page is begun; the rest goes back to the lane")
    page_timeout_seconds: float = Field(60, gt=0, description="a page that takes longer is given up")
    file_timeout_seconds: float = Field(
        60, gt=0, description="a file that takes longer to be judged is refused, a document that does is left out"
    )
    child_memory_bytes: int = Field(
        1_500_000_000, ge=300_000_000, description="a page or file that needs more memory is given up"
    )
    attempts_limit: int = Field(5, ge=1, description="a slice begun more often, and never ended, kills workers")
    failed_share_limit: float = Field(
        0.5, ge=0, lt=1, description="a paper with more failed pages than this has failed"
    )
    review_confidence: float = Field(60, ge=0, le=100, description="a page read worse than this asks for review")
    field_confidence: float = Field(USUAL.least, ge=0, le=1, description="a field read less surely asks for review")
    field_confidences: dict[str, float] = Field(
        default_factory=lambda: dict(USUAL.least_by_field),
        description="the same for single fields, as JSON; 0 asks nobody",
    )
    required_fields: dict[str, tuple[str, ...]] = Field(
        default_factory=lambda: {kind: tuple(names) for kind, names in USUAL.required.items()},
        description="the fields that each kind of document must have, as JSON; the empty name stands for all others",
    )
    pages_limit: int = Field(2000, ge=1, description="a paper with more pages is refused")
    pixels_limit: int = Field(100_000_000, ge=1, description="a picture with more pixels is refused unopened")
    engine: Literal["tesserocr", "tesseract"] = Field(
        "tesserocr", description="the engine inside our children, or the installed program, slower by a quarter"
    )
    passwords: tuple[SecretStr, ...] = Field((), description="tried on locked files, as a JSON list")
    trust_roots: tuple[Path, ...] = Field(
        (), description="files of certificates that signatures must lead to, as a JSON list; none: not asked"
    )
    languages: str = Field("vie", pattern=r"^[a-z_]+(\+[a-z_]+)*$", description="the engine's models")
    work_directory: Path = Field(
        default_factory=lambda: Path(tempfile.gettempdir()) / "hoso-ocr",
        description="where workers of this machine keep the pages they are at",
    )
    ops_host: str = Field("127.0.0.1", description="where health and metrics are served")
    ops_port: Port | None = Field(None, description="9083 for express and 9084 for bulk if not set")

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        named = {*self.field_confidences, *(name for names in self.required_fields.values() for name in names)}
        if wrong := sorted(named - set(NAMES)):
            names = ", ".join(wrong)
            raise ValueError(f"HOSO_OCR_FIELD_CONFIDENCES, HOSO_OCR_REQUIRED_FIELDS: no field that is read: {names}")
        if missing := [str(path) for path in self.trust_roots if not path.is_file()]:
            raise ValueError(f"HOSO_OCR_TRUST_ROOTS: there is no file {', '.join(missing)}")
        return self

    @property
    def page_threads(self) -> int:
        """How many pages are recognised at once."""
        return self.threads or len(os.sched_getaffinity(0))

    @property
    def limits(self) -> Limits:
        """How much of a file is opened."""
        passwords = tuple(password.get_secret_value() for password in self.passwords)
        return Limits(pages=self.pages_limit, pixels=self.pixels_limit, passwords=passwords)

    @property
    def demands(self) -> Demands:
        """What a paper must say, and how surely it must be read."""
        return Demands(self.required_fields, self.field_confidence, self.field_confidences)

    @property
    def port(self) -> int:
        """The second port."""
        return self.ops_port if self.ops_port is not None else _OPS_PORTS[self.lane]
