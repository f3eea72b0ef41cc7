"""Whole commands that are ended at a random moment leave no process, and no run that runs on."""

from __future__ import annotations

import contextlib
import json
import os
import random
import select
import signal
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from pconfigs.locks import PREFIX
from tests.engines.waiting import is_gone, until
from tests.launchers.lab import Lab

pytestmark = pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="looks into /proc")
LIMIT = 60.0
LATEST = 2.0
"""Seconds after which a signal is sent at the latest; a command takes about half of it to start."""
SCRIPTS = """
from pconfigs import ScriptConfig, psmoke

config = ScriptConfig(inline="sleep 600 & (trap '' TERM; sleep 600)")
"""
COMMANDS = {
    "run": ["run", "lab.rates", "steps=2000", "pause=0.05"],
    "record": ["run", "--record", "lab.rates", "steps=2000", "pause=0.05"],
    "sweep": ["run", "lab.rates.slow", "steps=2000", "--slots", "2"],
    "script": ["run", "trials.script"],
    "smoke": ["test", "trials", "--smoke"],
}
SIGNALS = [
    "SIGTERM",
    *(
        pytest.param(name, marks=pytest.mark.slow)
        for name in ("SIGINT", "SIGHUP", "SIGQUIT", "SIGKILL")
    ),
]


@pytest.fixture
def lab(tmp_path):
    made = Lab(tmp_path)
    for name, text in (("__init__", ""), ("__pconfigs__", ""), ("script", SCRIPTS)):
        (tmp_path / "trials").mkdir(exist_ok=True)
        (tmp_path / "trials" / f"{name}.py").write_text(text)
    return made


def processes_with(mark: str) -> list[int]:
    """Return the processes that have a variable with a value, and have not ended."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            has_mark = mark.encode() in (folder / "environ").read_bytes()
        except OSError:
            continue
        if has_mark and not is_gone(int(folder.name)):
            found.append(int(folder.name))
    return found


def kill_all_with(mark: str) -> None:
    """Kill what a test has left."""
    for pid in processes_with(mark):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize(
    "command",
    [pytest.param(one, marks=[] if one == "run" else pytest.mark.slow) for one in COMMANDS],
)
def test_a_command_that_is_ended_at_a_random_moment_leaves_nothing(command, number, lab):
    mark = f"marked-{uuid4().hex}"
    scratch = lab.folder / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        lab.command(*COMMANDS[command]),
        cwd=lab.folder,
        env={**os.environ, "MARK_OF_TEST": mark, "TMPDIR": str(scratch)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    moment = random.random() * LATEST
    try:
        select.select([], [], [], moment)
        process.send_signal(getattr(signal, number))
        assert process.wait(LIMIT) != 0, moment
        if number == "SIGKILL" and command == "sweep":
            return  # the runs of a launch go on, and are those of the next launch
        until(lambda: not processes_with(mark))
    finally:
        process.kill()
        process.wait(LIMIT)
        kill_all_with(mark)
    if command == "script" and number != "SIGKILL":
        assert [path.name for path in scratch.glob(f"{PREFIX}*")] == [], moment
    for file in lab.folder.glob("runs/*/status.json"):
        json.loads(file.read_text())
    listed = lab.run("runs", "--json")
    if (lab.folder / "runs").exists():
        assert listed.returncode == 0, listed.stderr
        assert "running" not in [run["state"] for run in json.loads(listed.stdout)], moment
