"""The engine: tesseract, one process a page; the one door to pytesseract."""

import hashlib
import os
import signal
import subprocess
import unicodedata
from pathlib import Path

from pytesseract import pytesseract

from services.ocr.pages import PageFailed
from services.ocr.recognise import EngineFacts, EngineInterrupted, Recognised
from shared.errors import HosoError

# whoever ends a whole process group ends our child with it: the page is not to blame
_STOPPED_FROM_OUTSIDE = (-signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP)
# inverted text is rare on letters, and looking for it costs a tenth of the time
_OPTIONS = "--psm 3 -c tessedit_do_invert=0 -c tessedit_create_txt=1 -c tessedit_create_hocr=1 -c page_separator="
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
        self.facts = EngineFacts(_name(), languages, _models(languages))

    def recognise(self, picture: Path, *, dpi: float) -> Recognised:
        """Read a page in one call for both outputs, written beside the picture."""
        base = picture.with_suffix("")
        try:
            pytesseract.run_tesseract(
                str(picture),
                str(base),
                extension="",
                lang=self.facts.languages,
                config=f"--dpi {round(dpi)} {_OPTIONS}",
                timeout=self._timeout_seconds,
            )
        except pytesseract.TesseractError as error:
            if error.status in _STOPPED_FROM_OUTSIDE:
                raise EngineInterrupted from error
            raise PageFailed(f"tesseract ended with {error.status}", reason="engine-failed") from error
        except RuntimeError as error:  # all that pytesseract says of a timeout
            raise PageFailed(reason="page-timed-out") from error
        except OSError as error:
            raise EngineInterrupted(f"tesseract cannot be started: {error.strerror}") from error
        return _outputs(base)


def _outputs(base: Path) -> Recognised:
    text = base.with_suffix(".txt").read_text(encoding="utf-8")
    return Recognised(unicodedata.normalize("NFC", text).strip(), base.with_suffix(".hocr").read_bytes())


def _name() -> str:
    return f"tesseract {_ask('--version').split()[1]}"


def _models(languages: str) -> dict[str, str]:
    """Return the SHA-256 of each model file."""
    # the first line of the answer is: List of available languages in "/usr/share/…/tessdata/" (3):
    folder = Path(_ask("--list-langs").split('"')[1])
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
