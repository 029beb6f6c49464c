"""The validator says which files are no PDF/A and why, and is silent about the others."""

from pathlib import Path

import pikepdf
import pytest

from deploy.local.verapdf import UNREADABLE, ValidatorFailed, invalid


def plain_pdf(path: Path) -> Path:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)
    return path


def test_files_that_are_none_are_named_with_the_rules_they_break(tmp_path: Path) -> None:
    plain = plain_pdf(tmp_path / "a PASS of spaces 2b.pdf")
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(b"%PDF-1.7\nnothing follows")
    found = invalid([plain, damaged])
    assert found.keys() == {plain, damaged}
    assert "6.6.2.1-1" in found[plain].split()  # a PDF/A has metadata
    assert found[damaged] == UNREADABLE


@pytest.mark.scans
def test_a_pdfa_of_the_reference_corpus_passes(scans_folder: Path) -> None:
    assert invalid([scans_folder / "awkward" / "verapdf_pdfa2b_pass.pdf"]) == {}


def test_no_files_need_no_validator() -> None:
    assert invalid([]) == {}


def test_a_validator_that_cannot_work_is_no_verdict(tmp_path: Path) -> None:
    with pytest.raises(ValidatorFailed):
        invalid([plain_pdf(tmp_path / "plain.pdf")], flavour="none")
