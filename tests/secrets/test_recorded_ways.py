"""A secret leaves a recorded run on no way: the store, its commands, pages, trackers, artifacts.

A new command about runs, or a new tracker, belongs into one of the tables below.
"""

from __future__ import annotations

import json

import pytest

from pconfigs.cli.commands import COMMANDS, of_options
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
TYPED = f"parts.plain.key+={WORD}"  # what is given for a secret, in a word that is refused
# Every command about runs, and the further ones that show no config of a target.
LINES: dict[str, list[list[str]]] = {
    "show": [[DONE], [FAILED], [DONE, "--json"]],
    "log": [[DONE], [FAILED, "--json"], [DONE, "--follow"], [DONE, "--rank", "1"]],
    "compare": [[DONE, FAILED], [DONE, FAILED, "--json"], [DONE, FAILED, "--all-code"]],
    "check": [[], ["--json"], [DONE]],
    "table": [
        [], ["--json"], ["-o", "table.csv"], ["-o", "table.html"], ["-o", "table.md"],
        ["lab.teller.sweep"], ["--where", "state=failed"], ["--over", "parts"], ["--by", "loss"],
        ["--sql", "select * from runs"], ["--sql", "select * from metrics"],
    ],
    "plot": [
        ["loss", "-o", "plot.html"], ["loss", "-o", "parts.html", "--color", "parts"],
        ["loss", "-o", "facets.html", "--facet", "n", "--smooth", "0.5"],
        ["loss", "-o", "where.html", "--where", "n=1"],
    ],
    "page": [["-o", "page.html"], ["-o", "where.html", "--where", "n=1"]],
    "bisect": [[DONE, FAILED, "--metric", "loss"], [DONE, FAILED, "--metric", "loss", "--json"]],
    "note": [[DONE, "a note"], [DONE, "a note", "--json"]],
    "keep": [[DONE], [DONE, "--undo"], [DONE, "--json"]],
    "stop": [[DONE], [DONE, "--lost"], [DONE, "--json"]],
    "clean": [[], ["--older", "0s"], ["--state", "failed"], ["--json"]],
    "artifacts": [[], ["weights"], ["--json"], ["--smoke"], ["weights:v1", "--alias", "best"]],
    "lineage": [[], ["--json"], [DONE], ["--smoke"]],
    "sync": [[], ["--tracker", "tensorboard"]],
}  # fmt: skip
MORE_LINES: dict[str, list[list[str]]] = {
    "list": [["lab"], ["lab", "--json"], ["lab", "--tree"], ["lab", "--all"]],
    "test": [
        ["lab"], ["lab", "--update-golden"], ["lab", "--golden"], ["lab", "--smoke"],
        ["lab", "--smoke", "--update-golden", "--jobs", "1"], ["lab", "--smoke", "--json"],
        ["lab", "--timeout", "30"],
    ],
    "agents": [["list"], ["list", "--json"]],
    "runs": [
        [], ["--json"], ["--tree"], ["--check"], ["--where", "n=1"], ["--smoke"],
        ["--where", TYPED],
    ],
    "adopt": [["lab/teller.py", "-o", "adopted"]],
    "init": [["made"], ["made", "--name", "other"]],
}  # fmt: skip
# Commands with a target, given a run, and with two, given two runs, or a run and an experiment.
PAIRS = [
    [DONE, FAILED],
    ["lab.teller", FAILED],
    [FAILED, "lab.teller"],
    [DONE, "lab.teller", "n=5"],
]
TARGET_LINES: dict[str, list[list[str]]] = {
    "print": [[DONE], [DONE, "--flat"], [FAILED, "--json"], [DONE, "n=5"], [DONE, TYPED]],
    "explain": [
        [DONE], [DONE, "--json"], [DONE, "parts"], ["lab.teller", "--unused", "--runs"],
        ["lab.teller", TYPED, "--unused", "--runs"], [DONE, "--unused"],
        ["lab.teller", "--unused", "--reads", "runs/reads.json"], [DONE, "--impact", "n=5"],
    ],
    "diff": [*PAIRS, *([*pair, "--json"] for pair in PAIRS), [*PAIRS[0], "--unified"]],
    "graph": [[DONE], *PAIRS, [*PAIRS[0], "-o", "diff.html"], ["--lineage"]],
    "derive": [[DONE, "n=5"], [DONE, "n=5", TYPED]],
    "freeze": [[DONE], [DONE, TYPED]],
    "help": [[DONE], [DONE, TYPED]],
    "run": [
        [DONE, "--dry-run"], [DONE, "n=5", "--dry-run"], [DONE, TYPED], [FAILED, "--resume", TYPED],
        [DONE, "--as-recorded", TYPED], ["lab.teller.sweep", "--dry-run"],
        ["lab.teller.sweep", TYPED, "--dry-run"], ["lab.teller", TYPED, "--sweep", "--dry-run"],
        ["lab.teller", "--dry-run", "--slots", "1"],
        ["lab.teller", TYPED, "--record-reads", "reads.json"],
        ["lab.teller", "--tracker", "tensorboard", "--no-record"],
        ["lab.teller", "--on", "lab.teller.config", "--dry-run"],
        ["lab.teller", "--with-deps", "--dry-run"], ["lab.teller", "--fail-fast"],
        ["lab.teller.sweep", "--retry-failed", "--accept-changes", "--again", "--dry-run"],
        ["lab.teller", TYPED, "--detach"], ["runs/teller", "--into"],
        ["lab.teller", "--smoke", "--dry-run"],
        ["lab.teller", "--record", TYPED], ["lab.teller", TYPED, "--save-as", "made.py", "--force"],
    ],
}  # fmt: skip
# Options that remove the runs of these tests, and those that show frames of the library.
NOT_SHOWN = {"--yes", "--traceback", "--help"}
# Options that are in a line of test_ways_out; they are about the form of what is shown.
FORMS = {
    "print": {"--values", "--why", "--depth", "--only", "--max-items"},
    "explain": {"--deep"},
    "diff": {"--inputs", "--stat"},
    "graph": {"--force"},
    "derive": {"--output", "--force"},
    "freeze": {"--output", "--force"},
    "help": {"--depth", "--json", "--schema"},
    "agents": set(),
    "adopt": {"--force"},
    "runs": {"--watch"},  # goes on until it is interrupted
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
    assert set(COMMAND_LINES) == TARGET_LINES.keys()
    assert set(CLIENTS) == set(followers.TRACKERS) == TRACKERS


@pytest.mark.parametrize("command", [*SUBCOMMANDS, *COMMANDS])
def test_every_option_is_in_a_line(command):
    """A new option has to be put into a line above."""
    if command in SUBCOMMANDS:
        parser, lines = SUBCOMMANDS[command][1](), LINES[command]
    else:
        parser = of_options("parser", command)(command)
        lines = {**MORE_LINES, **TARGET_LINES}[command]
    words = {word for line in lines for word in line}
    options = {
        action.option_strings[-1]
        for action in parser._actions
        if action.option_strings and not words & {*action.option_strings}
    }
    assert options - NOT_SHOWN == FORMS.get(command, set())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_takes_two_targets_is_given_runs_and_experiments(command):
    places = {action.dest for action in of_options("parser", command)(command)._actions}
    if "targets" in places:
        assert all(pair in TARGET_LINES[command] for pair in PAIRS)
    if places & {"target", "targets"}:
        assert any(DONE in line for line in TARGET_LINES[command])


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
        *((name, words) for name, lines in TARGET_LINES.items() for words in lines),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_no_command_writes_the_secret(command, words, project):
    module, *first = command.split()
    if module == "runs":
        done = project.runs(*first, *words, PLANTED=WORD)
    else:
        done = project.python("-m", f"pconfigs.{module}", *words, PLANTED=WORD)
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
