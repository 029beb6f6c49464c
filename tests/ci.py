"""In CI (HOSO_CI set, or CI=true) a test that skips fails: there everything it could need can be installed."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

SCANS = Path(__file__).parents[2] / "shared" / "scans"


def is_ci() -> bool:
    """Return whether this run may skip nothing."""
    return bool(os.environ.get("HOSO_CI")) or os.environ.get("CI") == "true"


def may_skip(item: pytest.Item) -> bool:
    """Return whether a test may skip even in CI: real scans are papers we may not publish beside the code."""
    return item.get_closest_marker("scans") is not None and not SCANS.is_dir()


def _fail_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    report.outcome = "failed"
    report.longrepr = f"nothing skips in CI, but {report.nodeid} did: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one."""
    report = yield
    if is_ci() and report.skipped and not hasattr(report, "wasxfail") and not may_skip(item):
        _fail_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a module skipped as a whole into a failed one."""
    report = yield
    if is_ci() and report.skipped:
        _fail_skipped(report)
    return report


@pytest.fixture(scope="session")
def scans_folder() -> Path:
    """Return the folder of real scans beside the checkout; a test that asks for it is marked `scans`."""
    if not SCANS.is_dir():
        pytest.skip(f"no real scans: {SCANS} is missing")
    return SCANS
