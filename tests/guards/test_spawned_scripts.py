"""Classes of a script have one name in the script and in the processes that it spawns."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import contextlib
import io
import json
import multiprocessing
import sys

from pconfigs import pconfig, pdump, pfingerprint, pload


@pconfig
class Part:
    width: int


@pconfig
class Whole:
    part: object


config = Whole(part=Part(width=1))


def work(config):
    data = json.loads(json.dumps(pdump(config)))
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        config.print_code()
    return pfingerprint(config), data, printed.getvalue(), pload(data, Whole) == config


if __name__ == "__main__":
    here = work(config)
    for method in ("spawn", "forkserver", "fork"):
        with multiprocessing.get_context(method).Pool(1) as pool:
            there = pool.map(work, [config])[0]
        assert there == here, (method, there, here)
        assert pload(there[1], Whole) == config
    print(here[1]["$type"], here[3])
"""


def run(*words: str, folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    return done.stdout.split()


def test_a_script_and_its_processes_give_a_config_one_name(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    (tmp_path / "pkg").mkdir()
    for name in ("script.py", "pkg/__init__.py", "pkg/study.py"):
        (tmp_path / name).write_text(SCRIPT if "init" not in name else "")
    assert run("script.py", folder=tmp_path) == ["__main__.Whole", "True"]
    assert run("-m", "pkg.study", folder=tmp_path) == ["pkg.study.Whole", "True"]
