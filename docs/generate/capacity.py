"""What a commune, a province and the country need: arithmetic on measured costs, and nothing else.

Every number below is a ``Figure`` with its source; change one and run ``python -m docs.generate``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

FILE = "docs/capacity.md"
_HOUR, _YEAR_DAYS, _NIGHT_HOURS = 3600, 250, 16
_MEGA, _GIGA, _TERA = 1e6, 1e9, 1e12


@dataclass(frozen=True)
class Figure:
    """A number we count with, and who says so."""

    value: float
    unit: str
    meaning: str
    source: str


PAGE_CPU = Figure(1.43, "CPU s", "a page, judged, read and composed", "benchmarks.md, letters: 55.9 CPU s, 39 pages")
PAGE_ORIGINAL = Figure(0.69, "MB", "a page as handed in", "benchmarks.md, clean: 19.3 MB, 28 pages at 300 dpi")
PAGE_DOCUMENT = Figure(0.70, "MB", "its page in the document", "benchmarks.md, clean: 19.53 MB, 28 pages")
WORKER_MEMORY = Figure(400, "MB", "a worker with two children (peak, PSS)", "benchmarks.md, 300 pages")
PAPER_CPU = Figure(12.7, "CPU ms", "a paper accepted by intake", "benchmarks.md, acceptance")
PROJECTION = Figure(8300, "events/s", "projected into PostgreSQL by one projector", "benchmarks.md, projection")
EVENTS = Figure(10, "events", "a dossier", "`python -m bench sizes`: lives with two papers")
LOG_BYTES = Figure(680, "bytes", "an event on one broker's disk", "`python -m bench sizes`")
JOURNAL_BYTES = Figure(8416, "bytes", "a dossier in the ledger's journal", "`python -m bench sizes`")
LEDGER_BYTES = Figure(3351, "bytes", "a dossier in the ledger's other tables", "`python -m bench sizes`")
REGISTRY_BYTES = Figure(10952, "bytes", "a dossier in the registry", "`python -m bench sizes`")
SERVERS = Figure(
    0.6, "GB", "of memory: Kafka, MinIO and PostgreSQL with little to do", "seen in the recovery drill (PSS)"
)
SERVICES = Figure(0.15, "GB", "of memory: intake (47 MB) and the registry (99 MB)", "seen in the recovery drill (PSS)")
MEASURED = (
    *(PAGE_CPU, PAGE_ORIGINAL, PAGE_DOCUMENT, WORKER_MEMORY, PAPER_CPU, PROJECTION),
    *(EVENTS, LOG_BYTES, JOURNAL_BYTES, LEDGER_BYTES, REGISTRY_BYTES, SERVERS, SERVICES),
)

PAPERS = Figure(2, "papers", "a dossier", "the made lives of `bench.lives`; count yours")
PAGES = Figure(3, "pages", "a paper", "ours; count yours")
BUSIEST = Figure(0.25, "of a day", "comes in its busiest hour", "ours: two rushes in eight hours")
USED = Figure(0.7, "of a core", "is used at most, so that a citizen does not wait in a queue", "ours")
REPLICAS = Figure(3, "replicas", "of the log; of the store by its own means, not counted", "province overlay")
POD_CORES = Figure(2, "cores", "of a worker's pod", "two pages at once, as measured")
ASSUMED = (PAPERS, PAGES, BUSIEST, USED, REPLICAS, POD_CORES)


@dataclass(frozen=True)
class Size:
    """An installation: its name and how many dossiers it opens on a working day."""

    name: str
    dossiers: float

    @property
    def pages(self) -> float:
        """Pages a day."""
        return self.dossiers * PAPERS.value * PAGES.value

    @property
    def ocr_cores(self) -> float:
        """Cores of OCR that keep up with the busiest hour."""
        return self.pages * BUSIEST.value * PAGE_CPU.value / _HOUR / USED.value

    @property
    def pods(self) -> int:
        """Pods of the express lane: two at least, so that one may be replaced."""
        return max(2, ceil(self.ocr_cores / POD_CORES.value))

    @property
    def events_at_peak(self) -> float:
        """Events a second in the busiest hour."""
        return self.dossiers * EVENTS.value * BUSIEST.value / _HOUR

    @property
    def intake_cores(self) -> float:
        """Cores of intake in the busiest hour."""
        papers = self.dossiers * PAPERS.value * BUSIEST.value / _HOUR
        return papers * PAPER_CPU.value / 1000 / USED.value

    @property
    def yearly(self) -> float:
        """Dossiers a year."""
        return self.dossiers * _YEAR_DAYS


COMMUNE = Size("a commune", 100e6 / 3300 / _YEAR_DAYS)
PROVINCE = Size("a province", 10_000)
COUNTRY = Size("the country", 100e6 / _YEAR_DAYS)
SIZES = (COMMUNE, PROVINCE, COUNTRY)

_ROWS: Sequence[tuple[str, Callable[[Size], str]]] = (
    ("dossiers a working day", lambda s: f"{s.dossiers:,.0f}"),
    ("dossiers a year", lambda s: f"{s.yearly:,.0f}"),
    ("pages a day", lambda s: f"{s.pages:,.0f}"),
    ("**OCR**: cores in the busiest hour", lambda s: f"{s.ocr_cores:,.1f}"),
    ("OCR: pods of the express lane", lambda s: f"{s.pods:,}"),
    ("OCR: memory of these pods", lambda s: f"{s.pods * WORKER_MEMORY.value / 1000:,.1f} GB"),
    ("OCR: partitions of a lane (twice the pods)", lambda s: f"{max(6, 2 * s.pods):,}"),
    ("**intake**: cores in the busiest hour", lambda s: f"{s.intake_cores:,.2f}"),
    ("**log**: events a second in the busiest hour", lambda s: f"{s.events_at_peak:,.1f}"),
    (
        "log: disk a year of dossiers, all replicas",
        lambda s: _size(s.yearly * EVENTS.value * LOG_BYTES.value * REPLICAS.value),
    ),
    ("**registry**: part of one projector's time at peak", lambda s: f"{s.events_at_peak / PROJECTION.value:.2%}"),
    ("registry: rebuilding one year", lambda s: _duration(s.yearly * EVENTS.value / PROJECTION.value)),
    ("registry: disk a year", lambda s: _size(s.yearly * REGISTRY_BYTES.value)),
    ("**ledger**: disk a year", lambda s: _size(s.yearly * (JOURNAL_BYTES.value + LEDGER_BYTES.value))),
    ("**store**: a year, one copy", lambda s: _size(_store(s))),
    ("store: a day, and so the next back-up", lambda s: _size(_store(s) / _YEAR_DAYS)),
    ("store: objects written a second at peak", lambda s: f"{_objects_at_peak(s):,.1f}"),
)


def _store(size: Size) -> float:
    return size.pages * _YEAR_DAYS * (PAGE_ORIGINAL.value + PAGE_DOCUMENT.value) * _MEGA


def _objects_at_peak(size: Size) -> float:
    """An original, three parts of the document, two counters, and a checkpoint with its layout a page."""
    papers = size.dossiers * PAPERS.value * BUSIEST.value / _HOUR
    return papers * (6 + 2 * PAGES.value)


def _size(size: float) -> str:
    return f"{size / _TERA:,.1f} TB" if size >= _TERA else f"{size / _GIGA:,.1f} GB"


def _duration(seconds: float) -> str:
    return f"{seconds / _HOUR:,.1f} h" if seconds >= _HOUR else f"{seconds / 60:,.1f} min"


def documents() -> dict[str, str]:
    """Return the document and its place."""
    parts = (_HEAD, _needs(), _BETWEEN, _figures(MEASURED), _ASSUMED_HEAD, _figures(ASSUMED), _tail())
    return {FILE: "\n".join(parts)}


def _needs() -> str:
    head = "| | " + " | ".join(size.name for size in SIZES) + " |\n|---|" + "---|" * len(SIZES)
    return "\n".join([head, *(f"| {name} | {' | '.join(map(told, SIZES))} |" for name, told in _ROWS)]) + "\n"


def _figures(figures: Sequence[Figure]) -> str:
    rows = (f"| {each.value:,g} {each.unit} | {each.meaning} | {each.source} |" for each in figures)
    return "\n".join(["| figure | of what | source |", "|---|---|---|", *rows]) + "\n"


def _tail() -> str:
    nights = BUSIEST.value / USED.value * _NIGHT_HOURS
    country_year = COUNTRY.yearly * EVENTS.value / PROJECTION.value
    return _TAIL.format(
        rebuild=_duration(country_year),
        rebuild_province=_duration(PROVINCE.yearly * EVENTS.value / PROJECTION.value),
        cores=f"{COUNTRY.ocr_cores:,.0f}",
        average=f"{COUNTRY.dossiers / 34:,.0f}",
        nights=f"{nights:.1f}",
        share=f"{PAGE_CPU.value * PAPERS.value * PAGES.value:.1f}",
        intake=f"{PAPER_CPU.value * PAPERS.value / 1000:.3f}",
    )


_HEAD = """\
# Capacity: what a commune, a province and the country need

<!-- generated by `python -m docs.generate` from docs/generate/capacity.py; edit that -->

Counted from what was measured ([benchmarks.md](benchmarks.md)) on cores of a shared virtual machine: an order of
magnitude. Measure on your own machines, put your figures into `docs/generate/capacity.py` and generate this anew. A
province is one that opens 10,000 dossiers a day; the country opens 100 million a year, in 34 provinces with 3,300
communes; a commune is the average of these. A year has 250 working days.
"""
_BETWEEN = """\
## Measured
"""
_ASSUMED_HEAD = """\
## Assumed, until you know better
"""
_TAIL = """\
## What gives in first

* **Processor time of OCR**, at every size: a dossier costs {share} s of it, and {intake} s of intake's. It is bought by
  pods, up to the number of partitions of the lane. Outside office hours the same cores read back-files: 16 hours of
  them are worth the pages of {nights} days.
* **The store's disk** next: it grows by pages, and databases and log together are small beside it. The first back-up is
  as large as the store, each later one as large as what came since.
* **Rebuilding the registry** is what one installation for the whole country would not do well: its one projector needs
  {rebuild} for a year of the country, and {rebuild_province} for a year of a province. Live, it is hardly busy.
* **One of each by design**: the relay of the journal and the projector (order matters to both). More replicas of
  them stand by and do not share the work. How far one relay goes was not measured by itself; in the measurement of
  acceptance it kept up with about a hundred papers a second beside everything else on two cores.
* **One installation a province** is what hoso is built for: the country is then 34 of them, with {average} dossiers a
  day each on the average and {cores} cores of OCR in all.

The lanes and the reference data add to the log: a message a paper, a fifth of the above as long as it is kept. What
PostgreSQL and Kafka were seen to take is what they take before they have anything to cache.

The embedded default is for looking at hoso, and for no office: its broker forgets, and SQLite writes one at a time.
A commune by itself needs the smallest of everything, and two of what must not be away.
"""
