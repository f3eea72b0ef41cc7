"""Comparing, repeating and checking runs, whose code is edited in between."""

import json
import sys

import pytest

from pconfigs.runs.changes.comparison import metric_lines
from tests.runs.conftest import read

TRACED = sys.version_info >= (3, 12)


@pytest.fixture
def ran(project):
    done = project.run("--record", "lab.first")
    assert done.code == 0
    return project


def edit(project, before, after):
    path = project.folder / "lab/train.py"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


def test_compare_shows_one_setting_and_one_function(ran):
    edit(ran, "self.config.rate / (step + 1)", "self.config.rate / (step + 2)")
    edit(ran, "def unused(self):\n        return 1", "def unused(self):\n        return 2")
    ran.run("lab.first", "rate=0.75")
    done = ran.runs("compare", "@first-", "@rate", "--json")
    assert done.code == 1
    data = json.loads(done.out)
    assert data["set"] == [{"path": "rate", "before": 0.5, "after": 0.75}]
    assert data["follow"] == [{"path": "total", "before": 1.5, "after": 2.25}]
    assert [one["name"] for one in data["code"]][:1] == ["Trainer.loss"]
    assert len(data["code"]) == (1 if TRACED else 2)
    assert data["packages"] == []
    (metric,) = data["metrics"]
    assert (metric["name"], metric["from_step"]) == ("loss", 0)
    text = ran.runs("compare", "@first-", "@rate").out
    assert "Trainer.loss changed (lab/train.py:" in text
    assert "-        return self.config.rate / (step + 1)" in text
    assert text.rstrip().endswith("the same: packages, artifacts")


def test_equal_runs_compare_as_the_same(ran):
    ran.run("lab.first")
    done = ran.runs("compare", "@.1", "@.2")
    assert done.code == 0, done.out
    assert done.out == (
        "the same: settings, what follows, packages, artifacts, code that ran, metrics\n"
    )


def test_a_rerun_compares_its_metrics(ran):
    done = ran.run("@first")
    assert done.code == 0
    assert done.err.endswith("all 3 logged values are those of " + ran.folders()[0].name + "\n")
    assert read(ran.folders()[1] / "run.json")["rerun_of"] == ran.folders()[0].name


def test_a_rerun_with_other_code_is_refused(ran):
    edit(ran, "self.config.rate / (step + 1)", "self.config.rate / (step + 2)")
    done = ran.run("@first")
    assert (done.code, done.out) == (2, "")
    assert "Trainer.loss changed (lab/train.py:" in done.err
    assert "--as-recorded" in done.err
    assert "--accept-changes" in done.err
    assert len(ran.folders()) == 2


def test_a_rerun_accepts_changes_and_reports_the_metrics_that_differ(ran):
    edit(ran, "self.config.rate / (step + 1)", "self.config.rate / (step + 2)")
    done = ran.run("@first", "--accept-changes")
    assert done.code == 1
    assert "loss  differs from step 0: 0.5 -> 0.25" in done.err


def test_a_rerun_as_recorded_has_the_code_and_the_values_of_then(ran):
    edit(ran, "self.config.rate / (step + 1)", "self.config.rate / (step + 2)")
    edit(ran, "self.steps * self.rate", "self.steps + self.rate")
    done = ran.run("@first", "--as-recorded")
    assert done.code == 0, done.err
    assert "all 3 logged values are those of" in done.err
    first, second = [path for path in ran.folders() if path.is_dir()]
    assert (second / "config.json").read_bytes() == (first / "config.json").read_bytes()
    assert read(second / "code.json")["files"] == read(first / "code.json")["files"]


def test_computed_values_that_differ_stop_a_rerun(ran):
    edit(ran, "self.steps * self.rate", "self.steps + self.rate")
    done = ran.run("@first")
    assert done.code == 2
    assert "total" in done.err
    assert "lab/train.py:" in done.err


EDITS = {
    "comment": ("def loss", "# a comment\n    def loss", False),
    "docstring": ("def loss(self, step):", 'def loss(self, step):\n        """Loss."""', False),
    "blank line": ("def loss", "\n\n    def loss", False),
    "idle function": (
        "def unused(self):\n        return 1",
        "def unused(self):\n        return 2",
        None,
    ),
    "property written otherwise": ("self.steps * self.rate", "self.rate * self.steps", False),
    "new function": ("@pconfiged", "def more():\n    return 3\n\n\n@pconfiged", False),
    "changed default": ("seed=7", "seed=8", False),
    "function that ran": ("(step + 1)", "(step + 2)", True),
    "new method": ("def unused", "def extra(self):\n        return 3\n\n    def unused", True),
    "new statement": ("@pconfiged", "LIMIT = 3\n\n\n@pconfiged", True),
}
NAMES = {
    "idle function": "Trainer.unused",
    "function that ran": "Trainer.loss",
    "new method": "Trainer.extra",
    "new statement": "LIMIT = 3",
}


@pytest.mark.parametrize("name", EDITS)
def test_check_names_what_made_a_run_stale(project, name):
    """The run gives its seed itself: a changed default does not change what it resolved to."""
    project.experiment("given", "seed=7")
    project.run("--record", "lab.given")
    assert project.runs("check").code == 0
    before, after, stale = EDITS[name]
    edit(project, before, after)
    stale = not TRACED if stale is None else stale
    done = project.runs("check", "--json")
    assert done.code == int(stale), done.out
    (run,) = json.loads(done.out)
    assert run["traced"] is TRACED
    assert [one["name"] for one in run["reasons"]] == ([NAMES[name]] if stale else [])
    text = project.runs("check").out
    count = f"checked 1: {1 - stale} up to date, {int(stale)} stale"
    assert text.endswith(f"{count} (1 by {NAMES[name]})\n" if stale else f"{count}\n")


def test_a_computed_value_that_changed_makes_a_run_stale(ran):
    edit(ran, "self.steps * self.rate", "self.steps + self.rate")
    (run,) = json.loads(ran.runs("check", "--json").out)
    assert [(one["kind"], one["name"]) for one in run["reasons"]] == [("value", "total")]


def test_a_variable_that_changed_makes_a_run_stale(project):
    edit(project, "import sys", "import sys\n\nfrom pconfigs import EnvVar, penv")
    edit(
        project,
        "@pconfiged",
        "@penv\nclass lab_env:\n    jobs: int = EnvVar('JOBS', 1)\n\n\n@pconfiged",
    )
    edit(project, "return self.steps * self.rate", "return self.steps * self.rate * lab_env.jobs")
    project.run("--record", "lab.first", JOBS="2")
    assert project.runs("check", JOBS="2").code == 0
    done = project.runs("check", JOBS="3")
    assert done.code == 1
    assert "JOBS was '2', is '3'" in done.out


def test_what_is_not_seen_is_reported(ran):
    err = ran.runs("check").err
    assert "not seen: compiled code" in err
    assert ("functions that ran are not known" in err) is not TRACED


def test_metrics_are_compared_in_as_many_digits_as_it_takes():
    """Six digits, or all of them where those are the same."""
    facts = {"name": "loss", "from_step": 1, "before": 0.123456789, "after": 0.2}
    ends = {"last_before": 0.1000000001, "last_after": 0.1000000002}
    (line,) = metric_lines([{**facts, **ends}])
    assert line == (
        "  loss  differs from step 1: 0.123457 -> 0.2, last 0.1000000001 -> 0.1000000002"
    )
