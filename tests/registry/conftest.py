"""What the registry is tested on: its tables on SQLite and PostgreSQL, and logs to follow."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.registry import tables
from services.registry.queries import Queries
from shared.database import Database
from tests.registry.stories import Teller


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/registry.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    made.create(tables.metadata)
    yield made
    made.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """Return an empty registry on SQLite, where the dialect makes no difference."""
    made = Database(f"sqlite:///{tmp_path}/registry.db")
    made.create(tables.metadata)
    yield made
    made.close()


@pytest.fixture
def queries(sqlite: Database) -> Queries:
    return Queries(sqlite)


@pytest.fixture
def teller() -> Teller:
    return Teller()
