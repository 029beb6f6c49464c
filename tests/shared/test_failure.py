"""The failure policy: what is tried again, what is not, and what readiness says meanwhile."""

import asyncio
import logging
from collections.abc import Callable

import pytest

from shared.errors import AlreadyExists, HosoError, LogUnavailable, ObjectMissing, Refused, StoreUnavailable
from shared.failure import Backoff, Failure, FailurePolicy, Success, attempt, judge
from shared.health import Health
from tests.servers import wait_until

QUICK = Backoff(first_seconds=0.001, most_seconds=0.002)


class Failing:
    """Work that fails with each of these errors in turn, and then succeeds."""

    def __init__(self, *errors: BaseException) -> None:
        self._errors = iter(errors)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        for error in self._errors:
            raise error
        return "done"


class WatchedHealth(Health):
    """Remembers everything it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, str]] = []

    def troubled(self, part: str, reason: str) -> None:
        self.told.append((part, reason))
        super().troubled(part, reason)


async def until(condition: Callable[[], bool]) -> None:
    assert await asyncio.to_thread(wait_until, condition, timeout_seconds=5)


@pytest.fixture
def health() -> WatchedHealth:
    return WatchedHealth()


@pytest.fixture
def policy(health: WatchedHealth) -> FailurePolicy:
    return FailurePolicy(health, QUICK)


@pytest.mark.parametrize(
    ("error", "reason", "retriable"),
    [
        (StoreUnavailable(), "store-unavailable", True),
        (Refused(), "access-refused", True),
        (ObjectMissing(), "object-missing", False),
        (AlreadyExists(), "already-exists", False),
        (HosoError(reason="encrypted"), "encrypted", False),
        (KeyError("Nguyễn"), "unexpected-error", False),
    ],
)
def test_an_error_is_judged_by_what_it_says(error: Exception, *, reason: str, retriable: bool) -> None:
    assert judge(error) == Failure(reason, retriable, error)


def test_one_attempt_returns_what_came_of_it() -> None:
    bug = ValueError("7")
    assert asyncio.run(attempt(Failing())) == Success("done")
    assert asyncio.run(attempt(Failing(bug))) == Failure("unexpected-error", retriable=False, error=bug)


def test_being_cancelled_is_no_failure() -> None:
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(attempt(Failing(asyncio.CancelledError())))


def test_outages_are_waited_out(policy: FailurePolicy, health: WatchedHealth) -> None:
    work = Failing(StoreUnavailable(), Refused(), LogUnavailable())
    assert asyncio.run(policy.persist("part", work)) == Success("done")
    assert work.calls == 4
    assert health.told == [("part", "store-unavailable"), ("part", "access-refused"), ("part", "log-unavailable")]
    assert health.ready()


def test_what_waiting_cannot_mend_is_returned_at_once(policy: FailurePolicy, health: WatchedHealth) -> None:
    work = Failing(StoreUnavailable(), ObjectMissing("gone"), AssertionError("not reached"))
    outcome = asyncio.run(policy.persist("part", work))
    assert isinstance(outcome, Failure)
    assert (outcome.reason, work.calls) == ("object-missing", 2)
    assert health.ready()


def test_an_outage_is_told_once_and_its_end_too(policy: FailurePolicy, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    asyncio.run(policy.persist("part", Failing(*(StoreUnavailable("away") for _ in range(5)))))
    assert [record.getMessage() for record in caplog.records] == [
        "part waits: away (store-unavailable)",
        "part goes on after 5 tries",
    ]


def test_waiting_can_be_cancelled(health: WatchedHealth) -> None:
    policy = FailurePolicy(health, Backoff(first_seconds=60, most_seconds=60))

    async def go() -> None:
        task = asyncio.create_task(policy.persist("part", Failing(StoreUnavailable(), StoreUnavailable())))
        await until(lambda: bool(health.told))
        assert not health.ready()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(asyncio.wait_for(go(), 5))


def test_endless_work_is_started_again_whatever_ends_it(
    policy: FailurePolicy, health: WatchedHealth, caplog: pytest.LogCaptureFixture
) -> None:
    endings = iter([LogUnavailable("away"), KeyError("a bug"), None])
    ready: list[bool] = []

    async def work(working: Callable[[], None]) -> None:
        ready.append(health.ready())
        ending = next(endings, None)
        if ending is not None:
            raise ending
        working()
        ready.append(health.ready())
        await asyncio.sleep(len(ready) > 4 and 60)

    async def go() -> None:
        task = asyncio.create_task(policy.forever("part", work))
        await until(lambda: len(ready) >= 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(asyncio.wait_for(go(), 5))
    assert ready[:4] == [False, False, False, True]
    assert health.told[0] == ("part", "starting")
    (bug,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert bug.exc_info is not None


def test_a_failure_on_the_way_out_does_not_keep_endless_work_alive(policy: FailurePolicy) -> None:
    async def work(working: Callable[[], None]) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            raise StoreUnavailable("while giving up")

    async def go() -> None:
        task = asyncio.create_task(policy.forever("part", work))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 5)

    asyncio.run(go())


def test_the_wait_doubles_up_to_a_limit() -> None:
    backoff = Backoff(first_seconds=1, most_seconds=10)
    for tries, full in ((1, 1), (2, 2), (4, 8), (5, 10), (1_000_000, 10)):
        assert full / 2 <= backoff.seconds(tries) <= full


def test_tolerated_parts_do_not_make_us_unready() -> None:
    health = Health(tolerated=["relay"])
    health.troubled("relay", "log-unavailable")
    assert health.ready()
    assert health.troubles() == {"relay": "log-unavailable"}
    health.troubled("store", "store-unavailable")
    assert not health.ready()
    health.recovered("store")
    assert health.ready()
