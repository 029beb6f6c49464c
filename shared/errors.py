"""Every error hoso raises on purpose: what was wrong, and whether trying again can help."""


class HosoError(Exception):
    """An error with a stable ``reason`` (kebab-case, safe to log, announce and put in a label).

    ``retriable`` says whether the same call can succeed later without anybody changing the
    input. The message may name ids and sizes, never anything a person wrote.
    """

    reason = "failed"
    retriable = False

    def __init__(self, message: str = "", *, reason: str | None = None) -> None:
        super().__init__(message or reason or self.reason)
        if reason is not None:
            self.reason = reason


class Unavailable(HosoError):
    """Something we stand on is away; nothing was lost, and waiting helps."""

    reason = "unavailable"
    retriable = True


class LogUnavailable(Unavailable):
    """The broker did not answer in time; whether a message arrived is unknown."""

    reason = "log-unavailable"


class StoreUnavailable(Unavailable):
    """The object store did not answer in time or answered that it cannot serve now."""

    reason = "store-unavailable"


class DatabaseUnavailable(Unavailable):
    """The database did not answer, or ended the transaction for a reason of its own."""

    reason = "database-unavailable"


class Refused(Unavailable):
    """We were refused: credentials or access rights. Somebody must grant them; we wait."""

    reason = "access-refused"


class ObjectMissing(HosoError):
    """The object store holds nothing under that name."""

    reason = "object-missing"


class AlreadyExists(HosoError):
    """A unique key of the database is taken."""

    reason = "already-exists"


class Undecodable(HosoError):
    """A message is not an event we can read: broken headers, JSON, or data of another shape."""

    reason = "undecodable"
