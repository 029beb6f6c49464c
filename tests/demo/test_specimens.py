"""The committed specimens are what the generator makes, and their truth can be trusted."""

import json
import pathlib
import unicodedata

import pikepdf
import pytest
from PIL import Image

from deploy.demo import make_specimens
from deploy.demo.make_specimens import FOLDER, MADE_WITH, SPECIMENS, Specimen
from deploy.demo.printing import fonts

MAX_TOTAL_BYTES = 4_000_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder with everything the generator makes on this machine."""
    if absent := fonts.missing():
        pytest.skip(f"fonts-freefont-ttf lacks {', '.join(absent)}: the specimens cannot be set")
    folder = tmp_path_factory.mktemp("specimens")
    make_specimens.main(folder)
    return folder


def shape(path: pathlib.Path) -> list[tuple[int, int]]:
    """Answer the size of each page, in points for a PDF and in pixels for an image."""
    if path.suffix == ".pdf":
        with pikepdf.open(path) as document:
            return [(int(page.mediabox[2]), int(page.mediabox[3])) for page in document.pages]
    with Image.open(path) as image:
        sizes = []
        for frame in range(getattr(image, "n_frames", 1)):
            image.seek(frame)
            sizes.append(image.size)
        return sizes


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda specimen: specimen.name)
def test_committed_specimen_is_what_the_generator_makes(specimen: Specimen, made: pathlib.Path) -> None:
    committed, fresh = FOLDER / specimen.name, made / specimen.name
    truth = committed.with_suffix(".gt.txt").read_text(encoding="utf-8")
    assert truth == fresh.with_suffix(".gt.txt").read_text(encoding="utf-8")
    assert shape(committed) == shape(fresh)
    if json.loads((FOLDER / MADE_WITH).read_text()) == make_specimens.made_with():
        assert committed.read_bytes() == fresh.read_bytes()


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda specimen: specimen.name)
def test_truth_is_nfc_and_has_one_part_for_each_page(specimen: Specimen) -> None:
    truth = (FOLDER / specimen.name).with_suffix(".gt.txt").read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", truth)
    pages = truth.split("\f")
    assert len(pages) == len(shape(FOLDER / specimen.name))
    assert all(page.strip() and page.endswith("\n") for page in pages)


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda specimen: specimen.name)
def test_image_says_its_resolution(specimen: Specimen) -> None:
    if specimen.name.endswith(".pdf"):
        assert shape(FOLDER / specimen.name)[0] == (595, 842)
        return
    with Image.open(FOLDER / specimen.name) as image:
        assert image.info["dpi"] == pytest.approx((specimen.dpi, specimen.dpi), abs=0.1)


def test_specimens_stay_small_and_nothing_else_lies_there() -> None:
    named = {specimen.name for specimen in SPECIMENS}
    truths = {f"{pathlib.Path(name).stem}.gt.txt" for name in named}
    assert {path.name for path in FOLDER.iterdir()} == named | truths | {MADE_WITH, "README.md"}
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MAX_TOTAL_BYTES
