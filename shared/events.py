"""The events of hoso: what each says, and its form on the wire (CloudEvents 1.0.2, Kafka binary).

Events are for ever and for everybody: ids, codes and facts about papers only; never a name, a
file name, a hash of a paper or anything else a person wrote. Readers ignore fields they do not
know; a change that would break them is a new type, announced beside the old one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any, Literal
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.errors import Undecodable
from shared.log import Message
from shared.topics import DOSSIERS, EXPRESS, REFERENCE, Lane, Topic

# The name space of every deterministic id of hoso.
NAMESPACE = UUID("6f9d4f0e-3c1b-5e58-9a56-0b7f3d2c8a41")
SPEC_VERSION = "1.0"
SEQUENCE_DIGITS = 10  # the `sequence` extension must order as text


def deterministic_id(*parts: object) -> UUID:
    """Return the same id for the same parts, on any machine."""
    return uuid5(NAMESPACE, "/".join(str(part) for part in parts))


class Channel(IntEnum):
    """How a dossier came in (KenhThucHien of the national portal)."""

    IN_PERSON = 1
    ONLINE = 2
    POST = 3


class Status(IntEnum):
    """The ten states of a dossier (TrangThaiHoSo of the national portal)."""

    REGISTERED = 1
    ACCEPTED = 2
    REFUSED = 3
    IN_PROGRESS = 4
    AWAITING_SUPPLEMENT = 5
    AWAITING_FEE = 6
    WITHDRAWN = 7
    STOPPED = 8
    FINISHED = 9
    RETURNED = 10


class CopyKind(IntEnum):
    """What kind of paper was handed in (LoaiBan)."""

    ORIGINAL = 0
    COPY = 1
    ELECTRONIC = 2


class Duty(StrEnum):
    """Whether a component is to be digitised (Circular 01/2023/TT-VPCP, Art. 4)."""

    REQUIRED = "required"
    REUSED = "reused"
    EXEMPT = "exempt"


class ServiceLevel(StrEnum):
    """How far a procedure is offered online; the first two are levels of law."""

    FULL = "full"
    PARTIAL = "partial"
    INFO = "info"
    UNCLASSIFIED = "unclassified"


class Data(BaseModel):
    """The data of an event; unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Actor(Data):
    """Who did it: opaque names only, ``system`` where nobody did."""

    subject: str = "system"
    role: str = "system"
    counter: str | None = None
    unit: str | None = None
    client: str = "hoso"


class LedgerData(Data):
    """What every event of the ledger says: which dossier, and who did it."""

    dossier_id: UUID
    actor: Actor = Actor()


class Component(Data):
    """A component of a dossier, without its name."""

    code: str
    copy_kind: CopyKind
    quantity: int
    duty: Duty
    exempt_reason: Literal[1, 2, 3] | None = Field(
        default=None,
        description="1 shared data, 2 a copy was handed in, 3 shown only or secret",
    )


class DossierOpened(LedgerData):
    """A dossier was opened, with its code and its components, before any file."""

    code: str
    procedure_code: str
    procedure_version: int
    channel: Channel
    receiving_unit: str
    competent_unit: str
    back_file: bool = False
    components: tuple[Component, ...] = ()
    status: Status = Status.REGISTERED


class StatusChanged(LedgerData):
    """A command moved a dossier from one state to another."""

    from_status: Status
    to_status: Status


class DossierAccepted(StatusChanged):
    """A valid dossier was accepted: the clock starts."""


class DossierFinished(StatusChanged):
    """The result is ready and back at the one-stop: the clock stops."""


class DossierReturned(StatusChanged):
    """The result was handed to the citizen."""


class PaperAccepted(LedgerData):
    """The original of a paper is safe in the object store."""

    paper_id: UUID
    component_code: str | None
    lane: Lane
    media_type: str
    name_mismatch: bool = Field(
        default=False,
        description="the file's name promised another type than its content",
    )
    size_bytes: int


class Redo(Data):
    """One page to be read again, otherwise; every other page stays as the base version has it."""

    base_version: str = Field(description="the version of the document whose other pages are kept")
    revision: int = Field(ge=1, description="1 for the first redo of a paper, then one more each")
    page: int = Field(ge=1)
    rotation: Literal[0, 90, 180, 270] | None = Field(
        default=None, description="degrees clockwise that make the page upright; found out where it is not given"
    )
    segmentation: Literal["page", "block", "sparse"] = Field(
        default="page", description="a page as usual, one block of text, or words here and there"
    )
    cleaning: Literal["auto", "none", "full"] = "auto"


class PaperWork(Data):
    """A paper, or what remains of it, to be digitised."""

    paper_id: UUID
    dossier_id: UUID
    lane: Lane
    media_type: str
    size_bytes: int
    slice: int = Field(default=0, description="0 as announced; then one more a remainder")
    redo: Redo | None = Field(default=None, description="one page only, to be read again")


class PaperDigitised(Data):
    """A version of a paper's document is in the object store; not the last word on the paper."""

    paper_id: UUID
    dossier_id: UUID
    version: str = Field(description="names the folder of the derived objects of this paper")
    pages: int
    pages_failed: int
    words: int
    confidence: float | None = Field(description="mean word confidence, 0 to 100")
    document_bytes: int
    seconds: float = Field(description="work spent on the pages, all processes together")
    needs_review: bool
    review_fields: tuple[str, ...] = Field(default=(), description="which fields a person must look at, by name")
    review_reasons: tuple[str, ...] = Field(default=(), description="why a person must look at the paper, as codes")
    revision: int = Field(default=0, description="0 as first read; one more each time a page was read again")
    signatures: int = Field(default=0, description="digital signatures in the original")
    pdfa: str | None = Field(default=None, description="PDF/A part and level of the document; none where it has none")
    engine: str


class FieldAnswer(StrEnum):
    """What a person found when looking at a field of a paper."""

    RIGHT = "right"
    CORRECTED = "corrected"
    ABSENT = "absent"
    UNREADABLE = "unreadable"


class FieldReviewed(Data):
    """What a person found at one field; never the value."""

    name: str
    answer: FieldAnswer


class PaperReviewed(LedgerData):
    """A person looked at what was read from a paper; the first reading stays as it was."""

    paper_id: UUID
    version: str = Field(description="the version of the document that was reviewed")
    fields: tuple[FieldReviewed, ...]


class PaperFailed(Data):
    """A paper cannot be digitised; its original stays where it is."""

    paper_id: UUID
    dossier_id: UUID
    reason: str
    attempts: int


class Unit(Data):
    """A unit as published by the registry."""

    code: str
    name: str
    kind: str
    parent: str | None = None
    valid_from: str
    source: str


class Procedure(Data):
    """A version of an administrative procedure as published by the registry."""

    code: str
    version: int
    name: str
    field_code: str
    field_name: str
    managing_unit: str
    handling_level: str
    limit: int
    limit_unit: Literal["working_hour", "working_day", "calendar_day", "month"]
    level: ServiceLevel
    level_scheme: str
    level_decision: str | None = None
    valid_from: str
    result_is_document: bool
    source: str


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
    EventType("vn.hoso.dossier.opened.v1", DOSSIERS, DossierOpened),
    EventType("vn.hoso.dossier.accepted.v1", DOSSIERS, DossierAccepted),
    EventType("vn.hoso.dossier.finished.v1", DOSSIERS, DossierFinished),
    EventType("vn.hoso.dossier.returned.v1", DOSSIERS, DossierReturned),
    EventType("vn.hoso.paper.accepted.v1", DOSSIERS, PaperAccepted),
    EventType("vn.hoso.paper.digitised.v1", DOSSIERS, PaperDigitised),
    EventType("vn.hoso.paper.failed.v1", DOSSIERS, PaperFailed),
    EventType("vn.hoso.paper.reviewed.v1", DOSSIERS, PaperReviewed),
    # the same message goes to the lane it names; the catalogue lists it under the first
    EventType("vn.hoso.paper.work.v1", EXPRESS, PaperWork),
    EventType("vn.hoso.reference.unit.v1", REFERENCE, Unit),
    EventType("vn.hoso.reference.procedure.v1", REFERENCE, Procedure),
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
