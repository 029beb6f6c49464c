"""What the API can be asked of reference data."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from starlette.datastructures import URL

from services.registry.asked import Code, Day, Scoped
from services.registry.knowledge import ProcedureFilter
from services.registry.levels import Scope
from services.registry.reference.kinds import IndexScore
from shared.events import ServiceLevel


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("lies outside the calendar") from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
_ON = Field(default=None, description="the day asked about; today if not given")
_KNOWN_AT = Field(default=None, description="as it was known at this moment, with its zone; now if not given")


class Tabular(BaseModel):
    """A question whose answer may come as CSV; a parameter nobody knows is refused."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["json", "csv"] | None = Field(default=None, description="json if not given; or Accept: text/csv")


class DatedAsked(Tabular):
    """A question about a day."""

    on: Day | None = _ON


class KnownAsked(DatedAsked):
    """A question about a day, as it was known at a moment."""

    known_at: Moment | None = _KNOWN_AT


class ScoresAsked(Tabular):
    """Which scores of indices."""

    index: list[Code] = Field(default=[], description="any if not given")
    unit: list[Code] = Field(default=[], description="any if not given")
    year: list[int] = Field(default=[], description="any if not given")

    def fits(self, row: IndexScore) -> bool:
        """Tell whether a score is asked for."""
        asked = ((self.index, row.index), (self.unit, row.unit), (self.year, row.year))
        return all(not wanted or value in wanted for wanted, value in asked)


class LevelsAsked(Scoped, KnownAsked):
    """Whose levels, on which day, as known when."""

    scope: Scope = Scope.MANAGED


class ReductionsAsked(Scoped, DatedAsked):
    """Whose reductions."""

    scope: Scope = Scope.MANAGED


class ProceduresAsked(Scoped, DatedAsked):
    """Which procedures, and from where on."""

    scope: Scope = Scope.MANAGED
    level: list[ServiceLevel] = Field(default=[], description="any if not given")
    field: list[Code] = Field(default=[], description="codes of fields; any if not given")
    essential: bool | None = None
    portal_connected: bool | None = None
    limit: int = Field(default=1000, ge=1, le=5000)
    after: Code | None = Field(default=None, description="from a `next` link")

    def wanted(self, today: date) -> ProcedureFilter:
        """Return which procedures."""
        return ProcedureFilter(
            self.on or today,
            self.scope,
            self.units,
            levels=self.level,
            fields=self.field,
            essential=self.essential,
            portal_connected=self.portal_connected,
        )

    def link(self, url: URL, code: str) -> str:
        """Return the link to what follows a code, relative to the server."""
        following = url.include_query_params(after=code)
        return f"{following.path}?{following.query}"
