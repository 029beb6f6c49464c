"""Settings that are wrong stop a start with a line each and the exit code 2, before anything connects."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SECRET = "s" * 32
SERVICES = ("services.intake", "services.registry", "services.ocr")
PREFIX = {"services.intake": "HOSO_INTAKE_", "services.registry": "HOSO_REGISTRY_", "services.ocr": "HOSO_OCR_"}


def started(module: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Start a service that is expected to end by itself."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HOSO_")}
    needed = {"HOSO_INTAKE_SEARCH_KEY": SECRET}
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=ours | needed | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def lines_of(module: str, *arguments: str, **settings: str) -> list[str]:
    """Return what a refused start says on stderr."""
    ended = started(module, *arguments, **settings)
    assert ended.returncode == 2, ended.stderr
    assert ended.stdout == ""
    return ended.stderr.splitlines()


@pytest.mark.parametrize("module", SERVICES)
def test_everything_wrong_is_told_at_once_a_line_each(module: str) -> None:
    prefix = PREFIX[module]
    told = lines_of(
        module,
        HOSO_LOG_LEVEL="LOUD",
        HOSO_KAFKA_BOOTSTRAP_SERVERS="http://broker",
        HOSO_STORE_ENDPOINT="http://minio:9000",
        HOSO_KAFKA_PARTITONS="12",
        **{f"{prefix}OPS_PORT": "seventy", f"{prefix}OPS_PROT": "9081"},
    )
    names = [line.partition(":")[0] for line in told]
    assert sorted(names) == sorted(
        [
            *(f"{prefix}OPS_PORT", f"{prefix}OPS_PROT", "HOSO_KAFKA_BOOTSTRAP_SERVERS", "HOSO_KAFKA_PARTITONS"),
            *("HOSO_LOG_LEVEL", "HOSO_STORE_ENDPOINT"),
        ]
    )
    assert "HOSO_KAFKA_PARTITONS: no such setting; did you mean HOSO_KAFKA_PARTITIONS?" in told
    assert f"{prefix}OPS_PROT: no such setting; did you mean {prefix}OPS_PORT?" in told
    assert not any("seventy" in line or "LOUD" in line for line in told), "a value may be a secret"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"HOSO_KAFKA_SECURITY_PROTOCOL": "SASL_SSL"}, "HOSO_KAFKA_USERNAME and HOSO_KAFKA_PASSWORD"),
        ({"HOSO_KAFKA_USERNAME": "hoso"}, "no use without SASL"),
        ({"HOSO_KAFKA_CA_FILE": "/etc/hostname"}, "no use without SSL"),
        ({"HOSO_KAFKA_CA_FILE": "/no/such", "HOSO_KAFKA_SECURITY_PROTOCOL": "SSL"}, "no such file"),
        ({"HOSO_STORE_ENDPOINT": "minio:9000"}, "HOSO_STORE_ACCESS_KEY and HOSO_STORE_SECRET_KEY"),
        ({"HOSO_STORE_ACCESS_KEY": "hoso"}, "no use without HOSO_STORE_ENDPOINT"),
        ({"HOSO_COLOUR": "red"}, "HOSO_COLOUR: no such setting"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_shared_settings_that_contradict_each_other(settings: dict[str, str], said: str) -> None:
    (line,) = lines_of("services.intake", **settings)  # all three ask the same check
    assert said in line


@pytest.mark.parametrize(
    ("module", "settings", "said"),
    [
        ("services.intake", {"HOSO_INTAKE_SEARCH_KEY": "short"}, "HOSO_INTAKE_SEARCH_KEY: "),
        ("services.intake", {"HOSO_INTAKE_DATABASE_URL": "postgres://h/x"}, "HOSO_INTAKE_DATABASE_URL: must be sqlite"),
        ("services.intake", {"HOSO_INTAKE_PORT": "9081"}, "must differ"),
        ("services.intake", {"HOSO_INTAKE_MAX_FILE_BYTES": "300000000"}, "HOSO_INTAKE_MAX_REQUEST_BYTES"),
        ("services.registry", {"HOSO_REGISTRY_DATABASE_URL": "mysql://h/x"}, "HOSO_REGISTRY_DATABASE_URL: must be"),
        ("services.registry", {"HOSO_REGISTRY_PORT": "9082"}, "must differ"),
        ("services.ocr", {"HOSO_OCR_LANE": "slow"}, "HOSO_OCR_LANE: "),
        ("services.ocr", {"HOSO_OCR_BULK_THREADS": "2"}, "HOSO_OCR_BULK_THREADS: no such setting"),
        ("services.ocr", {"HOSO_OCR_FIELD_CONFIDENCES": '{"subjekt": 0.5}'}, "no field that is read: subjekt"),
        ("services.ocr", {"HOSO_OCR_TRUST_ROOTS": '["/no/such.pem"]'}, "HOSO_OCR_TRUST_ROOTS: there is no file"),
        ("services.ocr", {"HOSO_OCR_LANGUAGES": "xyz"}, "has no model xyz"),
        ("services.ocr", {"HOSO_OCR_WORK_DIRECTORY": "/proc/hoso"}, "HOSO_OCR_WORK_DIRECTORY=/proc/hoso: "),
    ],
)
def test_what_one_service_cannot_start_on(module: str, settings: dict[str, str], said: str) -> None:
    (line,) = lines_of(module, **settings)
    assert said in line


def test_without_its_programs_a_worker_does_not_start() -> None:
    (line,) = lines_of("services.ocr", PATH="/nowhere")
    assert line.startswith("tesseract does not run")


def test_a_secret_that_is_missing_is_named() -> None:
    (line,) = lines_of("services.intake", HOSO_INTAKE_SEARCH_KEY="")
    assert line.startswith("HOSO_INTAKE_SEARCH_KEY: ")


def test_commands_are_refused_too() -> None:
    (line,) = lines_of("services.intake", "sweep", "--dry-run", HOSO_INTAKE_SWEEP_AGE_HUORS="1")
    assert line.endswith("did you mean HOSO_INTAKE_SWEEP_AGE_HOURS?")


def test_the_settings_of_others_are_theirs_to_judge(tmp_path: Path) -> None:
    """One file of variables may set up all services: here a registry's command does its work."""
    url = f"sqlite:///{tmp_path}/registry.db"
    settings = {"HOSO_OCR_NO_SUCH": "1", "HOSO_CI": "1", "HOSO_REGISTRY_DATABASE_URL": url}
    ended = started("services.registry", "load", "--dry-run", **settings)
    assert ended.returncode == 0, ended.stderr


def test_the_supervisor_ends_where_a_part_refuses_its_settings(tmp_path: Path) -> None:
    ended = started("services", "--data", str(tmp_path), HOSO_OCR_BULK_SLICE_SECOND="3")
    assert ended.returncode == 2
    assert "HOSO_OCR_SLICE_SECOND: no such setting; did you mean HOSO_OCR_SLICE_SECONDS?" in ended.stderr
