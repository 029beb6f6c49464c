"""What the API can be asked of figures and reports."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Literal, NoReturn
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.registry.asked import ALL, Code
from services.registry.figures.forms import KINDS
from services.registry.figures.period import Period
from services.registry.figures.scope import UnknownUnits
from shared.clock import local_day
from shared.problems import Fault, Problem

YEARS = (2000, 2100)
MOST_UNITS = 200
Kind = Literal["II.06a", "digitisation", "online-payment", "levels"]
FileFormat = Literal["json", "csv", "xlsx"]
assert Kind.__args__ == KINDS  # type: ignore[attr-defined]

Day = Annotated[date, Field(description="a day in Viet Nam, YYYY-MM-DD; both days count")]


class ScopeAsked(BaseModel):
    """Some units and a period; a parameter nobody knows is refused, for it may have been meant to matter."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    unit: list[Code] = Field(
        min_length=1, max_length=MOST_UNITS, description="codes of units, each with those under it, or `all`"
    )
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")

    @property
    def units(self) -> tuple[str, ...]:
        """The units asked for."""
        return (ALL,) if ALL in self.unit else tuple(sorted(set(self.unit)))

    def period(self, now: datetime, *, place: str = "query") -> Period:
        """Return the period; raises ``Problem`` where there is none."""
        faults = list(_faults(self.first, self.last, local_day(now), place))
        if faults:
            raise _invalid(faults)
        return Period(self.first, self.last)


class FiguresAsked(ScopeAsked):
    """Some units and a period, and in which form to answer."""

    format: Literal["json", "csv"] | None = Field(default=None, description="json if not given; or Accept: text/csv")


class ReportAsked(ScopeAsked):
    """A report to be made."""

    kind: Kind


class DraftAsked(ReportAsked):
    """A report as it would be filed now."""

    format: FileFormat = Field(default="json")


class PractisedAsked(FiguresAsked):
    """What to compare with the levels declared."""

    only: Literal["all", "disagreeing"] = Field(default="all", description="only procedures where the two disagree")
    at_least: int = Field(default=1, ge=1, le=1_000_000, description="fewer dossiers than this show nothing")


class BehindAsked(ScopeAsked):
    """Which part of an indicator, and from where on."""

    part: Literal["numerator", "denominator"]
    limit: int = Field(default=50, ge=1, le=200)
    after: str | None = Field(default=None, max_length=80, description="from a `next` link")

    @property
    def place(self) -> tuple[date, str] | None:
        """The place to read on from; raises ``Problem`` where it is none of ours."""
        if self.after is None:
            return None
        try:
            day, _, dossier_id = self.after.partition("_")
            return date.fromisoformat(day), str(UUID(dossier_id))
        except ValueError:
            refuse_place()


class FiledAsked(BaseModel):
    """Which filed reports, and from where on."""

    model_config = ConfigDict(extra="forbid")

    unit: list[Code] = Field(min_length=1, max_length=MOST_UNITS, description="codes of units, or `all`")
    kind: list[Kind] = Field(default=[], description="any if not given")
    limit: int = Field(default=50, ge=1, le=200)
    after: str | None = Field(default=None, max_length=100, description="from a `next` link")

    @property
    def units(self) -> Sequence[str] | None:
        """The units asked for; none for all."""
        return None if ALL in self.unit else self.unit

    @property
    def place(self) -> tuple[datetime, str] | None:
        """The place to read on from; raises ``Problem`` where it is none of ours."""
        if self.after is None:
            return None
        try:
            moment, _, report_id = self.after.rpartition("_")
            found = datetime.fromisoformat(moment)
            if found.tzinfo is None:
                refuse_place()
            return found.astimezone(UTC), str(UUID(report_id))
        except (ValueError, OverflowError):
            refuse_place()


def refuse_place() -> NoReturn:
    """Refuse a mark that no link of ours bears."""
    raise _invalid(
        [
            Fault(
                at="query/after",
                reason="unknown-place",
                detail="is not a place of ours: take it from a `next` link",
                detail_vi="không phải vị trí do hệ thống cấp: hãy lấy từ liên kết `next`",
            )
        ]
    )


def unknown_units(error: UnknownUnits, *, place: str = "query") -> Problem:
    """Return the problem that says which units are in no reference data."""
    named = ", ".join(error.codes)
    fault = Fault(
        at=f"{place}/unit",
        reason="unknown-unit",
        detail=f"no unit has the code {named}: see /v1/units",
        detail_vi=f"không có đơn vị mang mã {named}: xem /v1/units",
    )
    return _invalid([fault])


def _faults(first: date, last: date, today: date, place: str) -> list[Fault]:
    faults = []
    for name, day in (("from", first), ("to", last)):
        if not YEARS[0] <= day.year < YEARS[1]:
            faults.append(
                Fault(
                    at=f"{place}/{name}",
                    reason="out-of-range",
                    detail=f"must be a day of the years {YEARS[0]} to {YEARS[1] - 1}",
                    detail_vi=f"phải là một ngày từ năm {YEARS[0]} đến năm {YEARS[1] - 1}",
                )
            )
    if not faults and last < first:
        faults.append(
            Fault(
                at=f"{place}/to",
                reason="before-from",
                detail=f"must not be before `from` ({first})",
                detail_vi=f"không được trước `from` ({first:%d/%m/%Y})",
            )
        )
    elif not faults and first > today:
        faults.append(
            Fault(
                at=f"{place}/from",
                reason="in-the-future",
                detail=f"the period has not begun (today is {today})",
                detail_vi=f"kỳ báo cáo chưa bắt đầu (hôm nay là {today:%d/%m/%Y})",
            )
        )
    return faults


def _invalid(faults: Sequence[Fault]) -> Problem:
    return Problem(
        "invalid-request",
        status=422,
        detail="The request does not have the expected form.",
        detail_vi="Yêu cầu không đúng định dạng.",
        errors=faults,
    )
