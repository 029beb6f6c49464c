"""The processor time and memory of programs are counted with all that they start, even what they leave behind."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
BUSY = "import time\nwhile time.process_time() < 0.4: pass"
LEAVES_A_BUSY_ONE = (
    f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BUSY!r}], start_new_session=True)"
)
HOLDS_MEMORY = "import time; held = bytearray(b'x') * 60_000_000; time.sleep(1.5)"
MEASURED = (
    "import subprocess, sys; from bench.usage import used_by; "
    "print(used_by(lambda: subprocess.run([sys.executable, '-c', sys.argv[1]], check=True)).{what})"
)


def used(what: str, program: str) -> float:
    """Measure in a process of its own, which adopts orphans: the tests' process shall not."""
    command = [sys.executable, "-c", MEASURED.format(what=what), program]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=60)
    return float(done.stdout)


@pytest.mark.parametrize("program", [BUSY, LEAVES_A_BUSY_ONE], ids=["its own", "of one it left behind"])
def test_processor_time_is_counted(program: str) -> None:
    assert 0.4 <= used("cpu_seconds", program) < 5


def test_memory_is_seen() -> None:
    assert 60_000_000 <= used("peak_bytes", HOLDS_MEMORY) < 200_000_000
