"""What becomes of each awkward file of ``../shared/scans``, whole: the README there says what is expected."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from services.ocr.command import digitise_files

REFUSED = {
    "ocrmypdf_invalid.pdf": "corrupt",
    "paperless_password-is-test.pdf": "encrypted",
    "pillow_decompression_bomb.gif": "too-many-pixels",
    "qpdf_bad1.pdf": "unsupported-type",
    "qpdf_pages-loop.pdf": "corrupt",
    "zero_byte.pdf": "empty",
}


@dataclass(frozen=True)
class Expected:
    """What is expected of a file: the ways of its pages, and what was found in it."""

    routes: str  # the first letter of each page's: recognised, text-layer, blank
    reasons: frozenset[str] = frozenset()
    rotations: tuple[int, ...] | None = None
    signatures: int = 0


DIGITISED = {
    "jpeg_named.pdf": Expected("r", frozenset({"name-mismatch"})),
    "ocrmypdf_blank.pdf": Expected("b"),
    "ocrmypdf_cardinal.pdf": Expected("rrrr", rotations=(0, 270, 180, 90)),
    "ocrmypdf_ccitt.pdf": Expected("r"),
    "ocrmypdf_cmyk.pdf": Expected("r"),
    "ocrmypdf_enormous.pdf": Expected("r"),
    "ocrmypdf_jbig2.pdf": Expected("r", frozenset({"declares-pdfa:2b"})),
    "ocrmypdf_rotated_skew.pdf": Expected("r", rotations=(0,)),
    "paperless_invalid_pdf.pdf": Expected("tt", frozenset({"junk-before-pdf:4"})),
    "paperless_multi-page-images-alpha.tiff": Expected("rrr"),
    "paperless_signed.pdf": Expected("r", frozenset({"signed", "encrypted-for-all"}), signatures=1),
    "paperless_simple-no-dpi.png": Expected("r"),
    "pdfjs_doc_actions.pdf": Expected("bbb", frozenset({"active-content:javascript"})),
    "pillow_hopper_orientation_6.jpg": Expected("r"),
    "pillow_multipage_single_frame_loop.tiff": Expected("b"),
    "pillow_pil_sample_cmyk.jpg": Expected("r"),
    "pillow_truncated_jpeg.jpg": Expected("r"),
    "pyhanko_minimal-two-fields-signed-twice.pdf": Expected("t", frozenset({"signed"}), signatures=2),
    "pyhanko_pades-lta-dss-indirect-arrs-test.pdf": Expected("r", frozenset({"signed"}), signatures=2),
    "tess_phototest.tif": Expected("r"),
    "verapdf_pdfa2b_pass.pdf": Expected("r", frozenset({"declares-pdfa:2b"})),
}


@pytest.fixture(scope="module")
def papers(scans_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """Return the facts of each file that was digitised, and under ``out`` where its outputs lie."""
    out = tmp_path_factory.mktemp("awkward")
    folder = scans_folder / "awkward"
    files = [path for path in sorted(folder.iterdir()) if path.suffix != ".txt"]
    assert {path.name for path in files} == {*REFUSED, *DIGITISED}
    assert digitise_files(files, out, jobs=2) == 2
    facts = (json.loads(path.read_text()) for path in out.glob("*.json"))
    return {"out": out, **{one["source"]["name"]: one for one in facts}}


@pytest.mark.scans
def test_every_awkward_file_has_its_verdict(papers: Mapping[str, Any]) -> None:
    assert set(papers) - {"out"} == set(DIGITISED)


@pytest.mark.scans
@pytest.mark.parametrize("name", DIGITISED)
def test_an_awkward_file_gives_what_is_expected(name: str, papers: Mapping[str, Any]) -> None:
    expected, paper = DIGITISED[name], papers[name]
    assert "".join(page["route"][0] for page in paper["pages"]) == expected.routes
    assert set(paper["reasons"]) == expected.reasons
    assert len(paper["signatures"]) == expected.signatures
    assert all(signature["bottom_line"] for signature in paper["signatures"])
    if expected.rotations is not None:
        assert tuple(page["rotation"] for page in paper["pages"]) == expected.rotations


@pytest.mark.scans
@pytest.mark.parametrize("name", REFUSED)
def test_an_awkward_file_is_refused_with_its_reason(
    name: str, scans_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert digitise_files([scans_folder / "awkward" / name], tmp_path / "out", jobs=1) == 2
    assert f"({REFUSED[name]})" in capsys.readouterr().err
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.scans
def test_a_known_password_opens_a_locked_file(
    scans_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSO_OCR_PASSWORDS", '["wrong", "test"]')
    locked = scans_folder / "awkward" / "paperless_password-is-test.pdf"
    assert digitise_files([locked], tmp_path, jobs=1) == 0
    assert json.loads((tmp_path / f"{locked.stem}.json").read_text())["reasons"] == ["password-opened"]


@pytest.mark.scans
def test_a_truncated_picture_is_read_and_asks_for_a_look(papers: Mapping[str, Any]) -> None:
    paper = papers["pillow_truncated_jpeg.jpg"]
    assert (paper["pages"][0]["reason"], paper["needs_review"]) == ("picture-truncated", True)


@pytest.mark.scans
def test_a_sample_of_the_engine_is_read_as_its_makers_read_it(papers: Mapping[str, Any], scans_folder: Path) -> None:
    gold = (scans_folder / "awkward" / "tess_phototest.gold.txt").read_text(encoding="utf-8")
    assert (papers["out"] / "tess_phototest.txt").read_text(encoding="utf-8").split() == gold.split()


@pytest.mark.scans
@pytest.mark.parametrize("name", ["ocrmypdf_rotated_skew.pdf"])
def test_a_crooked_page_is_straightened(name: str, papers: Mapping[str, Any]) -> None:
    assert abs(papers[name]["pages"][0]["skew_degrees"]) > 1
