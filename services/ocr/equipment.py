"""What a worker must find on its machine before it takes a paper: the engine, its models, a folder to work in."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from services.ocr.office import PROGRAM
from services.ocr.settings import OcrSettings
from shared.settings import BadSettings, read

_ENGINE, _ORIENTATION = "tesseract", "osd"
_SECONDS = 60


def check_equipment() -> None:
    """Return if all is there; raises ``BadSettings`` with a line for each thing that is not.

    LibreOffice may be missing: then documents of word processors are refused, each with its reason.
    """
    settings = read(OcrSettings)
    if lines := [*_engine(settings), *_folder(settings)]:
        raise BadSettings(lines)
    if shutil.which(PROGRAM) is None:
        print(f"hoso: {PROGRAM} is not installed: DOCX and ODT will be refused", file=sys.stderr)


def _engine(settings: OcrSettings) -> Iterator[str]:
    try:
        asked = subprocess.run([_ENGINE, "--list-langs"], capture_output=True, text=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        yield f"{_ENGINE} does not run: {type(error).__name__} (Debian: tesseract-ocr)"
        return
    present = set((asked.stdout or asked.stderr).split())
    for model in (*settings.languages.split("+"), _ORIENTATION):
        if model not in present:
            yield f"HOSO_OCR_LANGUAGES: {_ENGINE} has no model {model} (Debian: tesseract-ocr-{model})"


def _folder(settings: OcrSettings) -> Iterator[str]:
    folder = settings.work_directory
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield f"HOSO_OCR_WORK_DIRECTORY={folder}: {error.strerror}"
