"""In CI a test that skips fails, and elsewhere it skips."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
A_TEST = "import pytest\ndef test_it(): pytest.skip('no server')\n"
A_MODULE = "import pytest\npytest.skip('no server', allow_module_level=True)\n"


def _run(folder: Path, text: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    (folder / "test_skipping.py").write_text(text)
    clean = {name: value for name, value in os.environ.items() if name not in ("CI", "HOSO_CI")}
    command = [sys.executable, "-m", "pytest", "-p", "tests.ci", "-p", "no:cacheprovider", "--rootdir=.", str(folder)]
    return subprocess.run(
        command,
        cwd=folder,
        env={**clean, **environment, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("text", [A_TEST, A_MODULE], ids=["test", "module"])
@pytest.mark.parametrize("environment", [{"CI": "true"}, {"HOSO_CI": "1"}], ids=["CI", "HOSO_CI"])
def test_in_ci_a_skip_is_a_failure(text: str, environment: dict[str, str], tmp_path: Path) -> None:
    done = _run(tmp_path, text, environment)
    assert done.returncode != 0
    assert "nothing skips in CI" in done.stdout


def test_elsewhere_a_skip_is_a_skip(tmp_path: Path) -> None:
    done = _run(tmp_path, A_TEST, {})
    assert done.returncode == 0
    assert "1 skipped" in done.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    text = "import pytest\n@pytest.mark.xfail\ndef test_it(): assert False\n"
    done = _run(tmp_path, text, {"CI": "true"})
    assert "1 xfailed" in done.stdout
