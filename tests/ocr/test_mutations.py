"""Files that were damaged on purpose end with a verdict within limits; ``bench/ocr/mutate.py`` does thousands."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.ocr.mutate import MUTATIONS, Mutant, mutants
from tests.ocr.lane import SPECIMENS
from tests.ocr.signed import pdf, sign
from tests.ocr.test_office import ODT_PARTS
from tests.shared.test_media import package

COUNT, SEED = 60, 20261
MEMORY_BYTES, SECONDS = 2_000_000_000, 240
# stands in a process of its own: a crash there ends no test run, and its memory is bounded
PROBES = f"""
MEMORY_BYTES = {MEMORY_BYTES}
import json, resource, sys, warnings
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
from bench.ocr.mutate import probe
warnings.simplefilter("ignore")
for name in sys.argv[1:]:
    print(json.dumps([Path(name).name, probe(Path(name))]), flush=True)
"""


@pytest.fixture
def originals(tmp_path: Path) -> list[Path]:
    (folder := tmp_path / "originals").mkdir()
    (folder / "signed.pdf").write_bytes(sign(sign(pdf(2)), field="Signature2", box=(36, 50, 108, 100)))
    (folder / "junk.pdf").write_bytes(b"j" * 21 + pdf(3, rotate=90))
    (folder / "letter.odt").write_bytes(package(ODT_PARTS))
    return sorted([*folder.iterdir(), *SPECIMENS.iterdir(), *(Path(__file__).parent / "pictures").iterdir()])


def as_files(damaged: list[Mutant], folder: Path) -> list[Path]:
    folder.mkdir()
    paths = [folder / mutant.name for mutant in damaged]
    for path, mutant in zip(paths, damaged, strict=True):
        path.write_bytes(mutant.content)
    return paths


def test_damaged_files_end_with_a_verdict(originals: list[Path], tmp_path: Path) -> None:
    paths = as_files(list(mutants(originals, count=COUNT, seed=SEED)), tmp_path / "damaged")
    done = subprocess.run(
        [sys.executable, "-c", PROBES, *map(str, paths)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    outcomes = dict(json.loads(line) for line in done.stdout.splitlines())
    assert list(outcomes) == [path.name for path in paths], done.stderr[-2000:]
    assert done.returncode == 0
    kinds = {outcome.split(",")[0].split(" ")[0] for outcome in outcomes.values()}
    assert {"drawn", "refused"} <= kinds  # the damage is neither deadly nor harmless throughout


def test_the_same_seed_gives_the_same_damage(originals: list[Path]) -> None:
    first, again = (list(mutants(originals, count=30, seed=3)) for _ in range(2))
    assert first == again
    assert first != list(mutants(originals, count=30, seed=4))
    undamaged = {path.read_bytes() for path in originals}
    assert sum(mutant.content in undamaged for mutant in first) < 5


@pytest.mark.parametrize("mutate", sorted({one.__name__ for one in MUTATIONS}))
def test_every_kind_of_damage_is_done(mutate: str, originals: list[Path]) -> None:
    assert any(mutate in mutant.name for mutant in mutants(originals, count=200, seed=1))
