"""Made lives of dossiers as the log tells them: many at a time, each in its order."""

import heapq
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.events import (
    Actor,
    Channel,
    Component,
    CopyKind,
    Data,
    DossierAccepted,
    DossierFinished,
    DossierHandedOver,
    DossierOpened,
    DossierReturned,
    Duty,
    Event,
    LedgerData,
    PaperAccepted,
    PaperDigitised,
    ResultDigitised,
    ResultKind,
    Status,
    encode,
)
from shared.log import Message
from shared.topics import DOSSIERS, Lane

BEGIN = datetime(2026, 1, 5, 1, tzinfo=UTC)
UNITS = [f"H98.{n:02}" for n in range(1, 31)]
PROCEDURES = [f"9.{990000 + n}" for n in range(1, 151)]
CLERK = Actor(subject="clerk-7", role="one-stop", counter="3", unit="H98.01.10", client="web")


class Lives:
    """Lives of dossiers, the same in every run."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)  # noqa: S311  # no secret

    def messages(self, dossiers: int, *, days: float) -> Iterator[Message]:
        """Yield what happens to so many dossiers that are opened over so many days, in the order of time."""
        pending: list[tuple[datetime, int, Iterator[tuple[datetime, Message]], Message]] = []
        for number in range(dossiers):
            opened_at = BEGIN + timedelta(days=days * number / dossiers)
            while pending and pending[0][0] <= opened_at:
                yield self._next(pending)
            life = self._life(number, opened_at)
            at, message = next(life)
            heapq.heappush(pending, (at, number, life, message))
        while pending:
            yield self._next(pending)

    def _next(self, pending: list[tuple[datetime, int, Iterator[tuple[datetime, Message]], Message]]) -> Message:
        _, number, life, message = pending[0]
        following = next(life, None)
        if following is None:
            heapq.heappop(pending)
        else:
            heapq.heapreplace(pending, (following[0], number, life, following[1]))
        return message

    def _life(self, number: int, at: datetime) -> Iterator[tuple[datetime, Message]]:
        dossier_id, sequence = self._id(), 0
        for hours, data in self._told(number, dossier_id, at):
            at += timedelta(hours=hours * self._random.uniform(0.5, 1.5))
            if isinstance(data, LedgerData):
                sequence += 1
            yield at, self._message(dossier_id, data, at, sequence if isinstance(data, LedgerData) else None)

    def _told(self, number: int, dossier_id: UUID, at: datetime) -> Iterator[tuple[float, Data]]:
        """Yield what happens to a dossier, each with the hours since what happened before."""
        due_at, papers, unit = at + timedelta(days=7), (self._id(), self._id()), self._random.choice(UNITS)
        ours = {"dossier_id": dossier_id, "actor": CLERK}
        yield 0, self._opened(number, dossier_id, unit)
        for n, paper_id in enumerate(papers):
            paper = {"lane": Lane.EXPRESS, "media_type": "image/jpeg", "size_bytes": 250_000}
            yield 0.01, PaperAccepted(**ours, paper_id=paper_id, component_code=f"C{n}", **paper)
        moved = {**ours, "due_at": due_at}
        yield 0.01, DossierAccepted(**moved, from_status=Status.REGISTERED, to_status=Status.ACCEPTED, limit=5)
        for paper_id in papers:
            yield 0.01, self._digitised(dossier_id, paper_id)
        yield 4, DossierHandedOver(**moved, from_status=Status.ACCEPTED, to_status=Status.IN_PROGRESS)
        yield 90, DossierFinished(**moved, from_status=Status.IN_PROGRESS, to_status=Status.FINISHED)
        yield 0.1, ResultDigitised(**ours, paper_id=papers[0], kind=ResultKind.ELECTRONIC)
        yield 10, DossierReturned(**moved, from_status=Status.FINISHED, to_status=Status.RETURNED)

    def _opened(self, number: int, dossier_id: UUID, unit: str) -> DossierOpened:
        kind = {"copy_kind": CopyKind.COPY, "quantity": 1, "duty": Duty.REQUIRED}
        return DossierOpened(
            dossier_id=dossier_id,
            actor=CLERK,
            code=f"{unit}-260105-{number}",
            procedure_code=self._random.choice(PROCEDURES),
            procedure_version=1,
            channel=self._random.choice(list(Channel)),
            receiving_unit="H98.01.10",
            competent_unit=unit,
            components=tuple(Component(code=f"C{n}", **kind) for n in range(3)),
        )

    def _digitised(self, dossier_id: UUID, paper_id: UUID) -> PaperDigitised:
        return PaperDigitised(
            paper_id=paper_id,
            dossier_id=dossier_id,
            version="4f1c9a0b2d7e",
            pages=2,
            pages_failed=0,
            words=420,
            confidence=91.5,
            document_bytes=180_000,
            seconds=3.4,
            needs_review=self._random.random() < 0.1,
            engine="tesserocr 2.13.0",
        )

    def _message(self, dossier_id: UUID, data: Data, at: datetime, sequence: int | None) -> Message:
        event = Event(
            id=self._id(),
            source="/hoso/intake",
            subject=str(dossier_id),
            time=at,
            data=data,
            key=str(dossier_id),
            sequence=sequence,
        )
        return encode(event, DOSSIERS.name)

    def _id(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)
