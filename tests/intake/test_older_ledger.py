"""A ledger made by an earlier version gets what it lacks, and its dossiers go on."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from services.intake import life_tables, tables
from shared.events import DossierFinished
from tests.intake.living import Case, calendar
from tests.intake.office import Office

BEFORE = (
    *("id", "code", "status", "version", "sequence", "procedure_code", "procedure_version", "channel"),
    *("receiving_unit", "competent_unit", "back_file", "opened_at", "accepted_at", "finished_at", "returned_at"),
)


def made_old(office: Office) -> None:
    """Take from the ledger what earlier versions did not have."""
    younger = [life_tables.wait, life_tables.task, life_tables.added_code, life_tables.note, life_tables.calendar]
    with office.database.transaction() as connection:
        tables.metadata.drop_all(connection, tables=younger)
        for name in columns_since(BEFORE):
            connection.execute(text(f"ALTER TABLE dossier DROP COLUMN {name}"))
        for name in ("time_limit", "limit_unit", "cut_off"):
            connection.execute(text(f"ALTER TABLE reference DROP COLUMN {name}"))


def columns_since(before: Sequence[str]) -> list[str]:
    """Return the columns of dossiers that are younger."""
    return [column.name for column in tables.dossier.c if column.name not in before]


def test_dossiers_of_an_earlier_version_go_on(any_office: Office) -> None:
    cases = [Case(any_office), Case(any_office)]
    cases[1].do("accept")
    made_old(any_office)
    any_office.database.create(tables.metadata)
    any_office.learn(calendar())
    registered, accepted = cases
    assert registered.read()["allowed"][0] == "accept"
    assert [warning["reason"] for warning in accepted.read()["warnings"]] == ["no-limit"], "nothing was promised"
    early = accepted.read()["accepted_at"]
    assert accepted.send("finish", happened_at="2026-10-08T12:00:30+07:00").status_code == 422, "before acceptance"
    finished = accepted.do("finish")
    assert (finished["system_of_record"], finished["identity_verified"]) == ("hoso", False)
    assert (finished["extensions"], finished["accepted_at"]) == (0, early)
    last = accepted.events()[-1]
    assert isinstance(last.data, DossierFinished)
    assert last.data.dossier_id == UUID(accepted.dossier["id"])
