"""The contract of the object store: the fake, a directory, MinIO and the Versity gateway."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from deploy.local.servers import Minio, VersityGateway
from shared.directory_store import DirectoryStore
from shared.errors import ObjectMissing, Refused, StoreUnavailable
from shared.object_store import ObjectStore
from shared.s3_store import S3Store
from tests.fakes.store import FakeStore
from tests.servers import away

S3_SERVERS = ["minio", "versity"]
MANY_PARTS = 12 * 1024 * 1024 + 1  # three parts of 5 MiB


def s3_store(server: Minio | VersityGateway, *, secret_key: str | None = None, bucket: str = "hoso") -> S3Store:
    """Return a store on a server of ``tests.servers``."""
    return S3Store(
        endpoint=server.endpoint,
        access_key=server.access_key,
        secret_key=secret_key or server.secret_key,
        bucket=bucket,
        secure=False,
    )


@pytest.fixture(params=["fake", "directory", *S3_SERVERS])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    made: ObjectStore
    if request.param == "fake":
        made = FakeStore()
    elif request.param == "directory":
        made = DirectoryStore(tmp_path / "objects")
    else:
        made = s3_store(request.getfixturevalue(request.param))
    made.check()
    return made


@pytest.fixture(params=S3_SERVERS)
def server(request: pytest.FixtureRequest) -> Minio | VersityGateway:
    found: Minio | VersityGateway = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def dossier() -> UUID:
    return uuid4()


def put(store: ObjectStore, dossier: UUID, name: str, content: bytes) -> None:
    store.put(dossier, name, BytesIO(content), size_bytes=len(content), media_type="application/pdf")


def read_chunks(store: ObjectStore, dossier: UUID, name: str) -> bytes:
    with store.open(dossier, name) as chunks:
        return b"".join(chunks)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", bytes(MANY_PARTS)], ids=["empty", "small", "many-parts"])
def test_what_was_put_is_read_again(store: ObjectStore, dossier: UUID, content: bytes) -> None:
    put(store, dossier, "paper/original", content)
    facts = store.stat(dossier, "paper/original")
    assert facts is not None
    assert (facts.dossier_id, facts.name, facts.size_bytes) == (dossier, "paper/original", len(content))
    assert facts.modified_at.tzinfo is not None
    assert abs(facts.modified_at.timestamp() - time.time()) < 60
    assert store.read(dossier, "paper/original") == content
    assert read_chunks(store, dossier, "paper/original") == content


def test_large_objects_come_in_small_chunks(store: ObjectStore, dossier: UUID) -> None:
    put(store, dossier, "paper/original", bytes(MANY_PARTS))
    with store.open(dossier, "paper/original") as chunks:
        assert max(map(len, chunks)) <= 1024 * 1024


def test_a_put_replaces(store: ObjectStore, dossier: UUID) -> None:
    put(store, dossier, "a", b"a long first version")
    put(store, dossier, "a", b"second")
    assert store.read(dossier, "a") == b"second"
    assert [facts.size_bytes for facts in store.list(dossier)] == [6]


@pytest.mark.parametrize(("length", "error"), [(0, 1), (5, -1), (5, 1), (MANY_PARTS, -1), (MANY_PARTS, 1)])
def test_content_of_another_length_is_refused_and_nothing_stored(
    store: ObjectStore, dossier: UUID, length: int, error: int
) -> None:
    put(store, dossier, "a", b"before")
    with pytest.raises(ValueError, match="not as long as announced"):
        store.put(dossier, "a", BytesIO(bytes(length + error)), size_bytes=length, media_type="image/png")
    assert store.read(dossier, "a") == b"before"
    assert [facts.name for facts in store.list(dossier)] == ["a"]


@pytest.mark.parametrize(
    "name", ["", "/", "/a", "a/", "a//b", "..", "../a", "a/../../b", ".", "a/./b", "a\\..\\b", ".a", "hồ", "a\nb", "\0"]
)
def test_names_that_leave_the_dossier_are_refused(store: ObjectStore, dossier: UUID, name: str) -> None:
    for attempt in (
        lambda: put(store, dossier, name, b"x"),
        lambda: store.read(dossier, name),
        lambda: store.stat(dossier, name),
        lambda: store.delete(dossier, name),
        lambda: read_chunks(store, dossier, name),
    ):
        with pytest.raises(ValueError, match="relative ASCII path"):
            attempt()


def test_what_is_missing(store: ObjectStore, dossier: UUID) -> None:
    assert store.stat(dossier, "paper/original") is None
    assert list(store.list(dossier)) == []
    store.delete(dossier, "paper/original")
    with pytest.raises(ObjectMissing):
        store.read(dossier, "paper/original")
    with pytest.raises(ObjectMissing), store.open(dossier, "paper/original"):
        pytest.fail("nothing to open")


def test_a_folder_is_no_object(store: ObjectStore, dossier: UUID) -> None:
    put(store, dossier, "paper/original", b"x")
    assert store.stat(dossier, "paper") is None
    with pytest.raises(ObjectMissing):
        store.read(dossier, "paper")


def test_deleted_is_gone(store: ObjectStore, dossier: UUID) -> None:
    put(store, dossier, "a", b"x")
    store.delete(dossier, "a")
    assert store.stat(dossier, "a") is None
    assert list(store.list(dossier)) == []


def test_list_by_prefix_and_over_dossiers(store: ObjectStore) -> None:
    first, second = uuid4(), uuid4()
    for name in ("applicant.json", "p1/original", "p1/v1/pages/00001.json", "p10/original"):
        put(store, first, name, b"xy")
    put(store, second, "p1/original", b"xyz")
    assert {facts.name for facts in store.list(first, "p1/")} == {"p1/original", "p1/v1/pages/00001.json"}
    assert {facts.name for facts in store.list(first, "p1")} >= {"p1/original", "p10/original"}
    everywhere = {(f.dossier_id, f.name, f.size_bytes) for f in store.list() if f.dossier_id in (first, second)}
    assert len(everywhere) == 5
    assert (second, "p1/original", 3) in everywhere


def test_concurrent_puts_leave_one_of_them_whole(store: ObjectStore, dossier: UUID) -> None:
    contents = [bytes([number]) * 300_000 for number in range(8)]
    stop = threading.Event()

    def watch() -> Iterator[bytes]:
        while not stop.is_set():
            yield store.read(dossier, "a")

    put(store, dossier, "a", contents[0])
    with ThreadPoolExecutor(len(contents) + 1) as pool:
        watcher = pool.submit(lambda: all(seen in contents for seen in watch()))
        list(pool.map(lambda content: put(store, dossier, "a", content), contents))
        stop.set()
        assert watcher.result()
    assert store.read(dossier, "a") in contents


def test_a_content_that_fails_half_way_leaves_nothing(store: ObjectStore, dossier: UUID) -> None:
    class Torn(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 6_000_000:
                raise RuntimeError("the upload broke off")
            return super().read(size)

    with pytest.raises(RuntimeError, match="broke off"):
        store.put(dossier, "a", Torn(bytes(MANY_PARTS)), size_bytes=MANY_PARTS, media_type="application/pdf")
    assert list(store.list(dossier)) == []


def test_a_directory_keeps_no_half_written_file(tmp_path: Path, dossier: UUID) -> None:
    store = DirectoryStore(tmp_path)
    with pytest.raises(ValueError, match="announced"):
        store.put(dossier, "a", BytesIO(b"x"), size_bytes=2, media_type="image/png")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_directory_drops_what_a_crash_left_long_ago(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    store.check()
    old, new = tmp_path / ".partial/old", tmp_path / ".partial/new"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    store.check()
    assert (old.exists(), new.exists()) == (False, True)


def test_a_directory_lists_no_foreign_folder(tmp_path: Path) -> None:
    (tmp_path / "lost+found").mkdir()
    assert list(DirectoryStore(tmp_path).list()) == []


def test_a_directory_that_cannot_be_one_is_unavailable(tmp_path: Path, dossier: UUID) -> None:
    (tmp_path / "file").write_bytes(b"")
    store = DirectoryStore(tmp_path / "file")
    with pytest.raises(StoreUnavailable):
        store.check()
    with pytest.raises(StoreUnavailable):
        put(store, dossier, "a", b"x")


def test_a_directory_that_is_not_mounted_is_no_missing_object(tmp_path: Path, dossier: UUID) -> None:
    store = DirectoryStore(tmp_path / "objects")
    for attempt in (lambda: store.read(dossier, "a"), lambda: store.stat(dossier, "a")):
        with pytest.raises(StoreUnavailable):
            attempt()


def test_a_wrong_secret_is_refused(server: Minio | VersityGateway, dossier: UUID) -> None:
    store = s3_store(server, secret_key="wrong-wrong-wrong")
    for attempt in (
        lambda: put(store, dossier, "a", b"x"),
        lambda: store.read(dossier, "a"),
        lambda: store.stat(dossier, "a"),
        lambda: list(store.list(dossier)),
        lambda: store.delete(dossier, "a"),
        store.check,
    ):
        with pytest.raises(Refused):
            attempt()


def test_a_bucket_nobody_made_is_no_missing_object(server: Minio | VersityGateway, dossier: UUID) -> None:
    store = s3_store(server, bucket=f"b{uuid4().hex}")
    with pytest.raises(StoreUnavailable):
        put(store, dossier, "a", b"x")
    with pytest.raises(StoreUnavailable):
        store.read(dossier, "a")
    store.check()
    put(store, dossier, "a", b"x")
    assert store.read(dossier, "a") == b"x"


def test_foreign_objects_in_the_bucket_are_not_listed(server: Minio | VersityGateway) -> None:
    store = s3_store(server, bucket=f"b{uuid4().hex}")
    store.check()
    store._client.put_object(store._bucket, "somebody/else", BytesIO(b"x"), 1)
    assert list(store.list()) == []


def test_an_outage_is_told_soon_and_ends(server: Minio | VersityGateway, dossier: UUID) -> None:
    store = s3_store(server)
    store.check()
    put(store, dossier, "a", b"x")
    with away(server):
        start = time.monotonic()
        with pytest.raises(StoreUnavailable):
            store.read(dossier, "a")
        with pytest.raises(StoreUnavailable):
            store.check()
        assert time.monotonic() - start < 20
    assert store.read(dossier, "a") == b"x"
