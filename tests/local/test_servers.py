"""The real servers start, stop, freeze, come back with their data, and leave nothing behind."""

import io
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import minio
import psutil
import psycopg
import pytest
import urllib3
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from deploy.local.process_tree import frozen, gone
from deploy.local.servers import Kafka, Minio, PostgreSQL, Prometheus, ServerFailed, ServerProcess, VersityGateway
from tests.servers import away, started, wait_until

REPOSITORY = Path(__file__).parents[2]


def _prometheus(folder: Path) -> Prometheus:
    return Prometheus(folder, {"nothing": ["127.0.0.1:1"]})


EVERY_SERVER = [Kafka, Minio, VersityGateway, PostgreSQL, _prometheus]


@pytest.fixture(params=EVERY_SERVER, ids=lambda make: make.__name__.strip("_"))
def server(request: pytest.FixtureRequest, servers_folder: Path) -> Iterator[ServerProcess]:
    folder = servers_folder / "own" / request.param.__name__
    with started(lambda: request.param(folder)) as server:
        yield server
    if isinstance(server, PostgreSQL):
        server.remove_data()


def _tree(pid: int | None) -> list[psutil.Process]:
    assert pid is not None
    server = psutil.Process(pid)
    return [server, *server.children(recursive=True)]


def test_stop_and_kill_leave_nothing_and_start_comes_back_on_the_same_port(server: ServerProcess) -> None:
    port = server.port
    for end in (server.stop, server.kill):
        processes = _tree(server.pid)
        end()
        assert server.pid is None
        assert not [process for process in processes if not gone(process)]
        server.start()
        assert server.port == port


class Thing(ServerProcess):
    """A program of our choice in a server's place."""

    name = "thing"
    start_timeout_seconds = 0.5
    stop_timeout_seconds = 0.5
    command: tuple[str, ...] = ("sleep", "60")
    answers = False

    def _prepare(self) -> None:
        pass

    def _command(self) -> tuple[str, ...]:
        return self.command

    def _answers(self) -> bool:
        return self.answers


def test_a_server_that_ends_while_starting_shows_its_log(tmp_path: Path) -> None:
    thing = Thing(tmp_path)
    thing.command = ("sh", "-c", "echo the disk is full; exit 1")
    with pytest.raises(ServerFailed, match=r"ended while starting[\s\S]*the disk is full"):
        thing.start()


def test_a_server_that_never_answers_is_given_up_and_leaves_nothing(tmp_path: Path) -> None:
    thing = Thing(tmp_path)
    with pytest.raises(ServerFailed, match=r"did not answer on 127\.0\.0\.1:\d+ within 0\.5 s"):
        thing.start()
    assert thing.pid is None


def test_a_server_deaf_to_sigterm_is_killed(tmp_path: Path) -> None:
    thing = Thing(tmp_path)
    thing.command = ("sh", "-c", "trap '' TERM; while :; do sleep 0.1; done")
    thing.answers = True
    thing.start()
    processes = _tree(thing.pid)
    thing.stop()
    assert not [process for process in processes if not gone(process)]


def test_a_server_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    thing = Thing(tmp_path)
    thing.answers = True
    starter = threading.Thread(target=thing.start)
    starter.start()
    starter.join()
    time.sleep(0.2)
    assert thing.pid is not None
    thing.stop()


_PARENT = """
import sys, time
from pathlib import Path
from deploy.local import servers
server = getattr(servers, sys.argv[1])(Path(sys.argv[2])).start()
print(server.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("kind", [Kafka, Minio, PostgreSQL])
def test_servers_die_with_a_parent_that_is_killed(kind: type[ServerProcess], servers_folder: Path) -> None:
    folder = servers_folder / "orphans" / kind.__name__
    with started(lambda: kind(folder)):
        pass  # the program is there, and the data is made
    command = [sys.executable, "-c", _PARENT, kind.__name__, str(folder)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        server_pid = int(parent.stdout.readline())
        processes = _tree(server_pid)
        parent.send_signal(signal.SIGKILL)
    assert wait_until(lambda: all(gone(process) for process in processes))


def test_kafka_keeps_acknowledged_records_over_a_kill(kafka: Kafka) -> None:
    topic = f"kept-{uuid.uuid4().hex}"
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap_servers})
    admin.create_topics([NewTopic(topic, 1, 1)])[topic].result(10)
    producer = Producer({"bootstrap.servers": kafka.bootstrap_servers, "acks": "all"})
    producer.produce(topic, b"paper")
    assert producer.flush(10) == 0
    kafka.kill()
    kafka.start()
    consumer = Consumer({"bootstrap.servers": kafka.bootstrap_servers, "group.id": topic})
    consumer.assign([TopicPartition(topic, 0, 0)])
    message = consumer.poll(20)
    consumer.close()
    assert message is not None
    assert message.value() == b"paper"


def test_kafka_makes_no_topic_on_its_own(kafka: Kafka) -> None:
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap_servers})
    topic = f"unknown-{uuid.uuid4().hex}"
    assert admin.list_topics(topic, timeout=10).topics[topic].error is not None


def _client(store: Minio | VersityGateway, *, read_timeout_seconds: float = 10) -> minio.Minio:
    pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=3, read=read_timeout_seconds), retries=False)
    return minio.Minio(
        endpoint=store.endpoint,
        access_key=store.access_key,
        secret_key=store.secret_key,
        secure=False,
        http_client=pool,
    )


@pytest.mark.parametrize("name", ["minio", "versity"])
def test_an_object_store_keeps_objects_over_a_kill(name: str, request: pytest.FixtureRequest) -> None:
    store = request.getfixturevalue(name)
    bucket = f"kept-{uuid.uuid4().hex}"
    _client(store).make_bucket(bucket_name=bucket)
    _client(store).put_object(bucket_name=bucket, object_name="paper", data=io.BytesIO(b"scan"), length=4)
    store.kill()
    store.start()
    with _client(store).get_object(bucket_name=bucket, object_name="paper") as answer:
        assert answer.read() == b"scan"


def test_a_paused_server_holds_its_clients_until_it_is_resumed(minio: Minio) -> None:
    minio.pause()
    assert frozen(psutil.Process(minio.pid))
    try:
        with pytest.raises(urllib3.exceptions.TimeoutError):
            _client(minio, read_timeout_seconds=0.5).list_buckets()
    finally:
        minio.resume()
    assert isinstance(_client(minio).list_buckets(), list)


def test_away_brings_the_server_back(minio: Minio) -> None:
    with away(minio), pytest.raises(urllib3.exceptions.HTTPError):
        _client(minio).list_buckets()
    assert isinstance(_client(minio).list_buckets(), list)


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True, connect_timeout=5)


def test_postgresql_keeps_committed_rows_over_a_kill(postgres: PostgreSQL, postgres_url: str) -> None:
    with _connect(postgres_url) as connection:
        connection.execute("CREATE TABLE paper (name text)")
        connection.execute("INSERT INTO paper VALUES ('đơn')")
    postgres.kill()
    postgres.start()
    with _connect(postgres_url) as connection:
        assert connection.execute("SELECT name FROM paper").fetchall() == [("đơn",)]


def test_postgresql_is_durable_unless_told_otherwise(postgres_url: str) -> None:
    with _connect(postgres_url) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)


def test_postgresql_stops_at_once_with_clients_connected(postgres: PostgreSQL, postgres_url: str) -> None:
    with _connect(postgres_url) as connection:
        before = time.monotonic()
        with away(postgres), pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert time.monotonic() - before < postgres.stop_timeout_seconds


def test_prometheus_scrapes_its_targets(servers_folder: Path) -> None:
    with started(lambda: Prometheus(servers_folder / "itself", {})) as first:
        folder = servers_folder / "scraper"
        with started(lambda: Prometheus(folder, {"first": [first.address]}, scrape_interval_seconds=1)) as second:
            assert wait_until(lambda: _sum_of_up(second) == "1")


def _sum_of_up(server: Prometheus) -> str | None:
    answer = urllib3.request("GET", f"{server.url}/api/v1/query?query=sum(up)").json()
    return answer["data"]["result"][0]["value"][1] if answer["data"]["result"] else None


def test_postgresql_runs_from_a_folder_its_account_may_not_enter(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with started(lambda: PostgreSQL(tmp_path / "closed")) as server:
        assert server.create_database("paper").endswith("/paper")
        cluster = server.cluster_folder
        beside = cluster.parent == server.data_folder  # under our own account, which may enter
        assert beside or (server.data_folder / "elsewhere").readlink() == cluster
    server.remove_data()
    assert not cluster.exists()
