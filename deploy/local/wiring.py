"""The HOSO_ settings that put hoso on real servers instead of the embedded ones."""

from pathlib import Path

from deploy.local.broker import Kafka
from deploy.local.database import PostgreSQL
from deploy.local.object_stores import Minio, VersityGateway
from deploy.local.ports import HOST

RULES = Path(__file__).parents[1] / "monitoring" / "rules"
# the second ports `make run` serves metrics on, as the services' settings have them by default
SCRAPED = {
    "intake": [f"{HOST}:9081"],
    "registry": [f"{HOST}:9082"],
    "ocr": [f"{HOST}:9083", f"{HOST}:9084"],
}


def settings_for(
    kafka: Kafka, store: Minio | VersityGateway, database: PostgreSQL, *, prefix: str = ""
) -> dict[str, str]:
    """Return the environment of services that use these running servers.

    The databases are made where missing; `prefix` begins their names.
    """
    return {
        "HOSO_KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "HOSO_STORE_ENDPOINT": store.endpoint,
        "HOSO_STORE_ACCESS_KEY": store.access_key,
        "HOSO_STORE_SECRET_KEY": store.secret_key,
        "HOSO_STORE_SECURE": "false",
        "HOSO_INTAKE_DATABASE_URL": database.create_database(f"{prefix}intake"),
        "HOSO_REGISTRY_DATABASE_URL": database.create_database(f"{prefix}registry"),
    }
