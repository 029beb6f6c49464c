"""Metrics of procedures and their online-service levels, and of the targets set for them."""

from collections.abc import Iterator, Mapping
from datetime import date

from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric

from services.registry.knowledge import Knowledge
from services.registry.levels import Scope, Tally
from services.registry.metrics.families import PREFIX, table
from services.registry.reference.kinds import SchemeLevel, Target
from services.registry.reference_queries import ReferenceQueries

Tallies = Mapping[Scope, Mapping[str, Tally]]  # by unit


def of_levels(queries: ReferenceQueries) -> Iterator[Metric]:
    """Yield the metrics of what is known of levels and targets today."""
    known, today = queries.now(), queries.today()
    tallies = {scope: known.placement(today, scope).tallies for scope in Scope}
    yield _procedures(tallies)
    yield _scheme_levels(known, tallies)
    yield _proposals(known, today)
    yield from _targets(known, today)


def _procedures(tallies: Tallies) -> Metric:
    return table(
        "procedures",
        "Procedures a unit manages or handles itself, by their online-service level; one with several services once.",
        labels=("unit", "level", "scope"),
        values=[
            ((unit, str(level), str(scope)), count)
            for scope, units in tallies.items()
            for unit, tally in units.items()
            for level, count in tally.counts.items()
        ],
    )


def _scheme_levels(known: Knowledge, tallies: Tallies) -> Metric:
    listed = {(level.scheme, level.level) for level in known.items.of(SchemeLevel)}  # no other word becomes a label
    return table(
        "procedures_by_scheme",
        "Procedures a unit manages or handles itself, by the level as the decision words it, older schemes too.",
        labels=("unit", "scheme", "level", "scope"),
        values=[
            ((unit, scheme, level, str(scope)), count)
            for scope, units in tallies.items()
            for unit, tally in units.items()
            for scheme, levels in tally.by_scheme.items()
            for level, count in levels.items()
            if (scheme, level) in listed
        ],
    )


def _proposals(known: Knowledge, today: date) -> Metric:
    standings = (each for code in known.versions for each in known.levels.services(code, today))
    waiting = sum(standing.proposed is not None for standing in standings)
    documentation = "Online services with a level of an older scheme that nobody has confirmed."
    return GaugeMetricFamily(f"{PREFIX}_level_proposals", documentation, value=waiting)


def _targets(known: Knowledge, today: date) -> Iterator[Metric]:
    targets = sorted(known.items.of(Target), key=lambda each: each.code)
    in_force = [t for t in targets if t.valid_from <= today and (t.valid_to is None or today <= t.valid_to)]
    yield table(
        "target",
        "Values to be reached, by the code of the target, what it measures and the units it is for; those in force.",
        labels=("target", "metric", "scope"),
        values=[((t.code, t.metric, t.scope), float(t.value)) for t in in_force],
    )
    info = InfoMetricFamily(f"{PREFIX}_target_source", "Where a target comes from.", labels=("target",))
    for target in targets:
        told = {"legal_basis": target.legal_basis, "evidence": target.evidence, "source": target.source}
        ends = target.valid_to.isoformat() if target.valid_to else ""
        info.add_metric((target.code,), {**told, "valid_from": target.valid_from.isoformat(), "valid_to": ends})
    yield info
