"""An intake office on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.intake import tables
from shared.database import Database
from shared.directory_store import DirectoryStore
from tests.intake.office import Office, reference_data


def _office(url: str, tmp_path: Path) -> Iterator[Office]:
    database = Database(url)
    database.create(tables.metadata)
    office = Office(database, DirectoryStore(tmp_path / "objects"))
    office.learn(*reference_data())
    yield office
    database.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Return an office on SQLite."""
    yield from _office(f"sqlite:///{tmp_path}/ledger.db", tmp_path)


@pytest.fixture
def postgres_office(postgres_url: str, tmp_path: Path) -> Iterator[Office]:
    """Return an office on PostgreSQL, where several may write at once."""
    yield from _office(postgres_url, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Return an office on each database in turn."""
    url = f"sqlite:///{tmp_path}/ledger.db"
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgres_url"))
    yield from _office(url, tmp_path)
