"""The engine: tesseract, one process a page; the one door to pytesseract."""

import copy
import hashlib
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from pytesseract import pytesseract

from services.ocr.engine import SURE_OF_ORIENTATION, Segmentation
from services.ocr.hocr import Layout, parse_pages
from services.ocr.pages import PageFailed
from services.ocr.pixels import Pixels
from services.ocr.recognise import EngineFacts, EngineInterrupted
from shared.errors import HosoError

# whoever ends a whole process group ends our child with it: the page is not to blame
_STOPPED_FROM_OUTSIDE = (-signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP)
# inverted text is rare on letters, and looking for it costs a tenth of the time
_OPTIONS = "-c tessedit_do_invert=0 -c textord_all_prop=1 -c tessedit_create_hocr=1"
_ASK_SECONDS = 30


class EngineMissing(HosoError):
    """Tesseract or one of its models is not installed."""

    reason = "engine-missing"


class Tesseract:
    """Tesseract as installed on this machine, found out once."""

    def __init__(self, *, languages: str, page_timeout_seconds: float) -> None:
        # each process uses one core (stack: 0.75 pages/s on two cores instead of 0.18)
        os.environ["OMP_THREAD_LIMIT"] = "1"
        self._timeout_seconds = page_timeout_seconds
        self._folder: Path | None = None
        self._until: float | None = None
        self.facts = EngineFacts(_name(), languages, _models(languages))

    def for_page(self, folder: Path) -> "Tesseract":
        """Return the engine for one page, which has the page's time for all it asks, and its files in ``folder``."""
        engine = copy.copy(self)
        engine._folder = folder  # noqa: SLF001  # of our own copy
        engine._until = time.monotonic() + self._timeout_seconds  # noqa: SLF001  # the same
        return engine

    def read(self, pictures: Sequence[Pixels], *, dpi: float, segmentation: Segmentation) -> list[Layout]:
        """Read all pictures with one start of the engine."""
        if not pictures:
            return []
        with tempfile.TemporaryDirectory(prefix="tess-", dir=self._folder) as folder:
            paths = _save(pictures, Path(folder))
            config = f"--dpi {round(dpi)} --psm {segmentation.value} {_OPTIONS}"
            self._run(paths, self.facts.languages, config)
            return parse_pages(paths.with_suffix(".hocr").read_bytes(), len(pictures))

    def quarters(self, picture: Pixels, *, dpi: float) -> int:
        """Ask the orientation model; a page it cannot judge stays as it is."""
        with tempfile.TemporaryDirectory(prefix="tess-", dir=self._folder) as folder:
            paths = _save([picture], Path(folder))
            try:
                self._run(paths, "osd", f"--dpi {round(dpi)} --psm 0")
            except PageFailed:  # too few letters on it
                return 0
            answer = dict(re.findall(r"(.+?): (.+)", paths.with_suffix(".osd").read_text(encoding="utf-8")))
        if float(answer["Orientation confidence"]) < SURE_OF_ORIENTATION:
            return 0
        return int(answer["Orientation in degrees"]) // 90 % 4

    def _run(self, picture: Path, languages: str, config: str) -> None:
        """Run the engine on a picture, or on a list of them; its outputs lie beside it."""
        left = self._seconds_left()
        try:
            pytesseract.run_tesseract(
                str(picture),
                str(picture.with_suffix("")),
                extension="",
                lang=languages,
                config=config,
                timeout=left,
            )
        except pytesseract.TesseractError as error:
            if error.status in _STOPPED_FROM_OUTSIDE:
                raise EngineInterrupted from error
            raise PageFailed(f"tesseract ended with {error.status}", reason="engine-failed") from error
        except RuntimeError as error:  # all that pytesseract says of a timeout
            raise PageFailed(reason="page-timed-out") from error
        except OSError as error:
            raise EngineInterrupted(f"tesseract cannot be started: {error.strerror}") from error

    def _seconds_left(self) -> float:
        left = self._timeout_seconds if self._until is None else self._until - time.monotonic()
        if left <= 0:
            raise PageFailed(reason="page-timed-out")
        return left


def _save(pictures: Sequence[Pixels], folder: Path) -> Path:
    """Write the pictures, and return a list of them as the engine takes it."""
    names = [str(folder / f"{number}.pgm") for number in range(len(pictures))]
    for name, picture in zip(names, pictures, strict=True):
        Image.fromarray(picture).save(name)
    listed = folder / "pictures.txt"
    listed.write_text("\n".join(names), encoding="utf-8")
    return listed


def _name() -> str:
    return f"tesseract {_ask('--version').split()[1]}"


def installed_models() -> Path:
    """Return the folder in which the installed engine keeps its models."""
    # the first line of the answer is: List of available languages in "/usr/share/…/tessdata/" (3):
    return Path(_ask("--list-langs").split('"')[1])


def _models(languages: str) -> dict[str, str]:
    """Return the SHA-256 of each model file."""
    folder = installed_models()
    models = {}
    for language in languages.split("+"):
        try:
            with (folder / f"{language}.traineddata").open("rb") as file:
                models[language] = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError as error:
            raise EngineMissing(f"tesseract has no model {language} in {folder}") from error
    return models


def _ask(option: str) -> str:
    command = [pytesseract.tesseract_cmd, option]
    try:
        answer = subprocess.run(command, check=True, capture_output=True, text=True, timeout=_ASK_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineMissing(f"tesseract does not run: {type(error).__name__}") from error
    return answer.stdout or answer.stderr  # it has moved from one to the other between versions
