"""What the API can be asked."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.datastructures import URL

from services.registry.queries import DossierFilter, Place, Units
from shared.events import Channel, Status

ALL = "all"

# PostgreSQL refuses some characters, so they must not get that far
Code = Annotated[str, Field(pattern=r"^[\w.-]{1,64}$")]


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


class DossiersAsked(Scoped):
    """Which dossiers, and from where on."""

    status: list[Status] = Field(default=[], description="1 to 10; any if not given")
    procedure: list[Code] = Field(default=[], description="codes of procedures; any if not given")
    channel: list[Channel] = Field(default=[], description="1 in person, 2 online, 3 post; any if not given")
    limit: int = Field(default=50, ge=1, le=200)
    after: Annotated[Place, BeforeValidator(_read_place)] | None = Field(default=None, description="from a `next` link")

    @property
    def wanted(self) -> DossierFilter:
        """Which dossiers."""
        return DossierFilter(self.units, self.status, self.procedure, self.channel)


def link_after(url: URL, place: Place) -> str:
    """Return the link to what follows ``place``, relative to the server."""
    at, dossier_id = place
    mark = urlsafe_b64encode(json.dumps([at.isoformat(), dossier_id]).encode()).decode()
    following = url.include_query_params(after=mark)
    return f"{following.path}?{following.query}"
