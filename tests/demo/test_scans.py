"""Results of different scans never share a name, and notes beside scans are not sent."""

import pathlib

from hypothesis import given
from hypothesis import strategies as st

from deploy.demo.scans import OUR_FILES, result_names, scans_in

NAMES = st.sampled_from(["a", "a.jpg", "a.png", "a.jpg.tif", "b.pdf", "b.pdf.pdf", "summary.pdf", "events", "c."])


def test_stem_names_the_results_unless_two_files_share_it() -> None:
    paths = [pathlib.Path(name) for name in ("a.jpg", "a.png", "b.pdf", "metrics.tif")]
    assert result_names(paths) == ["a.jpg", "a.png", "b", "metrics.tif"]


@given(st.sets(NAMES))
def test_results_never_overwrite_each_other_or_the_reports(names: set[str]) -> None:
    results = result_names([pathlib.Path(name) for name in sorted(names - set(OUR_FILES))])
    assert len(set(results)) == len(results)
    assert not set(results) & set(OUR_FILES)


def test_notes_hidden_files_and_folders_are_not_scans(tmp_path: pathlib.Path) -> None:
    for name in ("b.docx", "a.JPG", "a.gt.txt", "fields.json", "README.md", ".DS_Store"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    assert [scan.name for scan in scans_in(tmp_path)] == ["a.JPG", "b.docx"]
