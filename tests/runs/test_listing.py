"""The list of runs: columns, conditions, families, changes, completion."""

import json
import os
import subprocess
import sys

import pytest

from pconfigs.runs.reading.columns import cell, started_cell, took_cell
from pconfigs.runs.reading.flat_config import flat_values
from tests.runs.conftest import REPOSITORY


def test_json_has_the_documented_shape(project):
    assert project.listed() == []
    project.run("--record", "lab.first", "steps=2")
    (run,) = project.listed()
    assert list(run) == [
        "run", "state", "started", "took", "target", "exit_code", "config", "metrics",
    ]  # fmt: skip
    assert run["config"] == {
        "steps": 2, "rate": 0.5, "seed": 7, "key": "<Secret>", "total": 1.0,
    }  # fmt: skip
    assert run["metrics"] == {"loss": 0.25}
    data = json.loads(project.runs("show", "@", "--json").out)
    assert {*run, "attempts", "packages", "host", "seeds", "code", "produced", "consumed"} <= {
        *data
    }
    assert data["seeds"] == {"seed": 7}
    assert data["code"]["state"] == "up to date"


def test_show_names_what_all_ranks_have_produced(project):
    project.run("--record", "lab.first")
    folder = project.only_run()
    for name, ref in (("produced.jsonl", "tokens:v1"), ("produced.r1.jsonl", "policy:v1")):
        (folder / name).write_text(json.dumps({"ref": ref}) + "\n")
    assert "policy:v1" in project.runs("show", "@").out.split()
    data = json.loads(project.runs("show", "@", "--json").out)
    assert [one["ref"] for one in data["produced"]] == ["tokens:v1", "policy:v1"]


def test_columns_are_what_was_set_differently_then_metrics(project):
    project.run("--record", "lab.first", "steps=2")
    project.run("lab.first", "rate=0.25")
    head, *rows = project.runs().out.splitlines()
    assert head.split() == ["run", "state", "started", "took", "steps", "rate", "loss"]
    assert rows[0].split()[-3:] == ["3", "0.25", "0.0833"]
    assert max(map(len, [head, *rows])) <= 100


def test_conditions_choose_runs(project):
    project.run("--record", "lab.first", "steps=2")
    project.run("lab.first", "rate=0.25")
    assert len(project.listed("--where", "steps=2")) == 1
    assert len(project.listed("--where", "state=done", "--where", "loss<0.1")) == 1
    assert len(project.listed("first")) == 2
    done = project.runs("--where", "stps=2")
    assert done.code == 2
    assert "did you mean steps?" in done.err
    assert project.runs("frist").code == 2


def test_a_family_shows_what_each_run_changes(project):
    project.write(
        "lab/second.py",
        "from lab.first import config as first\nfrom lab.train import TrainerConfig\n"
        "config = TrainerConfig(first, rate=0.75)\n",
    )
    project.run("--record", "lab.first")
    project.run("lab.second")
    project.run("lab.second", "steps=1")
    lines = project.runs("--tree").out.splitlines()
    assert [line.split()[0].partition("-")[0] for line in lines] == [
        "run", "first", "second", "second,steps=1",
    ]  # fmt: skip
    assert [len(line) - len(line.lstrip()) for line in lines] == [0, 0, 2, 4]
    assert "rate 0.5 -> 0.75" in lines[2]
    assert "steps 3 -> 1" in lines[3]


def test_watching_ends_with_the_last_run_outside_a_terminal(project):
    target = project.experiment("waits", body="print('waiting', flush=True)\nsys.stdin.readline()")
    process = project.popen("-m", "pconfigs.run", "--record", target, stdin=True)
    while process.stdout.readline() != "waiting\n":
        pass
    watching = project.popen("-m", "pconfigs.runs", "--watch")
    assert watching.stdout.readline().split()[1] == "running"
    process.communicate("\n")
    assert watching.communicate()[0].split()[1] == "done"
    assert watching.returncode == 0


def test_the_state_of_the_code_is_a_column(project):
    project.run("--record", "lab.first")
    assert "  up to date  " in project.runs("--check").out.splitlines()[1]
    path = project.folder / "lab/train.py"
    path.write_text(path.read_text().replace("(step + 1)", "(step + 2)"))
    assert project.runs("--check").out.splitlines()[1].count("  stale: Trainer.loss  ") == 1
    assert project.listed("--check")[0]["code"] == "stale: Trainer.loss"


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("pconfigs print @f", ["@first", "@first-"]),
        ("pconfigs runs sh", ["show"]),
        ("pconfigs runs show @fir", ["@first", "@first-"]),
        ("pconfigs runs firs", ["first"]),
    ],
)
def test_runs_are_completed(project, line, offered):
    pytest.importorskip("argcomplete")
    project.run("--record", "lab.first")
    answer = project.folder / "answer.out"
    subprocess.run(
        ["/bin/sh", "-c", 'exec "$0" -m pconfigs 8>"$1" 9>/dev/null', sys.executable, str(answer)],
        cwd=project.folder, check=False, capture_output=True,
        env={
            **os.environ, "PYTHONPATH": str(REPOSITORY), "_ARGCOMPLETE": "1", "COMP_LINE": line,
            "COMP_POINT": str(len(line)), "COMP_TYPE": "9", "_ARGCOMPLETE_COMP_WORDBREAKS": " =",
            "_ARGCOMPLETE_IFS": "\n", "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
        },
    )  # fmt: skip
    found = [name.strip() for name in answer.read_text().split("\n")]
    assert [name.partition("-")[0] + ("-" if "-" in name else "") for name in found] == offered


def test_saved_configs_are_flattened():
    data = {
        "$type": "lab.Model", "$given": ["blocks"], "depth": {"$float": "nan"},
        "blocks": [{"$type": "lab.Block", "width": 1}, {"$same": "blocks[0]"}],
        "betas": {"$tuple": [0.9, 0.95]}, "kind": {"$enum": "lab.Kind.BIG"},
        "table": {"$dict": [[{"$tuple": [1, 2]}, 3]]}, "pinned": {"$pin": 4}, "empty": {},
        "key": {"$marker": "Secret"}, "made": 1, "$computed": {"made": 2},
    }  # fmt: skip
    flat = flat_values(data)
    assert flat.pop("depth") != flat.get("depth")
    assert flat == {
        "blocks[0]": "Block", "blocks[0].width": 1, "blocks[1]": "Block", "blocks[1].width": 1,
        "betas": [0.9, 0.95], "kind": "BIG", "table['[1, 2]']": 3, "pinned": 4, "empty": {},
        "key": "<Secret>", "made": 2,
    }  # fmt: skip


def test_times_and_numbers_are_short():
    assert [took_cell(one) for one in (None, 2.56, 65, 3725)] == [
        "", "2.6 s", "1:05 min", "1:02:05 h",
    ]  # fmt: skip
    assert [cell(one) for one in (None, 0.5, 1e-7, 3, True, "x" * 40)] == [
        "", "0.5000", "1e-07", "3", "true", "x" * 25 + "...",
    ]  # fmt: skip
    assert started_cell(None) == ""
