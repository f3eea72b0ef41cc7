"""What a recorded run leaves in its folder, and what an unrecorded one does not."""

import re
import sys

import pytest

from pconfigs.errors.runs import SettingsError
from pconfigs.runs.location import store_folder
from tests.limits import limits
from tests.runs.conftest import read, rows


def test_nothing_is_recorded_where_the_project_has_no_store(project):
    done = project.run("lab.first")
    assert (done.code, done.err) == (0, "")
    assert not project.store.exists()


def test_record_makes_a_store_and_later_runs_are_recorded_without_it(project):
    done = project.run("lab.first", "--record")
    assert done.out == "step=0\nstep=1\nstep=2\n"
    first, second = done.err.splitlines()
    assert first == (
        "created runs/ (ignored by git); runs of this project are recorded from now on"
    )
    assert re.fullmatch(r"runs/first-[0-9a-f]{8}\.1", second)
    again = project.run("lab.first")
    assert again.err == second.removesuffix(".1") + ".2\n"
    assert (project.store / ".gitignore").read_text() == "*\n"


def test_no_record_leaves_a_store_as_it_is(project):
    project.run("lab.first", "--record")
    assert project.run("lab.first", "--no-record").err == ""
    assert len(project.folders()) == 2  # and store.json


def test_settings_name_the_store(project):
    project.write("pyproject.toml", '[tool.pconfigs]\nruns = "kept/here"\n')
    assert project.run("lab.first").err.startswith("kept/here/first-")


@pytest.mark.parametrize("text", ["[tool.pconfigs]\nruns = 3\n", "[tool.pconfigs\n"])
def test_settings_that_cannot_be_read_stop_the_run(project, text):
    project.write("pyproject.toml", text)
    done = project.run("lab.first")
    assert done.code == 2
    assert done.err.startswith("pyproject.toml: ")
    assert done.out == ""


def test_the_folder_is_named_after_experiment_overrides_and_fingerprint(project):
    done = project.run("--record", "lab.first", "steps=1", "rate=0.25")
    name = done.err.splitlines()[-1]
    assert re.fullmatch(r"runs/first,steps=1,rate=0\.25-[0-9a-f]{8}\.1", name)


def test_files_of_a_finished_run(project):
    project.run("--record", "lab.first", "steps=2")
    folder = project.only_run()
    run = read(folder / "run.json")
    assert run["target"] == "lab.first.config"
    assert run["overrides"] == ["steps=2"]
    assert folder.name.endswith(f"-{run['fingerprint'][:8]}.1")
    assert read(folder / "config.json")["steps"] == 2
    status = read(folder / "status.json")
    assert (status["state"], status["exit_code"], status["attempt"]) == ("done", 0, 1)
    assert status["last"] == {"loss": 0.25}
    assert status["took"] >= 0
    logged = rows(folder / "metrics.jsonl")
    assert [(row["attempt"], row["step"], row["values"]) for row in logged] == [
        (1, 0, {"loss": 0.5}),
        (1, 1, {"loss": 0.25}),
    ]
    assert (folder / "log.txt").read_text() == "step=0\nstep=1\n"
    attempt = read(folder / "attempts/1.json")
    assert attempt["host"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert "pytest" in attempt["packages"]
    assert attempt["state"] == "done"
    assert (folder / "files").is_dir()


def test_sources_are_kept_once(project):
    project.run("--record", "lab.first")
    project.run("lab.first", "steps=1")
    codes = [read(path / "code.json") for path in project.folders() if path.is_dir()]
    assert codes[0]["files"] == codes[1]["files"]
    files = codes[0]["files"]
    assert set(files) == {"lab/__init__.py", "lab/first.py", "lab/train.py"}
    for path, facts in files.items():
        digest = facts["content"]
        kept = project.store / ".code" / digest[:2] / digest[2:]
        assert kept.read_bytes() == (project.folder / path).read_bytes()
    kept = [path for path in (project.store / ".code").rglob("*") if path.is_file()]
    assert len(kept) == 3


@pytest.mark.skipif(sys.version_info < (3, 12), reason="functions are seen by sys.monitoring")
def test_functions_that_ran_are_known(project):
    project.run("--record", "lab.first")
    code = read(project.only_run() / "code.json")
    assert code["traced"] is True
    names = [name for name, _ in code["functions"]["lab/train.py"]]
    assert names == ["Trainer.main", "Trainer.loss", "Trainer.end"]


@pytest.mark.parametrize(
    ("body", "state", "code"),
    [
        ("return 3", "failed", 3),
        ("raise ValueError('no luck')", "failed", 1),
        ("sys.exit(4)", "failed", 4),
        ("sys.exit()", "done", 0),
        ("raise KeyboardInterrupt", "stopped", 130),
        ("return prun.REQUEUE", "requeued", 85),
    ],
)
def test_the_state_follows_from_the_end(project, body, state, code):
    done = project.run("--record", project.experiment("ends", body=body))
    assert done.code == code
    status = read(project.only_run() / "status.json")
    assert (status["state"], status["exit_code"]) == (state, code)


def test_a_failure_is_recorded_with_its_place_and_in_the_log(project):
    project.run("--record", project.experiment("fails", body="raise ValueError('no luck')"))
    folder = project.only_run()
    error = read(folder / "status.json")["error"]
    assert (error["type"], error["text"]) == ("ValueError", "no luck")
    assert re.fullmatch(r"lab/fails\.py:\d+ in Own\.end", error["place"])
    log = (folder / "log.txt").read_text()
    assert log.startswith("step=0\nstep=1\nstep=2\nTraceback")
    assert log.endswith("ValueError: no luck\n")


def test_an_open_config_leaves_nothing(project):
    project.write(
        "lab/open.py",
        "from pconfigs import Required\nfrom lab.train import TrainerConfig\n"
        "config = TrainerConfig(steps=Required)\n",
    )
    project.run("lab.first", "--record")
    done = project.run("lab.open")
    assert done.code == 2
    assert len(project.folders()) == 2


def test_what_cannot_be_saved_is_refused_before_anything_runs(project):
    project.write(
        "lab/odd.py",
        "from typing import Any\nfrom pconfigs import PConfig, pconfig, pconfiged, pdefaults\n"
        "@pconfiged(runnable=True)\nclass Odd:\n    config: 'OddConfig'\n"
        "    def main(self, *args):\n        print('ran')\n"
        "@pconfig\nclass OddConfig(PConfig[Odd]):\n    value: Any\n"
        "config = OddConfig(value=lambda: 1)\nlong = OddConfig(value=[10**5000])\n",
    )
    assert project.run("lab.odd").code == 0
    for target, path in (("lab.odd", "OddConfig.value"), ("lab.odd.long", "value[0] (int)")):
        done = project.run(target, "--record")
        assert (done.code, done.out) == (2, "")
        assert path in done.err
        assert "Traceback" not in done.err


def test_git_is_recorded_without_keys_and_passwords(project):
    def git(*words):
        assert (
            project.python(
                "-c", f"import subprocess; subprocess.run({['git', *words]!r}, check=True)"
            ).code
            == 0
        )

    git("init", "-q", "-b", "trunk", ".")
    git("config", "user.email", "a@b.c")
    git("config", "user.name", "a")
    project.write(".env", "A=1\n")
    project.write("big.txt", "x\n" * 10)
    git("add", "-f", ".")
    git("commit", "-qm", "first")
    git("remote", "add", "origin", "https://user:pass-word@host.example/some/repo.git")
    project.write(".env", "A=secret-value-1\n")
    project.write("lab/first.py", (project.folder / "lab/first.py").read_text() + "# changed\n")
    project.write("big.txt", "y\n" * 1_000_000)
    project.write("new.txt", "new\n")
    project.run("--record", "lab.first")
    folder = project.only_run()
    text, patch = (folder / "git.txt").read_text(), (folder / "git.patch").read_text()
    assert "https://host.example/some/repo.git" in text
    assert "pass-word" not in text
    assert "# branch.head trunk" in text
    assert "? new.txt" in text
    assert "+# changed" in patch
    assert "secret-value" not in patch
    assert "# not in git.patch: .env" in text
    assert "Binary files a/big.txt and b/big.txt differ" in patch
    (run,) = project.listed()
    show = project.runs("show", "@", "--json")
    assert '"branch": "trunk"' in show.out
    assert run["state"] == "done"


def test_a_block_of_a_script_is_recorded(project):
    project.write(
        "script.py",
        """
        from lab.train import TrainerConfig
        from pconfigs import prun

        config = TrainerConfig(steps=1)
        prun.log(loss=3.0)
        with prun.record(config) as run:
            assert run is prun
            assert prun.id.startswith("script-")
            prun.log(step=1, loss=1.0)
            (prun.dir / "state.txt").write_text("x")
        assert prun.id is None
        """,
    )
    done = project.python("script.py")
    assert done.code == 0, done.err
    folder = project.only_run()
    assert folder.name.startswith("script-")
    assert [row["values"] for row in rows(folder / "metrics.jsonl")] == [{"loss": 1.0}]
    assert (folder / "files/state.txt").exists()
    assert read(folder / "status.json")["state"] == "done"


def test_a_block_of_a_launched_script_is_recorded_where_it_was_planned(project):
    project.write(
        "plan.py",
        """
        from lab.first import config
        from pconfigs.runs.planning import Plan, plan_run
        from pconfigs.runs.store import make_store

        print(plan_run(make_store("runs"), Plan(config, "launched")).path)
        """,
    )
    project.write(
        "script.py",
        """
        import sys
        from lab.train import TrainerConfig
        from pconfigs import prun

        with prun.record(TrainerConfig(steps=int(sys.argv[1]))):
            prun.log(step=0, loss=1.0)
        """,
    )
    folder = project.python("plan.py").out.strip()
    assert project.listed()[0]["state"] == "queued"
    refused = project.python("script.py", "9", PCONFIGS_RUN=folder)
    assert "PCONFIGS_RUN names a run of another config" in refused.err
    done = project.python("script.py", "3", PCONFIGS_RUN=folder)
    assert done.code == 0, done.err
    (run,) = project.listed()
    assert (run["state"], run["metrics"]) == ("done", {"loss": 1.0})


def test_a_block_in_a_recorded_block_is_refused_and_leaves_no_run(project):
    script = project.write(
        "nested.py",
        """
        from lab.train import TrainerConfig
        from pconfigs import prun
        from pconfigs.errors import RunUseError

        with prun.record(TrainerConfig(steps=1)):
            try:
                with prun.record(TrainerConfig(steps=2)):
                    pass
            except RunUseError as error:
                print(error)
        """,
    )
    done = project.python(str(script))
    assert "a run is being recorded in this process" in done.out
    assert read(project.only_run() / "status.json")["state"] == "done"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[tool.pconfigs\n", "invalid TOML"),
        (f"[tool.pconfigs]\na = {'[' * 5000}\n", "it is nested too deeply"),
        (f"[tool.pconfigs]\na.{'a.' * 40_000}b = 1\n", "a dotted key has more than 100 parts"),
        ("[tool.pconfigs]\nruns = 3\n", "tool.pconfigs.runs must be a path in quotes, got 3"),
    ],
)
def test_settings_that_cannot_be_read_are_named(text, problem, tmp_path):
    (tmp_path / "pyproject.toml").write_text(text)
    with limits(), pytest.raises(SettingsError, match=problem):
        store_folder(str(tmp_path))
