"""What holds for every test: stores are made cheaply, and where a skip is not allowed, it is a failure that says so."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.stores import copied_schema, shared_statements

NO_SKIP = os.environ.get("POISE_NO_SKIP") == "1"
SHARED = Path(__file__).parents[2] / "shared"
"""Data of other projects beside this one; tests in `conformance/` need it."""


@pytest.fixture(scope="session", autouse=True)
def cheap_stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with copied_schema(tmp_path_factory.mktemp("stores")), shared_statements():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _forbid(report, item.path)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped:
        _forbid(report, collector.path)
    return report


def _forbid(report: pytest.TestReport | pytest.CollectReport, path: Path) -> None:
    """Turn a skip into a failure if POISE_NO_SKIP=1; data and oracles that are not here may be missed."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not NO_SKIP or ("conformance" in path.parts and (not SHARED.is_dir() or "optional oracle" in reason)):
        return
    report.outcome = "failed"
    report.longrepr = f"{path}: skipped, which POISE_NO_SKIP=1 forbids. {reason}"
