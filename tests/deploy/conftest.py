"""Manifests are checked by programs and schemas that set-up installs."""

import pytest

from deploy.local.programs import KUBE_SCORE, KUBECONFORM, KUSTOMIZE, ProgramMissing, built
from deploy.local.schemas import schemas_folder


@pytest.fixture(scope="session", autouse=True)
def checkers() -> None:
    """Skip where they are not installed; in CI that fails."""
    try:
        for path in (KUSTOMIZE.path, KUBECONFORM.path, KUBE_SCORE.path, schemas_folder()):
            built(path)
    except ProgramMissing as missing:
        pytest.skip(str(missing))
