"""veraPDF, the reference validator of PDF/A, as `make setup-servers` fetches it; a program beside ours."""

import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from deploy.local.programs import VERAPDF, built, installed

UNREADABLE = "unreadable"
_MAIN = "org.verapdf.apps.GreenfieldCliWrapper"
_PASSED, _NOT_ALL_PASSED, _NOT_ALL_READ = 0, 1, range(7, 10)  # exit codes of its command line, 1.28
_VERDICT = re.compile(r"(PASS|FAIL) (\S.*) \w+")
_BROKEN_RULE = re.compile(r"  FAIL (\S+)")
_TIMEOUT_SECONDS = 1800  # 4 s for the first file, well under a second for each scan after it


class ValidatorFailed(RuntimeError):
    """veraPDF did not come to verdicts; the message is the end of what it printed."""


def invalid(files: Sequence[Path], flavour: str = "2b") -> dict[Path, str]:
    """Return those of the PDFs that are not of a PDF/A flavour, each with the rules it breaks.

    One virtual machine looks at all of them. Rules are named as veraPDF's wiki does; a file it
    cannot read breaks ``UNREADABLE``. Raises ``ProgramMissing`` and ``ValidatorFailed``.
    """
    if not files:
        return {}
    places = {str(file.absolute()): file for file in files}
    found = _broken_rules(_run(places, flavour).splitlines())
    broken = {file: found.get(place, [UNREADABLE]) for place, file in places.items()}
    return {file: " ".join(rules) for file, rules in broken.items() if rules}


def _broken_rules(report: Iterable[str]) -> dict[str, list[str]]:
    """Return the broken rules of each file a report has a verdict on: none where it passed."""
    found: dict[str, list[str]] = {}
    rules: list[str] = []
    for line in report:
        if verdict := _VERDICT.fullmatch(line):
            rules = found[verdict.group(2)] = []
        elif rule := _BROKEN_RULE.fullmatch(line):
            rules.append(rule.group(1))
    return found


def _run(places: Iterable[str], flavour: str) -> str:
    java = [installed("java"), "-Xmx512m", "-XX:+UseSerialGC", "-cp", f"{built(VERAPDF.folder)}/*", _MAIN]
    command = [*java, "--flavour", flavour, "--format", "text", "--verbose", "--nonpdfext", *places]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_TIMEOUT_SECONDS)
    if done.returncode not in (_PASSED, _NOT_ALL_PASSED, *_NOT_ALL_READ):
        raise ValidatorFailed(f"veraPDF ended with {done.returncode}\n{(done.stderr or done.stdout)[-3000:]}")
    return done.stdout
