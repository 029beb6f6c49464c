"""A file is judged by its content and held to limits before anything is decoded."""

import pytest

from services.ocr.limits import Limits
from services.ocr.pages import PageFailed, UnfitPaper

LIMITS = Limits(pages=3, pixels=100)


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
