"""Word-processor documents become PDFs; the one door to LibreOffice.

The program runs in a session of its own with a profile of its own, and is killed with all it
started when its time is over. Macros do not run and links out of the document are not followed.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import escape

from services.ocr.pages import UnfitPaper
from shared.packages import DOCX, PackageRefused, first_bytes

PROGRAM = "soffice"
# PDF/A-2b with the document's structure, no forms, every font embedded; names of LibreOffice 7.4's export filter
_FILTER = (
    'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"ExportFormFields":{"type":"boolean","value":"false"},'
    '"EmbedStandardFonts":{"type":"boolean","value":"true"},'
    '"ExportBookmarks":{"type":"boolean","value":"true"}}'
)
_GRACE_SECONDS = 5
_FONTS = "fonts.conf"
_SUFFIX = {DOCX: ".docx"}
_NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), "http://127.0.0.1:9")
_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),  # never
)
# Word shows these names as faces of a family; elsewhere they are fonts that nobody has
_FACES = ("Times New Roman Bold", "Times New Roman Italic", "Times New Roman Bold Italic")
_LINKS_OUT = re.compile(
    rb'Type="[^"]*/(?:attachedTemplate|oleObject|frame|subDocument|image)"[^>]*TargetMode="External"'
    rb'|TargetMode="External"[^>]*Type="[^"]*/(?:attachedTemplate|oleObject|frame|subDocument|image)"'
)


def to_pdf(path: Path, folder: Path, *, media_type: str, timeout_seconds: float) -> Path:
    """Write a DOCX or ODT as PDF/A-2b into ``folder``; raises ``UnfitPaper``.

    Its reasons: ``no-office-converter`` where LibreOffice is not installed, ``conversion-timeout``,
    and ``corrupt`` where it makes nothing of the file.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise UnfitPaper(reason="no-office-converter")
    with tempfile.TemporaryDirectory(dir=folder, prefix="office-") as work:
        source = Path(work) / f"paper{_SUFFIX.get(media_type, '.odt')}"
        source.symlink_to(path.resolve())
        _write_profile(Path(work) / "profile" / "user")
        _write_fonts(Path(work) / _FONTS)
        _run(_command(program, source, timeout_seconds), Path(work), timeout_seconds)
        made = source.with_suffix(".pdf")
        if not made.is_file():
            raise UnfitPaper(reason="corrupt")
        return Path(shutil.move(made, folder / "converted.pdf"))


def _command(program: str, source: Path, timeout_seconds: float) -> list[str]:
    work = source.parent
    options = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo")
    profile = f"-env:UserInstallation={(work / 'profile').as_uri()}"
    conversion = ("--convert-to", _FILTER, "--outdir", str(work), str(source))
    return [*_bounded(timeout_seconds), program, profile, *options, *conversion]


def _bounded(timeout_seconds: float) -> tuple[str, ...]:
    """Return what ends the program and all it started, should we be killed before we can."""
    return ("timeout", "--signal=KILL", f"{timeout_seconds + _GRACE_SECONDS:.0f}")


def _run(command: list[str], work: Path, timeout_seconds: float) -> None:
    environment = {
        **os.environ,
        **_NO_NETWORK,
        "HOME": str(work),
        "TMPDIR": str(work),
        "FONTCONFIG_FILE": str(work / _FONTS),
    }
    process = subprocess.Popen(
        command,
        cwd=work,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # it quotes the paths and the text of what it fails on
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout_seconds)
    except subprocess.TimeoutExpired as error:
        raise UnfitPaper(reason="conversion-timeout") from error
    finally:
        _kill_group(process)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End the program and what it started: the one we know is only a starter."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _write_profile(folder: Path) -> None:
    folder.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{escape(path)}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    head = '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    (folder / "registrymodifications.xcu").write_text(f"{head}{items}</oor:items>\n", encoding="utf-8")


def _write_fonts(file: Path) -> None:
    """Tell the program's font library which families some names stand for."""
    aliases = "".join(
        f"<alias binding='same'><family>{face}</family><prefer><family>Times New Roman</family>"
        "<family>Liberation Serif</family></prefer></alias>"
        for face in _FACES
    )
    system = "<include ignore_missing='yes'>/etc/fonts/fonts.conf</include>"
    file.write_text(f"<?xml version='1.0'?><fontconfig>{aliases}{system}</fontconfig>\n", encoding="utf-8")


def active_content(path: Path) -> tuple[str, ...]:
    """Return what a document carries beside its text: ``embedded-files``, ``external-action``, ``macros``."""
    found = set()
    try:
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                found |= _active(package, name)
    except (zipfile.BadZipFile, PackageRefused, OSError) as error:
        raise UnfitPaper(reason="corrupt") from error
    return tuple(sorted(found))


def _active(package: zipfile.ZipFile, name: str) -> set[str]:
    if "/embeddings/" in name or (name.startswith("Object ") and name.endswith("/content.xml")):
        return {"embedded-files"}
    if name.endswith("vbaProject.bin") or name.startswith(("Basic/", "Scripts/")):
        return {"macros"}
    if name.endswith(".rels") and _LINKS_OUT.search(first_bytes(package, name)):
        return {"external-action"}
    return set()
