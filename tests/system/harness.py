"""The whole system driven as its users drive it: by HTTP, and by reading the log."""

import asyncio
import io
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
from PIL import Image, ImageDraw, ImageFont

from deploy.local.servers import Kafka, Minio, PostgreSQL
from deploy.local.system import System
from shared.events import Event, decode
from shared.kafka import KafkaLog
from shared.log import Record
from shared.settings import KafkaSettings
from shared.topics import DOSSIERS

ACTOR = {"Hoso-Actor": "clerk-1", "Hoso-Role": "clerk", "Hoso-Counter": "Q1"}
UNIT, PROCEDURE = "H98.02", "9.990001"
Found = TypeVar("Found")


def wait_for(look: Callable[[], Found], what: str, *, seconds: float) -> Found:
    """Return the first true answer of ``look``; fail when none came in time."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.1)
    return found


def page_image(text: str, *, size: tuple[int, int] = (900, 500)) -> Image.Image:
    """Return a small clean page with a few printed lines: quick to recognise."""
    image = Image.new("L", size, 255)
    font = ImageFont.truetype("DejaVuSerif.ttf", 34)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(text.splitlines()):
        draw.text((60, 60 + 60 * number), line, fill=0, font=font)
    return image


def tiff(pages: Iterable[Image.Image]) -> bytes:
    """Return a bitonal TIFF of these pages at 200 dpi."""
    first, *rest = [page.convert("1") for page in pages]
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=rest, compression="group4", dpi=(200, 200))
    return out.getvalue()


def one_page(label: str) -> bytes:
    """Return a one-page scan that no other label gives."""
    return tiff([page_image(f"GIẤY XÁC NHẬN\nSố {label}\nCộng hòa xã hội chủ nghĩa")])


def many_pages(label: str, count: int) -> bytes:
    """Return a scan of ``count`` pages."""
    return tiff(page_image(f"Trang {n} của {label}\nĐộc lập - Tự do") for n in range(1, count + 1))


class DrivenSystem(System):
    """A system with hands: it hands in papers, and eyes: it reads the log and asks the registry."""

    def __init__(self, folder: Path, kafka: Kafka, minio: Minio, postgres: PostgreSQL) -> None:
        super().__init__(folder, kafka, minio, postgres)
        self.client = httpx.Client(base_url=self.intake.url, headers=ACTOR, timeout=30)

    def stop(self) -> None:
        """Stop every process of ours."""
        self.client.close()
        super().stop()

    def open_dossier(self, **applicant: str) -> dict[str, Any]:
        """Open a dossier and return it."""
        body = {
            "procedure_code": PROCEDURE,
            "channel": 1,
            "receiving_unit": UNIT,
            "applicant": {"full_name": "Nguyễn Thị Thử", "identity_number": "000000000001", **applicant},
            "components": [],
        }
        answer = self.client.post("/v1/dossiers", json=body)
        assert answer.status_code == 201, answer.text
        opened: dict[str, Any] = answer.json()
        return opened

    def add_paper(self, dossier_id: str, content: bytes, *, file_name: str = "scan.tif") -> str:
        """Hand in a scan and return the id of its paper once it is accepted."""
        answer = self.client.post(f"/v1/dossiers/{dossier_id}/papers", files={"file": (file_name, content)})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["papers"][0]["id"])

    def paper(self, paper_id: str) -> dict[str, Any]:
        """Return what intake knows of a paper."""
        found: dict[str, Any] = self.client.get(f"/v1/papers/{paper_id}").raise_for_status().json()
        return found

    def wait_digitised(self, papers: Iterable[str], *, seconds: float) -> None:
        """Wait until intake shows every paper as digitised."""
        waiting = set(papers)

        def look() -> bool:
            waiting.difference_update([p for p in waiting if self.paper(p)["state"] == "digitised"])
            return not waiting

        wait_for(look, "every paper digitised", seconds=seconds)

    def pages_done(self, dossier_id: str, paper_id: str) -> dict[str, datetime]:
        """Return the checkpoints of a paper's pages, each with the moment it was written."""
        return {
            facts.name: facts.modified_at
            for facts in self.store.list(UUID(dossier_id), paper_id)
            if "/pages/" in facts.name and facts.name.endswith(".json") and not facts.name.endswith(".words.json")
        }

    def events(self) -> list[Event]:
        """Return every event of the dossier topic, as a subscriber sees them from the beginning."""
        return [event for event in map(decode, self.records(DOSSIERS.name)) if event is not None]

    def records(self, *topics: str) -> list[Record]:
        """Return every record of some topics."""
        return asyncio.run(self._read(topics))

    async def _read(self, topics: Sequence[str]) -> list[Record]:
        log = KafkaLog(KafkaSettings(bootstrap_servers=self.kafka.bootstrap_servers))
        reader = await log.reader(topics, {})
        try:
            found: list[Record] = []
            while await reader.lag():
                found += await reader.read(max_records=5000, timeout_seconds=2)
            return found
        finally:
            await reader.close()

    def registry_dossiers(self) -> dict[str, dict[str, Any]]:
        """Return every dossier the registry lists, by id; one listed twice fails."""
        found: dict[str, dict[str, Any]] = {}
        with httpx.Client(base_url=self.registry.url, timeout=30) as client:
            path: str | None = "/v1/dossiers?unit=all&limit=100"
            while path:
                page = client.get(path).raise_for_status().json()
                for dossier in page["items"]:
                    assert dossier["dossier_id"] not in found, "a dossier is listed twice"
                    found[dossier["dossier_id"]] = dossier
                path = page["next"]
        return found

    def registry_paper_states(self, dossier_id: str) -> list[str]:
        """Return the states of a dossier's papers as the registry knows them."""
        answer = httpx.get(f"{self.registry.url}/v1/dossiers/{dossier_id}", timeout=30).raise_for_status()
        return [paper["state"] for paper in answer.json()["papers"]]

    def verify(self, dossiers: Mapping[str, Iterable[str]]) -> None:
        """Hold the whole against what was accepted: ``dossiers`` maps ids to their papers.

        Every paper is digitised, every sequence is complete, no dossier is counted twice, and the
        registry holds what the log says.
        """
        self.wait_digitised([p for papers in dossiers.values() for p in papers], seconds=120)
        sequences: dict[str, Counter[int]] = {}
        for event in self.events():
            if event.sequence is not None:
                sequences.setdefault(event.key, Counter())[event.sequence] += 1
        for dossier_id, papers in dossiers.items():
            seen = set(sequences[dossier_id])
            assert len(seen) >= 1 + len(list(papers))
            assert seen == set(range(1, len(seen) + 1)), "a sequence has a hole"
        wait_for(lambda: self._registry_agrees(dossiers), "the registry agrees", seconds=60)

    def _registry_agrees(self, dossiers: Mapping[str, Iterable[str]]) -> bool:
        listed = self.registry_dossiers()
        return all(
            dossier_id in listed
            and listed[dossier_id]["missing"] == 0
            and self.registry_paper_states(dossier_id) == ["digitised"] * len(list(papers))
            for dossier_id, papers in dossiers.items()
        )


class Poster(threading.Thread):
    """Hands in papers from a thread of its own, so that something can fail meanwhile."""

    def __init__(self, system: DrivenSystem, count: int) -> None:
        super().__init__(daemon=True)
        self._system = system
        self._count = count
        self.accepted: dict[str, list[str]] = {}

    def run(self) -> None:
        """Open a dossier for each paper and hand the paper in."""
        for number in range(self._count):
            dossier_id = self._system.open_dossier()["id"]
            label = f"{number}-{uuid.uuid4().hex[:6]}"
            self.accepted[dossier_id] = [self._system.add_paper(dossier_id, one_page(label))]
