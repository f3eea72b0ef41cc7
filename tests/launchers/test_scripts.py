"""Scripts as experiments."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

import black
import pytest

from pconfigs import ScriptConfig, pconfig, pdiff
from pconfigs.errors import BuildTypeError, CheckError, ScriptError
from project.experiments.preprocess import config as preprocess

ROOT = Path(__file__).parents[2]
LIMIT = 30.0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "neither is given"),
        ({"path": Path("a.sh"), "inline": "b"}, "both are given"),
        ({"inline": "b", "timeout": 0}, "more than 0"),
        ({"inline": "b", "timeout": float("nan")}, "more than 0"),
        ({"inline": "b", "interpreter": " "}, "names no program"),
    ],
)
def test_a_script_that_cannot_be_run_is_refused_when_it_is_built(given, words):
    with pytest.raises(CheckError, match=words):
        ScriptConfig(**given)


def test_types_are_checked():
    with pytest.raises(BuildTypeError, match=r"args\[0\] must be str"):
        ScriptConfig(inline="x", args=[1])
    with pytest.raises(BuildTypeError, match="path"):
        ScriptConfig(path="a.sh")


def test_inline_text_runs_with_its_arguments_and_variables(capfd):
    assert preprocess.construct().main() == 0
    assert capfd.readouterr().out.splitlines() == [
        f"shard {shard} of 3: digits-{shard}.txt" for shard in (1, 2, 3)
    ]


def test_words_after_the_dashes_are_further_arguments(capfd):
    config = ScriptConfig(inline='printf "%s|" "$@"', args=["a b", "c"])
    assert config.construct().main(None, ["d"]) == 0
    assert capfd.readouterr().out == "a b|c|d|"


def test_a_file_runs_by_what_it_is(tmp_path, capfd):
    python, shell, own = (tmp_path / name for name in ("one.py", "two.sh", "three"))
    python.write_text("import sys; print(sys.version_info[:2], sys.argv[1])")
    shell.write_text('echo "shell $1"; exit 5')
    own.write_text("#!/bin/sh\npwd\n")
    own.chmod(0o755)
    assert ScriptConfig(path=python, args=["x"]).construct().main() == 0
    assert ScriptConfig(path=shell, args=["y"]).construct().main() == 5
    assert ScriptConfig(path=own, cwd=tmp_path).construct().main() == 0
    assert capfd.readouterr().out.splitlines() == [
        f"{tuple(sys.version_info[:2])} x",
        "shell y",
        str(tmp_path),
    ]


def test_a_relative_path_starts_where_the_command_is_given(tmp_path, monkeypatch, capfd):
    (tmp_path / "here.sh").write_text("pwd")
    monkeypatch.chdir(tmp_path)
    assert ScriptConfig(path=Path("here.sh"), cwd=Path("/")).construct().main() == 0
    assert capfd.readouterr().out == "/\n"


def test_an_interpreter_may_have_options(capfd):
    config = ScriptConfig(
        interpreter=f"{sys.executable} -O", inline="assert False\nprint(__debug__)\n"
    )
    assert config.construct().main() == 0
    assert capfd.readouterr().out == "False\n"


def programs(*folders: Path) -> None:
    """Write a program `own` into each folder, which prints the folder and where it runs."""
    for folder in folders:
        folder.mkdir(parents=True)
        file = folder / "own"
        file.write_text(f'#!/bin/sh\necho "{folder.name} $PWD"\n')
        file.chmod(0o755)


def test_an_interpreter_is_looked_for_where_the_command_is_given(tmp_path, monkeypatch, capfd):
    """It is started as it was found, whatever the working directory of the script."""
    programs(tmp_path / "bin", tmp_path / "sub" / "there")
    monkeypatch.chdir(tmp_path)
    config = ScriptConfig(interpreter="bin/own", inline="", cwd=Path("sub"))
    assert config.construct().main() == 0
    found = ScriptConfig(config, interpreter="own", env={"PATH": "bin:/usr/bin:/bin"})
    assert found.construct().main() == 0
    assert capfd.readouterr().out == f"bin {tmp_path / 'sub'}\n" * 2
    for given in ({"interpreter": "there/own"}, {"interpreter": "own"}):
        with pytest.raises(ScriptError, match=f"no interpreter '{given['interpreter']}'"):
            ScriptConfig(config, **given).construct().main()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"path": Path("nowhere.sh")}, "no script 'nowhere.sh'"),
        ({"inline": "x", "interpreter": "no-such-program"}, "no interpreter 'no-such-program'"),
        ({"inline": "x", "cwd": Path("nowhere")}, r"no folder \(cwd\) 'nowhere'"),
        ({"path": Path(__file__).parent / "data.txt"}, "no executable script"),
    ],
)
def test_what_is_not_there_is_named(given, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if given.get("path", Path()).name == "data.txt":
        Path("data.txt").write_text("x")
        given = {"path": Path("data.txt")}
    with pytest.raises(ScriptError, match=words) as caught:
        ScriptConfig(**given).construct().main()
    assert pickle.loads(pickle.dumps(caught.value)).args == caught.value.args


def test_a_script_that_takes_too_long_is_stopped_and_reported():
    config = ScriptConfig(
        inline="import signal; signal.pause()", interpreter=sys.executable, timeout=0.2
    )
    assert config.construct().main() == (
        "the inline script was stopped: it took longer than its timeout of 0.2 s"
    )


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pconfigs.run", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    (tmp_path / "lab.py").write_text(
        "from pconfigs import ScriptConfig\n"
        "from pathlib import Path\n"
        "fails = ScriptConfig(inline='echo out; echo err >&2; exit 7')\n"
        "slow = ScriptConfig(fails, inline='kill -STOP $$', timeout=0.2)\n"
        "absent = ScriptConfig(path=Path('absent.py'))\n"
        f"waits = ScriptConfig(interpreter={sys.executable!r}, inline='''\n"
        "import os, signal, sys\n"
        "os.write(int(sys.argv[1]), b'x')\n"
        "signal.pause()\n"
        "''')\n"
    )
    return tmp_path


def test_the_command_gives_output_and_exit_code_through(lab):
    done = run("lab.fails", cwd=lab)
    assert (done.returncode, done.stdout, done.stderr) == (7, "out\n", "err\n")


def test_a_timeout_exits_with_1_and_what_cannot_be_started_with_2(lab):
    done = run("lab.slow", cwd=lab)
    assert done.returncode == 1
    assert "longer than its timeout of 0.2 s" in done.stderr
    done = run("lab.absent", cwd=lab)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("there is no script 'absent.py'")


def test_a_run_that_is_asked_to_end_ends_its_script(lab, monkeypatch):
    read, write = os.pipe()
    code = (
        "import subprocess, sys; real = subprocess.Popen;"
        " subprocess.Popen = lambda *a, **k: real(*a, **k, pass_fds=[int(sys.argv[-1])]);"
        " sys.argv[:] = ['run', 'lab.waits', '--', sys.argv[-1]];"
        " import runpy; runpy.run_module('pconfigs.run', run_name='__main__')"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(write)],
        cwd=lab,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{lab}"},
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        assert os.read(read, 1) == b"x"
        process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT) == 143
        assert os.read(read, 1) == b"", "the script still holds the pipe"
    finally:
        process.kill()
        process.wait(LIMIT)
        os.close(read)


def test_a_script_prints_as_one_reads_it():
    text = str(preprocess)
    assert '    inline="""\\\nset -eu\nfor shard in' in text
    assert black.format_str(repr(preprocess), mode=black.Mode()) == f"{preprocess!r}\n"
    code = text.replace("constructable_type=Script,", "")
    assert eval(code, {"ScriptConfig": ScriptConfig}) == preprocess


def test_it_is_a_config_like_any_other():
    variant = ScriptConfig(preprocess, args=["5"])
    assert str(pdiff(preprocess, variant)).strip() == "args[0]: '3' -> '5'"
    assert pickle.loads(pickle.dumps(variant)) == variant
    assert hash(variant) != hash(preprocess)
    assert ScriptConfig(preprocess, path=Path("a.sh"), inline=None).inline is None


def test_it_may_be_derived_from():
    @pconfig(inherit_constructable_type=True)
    class SliceConfig(ScriptConfig):
        part: int

    config = SliceConfig(inline="exit 2", part=1)
    assert config.construct().main() == 2


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"args": ["a\0b"]}, "args[0] must not contain a null character"),
        ({"env": {"A": "\0"}}, "env['A'] must not contain a null character"),
        ({"env": {"A=B": "x"}}, "must be the name of a variable"),
        ({"env": {"": "x"}}, "must be the name of a variable"),
        ({"inline": "\ud800"}, "inline must be text that can be encoded"),
        ({"interpreter": "bash 'x"}, "interpreter cannot be split into words"),
        ({"timeout": 10**400}, "timeout must be more than 0 and at most"),
        ({"timeout": float("nan")}, "timeout must be more than 0 and at most"),
    ],
)
def test_what_no_system_could_run_is_refused_when_it_is_built(given, message):
    with pytest.raises(ValueError) as caught:
        ScriptConfig(**{"inline": "true", **given})
    assert message in str(caught.value)
