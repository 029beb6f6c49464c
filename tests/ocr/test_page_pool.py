"""Pages run side by side, share their threads fairly among papers, and stop where they are told to."""

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from services.ocr.page_pool import PagePool

SECONDS = 10


@pytest.fixture
def pool() -> PagePool:
    return PagePool(2)


def test_as_many_pages_run_at_once_as_there_are_threads(pool: PagePool) -> None:
    both = threading.Barrier(2)  # breaks where pages run one after the other
    pages = [partial(both.wait, SECONDS)] * 4
    assert len(list(pool.run(pages, go_on=lambda: True))) == 4


def test_every_run_gets_on_and_none_begins_a_page_when_told_to_stop(pool: PagePool) -> None:
    begun: list[int] = []
    done = list(pool.run((partial(begun.append, n) for n in range(9)), go_on=lambda: False))
    assert 1 <= len(done) == len(begun) <= 2


def test_a_short_paper_does_not_wait_for_all_of_a_long_one(pool: PagePool) -> None:
    order: list[str] = []
    short_comes = threading.Event()

    def page(name: str) -> None:
        short_comes.wait(SECONDS)
        order.append(name)

    def short_paper() -> Iterator[Callable[[], None]]:
        short_comes.set()
        yield partial(page, "short")

    long_paper = [partial(page, "long")] * 500
    thread = threading.Thread(target=lambda: list(pool.run(long_paper, go_on=lambda: True)))
    thread.start()
    list(pool.run(short_paper(), go_on=lambda: True))
    thread.join(SECONDS)
    assert len(order) == 501
    assert order.index("short") < 400


def test_an_error_is_raised_when_no_other_page_is_under_way(pool: PagePool) -> None:
    other_began, release = threading.Event(), threading.Event()
    other_ended: list[bool] = []

    def fail() -> None:
        other_began.wait(SECONDS)
        threading.Timer(0.1, release.set).start()
        raise OSError("the disk")

    def other() -> None:
        other_began.set()
        release.wait(SECONDS)
        other_ended.append(True)

    pages: list[Callable[[], None]] = [fail, other, lambda: other_ended.append(False)]
    with pytest.raises(OSError, match="the disk"):
        list(pool.run(pages, go_on=lambda: True))
    assert other_ended == [True]
