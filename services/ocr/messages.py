"""What an OCR worker publishes about a paper, and how it reads its work."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.ocr.facts import PaperFacts
from shared.errors import Undecodable
from shared.events import Data, Event, PaperDigitised, PaperFailed, PaperWork, decode, deterministic_id, encode
from shared.log import Message, Record
from shared.topics import DOSSIERS

SOURCE = "/hoso/ocr"


def read_work(record: Record) -> tuple[Event, PaperWork]:
    """Return the event in a record of a lane, and its data; raises ``Undecodable``."""
    event = decode(record)
    if event is None or not isinstance(event.data, PaperWork):
        raise Undecodable("a lane carries nothing but papers")
    return event, event.data


@dataclass(frozen=True)
class Origin:
    """A paper's work as it came: what the answers to it have in common."""

    record: Record
    event: Event
    work: PaperWork
    version: str

    def digitised(self, paper: PaperFacts, at: datetime) -> Message:
        """Say that a version of the document is in the store; said again it is the same event."""
        data = PaperDigitised(
            paper_id=self.work.paper_id,
            dossier_id=self.work.dossier_id,
            version=self.version,
            pages=len(paper.pages),
            pages_failed=paper.failed,
            words=paper.words,
            confidence=paper.confidence,
            document_bytes=paper.document_bytes,
            seconds=paper.seconds,
            needs_review=paper.needs_review,
            review_fields=paper.review_fields,
            review_reasons=paper.review_reasons,
            revision=paper.revision,
            signatures=len(paper.signatures),
            pdfa=paper.pdfa,
            engine=paper.pipeline.engine,
        )
        return self._outcome("digitised", data, at)

    def failed(self, reason: str, at: datetime, *, attempts: int) -> Message:
        """Say that the paper cannot be digitised."""
        ids = {"paper_id": self.work.paper_id, "dossier_id": self.work.dossier_id}
        return self._outcome("failed", PaperFailed(**ids, reason=reason, attempts=attempts), at)

    def _outcome(self, name: str, data: Data, at: datetime) -> Message:
        event_id = deterministic_id(self.work.paper_id, self.version, name)
        return self._message(data, at, event_id=event_id, key=str(self.work.dossier_id), topic=DOSSIERS.name)

    def remainder(self, rest: PaperWork, at: datetime) -> Message:
        """Put the rest of the paper at the end of the lane it came from."""
        redo = (rest.redo.revision,) if rest.redo else ()
        event_id = deterministic_id(rest.paper_id, "work", rest.slice, *redo)
        return self._message(rest, at, event_id=event_id, key=self.event.key, topic=self.record.topic)

    def _message(self, data: Data, at: datetime, *, event_id: UUID, key: str, topic: str) -> Message:
        event = Event(
            id=event_id,
            source=SOURCE,
            subject=str(self.work.paper_id),
            time=at,
            data=data,
            key=key,
            correlation_id=self.event.correlation_id,
        )
        return encode(event, topic)
