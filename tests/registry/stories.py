"""Stories of dossiers as the log tells them, for tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid5

from shared.events import (
    Actor,
    Channel,
    Data,
    DossierAccepted,
    DossierFinished,
    DossierOpened,
    DossierReturned,
    Event,
    FieldAnswer,
    FieldReviewed,
    LedgerData,
    PaperAccepted,
    PaperDigitised,
    PaperFailed,
    PaperReviewed,
    Status,
    StatusChanged,
    encode,
)
from shared.log import Record
from shared.topics import DOSSIERS, Lane

_SPACE = UUID("00000000-0000-4000-8000-000000000000")
MORNING = datetime(2026, 10, 8, 1, tzinfo=UTC)
CLERK = Actor(subject="clerk-7", role="one-stop", counter="3", unit="H98.01.10", client="web")


class Teller:
    """Tells what happens to dossiers, one second apart, with ids that are the same in every run."""

    def __init__(self, name: str = "story") -> None:
        self._name = name
        self._numbers = count()
        self._offsets = count()
        self._sequences: dict[UUID, int] = {}
        self._now = MORNING

    def id(self) -> UUID:
        """Return a new id."""
        return uuid5(_SPACE, f"{self._name}-{next(self._numbers)}")

    def opened(
        self,
        dossier_id: UUID,
        *,
        code: str = "H98.02-261008-0001",
        unit: str = "H98.02",
        procedure: str = "9.990001",
        channel: Channel = Channel.IN_PERSON,
    ) -> Record:
        """Tell that a dossier was opened at the one-stop centre, for a unit."""
        return self.ledger(
            DossierOpened(
                dossier_id=dossier_id,
                actor=CLERK,
                code=code,
                procedure_code=procedure,
                procedure_version=1,
                channel=channel,
                receiving_unit="H98.01.10",
                competent_unit=unit,
            )
        )

    def accepted(self, dossier_id: UUID) -> Record:
        """Tell that a dossier was accepted."""
        return self.ledger(
            DossierAccepted(dossier_id=dossier_id, from_status=Status.REGISTERED, to_status=Status.ACCEPTED)
        )

    def finished(self, dossier_id: UUID) -> Record:
        """Tell that a dossier was finished."""
        return self.ledger(
            DossierFinished(dossier_id=dossier_id, from_status=Status.ACCEPTED, to_status=Status.FINISHED)
        )

    def returned(self, dossier_id: UUID) -> Record:
        """Tell that the result went to the citizen."""
        return self.ledger(
            DossierReturned(dossier_id=dossier_id, from_status=Status.FINISHED, to_status=Status.RETURNED)
        )

    def paper(self, dossier_id: UUID, paper_id: UUID) -> Record:
        """Tell that a paper was accepted."""
        return self.ledger(
            PaperAccepted(
                dossier_id=dossier_id,
                paper_id=paper_id,
                component_code="KQ.01",
                lane=Lane.EXPRESS,
                media_type="image/jpeg",
                size_bytes=1000,
            )
        )

    def digitised(
        self,
        dossier_id: UUID,
        paper_id: UUID,
        *,
        pages: int = 3,
        version: str = "v1",
        revision: int = 0,
        needs_review: bool = False,
    ) -> Record:
        """Tell that a paper was digitised."""
        return self.record(
            PaperDigitised(
                paper_id=paper_id,
                dossier_id=dossier_id,
                version=version,
                pages=pages,
                pages_failed=0,
                words=200,
                confidence=91.25,
                document_bytes=5000,
                seconds=2.5,
                needs_review=needs_review,
                revision=revision,
                engine="tesseract",
            ),
            dossier_id,
        )

    def reviewed(self, dossier_id: UUID, paper_id: UUID, *answers: FieldAnswer, version: str = "v1") -> Record:
        """Tell that a person looked at a paper."""
        fields = tuple(FieldReviewed(name=f"field_{n}", answer=answer) for n, answer in enumerate(answers))
        return self.ledger(
            PaperReviewed(dossier_id=dossier_id, actor=CLERK, paper_id=paper_id, version=version, fields=fields)
        )

    def failed(self, dossier_id: UUID, paper_id: UUID, *, reason: str = "corrupt") -> Record:
        """Tell that a paper cannot be digitised."""
        return self.record(PaperFailed(paper_id=paper_id, dossier_id=dossier_id, reason=reason, attempts=3), dossier_id)

    def whole(self, dossier_id: UUID) -> list[Record]:
        """Tell of a dossier from its opening to its end, with two papers."""
        first, second = self.id(), self.id()
        return [
            self.opened(dossier_id),
            self.paper(dossier_id, first),
            self.paper(dossier_id, second),
            self.accepted(dossier_id),
            self.digitised(dossier_id, first),
            self.failed(dossier_id, second),
            self.reviewed(dossier_id, first, FieldAnswer.RIGHT, FieldAnswer.CORRECTED),
            self.finished(dossier_id),
            self.returned(dossier_id),
        ]

    def said(self, dossier_id: UUID, kind: type[LedgerData], /, **fields: Any) -> Record:
        """Tell that something happened to a dossier."""
        return self.ledger(kind.model_validate({"dossier_id": dossier_id, **fields}))

    def moved(
        self, dossier_id: UUID, kind: type[StatusChanged], /, *, frm: int = 2, to: int = 4, **fields: Any
    ) -> Record:
        """Tell that a command moved a dossier."""
        return self.said(dossier_id, kind, from_status=frm, to_status=to, **fields)

    def wait(self, *, hours: float) -> None:
        """Let time pass."""
        self._now += timedelta(hours=hours)

    def ledger(self, data: LedgerData) -> Record:
        """Tell the next event of a dossier's ledger."""
        sequence = self._sequences.get(data.dossier_id, 0) + 1
        self._sequences[data.dossier_id] = sequence
        return self.record(data, data.dossier_id, sequence=sequence)

    def record(self, data: Data, dossier_id: UUID, *, sequence: int | None = None) -> Record:
        """Tell an event."""
        event = Event(
            id=self.id(),
            source="/test",
            subject=str(dossier_id),
            time=self._now + timedelta(seconds=next(self._numbers)),
            data=data,
            key=str(dossier_id),
            sequence=sequence,
        )
        message = encode(event, DOSSIERS.name)
        return Record(
            message.topic, message.key, message.value, message.headers, partition=0, offset=next(self._offsets)
        )


def with_header(record: Record, name: str, value: str) -> Record:
    """Return a record with one header changed."""
    headers = {**dict(record.headers), name: value.encode()}
    return replace(record, headers=tuple(headers.items()))


def without_header(record: Record, name: str) -> Record:
    """Return a record without one header."""
    return replace(record, headers=tuple((n, v) for n, v in record.headers if n != name))


def in_batches(records: Sequence[Record], sizes: Sequence[int]) -> list[list[Record]]:
    """Return records cut into batches of these sizes, over and over."""
    batches, rest, turn = [], list(records), 0
    while rest:
        size = sizes[turn % len(sizes)]
        batches.append(rest[:size])
        rest, turn = rest[size:], turn + 1
    return batches
