"""An intake without a network: its API over ASGI, on a database of the test, a store and a clock that stand still."""

import asyncio
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import pikepdf
from PIL import Image
from prometheus_client import CollectorRegistry
from sqlalchemy import Connection, func, select

from services.intake import tables
from services.intake.content import judge
from services.intake.digitisation_codes import dossier_coding
from services.intake.files import Limits
from services.intake.following import learn_outcomes, learn_reference
from services.intake.http.api import api
from services.intake.http.middleware import Observe
from services.intake.ledger import SqlLedger
from services.intake.metrics import Metrics
from services.intake.names import Digests
from services.intake.ports import Desk, Ledger
from shared.database import Database
from shared.events import Data, Event, Procedure, Unit, decode, deterministic_id, encode, type_of
from shared.log import Message, Record
from shared.object_store import ObjectStore
from tests.fakes.clock import NOON, FakeClock

SECRET = "a secret of at least thirty-two characters"
HEADERS = {"Hoso-Actor": "clerk-7", "Hoso-Role": "clerk", "Hoso-Counter": "D1"}
LEASE = timedelta(minutes=5)
LIMITS = Limits(size_bytes=2_000_000, pixels=50_000_000, pages=20)
ONE_STOP, DEPARTMENT, PROCEDURE = "H98.01.10", "H98.02", "9.990001"
APPLICANT = {"full_name": "Nguyễn Thị Đào", "identity_number": "001099012345"}
OPENING: dict[str, Any] = {
    "procedure_code": PROCEDURE,
    "channel": 1,
    "receiving_unit": ONE_STOP,
    "applicant": APPLICANT,
    "components": [
        {"code": "TP01", "name": "Đơn đề nghị", "copy_kind": 0, "quantity": 1},
        {"code": "TP02", "name": "Căn cước", "copy_kind": 1, "quantity": 2, "duty": "exempt", "exempt_reason": 3},
    ],
}


def reference_data() -> list[Data]:
    """Return the units and procedures the registry published."""
    about = {"valid_from": "2026-01-01", "source": "made up"}
    procedure = Procedure(
        code=PROCEDURE,
        version=3,
        name="Thủ tục",
        field_code="F",
        field_name="Lĩnh vực",
        managing_unit=DEPARTMENT,
        handling_level="province",
        limit=5,
        limit_unit="working_day",
        level="full",
        level_scheme="ND42_2022",
        result_is_document=True,
        **about,
    )
    units = [Unit(code=code, name="Đơn vị", kind="department", **about) for code in (ONE_STOP, DEPARTMENT)]
    return [*units, procedure, procedure.model_copy(update={"code": "9.990002", "managing_unit": "H98.99"})]


def record(data: Data, *, offset: int = 0) -> Record:
    """Return an event of somebody else's as it is read from the log."""
    topic = type_of(data).topic.name
    event = Event(deterministic_id(data, offset), "/elsewhere", "s", NOON, data, key="k")
    message = encode(event, topic)
    return Record(topic, message.key, message.value, message.headers, partition=0, offset=offset)


def picture(colour: int = 0, *, kind: str = "PNG") -> bytes:
    """Return a small picture; another colour gives other bytes."""
    out = io.BytesIO()
    Image.new("L", (40, 30), colour % 256).save(out, kind)
    return out.getvalue() + (colour.to_bytes(4, "big") if kind == "JPEG" else b"")


def pdf(pages: int = 1, *, password: str | None = None) -> bytes:
    """Return a PDF of empty pages."""
    out = io.BytesIO()
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
    if password is None:
        made.save(out, deterministic_id=True)
    else:
        made.save(out, encryption=pikepdf.Encryption(owner="o", user=password))
    return out.getvalue()


@dataclass(frozen=True)
class Request:
    """A request to send."""

    method: str
    path: str
    options: dict[str, Any] = field(default_factory=dict)


class Office:
    """Intake, put together from the parts a test chose."""

    def __init__(
        self, database: Database, store: ObjectStore, *, ledger: Ledger | None = None, most_bytes: int = 5_000_000
    ) -> None:
        self.database = database
        self.store = store
        self.clock = FakeClock()
        self.woken = 0
        self.metrics_registry = CollectorRegistry()
        self.metrics = Metrics(self.metrics_registry)
        self.desk = Desk(
            ledger=ledger or SqlLedger(database),
            store=store,
            digests=Digests(SECRET),
            judge=partial(judge, limits=LIMITS),
            wake=self._wake,
            review_lease=LEASE,
            coding=dossier_coding,
        )
        self.app = api(self.desk, clock=self.clock, metrics=self.metrics, max_request_bytes=most_bytes)

    def _wake(self) -> None:
        self.woken += 1

    def on(self, *, store: ObjectStore | None = None, ledger: Ledger | None = None) -> "Office":
        """Return the same office with another store or ledger."""
        return Office(self.database, store or self.store, ledger=ledger or self.desk.ledger)

    def learn(self, *data: Data) -> None:
        """Hear of events of the registry's and OCR's."""
        records = [record(d, offset=i) for i, d in enumerate(data)]
        with self.database.transaction() as connection:
            learn_reference(connection, [r for r in records if r.topic == "hoso.reference"])
            learn_outcomes(connection, [r for r in records if r.topic == "hoso.dossiers"])

    def send(self, requests: Sequence[Request], *, at_once: int = 1) -> list[httpx.Response]:
        """Send requests, so many at once, and return the responses in their order."""

        async def all_of_them() -> list[httpx.Response]:
            transport = httpx.ASGITransport(Observe(self.app, self.metrics), raise_app_exceptions=False)
            gate = asyncio.Semaphore(at_once)
            async with httpx.AsyncClient(transport=transport, base_url="http://intake", headers=HEADERS) as client:

                async def one(request: Request) -> httpx.Response:
                    async with gate:
                        return await client.request(request.method, request.path, **request.options)

                return await asyncio.gather(*(one(request) for request in requests))

        return asyncio.run(all_of_them())

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Get something."""
        return self.send([Request("GET", path, options)])[0]

    def post(self, path: str, **options: Any) -> httpx.Response:
        """Post something."""
        return self.send([Request("POST", path, options)])[0]

    def put(self, path: str, **options: Any) -> httpx.Response:
        """Put something."""
        return self.send([Request("PUT", path, options)])[0]

    def open_dossier(self, **changes: Any) -> dict[str, Any]:
        """Open a dossier and return it."""
        response = self.post("/v1/dossiers", json=OPENING | changes)
        assert response.status_code == 201, response.text
        return dict(response.json())

    def add(self, dossier_id: str, *contents: bytes, name: str = "scan", **options: Any) -> httpx.Response:
        """Add files to a dossier."""
        files = [("file", (name, content)) for content in contents]
        return self.post(f"/v1/dossiers/{dossier_id}/papers", files=files, **options)

    def add_one(self, dossier_id: str, content: bytes | None = None) -> dict[str, Any]:
        """Add a paper and return it."""
        response = self.add(dossier_id, content or picture())
        assert response.status_code == 201, response.text
        return dict(response.json()["papers"][0])

    def read(self, question: Callable[[Connection], Any]) -> Any:
        """Ask the database."""
        with self.database.reading() as connection:
            return question(connection)

    def count(self, table: str) -> int:
        """Return the number of rows of a table."""
        rows = select(func.count()).select_from(tables.metadata.tables[table])
        return int(self.read(lambda connection: connection.execute(rows).scalar_one()))

    def journal(self) -> list[Message]:
        """Return what waits to be announced, in order."""
        return [m for _, m in self.read(lambda connection: tables.journal.waiting(connection, 10_000))]

    def events(self, *, topic: str = "hoso.dossiers") -> list[Event]:
        """Return the events of a topic that wait to be announced, in order."""
        found = (decode(message) for message in self.journal() if message.topic == topic)
        return [event for event in found if event is not None]

    def objects(self) -> set[str]:
        """Return the full names of all objects."""
        return {f"{facts.dossier_id}/{facts.name}" for facts in self.store.list()}


def problem(response: httpx.Response) -> dict[str, Any]:
    """Return a problem, checked for what every problem has."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    told = dict(response.json())
    assert told["status"] == response.status_code
    assert told["type"].startswith("urn:hoso:problem:")
    assert told["detail"], "no English text"
    assert told["detail_vi"], "no Vietnamese text"
    assert told["correlation_id"] == response.headers["x-request-id"]
    return told


def slug(response: httpx.Response) -> str:
    """Return what kind of problem a response tells of."""
    return str(problem(response)["type"]).removeprefix("urn:hoso:problem:")


def sequences(events: Iterable[Event]) -> list[int | None]:
    """Return the sequence numbers of events."""
    return [event.sequence for event in events]


def paper_id(paper: dict[str, Any]) -> UUID:
    """Return the id of a paper as the API tells it."""
    return UUID(paper["id"])


def told(value: object) -> str:
    """Return a value as JSON, to search in."""
    return json.dumps(value, ensure_ascii=False)
