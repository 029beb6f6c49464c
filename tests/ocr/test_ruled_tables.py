"""Tables are found by their ruling lines, with rows, columns and spans."""

import cv2
import numpy as np
import pytest

from services.ocr.pixels import as_pixels, grey_of
from services.ocr.ruled_tables import Grid, find_tables, without_rules
from tests.ocr.drawn import BLACK, DPI, letter, table, turned_letters, write

COLUMNS, ROWS = [150, 300, 800, 1500], [200, 260, 320, 500]


def places(grid: Grid) -> list[tuple[int, int, int, int]]:
    """Return row, column and spans of each cell."""
    return [(cell.row, cell.column, cell.row_span, cell.column_span) for cell in grid.cells]


@pytest.mark.parametrize("shade", [0, 150, 200])
def test_every_cell_is_found_however_faint_the_lines(shade: int) -> None:
    (grid,), _ = find_tables(table(COLUMNS, ROWS, shade=shade), dpi=DPI)
    assert places(grid) == [(row, column, 1, 1) for row in range(3) for column in range(3)]
    box = grid.cells[4].box
    assert [box.left, box.top, box.right, box.bottom] == pytest.approx([300, 260, 800, 320], abs=6)


def test_spans_are_counted() -> None:
    page = table(COLUMNS, ROWS)
    page[205:256, 290:310] = 255  # the first row's first two cells are one
    page[310:330, 810:1490] = 255  # the last column's last two rows are one
    (grid,), _ = find_tables(page, dpi=DPI)
    assert places(grid) == [
        (0, 0, 1, 2),
        (0, 2, 1, 1),
        (1, 0, 1, 1),
        (1, 1, 1, 1),
        (1, 2, 2, 1),
        (2, 0, 1, 1),
        (2, 1, 1, 1),
    ]


def test_a_short_break_in_a_line_does_not_join_cells() -> None:
    page = table(COLUMNS, ROWS)
    page[255:265, 500:512] = 255
    (grid,), _ = find_tables(page, dpi=DPI)
    assert len(grid.cells) == 9


def test_running_text_and_underlines_are_no_table() -> None:
    page = letter()
    cv2.line(page, (300, 215), (900, 215), BLACK, 3)
    assert find_tables(grey_of(page), dpi=DPI)[0] == []


def test_a_frame_is_no_table() -> None:
    assert find_tables(table([150, 1500], [200, 900]), dpi=DPI)[0] == []


@pytest.mark.parametrize("shade", [0, 215])
def test_a_table_that_leans_or_has_faded_keeps_its_cells(shade: int) -> None:
    page = table(COLUMNS, ROWS, shade=shade)
    assert places(find_tables(page, dpi=DPI)[0][0]) == places(find_tables(table(COLUMNS, ROWS), dpi=DPI)[0][0])
    leaning = grey_of(turned_letters(page, 0.5))
    assert len(find_tables(leaning, dpi=DPI)[0][0].cells) == 9


def test_erasing_lines_leaves_letters() -> None:
    ruled = as_pixels(cv2.cvtColor(table(COLUMNS, ROWS), cv2.COLOR_GRAY2RGB))
    write(ruled, "hoso", 350, 300)
    bare = np.full_like(ruled, 255)
    write(bare, "hoso", 350, 300)
    _, rules = find_tables(grey_of(ruled), dpi=DPI)
    assert np.array_equal(without_rules(grey_of(ruled), rules), grey_of(bare))
