"""A paper confirms and corrects the words of its head by the way its sentences write them."""

from services.ocr.hocr import Box, Word
from services.ocr.language.syllables import Bigrams
from services.ocr.usage import Usage

LAW = Bigrams([("khẩn", "trương", 20), ("công", "bố", 90), ("danh", "mục", 40), ("giáo", "dục", 70)])
NOWHERE = Box(0, 0, 1, 1)


def words(text: str, *, confidence: float = 90) -> list[Word]:
    return [Word(word, NOWHERE, confidence) for word in text.split()]


def settled(head: str, *sentences: str) -> list[Word]:
    read = words(head)
    return Usage([read, *map(words, sentences)], LAW).settled(read)


def texts(found: list[Word]) -> str:
    return " ".join(word.text for word in found)


def test_word_that_the_paper_and_the_law_write_otherwise_is_put_right() -> None:
    found = settled("V/v khân trương rà soát", "yêu cầu khẩn trương thực hiện")
    assert texts(found) == "V/v khẩn trương rà soát"
    assert found[1].raw == "khân"
    assert texts(settled("Công bố Đanh mục", "ban hành Danh mục", "theo danh mục")) == "Công bố Danh mục"


def test_word_is_left_as_read_without_the_law_or_a_majority() -> None:
    assert texts(settled("xã Nà Lùa", "tại Nà Lụa")) == "xã Nà Lùa"
    assert texts(settled("xã Nà Lùa", "tại Nà Lụa", "ở Nà Lụa")) == "xã Nà Lụa"
    assert texts(settled("xã Nà Lùa", "tại Nà Lụa", "ở Nà Lụa", "về Nà Lùa", "do Nà Lùa")) == "xã Nà Lùa"
    assert (
        texts(settled("Giáo dục", "ngành Giao dục", "sở Giao dục")) == "Giáo dục"
    )  # what the law has is not put wrong


def test_word_that_is_written_alike_elsewhere_is_confirmed_if_the_law_has_it() -> None:
    confirmed, other = settled("công bố", "đã công bố kết quả")[1], settled("thâm quyền", "thuộc thâm quyền của")[0]
    assert confirmed.confidence == 99
    assert other.confidence == 90


def test_word_that_the_law_never_has_beside_these_is_doubted() -> None:
    doubted = settled("công bô kết quả")[1]
    assert (doubted.text, doubted.confidence) == ("bô", 80)


def test_ones_in_codes_are_digits() -> None:
    assert texts(settled("phòng dịch COVID-I9 năm 202l")) == "phòng dịch COVID-19 năm 2021"


def test_capitals_elsewhere_say_nothing() -> None:
    assert texts(settled("khân trương", "CÔNG ĐIỆN KHÂN TRƯƠNG")) == "khân trương"


def test_names_are_written_as_sentences_write_them() -> None:
    usage = Usage([words("UBND XÃ ĐỒI GIÓ"), words("của xã Đồi Gió, tỉnh")], LAW)
    assert usage.written(["ĐÔI", "GIÓ"]) == ("Đồi", "Gió")
    assert usage.written(["NÀ", "LỤA"]) is None


def test_law_alone_changes_marks_only_where_it_knows_the_word_beside_both_neighbours() -> None:
    usage = Usage([], Bigrams([("tin", "điện", 40), ("điện", "tử", 40), ("cho", "thi", 90), ("sinh", "viên", 9)]))
    assert texts(usage.lawful(words("tin điên tử"))) == "tin điện tử"
    assert texts(usage.lawful(words("tin Điên tử"))) == "tin Điên tử"  # may be a name
    assert texts(usage.lawful(words("cho thí sinh"))) == "cho thí sinh"
    assert texts(usage.lawful(words("cho thí"))) == "cho thi"
