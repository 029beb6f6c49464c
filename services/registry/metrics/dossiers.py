"""Metrics of dossiers: received, settled, open, late, digitised, transferred."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from prometheus_client.core import Metric

from services.registry.dossier_answers import status_name
from services.registry.metrics.families import UNKNOWN, counters, listed, table
from services.registry.project import transfer_counter
from services.registry.punctuality import TIMELINESS
from services.registry.tally_queries import Figures
from shared.events import Channel, Status, TransferObject, TransferOutcome

AGE_BANDS = {"0-1": 1, "2-5": 5, "6-10": 10, "11-30": 30}  # days since acceptance, up to
OLDEST = ">30"
_CHANNELS = {str(int(channel)): channel.name.lower() for channel in Channel}


def of_dossiers(figures: Figures, today: date) -> Iterator[Metric]:
    """Yield the metrics of dossiers."""
    yield _by_status(figures)
    yield _received(figures)
    yield _settled(figures)
    yield _open(figures, today)
    yield _overdue(figures, today)
    yield _online_ratio(figures)
    yield _digitised(figures)
    yield from _transfers(figures)


def _by_status(figures: Figures) -> Metric:
    counts: Counter[tuple[str, ...]] = Counter()
    for unit, status, _, _, value in figures.tallies["status"]:
        name = listed(unit, figures.units)
        counts.update({(name, status_name(s)): 0 for s in Status})  # a count that falls to 0 stays to be seen
        counts[name, status_name(int(status) if status else None)] += value
    return table(
        "dossiers", "Dossiers, by competent unit and status.", labels=("unit", "status"), values=counts.items()
    )


def _received(figures: Figures) -> Metric:
    return table(
        "dossiers_received",
        "Dossiers accepted at least once, by competent unit and channel; a re-routed one counts where it went.",
        labels=("unit", "channel"),
        values=_channels(figures).items(),
    )


def _channels(figures: Figures) -> Counter[tuple[str, ...]]:
    counts: Counter[tuple[str, ...]] = Counter()
    for unit, channel, _, _, value in figures.tallies["received_all"]:
        name = listed(unit, figures.units)
        counts.update({(name, c): 0 for c in _CHANNELS.values()})
        counts[name, _CHANNELS.get(channel, UNKNOWN)] += value
    return counts


def _settled(figures: Figures) -> Metric:
    counts: Counter[tuple[str, ...]] = Counter()
    for unit, channel, timeliness, _, value in figures.tallies["settled_all"]:
        name, way = listed(unit, figures.units), _CHANNELS.get(channel, UNKNOWN)
        counts.update({(name, way, t): 0 for t in TIMELINESS})
        counts[name, way, listed(timeliness, TIMELINESS)] += value
    return table(
        "dossiers_settled",
        "Dossiers finished, withdrawn or stopped after acceptance, by competent unit, channel and timeliness.",
        labels=("unit", "channel", "timeliness"),
        values=counts.items(),
    )


def _open(figures: Figures, today: date) -> Metric:
    counts: Counter[tuple[str, ...]] = Counter()
    for name in _receiving(figures):
        counts.update({(name, band): 0 for band in (*AGE_BANDS, OLDEST)})
    for unit, _, _, received_day, value in figures.tallies["open_age"]:
        counts[listed(unit, figures.units), _band((today - received_day).days)] += value
    return table(
        "dossiers_open",
        "Dossiers accepted and not settled, by competent unit and age in days.",
        labels=("unit", "age"),
        values=counts.items(),
    )


def _receiving(figures: Figures) -> set[str]:
    """Return the units that ever received anything: their counts stay to be seen when they fall to 0."""
    return {listed(unit, figures.units) for unit, *_ in figures.tallies["received_all"]}


def _band(days: int) -> str:
    return next((band for band, most in AGE_BANDS.items() if days <= most), OLDEST)


def _overdue(figures: Figures, today: date) -> Metric:
    counts: Counter[tuple[str, ...]] = Counter({(name,): 0 for name in _receiving(figures)})
    for unit, _, _, due_day, value in figures.tallies["open_due"]:
        counts[(listed(unit, figures.units),)] += value if due_day < today else 0
    return table(
        "dossiers_overdue",
        "Open dossiers, not paused, past the due date statistics count, by competent unit.",
        labels=("unit",),
        values=counts.items(),
    )


def _online_ratio(figures: Figures) -> Metric:
    received, online = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for (unit, channel), value in _channels(figures).items():
        received[(unit,)] += value
        online[(unit,)] += value if channel == "online" else 0
    return table(
        "dossiers_online_ratio",
        "Share of the dossiers received that came in online, by competent unit (0 to 1).",
        labels=("unit",),
        values=[(unit, online[unit] / count) for unit, count in received.items() if count],
    )


def _digitised(figures: Figures) -> Metric:
    counts: Counter[tuple[str, ...]] = Counter()
    for kind, unit, _, _, value in figures.tallies["digitised_all"]:
        counts.update({(str(k), listed(unit, figures.units)): 0 for k in TransferObject})
        counts[kind, listed(unit, figures.units)] += value
    return table(
        "digitised",
        "Dossiers with every component digitised, components and results digitised, by competent unit.",
        labels=("object", "unit"),
        values=counts.items(),
    )


def _transfers(figures: Figures) -> Iterator[Metric]:
    counts = {(str(kind), str(outcome)): 0 for kind in TransferObject for outcome in TransferOutcome}
    yield table(
        "transfers",
        "Transfers to the software of a sector, by object and the last answer.",
        labels=("object", "outcome"),
        values=(counts | dict(figures.transfers)).items(),
    )
    yield counters(
        "transfer_answers",
        "Answers of the software of a sector to transfers.",
        label="outcome",
        counts={str(o): figures.counters.get(transfer_counter(o), 0) for o in TransferOutcome},
    )
