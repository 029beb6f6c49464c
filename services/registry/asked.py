"""What the API can be asked."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from starlette.datastructures import URL

from services.registry.dossier_matches import DossierFilter
from services.registry.dossier_queries import Place
from services.registry.tally_queries import Units
from shared.events import Channel, Status

ALL = "all"

# PostgreSQL refuses some characters, so they must not get that far
Code = Annotated[str, Field(pattern=r"^[\w.-]{1,64}$")]

Day = Annotated[date, Field(ge=date(1900, 1, 1), lt=date(9000, 1, 1))]  # what every database can count with


def _read_place(value: object) -> object:
    try:
        at, dossier_id = json.loads(urlsafe_b64decode(str(value)))
        return datetime.fromisoformat(at).astimezone(UTC), str(UUID(dossier_id))
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError("is not a place of ours: take it from a `next` link") from error


class Scoped(BaseModel):
    """A question about some units; a parameter nobody knows is refused, for it may have been meant as a filter."""

    model_config = ConfigDict(extra="forbid")

    unit: list[Code] = Field(min_length=1, description="codes of units, or `all`")

    @property
    def units(self) -> Units:
        """The units asked for; none for all."""
        return None if ALL in self.unit else self.unit


class DossiersWanted(Scoped):
    """Which dossiers."""

    status: list[Status] = Field(default=[], description="1 to 10; any if not given")
    procedure: list[Code] = Field(default=[], description="codes of procedures; any if not given")
    channel: list[Channel] = Field(default=[], description="1 in person, 2 online, 3 post; any if not given")
    timeliness: list[Literal["early", "on_time", "overdue"]] = Field(default=[], description="of settled dossiers")
    received_from: Day | None = Field(default=None, description="first day of acceptance, in Viet Nam")
    received_to: Day | None = Field(default=None, description="last day of acceptance")
    settled_from: Day | None = Field(default=None, description="first day of settlement")
    settled_to: Day | None = Field(default=None, description="last day of settlement")
    due_before: AwareDatetime | None = Field(default=None, description="open, and promised before this moment")
    open: bool | None = Field(default=None, description="accepted and not settled")
    overdue: bool = Field(default=False, description="only open ones, not paused, past the day statistics count as due")
    paused: bool | None = Field(default=None, description="of the open ones: the clock stands still, or it does not")
    needs_review: bool | None = Field(default=None, description="a paper of it waits for a person, or none does")
    code: Code | None = Field(default=None, description="any of its codes: its own, an added one, another system's")

    def wanted(self, today: date) -> DossierFilter:
        """Which dossiers, as it stands today."""
        return DossierFilter(
            self.units,
            statuses=self.status,
            procedures=self.procedure,
            channels=self.channel,
            timeliness=self.timeliness,
            received_from=self.received_from,
            received_to=self.received_to,
            settled_from=self.settled_from,
            settled_to=self.settled_to,
            due_before=self.due_before,
            open=self.open,
            overdue_on=today if self.overdue else None,
            paused=self.paused,
            needs_review=self.needs_review,
            code=self.code,
        )


class DossiersAsked(DossiersWanted):
    """Which dossiers, and from where on."""

    limit: int = Field(default=50, ge=1, le=200)
    after: Annotated[Place, BeforeValidator(_read_place)] | None = Field(default=None, description="from a `next` link")


class DueAsked(Scoped):
    """Of which competent units, and from where on."""

    limit: int = Field(default=50, ge=1, le=200)
    after: Annotated[Place, BeforeValidator(_read_place)] | None = Field(default=None, description="from a `next` link")


class DueSoonAsked(DueAsked):
    """How soon, of which competent units, and from where on."""

    hours: int | None = Field(default=None, ge=1, le=24 * 366, description="how soon; as announced if not given")


def link_after(url: URL, place: Place) -> str:
    """Return the link to what follows ``place``, relative to the server."""
    at, dossier_id = place
    mark = urlsafe_b64encode(json.dumps([at.isoformat(), dossier_id]).encode()).decode()
    following = url.include_query_params(after=mark)
    return f"{following.path}?{following.query}"
