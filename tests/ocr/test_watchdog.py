"""The watchdog knows a worker that has left its group for good, and aiokafka still shows it."""

import asyncio
from types import SimpleNamespace
from typing import Any

import faust
import pytest
from aiokafka import AIOKafkaConsumer
from faust.transport.consumer import ThreadDelegateConsumer
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread

from services.ocr.watchdog import EXIT_CODE, Trouble, Watchdog, membership_trouble
from shared.embedded_broker import EmbeddedBroker
from shared.topics import EXPRESS

REBALANCE_SECONDS = 60


def coordinator(**changes: Any) -> SimpleNamespace:
    """Return what aiokafka's coordinator looks like in a healthy member."""
    done = {name: SimpleNamespace(done=lambda value=value: value) for name, value in (("yes", True), ("no", False))}
    healthy = {
        "_coordination_task": done["no"],
        "_pending_exception": None,
        "_rejoin_needed_fut": done["no"],
        "generation": 3,
        "coordinator_id": 1,
    }
    named = {name: done.get(value, value) if isinstance(value, str) else value for name, value in changes.items()}
    return SimpleNamespace(**{**healthy, **named})


@pytest.mark.parametrize(
    ("changes", "reason", "patience_seconds"),
    [
        ({"_coordination_task": "yes"}, "group coordination has ended", 10),
        ({"_pending_exception": ValueError("secret")}, "group error: ValueError", 10),
        ({"generation": -1}, "outside the group", 70),
        ({"_rejoin_needed_fut": "yes"}, "outside the group", 70),
    ],
)
def test_each_hang_is_told(changes: dict[str, Any], reason: str, patience_seconds: float) -> None:
    trouble = membership_trouble(coordinator(**changes), rebalance_seconds=REBALANCE_SECONDS)
    assert trouble == Trouble(reason, patience_seconds)


def test_a_healthy_member_and_a_broker_away_are_no_trouble() -> None:
    for state in (coordinator(), coordinator(generation=-1, coordinator_id=None)):
        assert membership_trouble(state, rebalance_seconds=REBALANCE_SECONDS) is None


def test_trouble_that_lasts_ends_the_process_and_other_trouble_is_waited_out() -> None:
    now: Trouble | None = Trouble("outside the group", 60)
    ended: list[int] = []
    watchdog = Watchdog(lambda: now, ended.append)
    watchdog.step(0)
    assert not watchdog.alive()
    watchdog.step(59)
    now = None
    watchdog.step(61)
    assert watchdog.alive()
    now = Trouble("outside the group", 60)
    watchdog.step(62)
    now = Trouble("group error: X", 10)
    watchdog.step(121)
    assert ended == []
    watchdog.step(131)
    assert ended == [EXIT_CODE]


def test_a_watchdog_that_breaks_ends_the_process() -> None:
    ended: list[int] = []

    def look() -> Trouble | None:
        raise AttributeError("a private name is gone")

    with pytest.raises(AttributeError):
        Watchdog(look, ended.append, look_seconds=0).watch()
    assert ended == [EXIT_CODE]


def test_aiokafka_and_faust_still_have_the_private_names() -> None:
    async def join() -> Trouble | None:
        with EmbeddedBroker() as broker:
            consumer = AIOKafkaConsumer(EXPRESS.name, bootstrap_servers=broker.bootstrap_servers, group_id="watched")
            await consumer.start()
            try:
                async with asyncio.timeout(20):
                    while not consumer.assignment():  # noqa: ASYNC110  # aiokafka has no event for it
                        await asyncio.sleep(0.05)
                watched = consumer._coordinator
                trouble = membership_trouble(watched, rebalance_seconds=REBALANCE_SECONDS)
                assert isinstance(watched.generation, int)
                assert callable(watched.request_rejoin)
                assert callable(watched._client.force_metadata_update)
                watched._pending_exception = ValueError()
                assert membership_trouble(watched, rebalance_seconds=REBALANCE_SECONDS) is not None
                watched._pending_exception = None
                return trouble
            finally:
                await consumer.stop()

    assert asyncio.run(join()) is None
    assert faust.__version__ == "0.15.3"
    assert "_thread" in ThreadDelegateConsumer.__annotations__
    assert "_consumer" in AIOKafkaConsumerThread.__annotations__
