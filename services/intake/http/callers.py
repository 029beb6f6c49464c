"""Who calls: the headers every command brings, until access control comes."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request

from services.intake.codes import OPAQUE_PATTERN
from services.intake.dossiers import Act
from services.intake.names import Digests
from services.intake.ports import Key
from shared.clock import Clock
from shared.events import Actor
from shared.logs import correlation_id

_Opaque = Header(pattern=OPAQUE_PATTERN, description="an opaque name: never a person's")


@dataclass(frozen=True)
class Caller:
    """Somebody who sends a command, and the idempotency key that came with it."""

    act: Act
    route: str
    path: str
    idempotency_key: str | None
    digests: Digests

    def key(self, *asked: str) -> Key | None:
        """Return the key of this command, where one was sent, with a digest of what is asked."""
        if self.idempotency_key is None:
            return None
        actor = self.act.actor
        digest = self.digests.of("key", actor.subject, actor.client, self.route, self.idempotency_key)
        return Key(digest, self.digests.of("asked", self.path, *asked))


def _caller(
    request: Request,
    *,
    hoso_actor: Annotated[str, _Opaque],
    hoso_role: Annotated[str, _Opaque],
    hoso_counter: Annotated[str, _Opaque],
    hoso_unit: Annotated[str | None, _Opaque] = None,
    hoso_client: Annotated[str, _Opaque] = "hoso",
    idempotency_key: Annotated[str | None, Header(pattern=r"^[\x21-\x7e]{1,128}$")] = None,
) -> Caller:
    actor = Actor(subject=hoso_actor, role=hoso_role, counter=hoso_counter, unit=hoso_unit, client=hoso_client)
    clock: Clock = request.app.state.clock
    return Caller(
        act=Act(actor, clock.now(), correlation_id.get()),
        route=f"{request.method} {request.scope['route'].path}",
        path=request.url.path,
        idempotency_key=idempotency_key,
        digests=request.app.state.desk.digests,
    )


CallerNeeded = Annotated[Caller, Depends(_caller)]


def _reader(request: Request, *, hoso_actor: Annotated[str | None, _Opaque] = None) -> Act | None:
    clock: Clock = request.app.state.clock
    return Act(Actor(subject=hoso_actor), clock.now(), correlation_id.get()) if hoso_actor else None


# who reads need not say who they are
ReaderKnown = Annotated[Act | None, Depends(_reader)]
