"""What was read for what is told at the place where the line fits best."""

import random
from pathlib import Path

import pytest

from bench.ocr.mistakes import main, mistakes
from bench.ocr.score import line_errors


@pytest.mark.parametrize(
    ("line", "reading", "expected"),
    [
        ("ngày 11 tháng", "Hạ Vân, ngày II tháng 7", [("11", "II")]),
        ("nhũng nhiễu", "những nhiễu", [("ũ", "ữ")]),
        ("Như trên;", "- Như trên", [(";", "")]),
        ("tệp PDF mở", "x tệp PDEF mở y", [("", "E")]),
        ("đúng", "đúng", []),
        ("mất", "", [("mất", "")]),
    ],
)
def test_mistakes_are_named(line: str, reading: str, expected: list[tuple[str, str]]) -> None:
    assert list(mistakes(line, reading)) == expected


def test_mistakes_are_as_many_edits_as_the_scorer_counts() -> None:
    lot = random.Random(5)  # noqa: S311  # letters, no secret
    for _ in range(200):
        line, reading = ("".join(lot.choices("aăâ ", k=lot.randrange(1, 12))) for _ in range(2))
        edits = sum(max(len(printed), len(read)) for printed, read in mistakes(line, reading))
        assert edits <= line_errors([line], reading).edits


def test_the_report_names_the_worst_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a-poor.gt.txt").write_text("Số: 7\nngày 11\n", encoding="utf-8")
    (tmp_path / "a-poor.txt").write_text("Số: 7\nngày II\n", encoding="utf-8")
    main(tmp_path, tmp_path, "poor")
    said = capsys.readouterr().out
    assert "1 × '11' read as 'II'" in said
    assert "2 in a-poor: ngày 11" in said
