"""``python -m deploy.monitoring.render OUT [--faster 60] [--docs URL]``: the rules for one place.

``--docs`` says where docs/ is published, for the links to the runbook. ``--faster`` is for drills: every window, every
``for`` and every limit on an age is divided by it, so that an alert comes in seconds; objectives stay what they are.
"""

import argparse
import re
import sys
from pathlib import Path

from deploy.monitoring.rules_files import FILES

PUBLISHED = "https://hoso.example.vn/docs"
_MILLISECONDS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}
_WINDOW = re.compile(r"(?<=\[)(\d+)([mhd])(?=\])|(?<=offset )(\d+)([mhd])|(?<=for: )(\d+)([mhd])")
_AGE = re.compile(r"((?:_seconds|_timestamp_seconds)(?:\{[^}]*\})?\) > )(\d+)")


def rendered(text: str, *, faster: int = 1, docs: str = PUBLISHED) -> str:
    """Return rules with their windows divided and their runbook where it is published."""
    text = text.replace(PUBLISHED, docs.rstrip("/"))
    if faster == 1:
        return text
    text = _WINDOW.sub(lambda found: _divided(found, faster), text)
    return _AGE.sub(lambda found: f"{found[1]}{int(found[2]) / faster:g}", text)


def _divided(found: re.Match[str], faster: int) -> str:
    amount, unit = (part for part in found.groups() if part is not None)
    return f"{int(amount) * _MILLISECONDS[unit] // faster}ms"


def main(arguments: list[str]) -> int:
    """Write the rules and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.monitoring.render", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder to write the rules to")
    parser.add_argument("--faster", type=int, default=1, metavar="N", help="divide windows and ages by so much")
    parser.add_argument("--docs", default=PUBLISHED, metavar="URL", help="where docs/ is published")
    told = parser.parse_args(arguments)
    told.out.mkdir(parents=True, exist_ok=True)
    for path in FILES:
        (told.out / path.name).write_text(rendered(path.read_text(), faster=told.faster, docs=told.docs))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
