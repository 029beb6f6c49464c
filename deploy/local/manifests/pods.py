"""The rules of this house for pods: Kubernetes's standard "restricted", probes, limits, secrets by reference."""

from collections.abc import Iterator, Sequence
from typing import Any

from deploy.local.manifests.build import Manifest

_PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
_AMOUNTS = ("cpu", "memory", "ephemeral-storage")
_SECRET_WORDS = ("PASSWORD", "SECRET", "SEARCH_KEY", "DATABASE_URL", "ACCESS_KEY")


def pod_template(manifest: Manifest) -> Manifest | None:
    """Return the template of the pods a manifest makes, if it makes any."""
    spec = manifest.get("spec") or {}
    if manifest["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return spec.get("template") if manifest["kind"] in ("Deployment", "StatefulSet", "Job", "CronJob") else None


def pod_findings(manifests: Sequence[Manifest]) -> Iterator[str]:
    """Yield each rule that a manifest breaks."""
    for manifest in manifests:
        where = f"{manifest['kind']}/{manifest['metadata']['name']}"
        template = pod_template(manifest)
        if template is not None:
            yield from (f"{where}: {finding}" for finding in _of_pod(template["spec"], manifest["kind"]))
        if manifest["kind"] == "ConfigMap":
            held = [name for name in manifest.get("data") or {} if any(word in name for word in _SECRET_WORDS)]
            yield from (f"{where}: {name} belongs into a secret" for name in held)
        if manifest["kind"] == "Secret":
            yield f"{where}: a secret is referred to, never written down here"


def _of_pod(pod: Manifest, kind: str) -> Iterator[str]:
    yield from _of_identity(pod)
    yield from _of_node(pod)
    for container in [*pod["containers"], *pod.get("initContainers", ())]:
        yield from (f"{container['name']}: {finding}" for finding in _of_container(container, pod))
    if kind != "CronJob":
        for container in pod["containers"]:
            yield from (f"{container['name']}: has no {probe}" for probe in _PROBES if not container.get(probe))


def _of_identity(pod: Manifest) -> Iterator[str]:
    context = pod.get("securityContext") or {}
    if context.get("runAsNonRoot") is not True or not context.get("runAsUser"):
        yield "must run as a number that is not root"
    if (context.get("seccompProfile") or {}).get("type") != "RuntimeDefault":
        yield "must have the runtime's seccomp profile"
    if pod.get("automountServiceAccountToken") is not False:
        yield "must not carry a token of the Kubernetes API"


def _of_node(pod: Manifest) -> Iterator[str]:
    if any(pod.get(shared) for shared in ("hostNetwork", "hostPID", "hostIPC")):
        yield "must share nothing with its node"
    if any("hostPath" in volume for volume in pod.get("volumes") or ()):
        yield "must not mount a folder of its node"


def _of_container(container: Manifest, pod: Manifest) -> Iterator[str]:
    yield from _of_rights(container.get("securityContext") or {})
    yield from _of_image(container["image"])
    yield from _of_resources(container.get("resources") or {})
    yield from _of_variables(container.get("env") or ())
    yield from _of_mounts(container, pod)


def _of_rights(context: Manifest) -> Iterator[str]:
    capabilities = context.get("capabilities") or {}
    if context.get("allowPrivilegeEscalation") is not False or context.get("privileged"):
        yield "must not gain privileges"
    if context.get("readOnlyRootFilesystem") is not True:
        yield "must not write to its image"
    if capabilities.get("drop") != ["ALL"] or capabilities.get("add"):
        yield "must drop all capabilities"
    if context.get("runAsUser") == 0 or context.get("runAsNonRoot") is False:
        yield "must run as a number that is not root"


def _of_variables(variables: Sequence[Manifest]) -> Iterator[str]:
    for variable in variables:
        name = variable["name"]
        # a name that ends so holds where the secret is mounted
        if "value" in variable and any(word in name for word in _SECRET_WORDS) and not name.endswith("_FILE"):
            yield f"{name} must come from a secret"


def _of_image(image: str) -> Iterator[str]:
    tag = image.rpartition("/")[2].partition(":")[2]
    if not tag or tag == "latest":
        yield f"{image} names no version"


def _of_resources(resources: dict[str, Any]) -> Iterator[str]:
    for side in ("requests", "limits"):
        missing = [amount for amount in _AMOUNTS if amount not in (resources.get(side) or {})]
        if missing:
            yield f"{side} say nothing of {', '.join(missing)}"


def _of_mounts(container: Manifest, pod: Manifest) -> Iterator[str]:
    """Yield temporary volumes without a bound: a runaway file would take the node's disk."""
    bounds = {volume["name"]: volume["emptyDir"] for volume in pod.get("volumes") or () if "emptyDir" in volume}
    for mount in container.get("volumeMounts") or ():
        if mount["name"] in bounds and not (bounds[mount["name"]] or {}).get("sizeLimit"):
            yield f"{mount['name']} has no bound"
