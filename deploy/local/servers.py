"""The five real servers as objects: given a data folder, each starts on a free port of 127.0.0.1.

with Kafka(folder / "kafka") as kafka:
    kafka.bootstrap_servers
    kafka.kill()
    kafka.start()  # the same port, the same data
"""

from deploy.local.broker import Kafka
from deploy.local.database import PostgreSQL
from deploy.local.monitoring import Prometheus
from deploy.local.object_stores import Minio, VersityGateway
from deploy.local.process import ServerFailed, ServerProcess
from deploy.local.programs import ProgramMissing

__all__ = [
    "Kafka",
    "Minio",
    "PostgreSQL",
    "ProgramMissing",
    "Prometheus",
    "ServerFailed",
    "ServerProcess",
    "VersityGateway",
]
