"""What recorded runs have read, joined over runs."""

import json

import pytest

from tests.runs.conftest import read


@pytest.mark.slow
def test_settings_that_no_recorded_run_has_read_are_listed(project):
    """One run reads the rate, the other one the seed; nothing reads the key."""
    project.write(
        "lab/idle.py",
        """
        from __future__ import annotations
        from pconfigs import PConfig, pconfig, pconfiged

        @pconfiged(runnable=True)
        class Idle:
            config: IdleConfig

            def main(self, namespace, others):
                return self.config.rate * 0 if "rate" in others else self.config.seed * 0

        @pconfig
        class IdleConfig(PConfig[Idle]):
            rate: int
            seed: int
            extra: int

        config = IdleConfig(rate=1, seed=2, extra=3)
        """,
    )
    explain = ("-m", "pconfigs.explain", "lab.idle", "--unused", "--json")
    refused = project.python(*explain, "--runs")
    assert refused.code == 2
    command = "python -m pconfigs.run lab.idle --record --record-reads reads.json"
    assert f"record them: {command}\n" in refused.err
    project.run("--record", "lab.idle", "--record-reads", "one.json", "--", "rate")
    folder = project.only_run()
    assert read(folder / "reads.json") == read(project.folder / "one.json")
    done = project.python(*explain, "--runs")
    assert {one["path"] for one in json.loads(done.out)} == {"seed", "extra"}
    project.run("lab.idle", "--record-reads", "two.json")
    done = project.python(*explain, "--runs")
    assert done.code == 1
    assert {one["path"] for one in json.loads(done.out)} == {"extra"}
