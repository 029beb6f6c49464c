"""A group whose leader does not know its topic yet asks again, instead of idling for ever."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from aiokafka.cluster import ClusterMetadata

from services.ocr import worker
from shared.log import Record
from shared.settings import KafkaSettings
from shared.topics import EXPRESS, Lane


class Coordinator:
    """What aiokafka's coordinator is asked to do here, noted."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._client = self

    def force_metadata_update(self) -> None:
        """Note it."""
        self.asked.append("metadata")

    def request_rejoin(self) -> None:
        """Note it."""
        self.asked.append("rejoin")


async def ignore(_: Record) -> None:
    """Do nothing with a record."""


def cluster_of(topics: Iterable[str]) -> ClusterMetadata:
    """Return the metadata of a cluster that knows these topics."""
    cluster = ClusterMetadata()
    cluster._partitions = {topic: {0: None} for topic in topics}
    return cluster


@pytest.mark.parametrize(
    ("topics", "asked"), [([], ["metadata", "rejoin"]), ([EXPRESS.name], [])], ids=["unknown", "known"]
)
def test_the_leader_asks_again_for_a_topic_it_must_leave_out(
    topics: list[str], asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    coordinator = Coordinator()
    monkeypatch.setattr(worker, "_METADATA_SECONDS", 0)
    monkeypatch.setattr(worker, "coordinator_of", lambda _: coordinator)

    async def assign() -> Any:
        app = worker.build(Lane.EXPRESS, KafkaSettings(), ignore, data_folder=tmp_path, longest_call_seconds=1)
        assignor = worker.Assignor(app)
        member = assignor.metadata({EXPRESS.name})
        assignment = assignor.assign(cluster_of(topics), {"me": member})
        await asyncio.sleep(0.01)
        return assignment

    assert asyncio.run(assign())["me"].assignment == [(topic, [0]) for topic in topics]
    assert coordinator.asked == asked
