"""Every overlay fits the real schemas and the rules of the house, and what is broken on purpose is found."""

import tomllib
from collections import ChainMap
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from pydantic_settings import BaseSettings

from deploy.local.manifests.build import OVERLAYS, RULES, Manifest, built_overlay, prometheus_rules
from deploy.local.manifests.exceptions import EXCEPTIONS
from deploy.local.manifests.findings import findings, scored
from deploy.local.manifests.pods import pod_template
from services.intake.settings import IntakeSettings
from services.ocr.settings import OcrSettings
from services.ocr.worker import group_id
from services.registry.settings import RegistrySettings
from shared.settings import KafkaSettings, OpsSettings, StoreSettings
from shared.topics import ALL_TOPICS, LANES, Lane

REPOSITORY = Path(__file__).parents[2]
OURS = ("intake", "ocr-express", "ocr-bulk", "registry-projector", "registry-api")
SHARED: tuple[type[BaseSettings], ...] = (KafkaSettings, OpsSettings)
BLOCKS: dict[str, tuple[type[BaseSettings], ...]] = {
    "intake": (*SHARED, StoreSettings, IntakeSettings),
    "ocr": (*SHARED, StoreSettings, OcrSettings),
    "registry": (*SHARED, RegistrySettings),
}
# what stands in the secrets, made up so that the settings take it
MADE_UP = {
    "HOSO_INTAKE_DATABASE_URL": "postgresql+psycopg://intake:x@postgresql/intake",
    "HOSO_REGISTRY_DATABASE_URL": "postgresql+psycopg://registry:x@postgresql/registry",
    "HOSO_INTAKE_SEARCH_KEY": "x" * 32,
    "HOSO_KAFKA_PASSWORD": "x",
    "HOSO_STORE_ACCESS_KEY": "x",
    "HOSO_STORE_SECRET_KEY": "x",
}


@pytest.fixture(scope="module")
def built() -> dict[str, list[Manifest]]:
    return {name: built_overlay(name) for name in OVERLAYS}


@pytest.fixture(params=OVERLAYS)
def overlay(request: pytest.FixtureRequest, built: dict[str, list[Manifest]]) -> list[Manifest]:
    """Return an overlay's manifests; a test may break them."""
    return deepcopy(built[request.param])


def one(manifests: Sequence[Manifest], kind: str, name: str) -> Any:
    (found,) = [m for m in manifests if m["kind"] == kind and m["metadata"]["name"] == name]
    return found


def all_of(manifests: Sequence[Manifest], kind: str) -> dict[str, Any]:
    return {m["metadata"]["name"]: m for m in manifests if m["kind"] == kind}


def container(manifests: Sequence[Manifest], name: str) -> Any:
    return one(manifests, "Deployment", name)["spec"]["template"]["spec"]["containers"][0]


def environment(manifests: Sequence[Manifest], name: str) -> dict[str, str]:
    """Return the variables of a service's container, secrets made up."""
    held = container(manifests, name)
    maps = [one(manifests, "ConfigMap", source["configMapRef"]["name"])["data"] for source in held["envFrom"]]
    own = {variable["name"]: variable.get("value") or MADE_UP[variable["name"]] for variable in held["env"]}
    found = dict(ChainMap(own, *reversed(maps)))
    if "HOSO_KAFKA_CA_FILE" in found:
        assert found["HOSO_KAFKA_CA_FILE"].rpartition("/")[0] in {each["mountPath"] for each in held["volumeMounts"]}
        found["HOSO_KAFKA_CA_FILE"] = __file__  # a file that is there
    return found


def blocks(name: str) -> tuple[type[BaseSettings], ...]:
    return BLOCKS[name.partition("-")[0]]


def variables(kinds: Sequence[type[BaseSettings]]) -> set[str]:
    return {f"{kind.model_config['env_prefix']}{field}".upper() for kind in kinds for field in kind.model_fields}


def unknown(manifests: Sequence[Manifest], name: str) -> set[str]:
    """Return the variables of ours that a service is given and does not read."""
    return {each for each in environment(manifests, name) if each.startswith("HOSO_")} - variables(blocks(name))


def test_every_overlay_is_without_findings(overlay: list[Manifest]) -> None:
    assert findings(overlay) == []


def test_no_exception_explains_what_is_no_longer_found(built: dict[str, list[Manifest]]) -> None:
    found = {(kind, name, check) for manifests in built.values() for kind, name, check, _ in scored(manifests)}
    assert [each for each in EXCEPTIONS if not any(each.covers(*finding) for finding in found)] == []
    assert all(len(each.reason) > 20 for each in EXCEPTIONS)


Break = Callable[[list[Manifest]], Any]


def pod(manifests: list[Manifest], name: str = "intake") -> Any:
    return one(manifests, "Deployment", name)["spec"]["template"]["spec"]


MUTATIONS: dict[str, tuple[Break, str]] = {
    "a wrong field of Kubernetes": (lambda m: pod(m).update(restartPolice="Always"), "restartPolice"),
    "a wrong field in a container": (lambda m: container(m, "intake").update(port=[]), "'port'"),
    "a wrong type": (lambda m: one(m, "Deployment", "intake")["spec"].update(replicas="two"), "replicas"),
    "a wrong field of Strimzi's": (lambda m: one(m, "Kafka", "hoso")["spec"]["kafka"].update(replicaz=3), "replicaz"),
    "Strimzi's old version": (
        lambda m: one(m, "Kafka", "hoso").update(apiVersion="kafka.strimzi.io/v1beta2"),
        "could not find schema",
    ),
    "an operation no ACL knows": (
        lambda m: one(m, "KafkaUser", "hoso-intake")["spec"]["authorization"]["acls"][0].update(operations=["Reed"]),
        "operations",
    ),
    "a wrong field of cert-manager's": (
        lambda m: one(m, "Certificate", "hoso-authority")["spec"].update(isCa=True),
        "isCa",
    ),
    "no liveness": (lambda m: container(m, "ocr-express").pop("livenessProbe"), "has no livenessProbe"),
    "no readiness": (lambda m: container(m, "intake").pop("readinessProbe"), "has no readinessProbe"),
    "no start-up probe": (lambda m: container(m, "registry-api").pop("startupProbe"), "has no startupProbe"),
    "root": (lambda m: pod(m)["securityContext"].update(runAsUser=0), "not root"),
    "root allowed": (lambda m: pod(m)["securityContext"].pop("runAsNonRoot"), "not root"),
    "root by the container": (lambda m: container(m, "intake")["securityContext"].update(runAsUser=0), "not root"),
    "the latest image": (lambda m: container(m, "intake").update(image="hoso/intake:latest"), "names no version"),
    "an image without tag": (lambda m: container(m, "intake").update(image="host:5000/intake"), "names no version"),
    "a writable root": (
        lambda m: container(m, "ocr-bulk")["securityContext"].update(readOnlyRootFilesystem=False),
        "must not write to its image",
    ),
    "a way to privileges": (
        lambda m: container(m, "intake")["securityContext"].pop("allowPrivilegeEscalation"),
        "must not gain privileges",
    ),
    "a capability": (
        lambda m: container(m, "intake")["securityContext"]["capabilities"].update(add=["NET_ADMIN"]),
        "drop all capabilities",
    ),
    "no seccomp": (lambda m: pod(m)["securityContext"].pop("seccompProfile"), "seccomp"),
    "a token": (lambda m: pod(m).update(automountServiceAccountToken=True), "token"),
    "a folder of the node": (
        lambda m: pod(m)["volumes"].append({"name": "node", "hostPath": {"path": "/"}}),
        "folder of its node",
    ),
    "no limit": (lambda m: container(m, "intake")["resources"]["limits"].pop("memory"), "limits say nothing of memory"),
    "a volume without bound": (lambda m: pod(m)["volumes"][0].update(emptyDir={}), "has no bound"),
    "a secret in clear": (
        lambda m: container(m, "intake")["env"][0].update(value="hunter2", valueFrom=None),
        "must come from a secret",
    ),
    "a secret among settings": (
        lambda m: next(m_ for m_ in m if m_["kind"] == "ConfigMap")["data"].update(HOSO_KAFKA_PASSWORD="x"),
        "belongs into a secret",
    ),
    "a secret written down": (
        lambda m: m.append({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"a": "b"}}),
        "never written down",
    ),
    "a service for nobody": (
        lambda m: one(m, "Service", "intake")["spec"].update(selector={"a": "b"}),
        "service-targets-pod",
    ),
    "a policy for nobody": (
        lambda m: one(m, "NetworkPolicy", "store")["spec"].update(podSelector={"matchLabels": {"a": "b"}}),
        "networkpolicy-targets-pod",
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_what_is_broken_is_found(name: str, built: dict[str, list[Manifest]]) -> None:
    manifests = deepcopy(built["demo"])
    break_it, said = MUTATIONS[name]
    break_it(manifests)
    found = findings(manifests)
    assert any(said in finding for finding in found), found


@pytest.mark.parametrize(("kind", "field"), [("ScaledObject", "minReplicas"), ("PodMonitor", "podMetricsEndpoint")])
def test_wrong_fields_of_other_operators_are_found(built: dict[str, list[Manifest]], kind: str, field: str) -> None:
    manifests = deepcopy(built["province"])
    next(m for m in manifests if m["kind"] == kind)["spec"][field] = 1
    assert [finding for finding in findings(manifests) if field in finding]


@pytest.mark.parametrize("name", OURS)
def test_settings_exist_and_are_taken(name: str, overlay: list[Manifest], monkeypatch: pytest.MonkeyPatch) -> None:
    given = environment(overlay, name)
    assert unknown(overlay, name) == set()
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)
    for kind in blocks(name):
        kind()


def test_a_misspelt_setting_is_found(built: dict[str, list[Manifest]]) -> None:
    manifests = deepcopy(built["demo"])
    settings = next(m for name, m in all_of(manifests, "ConfigMap").items() if name.startswith("ocr-bulk-settings"))
    settings["data"]["HOSO_OCR_THREDS"] = settings["data"].pop("HOSO_OCR_THREADS")
    assert unknown(manifests, "ocr-bulk") == {"HOSO_OCR_THREDS"}


def test_a_service_that_needs_no_broker_is_given_no_way_to_it(overlay: list[Manifest]) -> None:
    assert not [variable for variable in environment(overlay, "registry-api") if "KAFKA" in variable]
    assert "registry-api" not in str(all_of(overlay, "NetworkPolicy")["to-kafka"])


@pytest.mark.parametrize("name", OURS)
def test_probes_and_ports_are_those_of_the_settings(
    name: str, overlay: list[Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in environment(overlay, name).items():
        monkeypatch.setenv(variable, value)
    settings: Any = blocks(name)[-1]()
    held = container(overlay, name)
    ports = {port["name"]: port["containerPort"] for port in held["ports"]}
    assert ports["ops"] == (settings.port if name.startswith("ocr") else settings.ops_port)
    if "api" in ports:
        assert ports["api"] == settings.port
        assert one(overlay, "Service", name)["spec"]["ports"][0]["port"] == settings.port
    asked = {probe: held[probe]["httpGet"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert {get["port"] for get in asked.values()} == {"ops"}
    assert asked["livenessProbe"]["path"] == asked["startupProbe"]["path"] == "/health/live"
    assert asked["readinessProbe"]["path"] == "/health/ready"


@pytest.mark.parametrize("lane", list(Lane))
def test_a_worker_is_given_time_for_its_longest_call_and_memory_for_its_children(
    lane: Lane, overlay: list[Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in environment(overlay, f"ocr-{lane}").items():
        monkeypatch.setenv(variable, value)
    settings = OcrSettings()
    longest = settings.slice_seconds + settings.page_timeout_seconds + 2 * settings.file_timeout_seconds + 20
    assert pod(overlay, f"ocr-{lane}")["terminationGracePeriodSeconds"] > longest
    limits = container(overlay, f"ocr-{lane}")["resources"]["limits"]
    children_bytes = settings.page_threads * settings.child_memory_bytes
    assert int(limits["cpu"]) == settings.threads  # more pages than cores only slow each other
    assert int(limits["memory"].removesuffix("Mi")) * 2**20 > 227e6 + children_bytes


def test_topics_are_those_of_the_code(overlay: list[Manifest]) -> None:
    declared = all_of(overlay, "KafkaTopic")
    assert set(declared) == {topic.name for topic in ALL_TOPICS}
    for topic in ALL_TOPICS:
        spec = declared[topic.name]["spec"]
        assert (spec["partitions"] == 1) == topic.single_partition
        assert (spec["config"].get("cleanup.policy") == "compact") == topic.compacted
        assert topic.compacted or spec["config"]["retention.ms"] == -1


def _acls(user: Any) -> Iterator[tuple[str, str, str]]:
    for acl in user["spec"]["authorization"]["acls"]:
        resource = acl["resource"]
        assert resource["patternType"] == "literal"
        yield from ((resource["type"], resource["name"], operation) for operation in acl["operations"])


def test_users_may_do_what_they_need_and_no_more(overlay: list[Manifest]) -> None:
    allowed = {name: set(_acls(user)) for name, user in all_of(overlay, "KafkaUser").items()}
    assert {operation for acls in allowed.values() for _, _, operation in acls} <= {"Read", "Write", "Describe"}
    for lane, topic in LANES.items():
        mine = allowed[f"hoso-ocr-{lane}"]
        assert {("topic", topic.name, "Read"), ("group", group_id(lane), "Read")} <= mine
        other = {acl for acl in mine if acl[1] in {LANES[each].name for each in Lane if each is not lane}}
        assert other == set()
        assert ("topic", "hoso.dead-letters", "Read") not in mine
    assert not [acl for acl in allowed["hoso-registry"] if "papers" in acl[1]]
    assert ("topic", "hoso.reference", "Write") not in allowed["hoso-intake"]
    for name in OURS[:4]:
        assert environment(overlay, name)["HOSO_KAFKA_USERNAME"] in allowed


def test_lanes_scale_by_their_lag_and_not_past_their_partitions(overlay: list[Manifest]) -> None:
    scaled = all_of(overlay, "ScaledObject")
    if not scaled:  # the demo has no KEDA
        assert all(one(overlay, "Deployment", f"ocr-{lane}")["spec"]["replicas"] == 1 for lane in Lane)
        return
    for lane, topic in LANES.items():
        spec = scaled[f"ocr-{lane}"]["spec"]
        asked = spec["triggers"][0]["metadata"]
        assert (asked["topic"], asked["consumerGroup"]) == (topic.name, group_id(lane))
        assert asked["offsetResetPolicy"] == "earliest"
        partitions = one(overlay, "KafkaTopic", topic.name)["spec"]["partitions"]
        assert 1 <= spec["minReplicaCount"] <= spec["maxReplicaCount"] <= partitions
        down = spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleDown"]
        assert down["policies"] == [{"type": "Pods", "value": 1, "periodSeconds": 300}]
        assert down["stabilizationWindowSeconds"] > pod(overlay, f"ocr-{lane}")["terminationGracePeriodSeconds"]
        assert "replicas" not in one(overlay, "Deployment", f"ocr-{lane}")["spec"]


def test_a_province_has_three_brokers_and_two_of_everything_that_answers(built: dict[str, list[Manifest]]) -> None:
    province = built["province"]
    assert one(province, "KafkaNodePool", "brokers")["spec"]["replicas"] == 3
    assert one(province, "Kafka", "hoso")["spec"]["kafka"]["config"]["min.insync.replicas"] == 2
    assert {topic["spec"]["replicas"] for topic in all_of(province, "KafkaTopic").values()} == {3}
    replicas = {name: one(province, "Deployment", name)["spec"].get("replicas") for name in OURS}
    assert (replicas["intake"], replicas["registry-api"], replicas["registry-projector"]) == (2, 2, 1)
    for name in OURS:
        assert pod(province, name)["topologySpreadConstraints"][0]["topologyKey"] == "kubernetes.io/hostname"


def test_everything_is_denied_first_and_every_pod_of_ours_may_ask_for_names(overlay: list[Manifest]) -> None:
    policies = all_of(overlay, "NetworkPolicy")
    deny = policies["default-deny"]["spec"]
    assert (deny["podSelector"], deny["policyTypes"]) == ({}, ["Ingress", "Egress"])
    assert not {"ingress", "egress"} & set(deny)
    for name, policy in policies.items():
        for rule in policy["spec"].get("ingress", []):
            assert rule.get("from"), f"{name} lets everybody in"
    everybody = policies["names"]["spec"]["egress"][0]["ports"]
    assert {port["port"] for port in everybody} == {53}


def test_every_pod_that_stays_has_a_budget_that_lets_a_node_be_emptied(overlay: list[Manifest]) -> None:
    staying = {**all_of(overlay, "Deployment"), **all_of(overlay, "StatefulSet")}
    budgets = all_of(overlay, "PodDisruptionBudget")
    assert set(budgets) == set(staying)
    for name, budget in budgets.items():
        labels = staying[name]["spec"]["template"]["metadata"]["labels"]
        assert budget["spec"]["selector"]["matchLabels"].items() <= labels.items()
        assert budget["spec"]["maxUnavailable"] == 1


def test_images_carry_our_version_and_secrets_are_told_in_the_readme(overlay: list[Manifest]) -> None:
    version = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["version"]
    assert {container(overlay, name)["image"].rpartition(":")[2] for name in OURS} == {version}
    readme = (REPOSITORY / "deploy" / "k8s" / "README.md").read_text()
    assert [name for name in sorted(_secrets(overlay)) if f"`{name}`" not in readme] == []


def _secrets(manifests: Sequence[Manifest]) -> Iterator[str]:
    """Yield the secrets that pods refer to."""
    for manifest in manifests:
        template = pod_template(manifest)
        if template is None:
            continue
        spec = template["spec"]
        for held in [*spec["containers"], *spec.get("initContainers", ())]:
            for variable in held.get("env", ()):
                if "secretKeyRef" in variable.get("valueFrom", {}):
                    yield variable["valueFrom"]["secretKeyRef"]["name"]
        yield from (volume["secret"]["secretName"] for volume in spec["volumes"] if "secret" in volume)


def test_the_rules_are_those_of_the_monitoring() -> None:
    assert RULES.read_text() == prometheus_rules(), "python -m deploy.local.manifests --write-rules"
