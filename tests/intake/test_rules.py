"""The pure rules: codes, folding, keyed hashes, what a file's name promises."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.codes import Addressed, addressed, dossier_code
from services.intake.files import without_extension
from services.intake.names import Digests, folded, words
from services.intake.refusals import TEXTS, Refusal
from shared.clock import local_day


def test_a_code_has_unit_day_and_number_of_the_day() -> None:
    assert dossier_code("H15.50.05.13", date(2026, 10, 8), 975) == "H15.50.05.13-261008-0975"


def test_a_code_grows_past_four_digits_rather_than_repeat_itself() -> None:
    assert dossier_code("H98", date(2026, 1, 2), 12_345) == "H98-260102-12345"


def test_the_day_changes_at_midnight_in_viet_nam() -> None:
    before, at = datetime(2026, 10, 7, 16, 59, tzinfo=UTC), datetime(2026, 10, 7, 17, 0, tzinfo=UTC)
    assert (local_day(before), local_day(at)) == (date(2026, 10, 7), date(2026, 10, 8))


@pytest.mark.parametrize(
    ("stem", "found"),
    [
        ("H98.01.10-261008-0001", Addressed("H98.01.10-261008-0001", None)),
        ("H98.01.10-261008-0001__TP01", Addressed("H98.01.10-261008-0001", "TP01")),
        ("H98.01.10-261008-0001 trang 2", Addressed("H98.01.10-261008-0001", None)),
        ("000.00.53.H48-220921-0099__CCCD", Addressed("000.00.53.H48-220921-0099", "CCCD")),
        ("G09.20-20260609-0092637", Addressed("G09.20-20260609-0092637", None)),
        ("H98.01.10-261008-0001x", None),
        ("H98.01.10-261008-001", None),
        ("scan H98.01.10-261008-0001", None),
        ("scan0001", None),
        ("", None),
    ],
)
def test_a_file_is_addressed_by_a_name_that_begins_with_a_code(stem: str, found: Addressed | None) -> None:
    assert addressed(stem) == found


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Nguyễn Thị Đào", "nguyen thi dao"),
        ("ĐẶNG  HỮU  PHƯỚC", "dang  huu  phuoc"),
        ("Nguyê\u0303n", "nguyen"),  # the same letters, composed in another way
        ("Ưu Ơn", "uu on"),
    ],
)
def test_folding_takes_marks_and_case_away(name: str, plain: str) -> None:
    assert folded(name) == plain


def test_the_words_of_a_name_have_no_order_and_no_punctuation() -> None:
    assert words("  Trần-Văn  (A) văn ") == ("a", "tran", "van")


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert words(folded(text)) == words(text)


def test_a_person_is_found_however_name_and_number_are_written() -> None:
    digests = Digests("s" * 32)
    stored = set(digests.person("Nguyễn Thị Đào", "001 099 012 345"))
    assert set(digests.person("dao NGUYEN", "001099012345")) <= stored
    assert not set(digests.person("Nguyễn Văn", None)) <= stored


def test_another_secret_gives_other_digests() -> None:
    assert Digests("a" * 32).identity("1") != Digests("b" * 32).identity("1")


def test_a_number_that_is_also_a_name_has_another_digest() -> None:
    digests = Digests("s" * 32)
    assert digests.identity("an") not in digests.name("an")


def test_digests_do_not_depend_on_where_parts_are_cut() -> None:
    digests = Digests("s" * 32)
    assert digests.of("k", "ab", "c") != digests.of("k", "a", "bc")


def test_only_the_extension_of_a_type_we_take_is_an_extension() -> None:
    assert without_extension("H98.01.10-261008-0001") == "H98.01.10-261008-0001"
    assert without_extension("H98.01.10-261008-0001.Pdf") == "H98.01.10-261008-0001"


def test_every_refusal_has_its_texts() -> None:
    assert set(TEXTS) == set(Refusal)
