"""Prometheus' own tool, on rules and made-up series."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.monitoring.rules_files import FILES

_LOOKS_BACK_MINUTES = 5
Series = Mapping[str, str]  # a series and its values as promtool writes them


def promtool(*arguments: str) -> str:
    """Run promtool and return what it printed; it must find no fault."""
    program = shutil.which("promtool")
    assert program, "make setup-servers installs prometheus, which brings promtool"
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def evaluated(
    folder: Path, series: Series, expectations: Mapping[str, Sequence[str]], *, minute: int, interval: int = 1
) -> None:
    """Check what expressions find at a minute, given series with a sample every so many minutes; each finds ones.

    Groups are evaluated in no order, so a rule may see what another recorded an interval ago: 5 minutes are too many.
    """
    assert interval < _LOOKS_BACK_MINUTES
    tests = [
        {"expr": expression, "eval_time": f"{minute}m", "exp_samples": [{"labels": s, "value": 1} for s in found]}
        for expression, found in expectations.items()
    ]
    inputs = [{"series": name, "values": values} for name, values in series.items()]
    whole: dict[str, Any] = {
        "rule_files": [str(path) for path in FILES],
        "evaluation_interval": f"{interval}m",
        "tests": [{"interval": f"{interval}m", "input_series": inputs, "promql_expr_test": tests}],
    }
    path = folder / "test.yml"
    path.write_text(json.dumps(whole))  # JSON is YAML
    promtool("test", "rules", str(path))
