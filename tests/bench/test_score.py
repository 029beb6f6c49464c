"""The scorer counts what a patient person would count."""

import random

from bench.ocr.score import Errors, codes, distance, infix_distance, score


def slow_distance(left: str, right: str) -> int:
    """The edit distance by its definition."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        fresh = [i]
        for j, b in enumerate(right, 1):
            fresh.append(min(row[j] + 1, fresh[-1] + 1, row[j - 1] + (a != b)))
        row = fresh
    return row[-1]


def test_distances_are_those_of_the_definition() -> None:
    rng = random.Random(4)  # noqa: S311  # letters, no secret
    for _ in range(200):
        left, right = ("".join(rng.choices("aăâ", k=rng.randrange(9))) for _ in range(2))
        assert distance(codes(left), codes(right)) == slow_distance(left, right)
        parts = [right[i:j] for i in range(len(right) + 1) for j in range(i, len(right) + 1)]
        assert infix_distance(codes(left), codes(right)) == min(slow_distance(left, part) for part in parts)


def test_order_costs_characters_but_no_lines() -> None:
    found = score("Số: 7/QĐ\nĐộc lập\n", "Độc lập\nSố: 7/QĐ\n")
    assert found.line == Errors(0, 15)
    assert found.character.edits > 0
    assert found.word.edits > 0


def test_a_wrong_mark_is_one_edit_and_one_word() -> None:
    found = score("thành phố Hà Nội", "thành phô Hà Nội")
    assert (found.line.edits, found.character.edits, found.word) == (1, 1, Errors(1, 4))


def test_spaces_and_decomposed_letters_are_no_errors() -> None:
    assert score("Hà  Nội\n\n", "Ha\u0300\nNội").character == Errors(0, 6)


def test_reading_something_where_nothing_stands_is_an_error() -> None:
    assert score("", "").character.rate == 0
    assert score("", "x").character.rate == 1
