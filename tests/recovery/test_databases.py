"""Back-up, verification and restore on SQLite and PostgreSQL, over a directory; the servers' drill is elsewhere."""

import hashlib
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Table, func, insert, select

from deploy.local.servers import PostgreSQL
from deploy.recovery import backup, dumps
from deploy.recovery.dumps import RecoveryFailed
from deploy.recovery.manifest import FILE, load
from deploy.recovery.objects import copy
from deploy.recovery.place import SEARCH_KEY, Place
from deploy.recovery.restore import bring_key, restore
from deploy.recovery.verify import verify
from services.intake import tables as intake
from services.registry import tables as registry
from services.registry.report_tables import filed_report
from shared.database import Database
from shared.directory_store import DirectoryStore
from shared.events import Actor, Event, PaperAccepted
from shared.log import Message
from shared.object_store import FACTS, ObjectStore, derived_name, original_name
from shared.topics import DOSSIERS, Lane
from tests.fakes.log import FakeLog

NOW = datetime(2026, 11, 26, tzinfo=UTC)
VERSION = "p3-0123456789ab"
Make = Callable[[str], Place]


@pytest.fixture(params=["sqlite", "postgresql"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Return what makes an empty place; on SQLite one as the embedded default has it."""
    server: PostgreSQL | None = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
    made: list[str] = []

    def make_place(name: str) -> Place:
        folder = tmp_path / name
        urls = {part: f"sqlite:///{folder}/{part}.db" for part in ("intake", "registry")}
        if server is not None:
            made.extend(f"{name}_{part}_{uuid.uuid4().hex[:8]}" for part in urls)
            urls = dict(zip(urls, map(server.create_database, made[-2:]), strict=True))
        folder.mkdir()
        store = DirectoryStore(folder / "objects")
        store.check()
        return Place(urls, store, "k" * 32, None if server else folder / SEARCH_KEY, None)

    yield make_place
    for name in made:
        assert server is not None
        server.drop_database(name)


def put(store: ObjectStore, dossier: UUID, name: str, content: bytes) -> None:
    store.put(dossier, name, BytesIO(content), size_bytes=len(content), media_type="a/b")


def row(paper: UUID, dossier: UUID, content: bytes) -> dict[str, object]:
    about = {"lane": "express", "media_type": "image/png", "name_mismatch": False, "state": "digitised"}
    sha256 = hashlib.sha256(content).hexdigest()
    return {
        **about,
        "id": paper,
        "kept_under": dossier,
        "size_bytes": len(content),
        "sha256": sha256,
        "received_at": NOW,
        "version": VERSION,
        "reason": "tab\tline\nbackslash\\N",
    }


class Living:
    """A place with papers in it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        if place.key_file is not None:
            place.key_file.write_text("k" * 32)
        with closing(Database(place.urls["intake"])) as ledger:
            ledger.create(intake.metadata)
        with closing(Database(place.urls["registry"])) as projected, projected.transaction() as connection:
            registry.metadata.create_all(connection)
            connection.execute(insert(filed_report).values(_report()))
            connection.execute(insert(registry.tally).values(name="n", a="", b="", c="", day=NOW.date(), value=7))

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with closing(Database(self.place.urls["intake"])) as ledger, ledger.transaction() as connection:
            yield connection

    def accept(self, content: bytes) -> tuple[UUID, UUID]:
        """Accept a paper of a new dossier: the original first, then the row with its event."""
        dossier, paper = uuid4(), uuid4()
        put(self.place.store, dossier, original_name(paper), content)
        put(self.place.store, dossier, derived_name(paper, VERSION, FACTS), b"{}")
        data = PaperAccepted(
            dossier_id=dossier,
            actor=Actor(),
            paper_id=paper,
            component_code=None,
            lane=Lane.EXPRESS,
            media_type="image/png",
            size_bytes=len(content),
        )
        event = Event(uuid4(), "/hoso/intake", str(paper), NOW, data, key=str(dossier), sequence=1)
        with self._writing() as connection:
            connection.execute(insert(intake.paper).values(row(paper, dossier, content)))
            intake.journal.write(connection, [(DOSSIERS.name, event)])
            intake.journal.meet(connection, "old-cluster")
            intake.journal.mark(connection, [1], NOW)
        return dossier, paper

    def forget(self, paper: UUID) -> None:
        """Delete a paper's row, as a tray does that finds it known."""
        with self._writing() as connection:
            connection.execute(intake.paper.delete().where(intake.paper.c.id == paper))


def _report() -> dict[str, object]:
    day = NOW.date()
    texts = dict.fromkeys(("kind", "scope", "made_by", "made_from", "digest", "body"), "x")
    return {**texts, "report_id": str(uuid4()), "first_day": day, "last_day": day, "made_at": NOW}


def count(url: str, table: Table) -> int:
    with closing(Database(url)) as database, database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def unannounced(url: str) -> Sequence[tuple[int, Message]]:
    """Return what a relay would announce to the cluster it knew before."""
    with closing(Database(url)) as database, database.transaction() as connection:
        intake.journal.meet(connection, "old-cluster")
        return intake.journal.waiting(connection, 10)


def test_what_was_backed_up_comes_back_whole(make: Make, tmp_path: Path) -> None:
    living = Living(make("first"))
    papers = [living.accept(bytes([n]) * 1000) for n in range(3)]
    folder = backup.back_up(living.place, tmp_path / "backups")
    seen = verify(folder)
    assert (seen.originals, seen.original_bytes, seen.objects) == (3, 3000, 6)
    assert folder.stat().st_mode & 0o077 == 0, "scans of citizens are nobody else's"
    target = make("second")
    bring_key(folder, tmp_path / "second")
    assert restore(folder, target).copied == 6
    for dossier, paper in papers:
        name = original_name(paper)
        assert target.store.read(dossier, name) == living.place.store.read(dossier, name)
    assert count(target.urls["intake"], intake.paper) == 3
    assert len(unannounced(target.urls["intake"])) == 3, "everything is announced again, to whatever cluster"
    assert count(target.urls["registry"], filed_report) == 1, "the registry's own truth"
    assert count(target.urls["registry"], registry.tally) == 0, "a projection comes from the log"
    if target.key_file is not None:
        assert target.key_file.read_text() == "k" * 32
        assert target.key_file.stat().st_mode & 0o777 == living.place.key_file.stat().st_mode & 0o777  # type: ignore[union-attr]
    with pytest.raises(RecoveryFailed, match="not empty"):
        restore(folder, target)


def test_the_next_back_up_copies_what_is_new(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    living = Living(make("first"))
    living.accept(b"one")
    first = backup.back_up(living.place, tmp_path / "backups")
    monkeypatch.setattr(backup, "datetime", _Later)
    living.accept(b"two")
    second = backup.back_up(living.place, tmp_path / "backups")
    assert (load(first).objects.copied, load(second).objects.copied, load(second).objects.objects) == (2, 2, 4)
    assert verify(first).originals == 1
    assert verify(second).originals == 2


class _Later(datetime):
    """A clock for names of back-ups, a day later."""

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        """Return the day after."""
        return datetime(2030, 1, 1, tzinfo=UTC)


def test_what_is_deleted_between_dump_and_copy_is_told_from_what_is_lost(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    living = Living(make("first"))
    living.accept(b"stays")
    dossier, paper = living.accept(b"goes")
    monkeypatch.setattr("deploy.recovery.objects.copy", _after(lambda: _delete(living, dossier, paper)))
    with pytest.raises(RecoveryFailed, match="lacks 2 objects"):
        backup.back_up(living.place, tmp_path / "lost")
    put(living.place.store, dossier, original_name(paper), b"goes")
    put(living.place.store, dossier, derived_name(paper, VERSION, FACTS), b"{}")

    def forgotten() -> None:
        living.forget(paper)
        _delete(living, dossier, paper)

    monkeypatch.setattr("deploy.recovery.objects.copy", _after(forgotten))
    folder = backup.back_up(living.place, tmp_path / "backups")
    assert load(folder).deleted_meanwhile == 2
    assert verify(folder).originals == 2, "the dumped ledger still speaks of both"


def _after(happens: Callable[[], None]) -> Callable[..., object]:
    def copied(source: ObjectStore, target: ObjectStore) -> object:
        happens()
        return copy(source, target)

    return copied


def _delete(living: Living, dossier: UUID, paper: UUID) -> None:
    living.place.store.delete(dossier, original_name(paper))
    living.place.store.delete(dossier, derived_name(paper, VERSION, FACTS))


def test_a_restore_is_refused_before_anything_is_written(make: Make, tmp_path: Path) -> None:
    living = Living(make("first"))
    living.accept(b"one")
    folder = backup.back_up(living.place, tmp_path / "backups")
    empty = make("second")
    other_key = Place(empty.urls, empty.store, "q" * 32, None, None)
    with pytest.raises(RecoveryFailed, match="HOSO_INTAKE_SEARCH_KEY"):
        restore(folder, other_key)
    log = FakeLog()
    log.publish_now([Message(DOSSIERS.name, b"k", b"{}")])
    with pytest.raises(RecoveryFailed, match="holds 1 messages"):
        restore(folder, Place(empty.urls, empty.store, "k" * 32, None, log))
    assert list(empty.store.list()) == []
    restore(folder, Place(empty.urls, empty.store, "k" * 32, None, FakeLog()))


def test_a_back_up_of_another_format_is_refused(make: Make, tmp_path: Path) -> None:
    living = Living(make("first"))
    folder = backup.back_up(living.place, tmp_path / "backups")
    told = json.loads((folder / FILE).read_text())
    (folder / FILE).write_text(json.dumps(told | {"format": 99}))
    with pytest.raises(RecoveryFailed, match="format 99"):
        verify(folder)


def test_rows_are_read_as_they_are(make: Make, tmp_path: Path) -> None:
    """Text of a file is text of the database, whatever stands in it."""
    living = Living(make("first"))
    _, paper = living.accept(b"one")
    folder = backup.back_up(living.place, tmp_path / "backups")
    (kept,) = [found for table, found in dumps.rows(folder / "intake.dump") if table == "paper"]
    assert UUID(str(kept["id"])) == paper
    assert kept["counter"] is None


@pytest.mark.parametrize("make", ["sqlite"], indirect=True)
def test_the_command_line_knows_the_embedded_system(make: Make, tmp_path: Path) -> None:
    """Without a HOSO_ variable it is the data folder that is backed up and made again."""
    living = Living(make("first"))
    dossier, paper = living.accept(b"one")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOSO_")}

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "deploy.recovery", *words]
        return subprocess.run(line, env=environment, capture_output=True, text=True, timeout=120, check=False)

    folder, data = str(tmp_path / "backups"), str(tmp_path / "second")
    made = command("backup", folder, "--data", str(tmp_path / "first"))
    assert made.returncode == 0, made.stderr
    assert "1 originals" in made.stdout
    restored = command("restore", folder, "--data", data)
    assert restored.returncode == 0, restored.stderr
    assert DirectoryStore(tmp_path / "second" / "objects").read(dossier, original_name(paper)) == b"one"
    assert (tmp_path / "second" / SEARCH_KEY).read_text() == "k" * 32
    again = command("restore", folder, "--data", data, "--name", "19990101T000000Z")
    assert (again.returncode, "no back-up 19990101T000000Z" in again.stderr) == (1, True)
