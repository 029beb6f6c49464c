"""The tables with a row for each unit: digitisation, online payment, levels; grouped by the kind of unit."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from services.registry.figures.counting import Counts, grouped, roman, share, summed
from services.registry.figures.form06 import TOTAL
from services.registry.figures.report import Row, Style, Value

UNKNOWN_UNIT = "Chưa rõ đơn vị"
KIND_NAMES = {
    "department": "Sở, ban, ngành",
    "one_stop": "Trung tâm phục vụ hành chính công",
    "land_office": "Văn phòng đăng ký đất đai",
    "district": "Ủy ban nhân dân cấp huyện",
    "commune": "Ủy ban nhân dân cấp xã",
    "": UNKNOWN_UNIT,
}

DIGITISATION = (
    *("received", "nothing_to_digitise", "digitised", "reused", "reused_from_store"),
    *("settled", "no_result", "result_digitised"),
)
PAYMENT = ("received", "obliged", "paid", "paid_portal", "paid_gateway", "amount_paid", "amount_online")
LEVELS = ("full", "partial", "info", "unclassified", "used", "received", "received_online")


@dataclass(frozen=True)
class UnitCounts:
    """What was counted of a unit."""

    unit: str
    name: str
    kind: str
    counts: Counts


Derive = Callable[[Counts], dict[str, Value]]


def digitisation(counts: Counts) -> dict[str, Value]:
    """Return the columns of the digitisation table."""
    return {
        **counts,
        "not_digitised": counts["received"] - counts["digitised"],
        "result_not_digitised": counts["settled"] - counts["result_digitised"],
    }


def payment(counts: Counts) -> dict[str, Value]:
    """Return the columns of the table of online payment."""
    online = counts["paid_portal"] + counts["paid_gateway"]
    return {**counts, "paid_online": online, "online_ratio": share(online, counts["obliged"])}


def levels(counts: Counts) -> dict[str, Value]:
    """Return the columns of the table of levels."""
    offered = counts["full"] + counts["partial"]
    return {
        **counts,
        "procedures": offered + counts["info"] + counts["unclassified"],
        "used_ratio": share(counts["used"], offered),
        "online_ratio": share(counts["received_online"], counts["received"]),
    }


TABLES: Mapping[str, tuple[tuple[str, ...], Derive]] = {
    "digitisation": (DIGITISATION, digitisation),
    "online-payment": (PAYMENT, payment),
    "levels": (LEVELS, levels),
}


def rows(kind: str, units: Iterable[UnitCounts]) -> tuple[Row, ...]:
    """Return the total, and each kind of unit with its units."""
    keys, derive = TABLES[kind]
    known = list(units)

    def row(style: Style, found: Iterable[UnitCounts], label: str, number: str = "") -> Row:
        counts = summed((unit.counts for unit in found), keys)
        return Row(style=style, number=number, label=label, values=derive(counts))

    made = [row("total", known, TOTAL)]
    by_kind = grouped(known, lambda unit: unit.kind)
    for number, unit_kind in enumerate(sorted(by_kind, key=_rank), start=1):
        label = KIND_NAMES.get(unit_kind, unit_kind)
        head = row("group", by_kind[unit_kind], label, roman(number))
        made.append(head.model_copy(update={"handling_level": unit_kind}))
        lines = sorted(by_kind[unit_kind], key=lambda unit: unit.unit)
        for position, unit in enumerate(lines, start=1):
            made.append(row("line", [unit], unit.name, str(position)).model_copy(update={"unit": unit.unit}))
    return tuple(made)


def _rank(kind: str) -> tuple[int, str]:
    order = list(KIND_NAMES)
    return (order.index(kind) if kind in order else len(order) - 1, kind)
