"""A command takes effect once, however often its caller sends it with the same idempotency key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from services.intake.ports import Answer, Desk, Entries, Key
from services.intake.rejections import Rejected
from shared.errors import AlreadyExists

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """An answer, and what the work returned, or nothing where the answer is an earlier one."""

    answer: Answer
    result: T | None


@dataclass(frozen=True)
class Once(Generic[T]):
    """Does a piece of work in one ledger transaction, with the answer to its key beside it."""

    desk: Desk
    key: Key | None
    render: Callable[[T], Answer]

    def earlier(self) -> Answer | None:
        """Return the answer this key was given, if any; raises ``Rejected`` for a key used otherwise."""
        if self.key is None:
            return None
        with self.desk.ledger.reading() as entries:
            return entries.answer(self.key)

    def answered(self, work: Callable[[], Answer]) -> Answer:
        """Return the answer this key was given, or else do the work and return its answer.

        A rejection gives way to an answer the key was given meanwhile: what was asked is done.
        """
        try:
            return self.earlier() or work()
        except Rejected:
            earlier = self.earlier()
            if earlier is None:
                raise
            return earlier

    def run(self, work: Callable[[Entries], T], at: datetime) -> Outcome[T]:
        """Do the work and remember its answer, or return the one somebody was given meanwhile."""
        try:
            outcome = self._in_transaction(work, at)
        except (AlreadyExists, Rejected):  # the same key won in another request, in this very moment
            earlier = self.earlier()
            if earlier is None:
                raise
            return Outcome(earlier, None)
        if outcome.result is not None:
            self.desk.wake()
        return outcome

    def _in_transaction(self, work: Callable[[Entries], T], at: datetime) -> Outcome[T]:
        with self.desk.ledger.transaction() as entries:
            earlier = entries.answer(self.key) if self.key else None
            if earlier is not None:
                return Outcome(earlier, None)
            result = work(entries)
            answer = self.render(result)
            if self.key is not None:
                entries.remember(self.key, answer, at)
            return Outcome(answer, result)
