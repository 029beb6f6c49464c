"""A Kafka broker in KRaft mode, one node that is its own controller."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from deploy.local.ports import HOST, free_port
from deploy.local.process import ServerFailed, ServerProcess
from deploy.local.programs import KAFKA, built, installed

_CLUSTER_ID = "aG9zby1sb2NhbC1rYWZrYQ"  # 16 bytes in URL-safe base64, as the format tool asks; any will do
_LOG_SETTINGS = KAFKA.pom.parent / "log4j2.properties"

# One node can hold one replica; few partitions of the internal topics spare a test the making of 150.
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={log_folder}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=4
group.initial.rebalance.delay.ms=0
# a killed broker may register again only when its last session is over: 9 s by default
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
# tests of killed workers choose short session timeouts; the broker's own minimum is 6 s
group.min.session.timeout.ms=1000
"""


class Kafka(ServerProcess):
    """Kafka on one node: `bootstrap_servers` is what a client needs. Topics are the caller's to make."""

    name = "kafka"
    start_timeout_seconds = 90  # 5 s on an idle machine; a busy one starts a JVM slowly
    heap: ClassVar[str] = "-Xmx512m"

    def __init__(self, data_folder: Path, *, port: int | None = None) -> None:
        super().__init__(data_folder, port=port)
        self._controller_port = free_port()

    @property
    def bootstrap_servers(self) -> str:
        """Return host:port for clients."""
        return self.address

    @property
    def _properties_file(self) -> Path:
        return self.data_folder / "server.properties"

    @property
    def _log_folder(self) -> Path:
        return self.data_folder / "log"

    def _prepare(self) -> None:
        self._properties_file.write_text(
            _PROPERTIES.format(
                host=HOST, port=self.port, controller_port=self._controller_port, log_folder=self._log_folder
            )
        )
        if not (self._log_folder / "meta.properties").exists():
            self._format()

    def _format(self) -> None:
        arguments = ["format", "-t", _CLUSTER_ID, "-c", str(self._properties_file)]
        done = subprocess.run(
            [*self._java("kafka.tools.StorageTool"), *arguments], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise ServerFailed(f"kafka's storage could not be formatted\n{done.stdout}{done.stderr}")

    def _java(self, main_class: str) -> Sequence[str]:
        return [
            installed("java"),
            self.heap,
            "-XX:+UseSerialGC",
            f"-Dlog4j2.configurationFile={_LOG_SETTINGS}",
            "-cp",
            f"{built(KAFKA.folder)}/*",
            main_class,
        ]

    def _command(self) -> Sequence[str]:
        return [*self._java("kafka.Kafka"), str(self._properties_file)]

    def _answers(self) -> bool:
        client = AdminClient({"bootstrap.servers": self.bootstrap_servers, "log_level": 0})
        try:
            return bool(client.list_topics(timeout=1).brokers)
        except KafkaException:
            return False
