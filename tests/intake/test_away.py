"""What we stand on is away: 503 with Retry-After, and nothing is half kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from services.intake.ports import Entries
from shared.database import Database
from shared.errors import DatabaseUnavailable
from tests.fakes.store import AwayStore, DyingStore, FakeStore, RefusingStore
from tests.intake.office import OPENING, Office, picture, slug


class AwayLedger:
    """A ledger that does not answer."""

    def transaction(self) -> Any:
        """Raise."""
        raise DatabaseUnavailable("the fake ledger is away")

    reading = transaction


class UnsureLedger:
    """A ledger that loses the connection when a transaction is committed: before it took effect, or after."""

    def __init__(self, office: Office, *, took_effect: bool) -> None:
        self._real = office.desk.ledger
        self._took_effect = took_effect

    @contextmanager
    def transaction(self) -> Iterator[Entries]:
        """Do the work and raise at the end."""
        with self._real.transaction() as entries:
            yield entries
            if not self._took_effect:
                raise DatabaseUnavailable("lost before the commit")
        raise DatabaseUnavailable("lost after the commit")

    def reading(self) -> Any:
        """Read as ever."""
        return self._real.reading()


def away(response: httpx.Response, reason: str) -> bool:
    """Return whether a response says that something is away, and when to try again."""
    return (response.status_code, slug(response)) == (503, reason) and int(response.headers["retry-after"]) > 0


def test_with_the_store_away_nothing_enters_the_ledger(office: Office) -> None:
    dossier = office.open_dossier()["id"]
    cut_off = office.on(store=AwayStore())
    assert away(cut_off.add(dossier, picture()), "store-unavailable")
    assert away(cut_off.post("/v1/dossiers", json=OPENING), "store-unavailable")
    assert (office.count("dossier"), office.count("paper"), len(office.events())) == (1, 0, 1)


def test_with_the_store_away_what_needs_no_store_is_done(office: Office) -> None:
    dossier = office.open_dossier()["id"]
    cut_off = office.on(store=AwayStore())
    assert cut_off.post(f"/v1/dossiers/{dossier}/accept").status_code == 200
    assert cut_off.get(f"/v1/dossiers/{dossier}").status_code == 200
    assert away(cut_off.get(f"/v1/dossiers/{dossier}/applicant"), "store-unavailable")


def test_a_store_that_refuses_us_is_no_error_of_the_caller(office: Office) -> None:
    dossier = office.open_dossier()["id"]
    assert away(office.on(store=RefusingStore()).add(dossier, picture()), "access-refused")


def test_a_store_that_goes_away_between_two_files_leaves_nothing_in_the_ledger(office: Office) -> None:
    dossier = office.open_dossier()["id"]
    dying = DyingStore(calls=1)
    assert away(office.on(store=dying).add(dossier, picture(1), picture(2)), "store-unavailable")
    assert office.count("paper") == 0


def test_with_the_ledger_away_nothing_is_stored(office: Office) -> None:
    dossier = office.open_dossier()["id"]
    store = FakeStore()
    cut_off = office.on(store=store, ledger=AwayLedger())
    assert away(cut_off.post("/v1/dossiers", json=OPENING), "database-unavailable")
    assert away(cut_off.add(dossier, picture()), "database-unavailable")
    assert away(cut_off.get(f"/v1/dossiers/{dossier}"), "database-unavailable")
    assert list(store.list()) == []


def test_a_database_that_is_really_away_is_told_of_too(office: Office) -> None:
    gone = Office(Database("postgresql+psycopg://nobody:secret@127.0.0.1:9/none"), FakeStore())
    response = gone.post("/v1/dossiers", json=OPENING)
    gone.database.close()
    assert away(response, "database-unavailable")
    assert "secret" not in response.text


@pytest.mark.parametrize("took_effect", [True, False])
def test_an_original_is_never_deleted_while_its_fate_is_unknown(office: Office, *, took_effect: bool) -> None:
    dossier = office.open_dossier()["id"]
    unsure = office.on(ledger=UnsureLedger(office, took_effect=took_effect))
    key = {"Idempotency-Key": "again"}
    assert away(unsure.add(dossier, picture(), headers=key), "database-unavailable")
    assert office.count("paper") == (1 if took_effect else 0)
    again = office.add(dossier, picture(), headers=key)
    assert again.status_code == 201
    paper = again.json()["papers"][0]["id"]
    assert office.get(f"/v1/papers/{paper}/original").content == picture()
    assert office.count("paper") == 1


def test_a_bug_is_told_of_without_a_trace(office: Office) -> None:
    class Buggy(AwayLedger):
        def transaction(self) -> Any:
            raise RuntimeError("Nguyễn Thị Canary")

        reading = transaction

    response = office.on(ledger=Buggy()).post("/v1/dossiers", json=OPENING)
    assert (response.status_code, slug(response)) == (500, "internal-error")
    assert "Canary" not in response.text
    assert "Traceback" not in response.text
