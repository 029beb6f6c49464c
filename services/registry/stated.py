"""Percentages as they were stated beside what the figures give; pure."""

from dataclasses import dataclass
from decimal import Decimal

_HUNDRED, _CENT = Decimal(100), Decimal("0.01")


@dataclass(frozen=True)
class Stated:
    """A percentage stated and computed; ``mismatch`` where no rounding to the stated digits explains the difference."""

    stated_pct: Decimal | None
    computed_pct: Decimal | None
    mismatch: bool


def stated(numerator: Decimal | None, denominator: Decimal | None, stated_pct: Decimal | None) -> Stated:
    """Compare a stated percentage with its figures; without either there is no mismatch."""
    if numerator is None or not denominator:
        return Stated(stated_pct, None, mismatch=False)
    exact = numerator * _HUNDRED / denominator
    differs = stated_pct is not None and abs(exact - stated_pct) >= _last_digit(stated_pct)
    return Stated(stated_pct, exact.quantize(_CENT).normalize(), mismatch=differs)


def _last_digit(value: Decimal) -> Decimal:
    # one unit of the last digit, not half of it: many figures are cut off rather than rounded
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
