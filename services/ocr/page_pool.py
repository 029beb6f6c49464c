"""Running the pages of a paper on threads that all papers of a worker share."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


class PagePool:
    """Runs pages, as many at once as there are threads, whichever papers they belong to."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="page")

    def run(self, pages: Iterable[Callable[[], T]], *, go_on: Callable[[], bool]) -> Iterator[T]:
        """Yield what each page returns, in the order in which they finish.

        A paper keeps no more pages waiting than there are threads, so that a short paper need
        not wait for all of a long one. Once ``go_on`` says no, pages under way are finished and
        no other is begun; the first ones always are, so that every run gets on. What a page
        raises is raised here, when no other page is under way any more.
        """
        coming = iter(pages)
        running = {self._executor.submit(page) for page in islice(coming, self._threads)}
        try:
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
                if go_on():
                    running |= {self._executor.submit(page) for page in islice(coming, len(done))}
                else:
                    running = {future for future in running if not future.cancel()}
        finally:
            _end(running)


def _end(running: set[Future[T]]) -> None:
    wait({future for future in running if not future.cancel()})
