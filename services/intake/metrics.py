"""Every figure intake gives to Prometheus; labels come from closed lists only."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, false, func, select

from services.intake import tables as t
from services.intake.add_papers import Addition
from services.intake.dossiers import PaperState
from services.intake.record_result import ResultStands
from services.intake.record_transfer import TransferStands
from services.intake.refusals import Refusal
from services.intake.reviews import ReviewState
from shared.clock import Clock
from shared.database import Database
from shared.errors import DatabaseUnavailable
from shared.log import Message
from shared.topics import Lane


class Metrics:
    """What this process did since it started."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._papers = Counter(
            "hoso_intake_papers",
            "Files taken, by lane; a duplicate is not taken twice.",
            ["lane", "result"],
            registry=registry,
        )
        self._refused = Counter("hoso_intake_files_refused", "Files refused, by reason.", ["reason"], registry=registry)
        self._bytes = Counter("hoso_intake_upload_bytes", "Bytes of the files taken.", registry=registry)
        self._results = Counter(
            "hoso_intake_results", "Results recorded, by how they became electronic.", ["kind"], registry=registry
        )
        # the software they went to is in the registry's figures: here its code is whatever a caller sends
        self._transfers = Counter(
            "hoso_intake_transfer_attempts",
            "Attempts to transfer something to the software of a sector, by what and outcome.",
            ["object", "outcome"],
            registry=registry,
        )
        self._requests = Counter(
            "hoso_intake_requests", "Requests answered.", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "hoso_intake_request_seconds", "Time to answer, without sending a file.", ["route"], registry=registry
        )
        self._outcomes = Histogram(
            "hoso_intake_paper_seconds",
            "From a paper's acceptance to the first that came of it, by lane and what that was.",
            ["lane", "outcome"],
            registry=registry,
            buckets=_PAPER_SECONDS,
        )
        self._announcements = Histogram(
            "hoso_intake_announcement_seconds",
            "From a paper's acceptance until the broker has heard of it; repeats for a new cluster are not counted.",
            registry=registry,
            buckets=_ANNOUNCEMENT_SECONDS,
        )
        self._begin_series()

    def _begin_series(self) -> None:
        for lane in Lane:  # a series that is there from the start can be alerted on
            for state in (PaperState.DIGITISED, PaperState.FAILED):
                self._outcomes.labels(lane.value, state.value)

    def added(self, addition: Addition | None) -> None:
        """Count the papers that were added to a dossier, if any were."""
        for placed in addition.placed if addition else ():
            self.taken(placed.paper.lane, placed.paper.size_bytes, result="duplicate" if placed.duplicate else "new")

    def taken(self, lane: Lane, size_bytes: int, *, result: str) -> None:
        """Count a file that was taken: new, duplicate, or waiting in a tray."""
        self._papers.labels(lane.value, result).inc()
        if result != "duplicate":
            self._bytes.inc(size_bytes)

    def refused(self, reasons: Iterable[str]) -> None:
        """Count files that were refused."""
        for reason in reasons:
            self._refused.labels(Refusal(reason).value).inc()

    def result(self, stands: ResultStands | None) -> None:
        """Count a result, if one was recorded just now."""
        if stands and stands.is_new:
            self._results.labels(stands.result.kind.value).inc()

    def transferred(self, stands: TransferStands | None) -> None:
        """Count an attempt of a transfer, if one was recorded just now."""
        if stands:
            transfer = stands.transfer
            self._transfers.labels(transfer.parcel.object.value, transfer.last.outcome.value).inc()

    def outcome(self, lane: Lane, state: PaperState, seconds: float) -> None:
        """Count the first that came of a paper, so many seconds after its acceptance."""
        self._outcomes.labels(lane.value, state.value).observe(seconds)

    def announced(self, messages: Sequence[Message], at: datetime) -> None:
        """Count the papers among messages that the broker has heard of now."""
        for message in messages:
            headers = dict(message.headers)
            if headers.get("ce_type") == _PAPER_ACCEPTED:
                accepted_at = datetime.fromisoformat(headers["ce_time"].decode())
                self._announcements.observe(max((at - accepted_at).total_seconds(), 0))

    def request(self, method: str, route: str, *, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(_METHODS.get(method, "other"), route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


# the objectives' limits, 60 s and 5 s, are bounds of buckets
_PAPER_SECONDS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 21600)
_ANNOUNCEMENT_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800)
_PAPER_ACCEPTED = b"vn.hoso.paper.accepted.v1"
_METHODS = {method: method for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")}


class LedgerFigures(Collector):
    """What the ledger holds, read when Prometheus asks, so that a restart changes nothing."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def describe(self) -> list[Metric]:
        """Return nothing: registering must not ask the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Read the figures; while the ledger is away only that it is."""
        up = GaugeMetricFamily("hoso_intake_ledger_up", "Whether the ledger answers.")
        try:
            figures = self._read()
        except DatabaseUnavailable:
            figures = []
        up.add_metric([], 1 if figures else 0)
        yield from (up, *figures)

    def _read(self) -> list[Metric]:
        p = t.paper.c
        waiting = select(p.lane, func.count().label("papers")).where(p.state == PaperState.WAITING).group_by(p.lane)
        with self._database.reading() as connection:
            backlog = t.journal.backlog(connection)
            trays = {row.lane: row.papers for row in connection.execute(waiting)}
            reviews = self._reviews(connection)
            in_work = self._in_work(connection)
        age = (self._clock.now() - backlog.oldest).total_seconds() if backlog.oldest else 0
        tray = GaugeMetricFamily("hoso_intake_tray_papers", "Papers that wait in trays, by lane.", labels=["lane"])
        for lane in Lane:
            tray.add_metric([lane.value], trays.get(lane.value, 0))
        return [
            GaugeMetricFamily("hoso_intake_unannounced_events", "Events the broker has not heard.", backlog.events),
            GaugeMetricFamily("hoso_intake_unannounced_oldest_seconds", "Age of the oldest of them.", age),
            tray,
            *in_work,
            *reviews,
        ]

    def _in_work(self, connection: Connection) -> list[Metric]:
        p, now = t.paper.c, self._clock.now()
        query = select(p.lane, func.count().label("papers"), func.min(p.accepted_at).label("oldest"))
        rows = connection.execute(query.where(p.state == PaperState.ACCEPTED).group_by(p.lane)).all()
        counts = {row.lane: row.papers for row in rows}
        ages = {row.lane: (now - row.oldest).total_seconds() for row in rows if row.oldest}
        papers = GaugeMetricFamily(
            "hoso_intake_papers_in_work", "Papers accepted of which nothing came yet, by lane.", labels=["lane"]
        )
        oldest = GaugeMetricFamily(
            "hoso_intake_papers_in_work_oldest_seconds",
            "Age of the oldest of them since its acceptance.",
            labels=["lane"],
        )
        for lane in Lane:
            papers.add_metric([lane.value], counts.get(lane.value, 0))
            oldest.add_metric([lane.value], ages.get(lane.value, 0))
        return [papers, oldest]

    def _reviews(self, connection: Connection) -> list[Metric]:
        r, now = t.review.c, self._clock.now()
        is_claimed = func.coalesce(r.held_until > now, false())
        open_ones = select(
            is_claimed.label("claimed"), func.count().label("reviews"), func.min(r.opened_at).label("oldest")
        )
        rows = connection.execute(open_ones.where(r.state == ReviewState.OPEN).group_by("claimed")).all()
        counts = {"claimed" if row.claimed else "open": row.reviews for row in rows}
        states = GaugeMetricFamily(
            "hoso_intake_reviews",
            "Reviews not finished: open to be claimed, or claimed by somebody now.",
            labels=["state"],
        )
        for state in ("open", "claimed"):
            states.add_metric([state], counts.get(state, 0))
        age = max(((now - row.oldest).total_seconds() for row in rows), default=0)
        return [
            states,
            GaugeMetricFamily("hoso_intake_review_oldest_seconds", "Age of the oldest review not finished.", age),
        ]
