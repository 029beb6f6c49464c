"""The report of a comparison says what was measured, and changes nothing else in the document."""

from pathlib import Path

from bench.ocr.__main__ import errors
from bench.ocr.contestants import Results
from bench.ocr.pageset import PageSet, Paper, Truth
from bench.ocr.score import Errors, Score
from bench.ocr.table import BEGIN, END, Row, Table, keep
from bench.usage import Usage

ERRORS = Score(line=Errors(1, 1000), character=Errors(25, 1000), word=Errors(3, 200))
USAGE = Usage(wall_seconds=8, cpu_seconds=12.34, peak_bytes=345_600_000)


def test_a_row_says_errors_speed_processor_memory_size_and_validity() -> None:
    row = Row("hoso", ERRORS, USAGE, 14, documents=14, output_bytes=12_345_678, invalid=1)
    table = Table("poor", "14 pages in 14 files, 5.0 MB", [row, Row("tesseract", ERRORS, USAGE, 14)])
    assert table.markdown().splitlines() == [
        "**poor**: 14 pages in 14 files, 5.0 MB",
        "",
        "| program | line error | character error | word error | pages/s | CPU s | peak memory | output | PDF/A-2b |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        "| hoso | 0.10% | 2.50% | 1.50% | 1.75 | 12.3 | 346 MB | 12.35 MB | 13 of 14 |",
        "| tesseract | 0.10% | 2.50% | 1.50% | 1.75 | 12.3 | 346 MB | – | – |",
    ]


def test_a_report_is_kept_once_and_the_rest_stays(tmp_path: Path) -> None:
    document = tmp_path / "benchmarks.md"
    document.write_text("# Figures\n\nOthers.\n", encoding="utf-8")
    keep("first", document)
    document.write_text(f"{document.read_text(encoding='utf-8')}\nBelow.\n", encoding="utf-8")
    keep("second", document)
    assert document.read_text(encoding="utf-8") == f"# Figures\n\nOthers.\n\n{BEGIN}\nsecond\n{END}\n\nBelow.\n"


def test_what_two_runs_use_is_added_but_for_memory() -> None:
    assert USAGE + Usage(2, 1, 400_000_000) == Usage(10, 13.34, 400_000_000)


def test_errors_are_counted_on_the_pages_with_a_truth_and_a_page_not_read_is_all_wrong() -> None:
    long, short = Path("long.pdf"), Path("short.jpg")
    papers = PageSet(
        "set",
        (
            Paper(long, (Path("1.png"), Path("2.png"), Path("3.png")), (Truth((2, 3), "hai\nba"),)),
            Paper(short, (short,), (Truth((1,), "bốn"),)),
        ),
    )
    assert papers.pages == 4
    assert errors(papers, Results({long: ["một", "hai", "bá"], short: ["bốn"]})).line == Errors(1, 8)
    assert errors(papers, Results({long: ["một", "hai", "ba"], short: []})).line == Errors(3, 8)
    assert [paper.path for paper in papers.part(2).papers] == [long]
