"""What intake learns from the log; the API's side of it is in test_papers."""

from dataclasses import replace

import pytest

from services.intake import tables
from services.intake.following import ReferenceMissing, check_reference, learn_outcomes, learn_reference
from shared.database import Database
from shared.errors import Undecodable
from shared.events import Procedure, decode
from shared.log import Record
from tests.intake.office import PROCEDURE, Office, record, reference_data


def test_nothing_is_known_before_the_registry_speaks(office: Office, tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = Database(f"sqlite:///{tmp_path_factory.mktemp('empty')}/ledger.db")
    empty.create(tables.metadata)
    with pytest.raises(ReferenceMissing):
        check_reference(empty)
    empty.close()
    check_reference(office.database)


def test_the_newest_version_of_a_procedure_counts(any_office: Office) -> None:
    old = next(data for data in reference_data() if isinstance(data, Procedure))
    any_office.learn(old.model_copy(update={"version": 4}), *reference_data()[:2])
    assert any_office.open_dossier()["procedure_version"] == 4
    assert any_office.count("reference") == 4


def test_a_message_that_is_no_event_holds_up_no_other(office: Office) -> None:
    good = record(next(d for d in reference_data() if isinstance(d, Procedure)).model_copy(update={"version": 9}))
    broken = [
        replace(good, value=b"{"),
        replace(good, headers=()),
        Record(good.topic, b"k", b"", ()),
    ]
    for bad in broken:
        with pytest.raises(Undecodable):
            decode(bad)
    with office.database.transaction() as connection:
        learn_reference(connection, [*broken, good])
        learn_outcomes(connection, broken)
    assert office.open_dossier(procedure_code=PROCEDURE)["procedure_version"] == 9
