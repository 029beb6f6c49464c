"""What every event says: data that ignores what it does not know, and who did it."""

from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict

# The name space of every deterministic id of hoso.
NAMESPACE = UUID("6f9d4f0e-3c1b-5e58-9a56-0b7f3d2c8a41")


def deterministic_id(*parts: object) -> UUID:
    """Return the same id for the same parts, on any machine."""
    return uuid5(NAMESPACE, "/".join(str(part) for part in parts))


class Data(BaseModel):
    """The data of an event; unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Actor(Data):
    """Who did it: opaque names only, ``system`` where nobody did."""

    subject: str = "system"
    role: str = "system"
    counter: str | None = None
    unit: str | None = None
    client: str = "hoso"


class LedgerData(Data):
    """What every event of the ledger says: which dossier, and who did it."""

    dossier_id: UUID
    actor: Actor = Actor()
