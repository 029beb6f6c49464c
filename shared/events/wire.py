"""The catalogue of events, and their form on the wire (CloudEvents 1.0.2, Kafka binary)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from shared.errors import Undecodable
from shared.events import dossiers, papers, record, reference
from shared.events.data import Data
from shared.log import Message
from shared.topics import DOSSIERS, EXPRESS, REFERENCE, Topic

SPEC_VERSION = "1.0"
SEQUENCE_DIGITS = 10  # the `sequence` extension must order as text


@dataclass(frozen=True)
class EventType:
    """An entry of the catalogue: the type's name on the wire, its topic and its data."""

    name: str
    topic: Topic
    data: type[Data]

    @property
    def summary(self) -> str:
        """The first sentence of the data's docstring."""
        return (self.data.__doc__ or "").strip().splitlines()[0]


CATALOGUE = (
    EventType("vn.hoso.dossier.opened.v1", DOSSIERS, dossiers.DossierOpened),
    EventType("vn.hoso.dossier.accepted.v1", DOSSIERS, dossiers.DossierAccepted),
    EventType("vn.hoso.dossier.refused.v1", DOSSIERS, dossiers.DossierRefused),
    EventType("vn.hoso.dossier.handed-over.v1", DOSSIERS, dossiers.DossierHandedOver),
    EventType("vn.hoso.dossier.supplement-requested.v1", DOSSIERS, dossiers.SupplementRequested),
    EventType("vn.hoso.dossier.supplemented.v1", DOSSIERS, dossiers.DossierSupplemented),
    EventType("vn.hoso.dossier.fee-requested.v1", DOSSIERS, dossiers.FeeRequested),
    EventType("vn.hoso.dossier.fee-paid.v1", DOSSIERS, dossiers.FeePaid),
    EventType("vn.hoso.dossier.suspended.v1", DOSSIERS, dossiers.DossierSuspended),
    EventType("vn.hoso.dossier.resumed.v1", DOSSIERS, dossiers.DossierResumed),
    EventType("vn.hoso.dossier.stopped.v1", DOSSIERS, dossiers.DossierStopped),
    EventType("vn.hoso.dossier.withdrawn.v1", DOSSIERS, dossiers.DossierWithdrawn),
    EventType("vn.hoso.dossier.finished.v1", DOSSIERS, dossiers.DossierFinished),
    EventType("vn.hoso.dossier.returned.v1", DOSSIERS, dossiers.DossierReturned),
    EventType("vn.hoso.dossier.extended.v1", DOSSIERS, dossiers.DossierExtended),
    EventType("vn.hoso.dossier.due-date-changed.v1", DOSSIERS, dossiers.DueDateChanged),
    EventType("vn.hoso.dossier.rerouted.v1", DOSSIERS, dossiers.DossierRerouted),
    EventType("vn.hoso.dossier.task-opened.v1", DOSSIERS, dossiers.TaskOpened),
    EventType("vn.hoso.dossier.task-closed.v1", DOSSIERS, dossiers.TaskClosed),
    EventType("vn.hoso.dossier.due-soon.v1", DOSSIERS, dossiers.DossierDueSoon),
    EventType("vn.hoso.dossier.overdue.v1", DOSSIERS, dossiers.DossierOverdue),
    EventType("vn.hoso.component.recorded.v1", DOSSIERS, record.ComponentRecorded),
    EventType("vn.hoso.paper.step-done.v1", DOSSIERS, record.StepDone),
    EventType("vn.hoso.result.digitised.v1", DOSSIERS, record.ResultDigitised),
    EventType("vn.hoso.transfer.recorded.v1", DOSSIERS, record.TransferRecorded),
    EventType("vn.hoso.paper.accepted.v1", DOSSIERS, papers.PaperAccepted),
    EventType("vn.hoso.paper.digitised.v1", DOSSIERS, papers.PaperDigitised),
    EventType("vn.hoso.paper.failed.v1", DOSSIERS, papers.PaperFailed),
    EventType("vn.hoso.paper.reviewed.v1", DOSSIERS, papers.PaperReviewed),
    # the same message goes to the lane it names; the catalogue lists it under the first
    EventType("vn.hoso.paper.work.v1", EXPRESS, papers.PaperWork),
    EventType("vn.hoso.reference.unit.v1", REFERENCE, reference.Unit),
    EventType("vn.hoso.reference.procedure.v1", REFERENCE, reference.Procedure),
    EventType("vn.hoso.reference.calendar.v1", REFERENCE, reference.CalendarPublished),
)
_BY_NAME = {entry.name: entry for entry in CATALOGUE}
_BY_DATA = {entry.data: entry for entry in CATALOGUE}


@dataclass(frozen=True)
class Event:
    """A CloudEvent: what happened (``data``), to what (``subject``), when, and its place in line."""

    id: UUID
    source: str
    subject: str
    time: datetime
    data: Data
    key: str
    sequence: int | None = field(
        default=None,
        metadata={"doc": "place in its dossier's ledger, from 1, without a hole"},
    )
    correlation_id: str | None = None

    @property
    def type(self) -> str:
        """The name of the event's type on the wire."""
        return type_of(self.data).name


def type_of(data: Data) -> EventType:
    """Return the catalogue's entry for some data."""
    return _BY_DATA[type(data)]


def headers_of(event: Event) -> dict[str, str]:
    """Return the CloudEvents attributes of an event, without the prefix of the binding."""
    attributes = {
        "specversion": SPEC_VERSION,
        "id": str(event.id),
        "type": event.type,
        "source": event.source,
        "subject": event.subject,
        "time": event.time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "partitionkey": event.key,
    }
    if event.sequence is not None:
        attributes["sequence"] = str(event.sequence).zfill(SEQUENCE_DIGITS)
    if event.correlation_id is not None:
        attributes["correlationid"] = event.correlation_id
    return attributes


def encode(event: Event, topic: str) -> Message:
    """Return the message that carries ``event`` in Kafka's binary mode."""
    headers = {f"ce_{name}": value for name, value in headers_of(event).items()}
    headers["content-type"] = "application/json"
    return Message(
        topic=topic,
        key=event.key.encode(),
        value=event.data.model_dump_json().encode(),
        headers=tuple((name, value.encode()) for name, value in headers.items()),
    )


def decode(message: Message) -> Event | None:
    """Return the event in ``message``, or nothing where its type is not in our catalogue.

    Raises ``Undecodable`` where headers are missing or broken or the data has another shape.
    """
    try:
        headers = {name: value.decode() for name, value in message.headers}
        entry = _BY_NAME.get(headers["ce_type"])
        return None if entry is None else _build(headers, entry, message)
    except (KeyError, ValueError, ValidationError) as error:
        raise Undecodable(f"not an event: {type(error).__name__}") from error


def _build(headers: Mapping[str, str], entry: EventType, message: Message) -> Event:
    sequence = headers.get("ce_sequence")
    time = datetime.fromisoformat(headers["ce_time"])
    if time.tzinfo is None:
        raise ValueError("a time without its zone")
    return Event(
        id=UUID(headers["ce_id"]),
        source=headers["ce_source"],
        subject=headers["ce_subject"],
        time=time,
        data=entry.data.model_validate_json(message.value),
        key=headers["ce_partitionkey"],
        sequence=None if sequence is None else int(sequence),
        correlation_id=headers.get("ce_correlationid"),
    )


def structured(message: Message) -> dict[str, Any]:
    """Return a message as CloudEvents' structured JSON form, of any type, known or not.

    Raises ``Undecodable`` where it is no CloudEvent at all.
    """
    try:
        attributes = {name[3:]: value.decode() for name, value in message.headers if name.startswith("ce_")}
        data = json.loads(message.value)
    except ValueError as error:
        raise Undecodable(f"not a CloudEvent: {type(error).__name__}") from error
    if "type" not in attributes:
        raise Undecodable("no ce_type header")
    return {**attributes, "datacontenttype": "application/json", "data": data}
