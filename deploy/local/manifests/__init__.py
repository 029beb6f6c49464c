"""Builds the manifests of deploy/k8s and holds them against schemas, kube-score and the rules of this house."""

from deploy.local.manifests.build import OVERLAYS, Manifest, built_overlay
from deploy.local.manifests.findings import findings

__all__ = ["OVERLAYS", "Manifest", "built_overlay", "findings"]
