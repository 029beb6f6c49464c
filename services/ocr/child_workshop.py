"""The steps of digitising a paper, each done in a child process that can be killed."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from services.ocr.children import CallFailed, Children
from services.ocr.facts import Checkpoint, PageFacts
from services.ocr.fields import Fields
from services.ocr.pages import PageFailed, UnfitPaper
from services.ocr.recognise import EngineFacts
from services.ocr.settings import OcrSettings
from services.ocr.steps import Composed, Examined
from shared.events import Redo

_WORK = "services.ocr.child_work"
_ASK_SECONDS = 60


class ChildWorkshop:
    """Does the steps in children; a file that harms its child fails, and nothing else does."""

    def __init__(self, settings: OcrSettings, children: Children) -> None:
        self._settings = settings
        self._children = children

    @cached_property
    def facts(self) -> EngineFacts:
        """Which engine reads, and with what; raises ``EngineMissing``."""
        found: EngineFacts = self._call("facts", seconds=_ASK_SECONDS)
        return found

    def examine(self, original: Path, folder: Path) -> Examined:
        """Judge a file; one that cannot be judged within the limits is unfit."""
        try:
            found: Examined = self._call("examine", original, folder, seconds=self._settings.file_timeout_seconds)
        except CallFailed as error:
            raise UnfitPaper(reason=f"file-{error.reason}") from error
        return found

    def read(self, paper: Examined, number: int, folder: Path, redo: Redo | None = None) -> Checkpoint:
        """Read a page; one that cannot be read within the limits fails alone."""
        try:
            arguments = (paper, number, folder, redo)
            found: Checkpoint = self._call("read", *arguments, seconds=self._settings.page_timeout_seconds)
        except CallFailed as error:
            raise PageFailed(reason=f"page-{error.reason}") from error
        return found

    def describe(self, pages: Sequence[PageFacts], folder: Path) -> Fields | None:
        """Read the fields; a paper for which that fails is complete without them."""
        try:
            found: Fields = self._call("describe", list(pages), folder, seconds=self._settings.file_timeout_seconds)
        except CallFailed:
            return None
        return found

    def compose(self, paper: Examined, pages: Sequence[PageFacts], fields: Fields, folder: Path) -> Composed:
        """Make the document; a paper for which that fails is complete with its text."""
        try:
            arguments = (paper, list(pages), fields, folder)
            found: Composed = self._call("compose", *arguments, seconds=self._settings.file_timeout_seconds)
        except CallFailed as error:
            return Composed(None, note=f"document-{error.reason}")
        return found

    def _call(self, function: str, *arguments: object, seconds: float) -> Any:
        return self._children.call(f"{_WORK}:{function}", self._settings, *arguments, seconds=seconds)
