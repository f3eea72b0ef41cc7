"""Dispatch, help, exit codes, closed pipes: what all commands share."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pconfigs.cli.commands import ALIASES, COMMANDS, member, of_options
from pconfigs.cli.main import exit_code, main, run_command
from pconfigs.cli.runs_options import SUBCOMMANDS

PRINTS_MUCH = """
from __future__ import annotations
from pconfigs import pconfig, pconfiged
@pconfiged(runnable=True)
class Job:
    config: JobConfig
    def main(self, *args):
        for number in range(100_000):
            print(number)
@pconfig(constructs=Job)
class JobConfig: ...
"""


def call(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["pconfigs", *words])
    code = main()
    out, err = capsys.readouterr()
    return code, out, err


def test_without_arguments_the_commands_are_reported(monkeypatch, capsys):
    code, out, err = call(monkeypatch, capsys)
    assert (code, out) == (2, "")
    assert all(command in err for command in COMMANDS)


def test_an_unknown_command_is_reported_with_the_nearest(monkeypatch, capsys):
    code, out, err = call(monkeypatch, capsys, "prnt", "x")
    assert (code, out) == (2, "")
    assert "did you mean print?" in err


def test_a_target_without_command_is_answered_with_the_command(monkeypatch, capsys):
    code, _, err = call(monkeypatch, capsys, "project.experiments.first.config")
    assert code == 2
    assert "pconfigs run project.experiments.first.config" in err


def test_help_and_version_are_results(monkeypatch, capsys):
    code, out, _ = call(monkeypatch, capsys, "--help")
    assert code == 0
    assert all(command in out for command in COMMANDS)
    assert call(monkeypatch, capsys, "--version")[1].startswith("pconfigs ")


@pytest.mark.parametrize("command", [*COMMANDS, *ALIASES])
def test_each_command_has_help(monkeypatch, capsys, command):
    code, out, err = call(monkeypatch, capsys, command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith("usage: ")


def test_each_function_that_options_name_is_there():
    """They are loaded by name: a type checker does not see a wrong one."""
    folder = Path(member.__code__.co_filename).parent
    texts = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*options.py"))
    names = set(re.findall(r'"(\w+\.\w+)"', texts)) - {"AGENTS.md"}
    names |= {f"{command}.command" for command in COMMANDS}
    assert {"runs.command", "runs_show.command", "run_job.command", "explain.why"} <= names
    assert all(callable(member(name)) for name in names)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_options(command):
    assert callable(of_options("read", command))
    assert of_options("parser", command)(command).format_help().startswith("usage: ")


@pytest.mark.parametrize("command", [*COMMANDS, *(f"runs {name}" for name in SUBCOMMANDS)])
def test_an_unknown_option_is_answered_with_the_nearest(monkeypatch, capsys, command):
    needed = {"adopt": ["x.yaml", "-o", "x"], "agents": ["list"]}.get(command, ["x", "x"])
    required = {
        "runs plot": ["-o", "x"],
        "runs page": ["-o", "x"],
        "runs bisect": ["--metric", "x"],
    }
    words = [*command.split(), "--tracebak", *needed, *required.get(command, [])]
    code, out, err = call(monkeypatch, capsys, *words)
    assert (code, out) == (2, "")
    assert "there is no option --tracebak\n    did you mean --traceback?" in err


@pytest.mark.parametrize(
    "words",
    [
        ["test", "--jobs", "-1"],
        ["test", "--timeout", "0"],
        ["test", "--timeout", "nan"],
        ["runs", "log", "@", "--rank", "-1"],
        ["print", "x", "--depth", "-1"],
        ["help", "x", "--depth", "0"],
    ],
)
def test_numbers_out_of_range_are_refused(monkeypatch, capsys, words):
    code, out, err = call(monkeypatch, capsys, *words)
    assert (code, out) == (2, "")
    assert f"argument {words[-2]}: invalid" in err
    assert f"value: {words[-1]!r}" in err


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        *([command, "--help"] for command in COMMANDS),
        *(["runs", name, "--help"] for name in SUBCOMMANDS),
    ],
)
def test_help_loads_nothing_of_the_core(words):
    script = (
        "import sys\nfrom pconfigs.cli.main import main\n"
        f"sys.argv = ['pconfigs', *{words!r}]\nmain()\n"
        "core = ('pconfigs.schema', 'pconfigs.config.')\n"
        "print([name for name in sys.modules if name.startswith(core)], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stderr == "[]\n"
    assert done.stdout.startswith("usage: ")


@pytest.mark.parametrize("door", ["pconfigs.print", "pconfigs.print_code"])
def test_doors_print_alike(lab, door):
    done = lab.start(door, lab.greeter())
    assert done.code == 0
    assert "GreeterConfig(" in done.out
    assert done.err == ""


def test_a_command_that_only_reads_ends_as_it_should(lab):
    text = "import atexit\natexit.register(print, 'the end')\nconfig = list(range(30_000))\n"
    lab.experiment("ending", text)
    for words in (["pconfigs.print", "lab.ending"], ["pconfigs", "print", "lab.ending"]):
        out = lab.start(*words).out
        assert out.endswith("the end\n")
        assert "29999" in out
    assert lab.start("pconfigs.print", "lab.nothing").code == 2


def test_both_spellings_of_a_command_are_the_same(lab):
    target = lab.greeter(greeting="hi")
    assert lab.start("pconfigs", "run", target).out == f"hi {target} []\n"


def test_a_closed_pipe_ends_quietly(lab):
    lab.write("lab/parts.py", PRINTS_MUCH)
    target = lab.experiment("big", "from lab.parts import JobConfig\nconfig = JobConfig()\n")
    for variables in ({}, {"PYTHONUNBUFFERED": "1"}):
        process = subprocess.Popen(
            lab.command_line("pconfigs.run", target),
            cwd=lab.folder,
            env=lab.environment(**variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        process.stdout.read(10)
        process.stdout.close()
        err = process.stderr.read()
        process.stderr.close()
        assert (process.wait(timeout=30), err) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_a_full_disk_is_reported_without_the_librarys_frames(lab):
    """Where the user's code writes, the traceback is theirs."""
    target = lab.greeter()
    for command, said in (("print", "the result cannot be written: "), ("run", "in main")):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                lab.command_line(f"pconfigs.{command}", target),
                cwd=lab.folder,
                env=lab.environment(PYTHONUNBUFFERED="1"),
                stdout=full,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                timeout=60,
                check=False,
            )
        assert done.returncode == 1
        assert said in done.stderr
        assert "pconfigs/cli" not in done.stderr


def test_a_broken_pipe_of_the_user_is_an_exception_like_any_other(lab):
    broken = PRINTS_MUCH.replace("print(number)", "raise BrokenPipeError('mine')")
    lab.write("lab/parts.py", broken)
    lab.experiment("pipes", "from lab.parts import JobConfig\nconfig = JobConfig()\n")
    done = lab.start("pconfigs.run", "lab.pipes")
    assert done.code == 1
    assert "BrokenPipeError: mine" in done.err


@pytest.mark.parametrize(
    ("result", "code"), [(None, 0), (0, 0), (1, 1), (True, 1), (257, 1), (512, 1), (-1, 255)]
)
def test_no_failure_reads_as_success(result, code):
    assert exit_code(result) == code


@pytest.mark.parametrize(
    ("line", "hint"),
    [("self.config.greetign", "'greeting'"), ("gretings", "'greetings'"), ("lenn([])", "'len'")],
)
def test_a_traceback_has_the_hint_that_python_prints(lab, line, hint):
    lab.write(
        "lab/misspelt.py",
        "from lab.parts import Greeter, GreeterConfig\nfrom pconfigs import pconfig, pconfiged\n"
        "greetings = []\n"
        "@pconfiged(runnable=True)\nclass Runs(Greeter):\n    config: 'RunsConfig'\n"
        f"    def main(self, *args):\n        {line}\n"
        "@pconfig(constructs=Runs)\nclass RunsConfig(GreeterConfig): pass\n"
        "config = RunsConfig(greeting='hi')\n",
    )
    done = lab.start("pconfigs.run", "lab.misspelt")
    assert done.code == 1
    assert f"Did you mean: {hint}?" in done.err


def test_an_interrupted_command_has_no_traceback_of_argparse(capsys, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("argparse.ArgumentParser.format_usage", interrupt)
    monkeypatch.setattr("argparse.ArgumentParser.parse_known_args", interrupt)
    assert run_command("freeze", ["lab", "x=1"]) == 130
    assert capsys.readouterr().err == "interrupted\n"
