"""Of several replicas one does what only one may do, and another takes over."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from services.intake import background, tables
from services.intake.background import probing, while_leading
from shared.errors import StoreUnavailable
from shared.lease import HeldLease
from tests.intake.office import Office
from tests.servers import wait_until


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look more often than in earnest."""
    monkeypatch.setattr(background, "LOOK_SECONDS", 0.01)


def lease(office: Office) -> HeldLease:
    """Return one more contender for one lease."""
    return tables.lease.hold(office.database, "work", clock=office.clock, seconds=15)


class Work:
    """Endless work that tells whether it is being done."""

    def __init__(self) -> None:
        self.doing = 0
        self.fails: Exception | None = None

    async def __call__(self, working: Callable[[], None]) -> None:
        """Work until cancelled."""
        self.doing += 1
        try:
            while self.fails is None:
                working()
                await asyncio.sleep(0.005)
            raise self.fails
        finally:
            self.doing -= 1


def nothing() -> None:
    """Hear that somebody got on."""


async def expect_soon(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    assert await asyncio.to_thread(wait_until, condition), "it never came true"


async def ended(task: asyncio.Future[None]) -> None:
    """Cancel a task and wait until it is done."""
    task.cancel()
    await asyncio.wait([task])


def run(test: Callable[[], Awaitable[None]]) -> None:
    """Run an asynchronous test."""

    async def main() -> None:
        await test()

    asyncio.run(main())


def test_one_works_and_the_other_takes_over_at_once_when_it_ends(office: Office) -> None:
    first, second, stood_by = Work(), Work(), []

    async def test() -> None:
        one = asyncio.ensure_future(while_leading(lease(office), first)(nothing))
        await expect_soon(lambda: first.doing == 1)
        two = asyncio.ensure_future(while_leading(lease(office), second)(lambda: stood_by.append(1)))
        await expect_soon(lambda: len(stood_by) > 3)
        assert second.doing == 0
        await ended(one)
        assert first.doing == 0
        await expect_soon(lambda: second.doing == 1)
        await ended(two)

    run(test)


def test_who_fell_silent_is_succeeded_and_stops_when_it_wakes(office: Office) -> None:
    first, second = Work(), Work()

    async def test() -> None:
        silent = lease(office)
        one = asyncio.ensure_future(while_leading(silent, first)(nothing))
        await expect_soon(lambda: first.doing == 1)
        office.clock.advance(seconds=16)
        two = asyncio.ensure_future(while_leading(lease(office), second)(nothing))
        await expect_soon(lambda: first.doing + second.doing == 1)
        await ended(one)
        await expect_soon(lambda: second.doing == 1)
        await ended(two)

    run(test)


def test_what_the_work_raises_is_raised_and_the_lease_given_up(office: Office) -> None:
    broken, successor = Work(), Work()
    broken.fails = StoreUnavailable()

    async def test() -> None:
        with pytest.raises(StoreUnavailable):
            await while_leading(lease(office), broken)(nothing)
        two = asyncio.ensure_future(while_leading(lease(office), successor)(nothing))
        await expect_soon(lambda: successor.doing == 1)
        await ended(two)

    run(test)


def test_a_probe_tells_that_something_serves_until_it_does_not() -> None:
    answers: list[Exception | None] = [None, None, StoreUnavailable()]
    heard: list[int] = []

    def check() -> None:
        answer = answers.pop(0)
        if answer is not None:
            raise answer

    async def test() -> None:
        with pytest.raises(StoreUnavailable):
            await probing(check)(lambda: heard.append(1))

    run(test)
    assert len(heard) == 2
