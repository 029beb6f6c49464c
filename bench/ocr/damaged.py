"""Damaged files digitised whole, by the command: ``python -m bench.ocr.damaged FILE... --count 2000 --seed 1``.

Each must end with a verdict: a document, or a refusal for what is wrong with the file. What must not
come out: nothing at all, or an end by force of what judged it, read a page of it or made its document.
"""

import argparse
import itertools
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic

from bench.ocr.mutate import Mutant, mutants

FILES_A_COMMAND = 100
_REFUSED = re.compile(r"(\d{5}-[^\r\n]+?): [^\r\n]*\(([a-z-]+)\)")
_BY_FORCE = re.compile("-(timed-out|out-of-memory|crashed)$")
_NOTHING = "NOTHING"


def outcomes(damaged: Sequence[Mutant], folder: Path, *, jobs: int) -> Iterator[tuple[str, str]]:
    """Digitise files with one command, and yield the name of each with what came out."""
    paths = [folder / mutant.name for mutant in damaged]
    for path, mutant in zip(paths, damaged, strict=True):
        path.write_bytes(mutant.content)
    command = [sys.executable, "-m", "services.ocr", "digitise", *map(str, paths), "--out", str(folder / "out")]
    done = subprocess.run([*command, "--jobs", str(jobs)], capture_output=True, text=True, check=False)
    refused = dict(_REFUSED.findall(done.stderr))
    for path in paths:
        told = folder / "out" / f"{path.stem}.json"
        if path.name in refused:
            yield path.name, f"refused {refused[path.name]}"
        else:
            yield path.name, _verdict(json.loads(told.read_text(encoding="utf-8"))) if told.exists() else _NOTHING
    if any(line.startswith("Traceback") for line in done.stderr.splitlines()):
        print(done.stderr[-2000:], file=sys.stderr)


def _verdict(facts: dict[str, object]) -> str:
    """Return the verdict of a paper, and whether anything of it ended by force."""
    pages = facts["pages"]
    assert isinstance(pages, list)
    codes = [str(facts["document_note"]), *(str(page["reason"]) for page in pages)]
    forced = sorted({code for code in codes if _BY_FORCE.search(code)})
    return " ".join((str(facts["verdict"]), *forced))


def main() -> None:
    """Run a campaign and print what came out, how often, and each file of which something ended by force."""
    parser = argparse.ArgumentParser(prog="python -m bench.ocr.damaged", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    damaged, begin, wrong = mutants(asked.files, count=asked.count, seed=asked.seed), monotonic(), 0
    found: Counter[str] = Counter()
    while batch := list(itertools.islice(damaged, FILES_A_COMMAND)):
        with tempfile.TemporaryDirectory(prefix="hoso-damaged-") as folder:
            for name, outcome in outcomes(batch, Path(folder), jobs=asked.jobs):
                found[outcome] += 1
                if outcome == _NOTHING or _BY_FORCE.search(outcome):
                    wrong += 1
                    print(f"{name}: {outcome}", flush=True)
    for outcome, times in found.most_common():
        print(f"{times:6} {outcome}")
    print(f"{found.total():6} in all, seed {asked.seed}, {monotonic() - begin:.0f} s; {wrong} without a sound end")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
