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
    assert "record one: python -m pconfigs.run lab.idle --record\n" in refused.err
    project.run("--record", "lab.idle", "--", "rate")
    folder = project.only_run()
    assert read(folder / "reads.json") == {"read": ["rate"]}
    done = project.python(*explain, "--runs")
    assert {one["path"] for one in json.loads(done.out)} == {"seed", "extra"}
    project.run("lab.idle", "--record-reads", "two.json")
    assert read(project.folder / "two.json") == {"target": "lab.idle.config", "read": ["seed"]}
    done = project.python(*explain, "--runs")
    assert done.code == 1
    assert {one["path"] for one in json.loads(done.out)} == {"extra"}
    assert "not seen: what other processes read" in done.err


def test_what_every_attempt_and_every_block_reads_is_kept(project):
    project.write(
        "lab/parts.py",
        """
        from __future__ import annotations
        from pconfigs import PConfig, pconfig, pconfiged, prun

        @pconfiged(runnable=True)
        class Parts:
            config: PartsConfig

            def main(self, namespace, others):
                part = self.config.parts[prun.attempt - 1]
                return prun.REQUEUE if part.width + part.depth < 4 else 0

        @pconfig
        class PartConfig(PConfig):
            width: int
            depth: int

        @pconfig
        class PartsConfig(PConfig[Parts]):
            parts: list[PartConfig]
            extra: int

        config = PartsConfig(
            parts=[PartConfig(width=n, depth=n) for n in range(1, 4)], extra=1)
        """,
    )
    project.run("--record", "lab.parts")
    folder = project.only_run()
    first = ["parts", "parts[0].width", "parts[0].depth"]
    assert read(folder / "reads.json")["read"] == first
    project.run("--resume", f"@{folder.name}")
    assert read(folder / "reads.json")["read"] == [
        *first, "parts[1].width", "parts[1].depth",
    ]  # fmt: skip
    project.python(
        "-c",
        "from lab.parts import config\nfrom pconfigs import prun\n"
        "with prun.record(config):\n    config.extra, repr(config), config == config\n",
    )
    block = max(project.folder.glob("runs/parts*.2"))
    assert read(block / "reads.json")["read"] == ["extra"]
