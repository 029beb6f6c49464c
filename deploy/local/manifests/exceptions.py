"""What kube-score finds and we leave as it is, each with the reason."""

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Explained:
    """A check that does not hold for some objects."""

    kind: str
    name: str
    check: str
    reason: str

    def covers(self, kind: str, name: str, check: str) -> bool:
        """Return whether this explains a finding."""
        return kind == self.kind and check == self.check and fnmatchcase(name, self.name)


_PULLED = "a tag names one build for ever, so asking the registry at every start would only add a way to fail"
_STRIMZI = "the pods are Strimzi's: it makes them from Kafka and KafkaNodePool, which kube-score does not know"
_ONE_NODE = "one of everything on one node; the overlay province has two"

EXCEPTIONS: tuple[Explained, ...] = (
    Explained("Deployment", "*", "container-image-pull-policy", _PULLED),
    Explained("StatefulSet", "*", "container-image-pull-policy", _PULLED),
    Explained("CronJob", "*", "container-image-pull-policy", _PULLED),
    Explained("NetworkPolicy", "kafka-*", "networkpolicy-targets-pod", _STRIMZI),
    Explained("Deployment", "intake", "deployment-replicas", _ONE_NODE),
    Explained("Deployment", "registry-api", "deployment-replicas", _ONE_NODE),
    Explained(
        "StatefulSet",
        "postgresql",
        "container-security-context-user-group-id",
        "999 is postgres in the image of that name; a volume made by another number would not be taken",
    ),
)
