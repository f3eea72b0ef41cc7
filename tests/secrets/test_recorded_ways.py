"""A secret leaves a recorded run on no way: the store, its commands, pages, trackers, artifacts.

A new command about runs, or a new tracker, belongs into one of the tables below.
"""

from __future__ import annotations

import json

import pytest

from pconfigs.cli.commands import COMMANDS
from pconfigs.cli.runs_options import SUBCOMMANDS
from pconfigs.runs.capture import followers
from pconfigs.runs.folder import RunFolder
from pconfigs.trackers.follower import CLIENTS, Follower
from tests.runs.conftest import Project
from tests.secrets.test_ways_out import COMMAND_LINES
from tests.trackers.conftest import Service

WORD = "planted-secret"
TELLER = """
from __future__ import annotations

import os
import subprocess
import sys
import warnings
from typing import Any

from pconfigs import PConfig, pconfig, pconfiged, pdefaults, prun, psmoke, psweep
from tests.secrets.vault import SPELLINGS, config_of

WORD = os.environ["PLANTED"]


@pconfiged(runnable=True)
class Teller:
    config: TellerConfig

    def main(self, namespace, others):
        for step in range(2):
            prun.log(step=step, loss=1.0 / (step + self.config.n), **{"told": WORD, WORD: 1.0})
        print("printed", WORD, self.config)
        warnings.warn(f"warned of {WORD}")
        file = prun.dir / "weights.bin"
        file.write_text("x")
        prun.log_artifact("weights", file, key=WORD, more={WORD: [WORD]}, **{WORD: 1})
        if self.config.n > 1:
            raise ValueError(f"no luck with {WORD}")


@pconfig
class TellerConfig(PConfig[Teller]):
    parts: dict[str, Any]
    n: int


# A literal has its values in its type; the default of a class is set in the vault.
PARTS = {name: config_of(name, WORD) for name in SPELLINGS if name not in ("literal", "default")}
pdefaults += TellerConfig(parts=PARTS, n=1)
config = TellerConfig()
failing = TellerConfig(config, n=2)
sweep = psweep(config, grid={"n": [1, 2]})
psmoke += TellerConfig(n=1)
"""
DONE, FAILED = "@teller", "@teller.failing"
# Every command about runs, and the further ones that show no config of a target.
LINES: dict[str, list[list[str]]] = {
    "show": [[DONE], [FAILED], [DONE, "--json"]],
    "log": [[DONE], [FAILED, "--json"]],
    "compare": [[DONE, FAILED], [DONE, FAILED, "--json"]],
    "check": [[]],
    "table": [[], ["--json"], ["-o", "table.csv"], ["-o", "table.html"], ["-o", "table.md"]],
    "plot": [["loss", "-o", "plot.html"]],
    "page": [["-o", "page.html"]],
    "bisect": [[DONE, FAILED, "--metric", "loss"]],
    "note": [[DONE, "a note"]],
    "keep": [[DONE]],
    "stop": [[DONE]],
    "clean": [[], ["--older", "0s"]],
    "artifacts": [[], ["weights"], ["--json"]],
    "lineage": [[], ["--json"], [DONE]],
    "sync": [[]],
}  # fmt: skip
MORE_LINES: dict[str, list[list[str]]] = {
    "list": [["lab"], ["lab", "--json"], ["lab", "--tree"]],
    "test": [["lab"], ["lab", "--update-golden"], ["lab", "--golden"], ["lab", "--smoke"]],
    "agents": [["lab"]],
    "runs": [[], ["--json"], ["--tree"], ["--check"], ["--where", "n=1"]],
    "adopt": [["lab/teller.py"]],
    "init": [["made"]],
}
# What a tracker is sent is made from the record alone, which is tested below.
TRACKERS = {"tensorboard", "mlflow", "wandb"}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with a run that has ended, and one that has failed."""
    project = Project(tmp_path_factory.mktemp("told"))
    project.write("lab/teller.py", TELLER)
    project.write("lab/__pconfigs__.py", "")
    for target, code in (("lab.teller", 0), ("lab.teller.failing", 1)):
        done = project.run("--record", target, "--", WORD, PLANTED=WORD)
        assert done.code == code, done.err
    yield project
    project.end()


def files_with(project: Project) -> list[str]:
    """Return the files of a project in which the secret is, or whose name has it."""
    return [
        str(path.relative_to(project.folder))
        for path in project.folder.rglob("*")
        if path.is_file() and (WORD in path.name or WORD.encode() in path.read_bytes())
    ]


def test_every_command_about_runs_and_every_tracker_is_in_a_table():
    assert set(SUBCOMMANDS) == LINES.keys()
    assert set(COMMANDS) == COMMAND_LINES.keys() | MORE_LINES.keys()
    assert set(CLIENTS) == set(followers.TRACKERS) == TRACKERS


def test_the_record_has_no_secret(project):
    assert files_with(project) == []
    log = next(project.store.glob("teller-*/log.txt")).read_text()
    assert "printed *** TellerConfig(" in log
    assert "warned of ***" in log


@pytest.mark.parametrize(
    ("command", "words"),
    [
        *((f"runs {name}", words) for name, lines in LINES.items() for words in lines),
        *((name, words) for name, lines in MORE_LINES.items() for words in lines),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_no_command_writes_the_secret(command, words, project):
    module, *first = command.split()
    done = project.python("-m", f"pconfigs.{module}", *first, *words, PLANTED=WORD)
    assert "Traceback" not in done.err
    assert WORD not in done.out + done.err
    assert files_with(project) == []


@pytest.mark.parametrize("name", ["teller-", "teller.failing-"])
def test_no_tracker_is_sent_the_secret(name, project):
    (folder,) = project.store.glob(f"{name}*")
    service = Service()
    assert Follower(RunFolder(str(folder)), "wandb", service.client).follow()
    (run, _), (_, _, log) = service.opened[0], service.closed[0]
    sent = json.dumps([repr(run), service.rows, service.produced, service.closed], default=repr)
    assert "parts" in sent
    assert "***" in sent
    assert WORD not in sent
    assert WORD not in (folder / log).read_text()
