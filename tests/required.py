"""What the machine must have: a skip for want of it fails, so that no skip passes for a test.

`PCONFIGS_REQUIRE=slurm,pandas` names engines, packages and programs.
"""

import os
import re
from collections.abc import Generator
from typing import Any

import pytest

REQUIRED = frozenset(os.environ.get("PCONFIGS_REQUIRE", "").split(",")) - {""}


def refuse_skip(report: Any) -> Any:
    """Return a report, as a failure where its reason to skip names what is required."""
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = str(report.longrepr[2])
        names = REQUIRED.intersection(re.findall(r"[\w-]+", reason))
        if names:
            report.outcome = "failed"
            report.longrepr = f"PCONFIGS_REQUIRE has {', '.join(sorted(names))}: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    return refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    return refuse_skip((yield))
