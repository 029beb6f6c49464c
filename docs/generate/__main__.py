"""``python -m docs.generate``: write the generated documents; with ``--check``, say which are stale."""

import argparse
import sys
from pathlib import Path

from deploy.monitoring import boards
from docs.generate import capacity, events, facts, metrics, settings

ROOT = Path(__file__).parents[2]


def documents() -> dict[Path, str]:
    """Return every generated document: its place and its content."""
    sources = (events, settings, facts, metrics, boards, capacity)
    return {ROOT / name: content for source in sources for name, content in source.documents().items()}


def stale() -> list[Path]:
    """Return the documents that are not as the code says, and those nothing generates any more."""
    wanted = documents()
    changed = [path for path, content in wanted.items() if not path.exists() or path.read_text() != content]
    folders = (ROOT / events.FOLDER, ROOT / boards.FOLDER)
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    left_over = [path for path in files if path not in wanted]
    return sorted(changed + left_over)


def write() -> None:
    """Bring every document up to date."""
    wanted = documents()
    for path in stale():
        if path not in wanted:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path])


def main(arguments: list[str]) -> int:
    """Run the command and return its exit code: 1 where a check finds something stale."""
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and name what is stale")
    if not parser.parse_args(arguments).check:
        write()
        return 0
    found = stale()
    for path in found:
        print(f"{path.relative_to(ROOT)} is stale: run python -m docs.generate")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
