"""``make servers`` prints settings that lead to running servers, and SIGTERM ends them all."""

import re
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import psutil
import psycopg
import pytest

from deploy.local.process_tree import gone
from tests.servers import wait_until

REPOSITORY = Path(__file__).parents[2]


def _read_until_started(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C" in line:
            return said
    if "make setup-servers" in said:
        pytest.skip(said)
    raise AssertionError(said)


def test_settings_are_printed_and_everything_ends_on_sigterm(servers_folder: Path) -> None:
    command = [sys.executable, "-m", "deploy.local", "--data", str(servers_folder / "all")]
    with ExitStack() as undo:
        process = undo.enter_context(
            subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        )
        undo.callback(process.kill)  # its servers die with it
        settings = dict(re.findall(r"^export (HOSO_\w+)=(\S+)$", _read_until_started(process), re.MULTILINE))
        servers = psutil.Process(process.pid).children(recursive=True)
        url = settings["HOSO_REGISTRY_DATABASE_URL"].replace("+psycopg", "")
        with psycopg.connect(url, connect_timeout=5) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert settings.keys() >= {"HOSO_KAFKA_BOOTSTRAP_SERVERS", "HOSO_STORE_ENDPOINT", "HOSO_INTAKE_DATABASE_URL"}
    assert wait_until(lambda: all(gone(server) for server in servers))
