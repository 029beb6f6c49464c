"""The metrics of QD 766 and of targets: as computed last, whatever a scrape costs."""

import asyncio
from pathlib import Path

from prometheus_client import generate_latest

from services.registry.figure_board import FigureBoard
from services.registry.metrics import metrics
from services.registry.metrics.figures import of_figures
from services.registry.queries import Queries
from shared.database import Database
from tests.registry.dossier_rows import a_dossier, at
from tests.registry.reporting import Office


def scraped(queries: Queries, board: FigureBoard) -> dict[str, float]:
    text = generate_latest(metrics(queries, lambda: 0, more=[lambda: of_figures(board)])).decode()
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name.removeprefix("hoso_registry_"): float(value) for name, value in lines}


def a_board(office: Office, minutes: float = 15) -> tuple[Queries, FigureBoard]:
    queries = Queries(office.database, office.clock)
    return queries, FigureBoard(queries.figures_of, queries.reference, office.clock, minutes=minutes)


def test_figures_are_shown_as_computed_last(database: Database, tmp_path: Path) -> None:
    office = Office(database, tmp_path)
    queries, board = a_board(office)
    assert not [name for name in scraped(queries, board) if name.startswith("qd766")]
    done = {"accepted_at": at("2026-03-02"), "due_at": at("2026-03-12"), "finished_at": at("2026-03-04")}
    office.put(
        [
            a_dossier(1, **done, result_kind="electronic"),
            a_dossier(2, **done, channel=2),
            a_dossier(3, accepted_at=at("2025-12-31")),  # of last year
        ]
    )
    board.shown = board.compute()
    office.put([])
    found = scraped(queries, board)
    assert found['qd766_ratio{indicator="4.1",unit="all"}'] == 0.5
    assert found['qd766_score{indicator="4.1",unit="H98.02"}'] == 3.0
    assert found['qd766_max_score{indicator="4.1"}'] == 6.0
    assert found['qd766_group_score{group="digitised",unit="all"}'] == 3.0
    assert found['target_reached_ratio{metric="early_return_ratio",scope="all",target="EARLY_RETURN"}'] == 1.0
    assert found['target_numerator{metric="early_return_ratio",scope="all",target="EARLY_RETURN"}'] == 2.0
    assert found["figures_computed_timestamp_seconds"] == office.clock.now().timestamp()
    assert not [name for name in found if "5.4" in name and "ratio" in name]  # what is not known is no figure
    assert not [name for name in found if "NQ17" in name and "reached" in name]  # no longer in force


def test_the_board_computes_again_and_says_that_it_works(sqlite: Database, tmp_path: Path) -> None:
    _, board = a_board(Office(sqlite, tmp_path), minutes=0.001)
    seen: list[object] = []

    async def until_twice() -> None:
        done = asyncio.Event()

        def working() -> None:
            seen.append(board.shown)
            if len(seen) == 2:
                done.set()

        running = asyncio.create_task(board.run(working))
        await asyncio.wait_for(done.wait(), timeout=30)
        running.cancel()
        await asyncio.wait([running])

    asyncio.run(until_twice())
    assert seen[0] is not seen[1]
