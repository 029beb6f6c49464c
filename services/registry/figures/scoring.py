"""Points of QĐ 766: the full number from a threshold on, in proportion below it."""

from decimal import ROUND_HALF_UP, Decimal


def ratio(numerator: int, denominator: int) -> float | None:
    """Return the ratio to four digits; nothing where there is nothing to count."""
    return _round(Decimal(numerator) / Decimal(denominator), "0.0001") if denominator else None


def score(numerator: int, denominator: int, *, max_score: float | None, full_marks_at: float | None) -> float | None:
    """Return the points to two digits, of the exact ratio and not of the rounded one.

    Where no threshold is stated, only the whole gives the full number. Nothing where there is nothing
    to count, or where it is not known how many points an indicator bears.
    """
    if not denominator or max_score is None:
        return None
    reached = Decimal(numerator) / Decimal(denominator) / Decimal(str(full_marks_at or 1))
    return _round(Decimal(str(max_score)) * min(reached, Decimal(1)), "0.01")


def _round(value: Decimal, digits: str) -> float:
    return float(value.quantize(Decimal(digits), ROUND_HALF_UP))
