"""Signatures are listed with what holds of them, and nothing that was changed passes."""

import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.ocr.facts import SignatureFacts
from services.ocr.hocr import Box
from services.ocr.judge import judge
from services.ocr.limits import Limits
from services.ocr.pages import UnfitPaper
from services.ocr.signatures import SIGNATURE, TIME_STAMP, signatures_of
from tests.ocr.signed import AUTHORITY, OFFICE, SIGNER, STRANGER, pdf, sign, stamp, trust_root, turned_later

LATER = datetime(2026, 5, 4, tzinfo=UTC)


def read(content: bytes, folder: Path, **options: object) -> tuple[SignatureFacts, ...]:
    path = folder / "signed.pdf"
    path.write_bytes(content)
    return signatures_of(path, **options)  # type: ignore[arg-type]  # named by the test


def test_a_signature_says_who_signed_and_that_it_holds(tmp_path: Path) -> None:
    (one,) = read(sign(pdf()), tmp_path)
    assert (one.field, one.kind, one.signer, one.organisation) == ("Signature1", SIGNATURE, SIGNER, OFFICE)
    assert (one.intact, one.valid, one.bottom_line, one.problem) == (True, True, True, None)
    assert (one.coverage, one.later_changes, one.trusted) == ("entire-file", "none", None)
    assert one.signed_at is not None
    assert datetime.fromisoformat(one.signed_at).tzinfo is not None
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301  # our own


@pytest.mark.parametrize(
    ("rotate", "box"),
    [
        (0, Box(100, 1375, 300, 1513.9)),
        (90, Box(138.9, 100, 277.8, 300)),
        (180, Box(866.7, 138.9, 1066.7, 277.8)),
        (270, Box(1375, 866.7, 1513.9, 1066.7)),
    ],
)
def test_a_visible_stamp_has_its_place_on_the_upright_page(rotate: int, box: Box, tmp_path: Path) -> None:
    (one,) = read(sign(pdf(rotate=rotate), box=(36, 50, 108, 100)), tmp_path)
    assert one.page == 1
    assert one.box is not None
    found = (one.box.left, one.box.top, one.box.right, one.box.bottom)
    assert found == pytest.approx((box.left, box.top, box.right, box.bottom), abs=0.2)


def test_an_invisible_signature_has_no_place(tmp_path: Path) -> None:
    (one,) = read(sign(pdf()), tmp_path)
    assert (one.page, one.box) == (None, None)


def test_a_byte_that_was_changed_shows(tmp_path: Path) -> None:
    content = sign(pdf())
    at = content.index(b"MediaBox")
    (one,) = read(content[:at] + b"XediaBox" + content[at + 8 :], tmp_path)
    assert (one.intact, one.bottom_line, one.problem) == (False, False, "altered")


def test_a_page_that_was_turned_after_signing_shows_though_all_else_holds(tmp_path: Path) -> None:
    (one,) = read(turned_later(sign(pdf())), tmp_path)
    assert (one.intact, one.valid) == (True, True)
    assert (one.coverage, one.later_changes) == ("entire-revision", "other")
    assert (one.bottom_line, one.problem) == (False, "changed-later")


def test_a_second_signature_and_a_time_stamp_change_nothing(tmp_path: Path) -> None:
    content = stamp(sign(sign(pdf(), box=(36, 50, 108, 100)), field="Signature2"))
    first, second, last = read(content, tmp_path)
    assert [one.field for one in (first, second, last)] == ["Signature1", "Signature2", "Stamp"]
    assert [one.bottom_line for one in (first, second, last)] == [True, True, True]
    assert (first.coverage, first.later_changes) == ("entire-revision", "form-filling")
    assert (last.kind, last.coverage) == (TIME_STAMP, "entire-file")
    assert (last.signed_at, last.stamped_at) == (None, "2026-03-02T01:00:00+00:00")


def test_a_chain_is_checked_where_there_is_a_trust_store_only(tmp_path: Path) -> None:
    content = sign(pdf())
    (known,) = read(content, tmp_path, trust_roots=(trust_root(tmp_path, AUTHORITY),), at=LATER)
    assert (known.trusted, known.bottom_line) == (True, True)
    stranger = trust_root(tmp_path, STRANGER)
    (unknown,) = read(content, tmp_path, trust_roots=(stranger,), at=LATER)
    assert (unknown.trusted, unknown.bottom_line, unknown.problem) == (False, False, "untrusted")


def test_a_signature_that_cannot_be_read_is_listed_and_hides_no_other(tmp_path: Path) -> None:
    content = sign(sign(pdf()), field="Signature2")
    at = content.rindex(b"/Contents <") + len(b"/Contents <")
    first, second = read(content[:at] + b"ff" * 40 + content[at + 80 :], tmp_path)
    assert (first.field, first.bottom_line) == ("Signature1", True)
    assert (second.field, second.bottom_line, second.problem) == ("Signature2", False, "unreadable")


def test_a_signature_under_a_password_verifies_with_it(tmp_path: Path) -> None:
    path = tmp_path / "sent"
    path.write_bytes(sign(pdf(password="tên mật"), password="tên mật"))
    judged = judge(path, Limits(pages=5, pixels=10**6, passwords=("tên mật",)))
    assert judged.reasons == ("signed", "password-opened")
    assert "tên mật" not in repr(judged)
    (one,) = signatures_of(judged.verifiable, password=judged.password)
    assert one.bottom_line


def test_signatures_verify_on_what_is_left_without_junk(tmp_path: Path) -> None:
    path = tmp_path / "sent"
    path.write_bytes(b"j" * 21 + sign(pdf()))
    judged = judge(path, Limits(pages=5, pixels=10**6))
    assert judged.signed
    assert judged.reasons == ("junk-before-pdf:21", "signed")
    (one,) = signatures_of(judged.verifiable)
    assert one.bottom_line
    with pytest.raises(UnfitPaper):
        signatures_of(path)


def test_a_file_without_signatures_has_none(tmp_path: Path) -> None:
    assert read(pdf(), tmp_path) == ()
    with pytest.raises(UnfitPaper):
        read(b"%PDF-1.7\nnothing", tmp_path)
