"""A file is judged by its content and held to limits before anything is decoded."""

import pytest

from services.ocr.judge import media_type_of
from services.ocr.limits import Limits
from services.ocr.pages import PageFailed, UnfitPaper
from shared.media import JPEG, PDF, PNG, TIFF

LIMITS = Limits(pages=3, pixels=100)


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"%PDF-1.7\n", PDF),
        (b"\x75\xab\x5a" + b"x" * 18 + b"%PDF-1.4", PDF),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", JPEG),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (b"II*\x00\x08", TIFF),
        (b"MM\x00*\x00", TIFF),
    ],
)
def test_a_type_is_told_by_content(head: bytes, media_type: str) -> None:
    assert media_type_of(head) == media_type


@pytest.mark.parametrize(
    ("head", "reason"), [(b"", "empty"), (b"GIF89a", "unsupported-type"), (b"%PD", "unsupported-type")]
)
def test_anything_else_is_refused_with_a_reason(head: bytes, reason: str) -> None:
    with pytest.raises(UnfitPaper) as refusal:
        media_type_of(head)
    assert refusal.value.reason == reason
    assert not refusal.value.retriable


@pytest.mark.parametrize(("count", "reason"), [(0, "no-pages"), (4, "too-many-pages")])
def test_papers_have_a_bounded_number_of_pages(count: int, reason: str) -> None:
    LIMITS.check_count(3)
    with pytest.raises(UnfitPaper) as refusal:
        LIMITS.check_count(count)
    assert refusal.value.reason == reason


def test_pictures_have_a_bounded_number_of_pixels() -> None:
    LIMITS.check_picture(10, 10)
    with pytest.raises(PageFailed) as failure:
        LIMITS.check_picture(101, 1)
    assert failure.value.reason == "too-many-pixels"
