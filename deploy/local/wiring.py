"""The HOSO_ settings that put hoso on real servers instead of the embedded ones."""

from deploy.local.broker import Kafka
from deploy.local.database import PostgreSQL
from deploy.local.object_stores import Minio, VersityGateway


def settings_for(kafka: Kafka, store: Minio | VersityGateway, database: PostgreSQL) -> dict[str, str]:
    """Return the environment of services that use these running servers; make their databases where missing."""
    return {
        "HOSO_KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "HOSO_STORE_ENDPOINT": store.endpoint,
        "HOSO_STORE_ACCESS_KEY": store.access_key,
        "HOSO_STORE_SECRET_KEY": store.secret_key,
        "HOSO_STORE_SECURE": "false",
        "HOSO_INTAKE_DATABASE_URL": database.create_database("intake"),
        "HOSO_REGISTRY_DATABASE_URL": database.create_database("registry"),
    }
