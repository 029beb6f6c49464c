"""A real broker that lets in whom the manifests name, and lets them do what the manifests say."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import confluent_kafka.admin
from pydantic import SecretStr

from deploy.local.ports import HOST, free_port
from deploy.local.servers import Kafka
from shared.settings import KafkaSettings
from tests.servers import wait_until

PASSWORD = "x"
_admin: Any = confluent_kafka.admin  # its names are there, but its stubs do not export them
_ANY = _admin.AclBindingFilter(
    _admin.ResourceType.ANY,
    None,
    _admin.ResourcePatternType.ANY,
    None,
    None,
    _admin.AclOperation.ANY,
    _admin.AclPermissionType.ANY,
)
_KINDS = {"topic": _admin.ResourceType.TOPIC, "group": _admin.ResourceType.GROUP}


class GuardedKafka(Kafka):
    """A broker with a second door, where one must say who one is; the first is the administrator's."""

    def __init__(self, data_folder: Path, users: Sequence[str]) -> None:
        super().__init__(data_folder)
        self._users = users
        self._guarded_port = free_port()

    def _prepare(self) -> None:
        super()._prepare()
        door = f",GUARDED://{HOST}:{self._guarded_port}"
        lines = []
        for line in self._properties_file.read_text().splitlines():
            name = line.partition("=")[0]
            more = {"listeners": door, "advertised.listeners": door}.get(name, "")
            lines.append(line + (",GUARDED:SASL_PLAINTEXT" if name == "listener.security.protocol.map" else more))
        known = " ".join(f'user_{user}="{PASSWORD}"' for user in self._users)
        module = "org.apache.kafka.common.security.plain.PlainLoginModule"
        lines += [
            "inter.broker.listener.name=PLAINTEXT",
            "sasl.enabled.mechanisms=PLAIN",
            f"listener.name.guarded.plain.sasl.jaas.config={module} required {known};",
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users=User:ANONYMOUS",
        ]
        self._properties_file.write_text("\n".join(lines))

    def allow(self, users: Sequence[Any]) -> None:
        """Make the ACLs of KafkaUser manifests."""
        acls = [
            _admin.AclBinding(
                _KINDS[acl["resource"]["type"]],
                acl["resource"]["name"],
                _admin.ResourcePatternType.LITERAL,
                f"User:{user['metadata']['name']}",
                "*",
                _admin.AclOperation[operation.upper()],
                _admin.AclPermissionType.ALLOW,
            )
            for user in users
            for acl in user["spec"]["authorization"]["acls"]
            for operation in acl["operations"]
        ]
        admin = _admin.AdminClient({"bootstrap.servers": self.bootstrap_servers})
        for made in admin.create_acls(acls).values():
            made.result(30)
        # the controller has them before the broker asks them
        assert wait_until(lambda: len(admin.describe_acls(_ANY).result(10)) == len(acls))

    def settings(self, user: str) -> KafkaSettings:
        """Return what a service of this user is given, as manifests do: it may create no topic."""
        return KafkaSettings(
            bootstrap_servers=f"{HOST}:{self._guarded_port}",
            security_protocol="SASL_PLAINTEXT",
            sasl_mechanism="PLAIN",
            username=user,
            password=SecretStr(PASSWORD),
            declare_topics=False,
        )
