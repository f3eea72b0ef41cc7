"""What the readers print, as a reviewer reads it: tests/golden/readers/session.out."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "golden" / "readers"


def session(lab):
    """The commands with what they print, one after the other."""
    shutil.copytree(GOLDEN / "lab", lab.folder / "lab", dirs_exist_ok=True)
    told = []
    for line in (GOLDEN / "commands.txt").read_text(encoding="utf-8").splitlines():
        done = lab.call(*line.split())
        told.append(f"$ pconfigs {line}\n{done.out}{done.err}[exit {done.code}]\n")
    return "\n".join(told)


def test_the_readers_print_exactly_this(lab):
    """Set UPDATE_GOLDEN=1 to rewrite, and review the change."""
    text = session(lab)
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / "session.out").write_text(text, encoding="utf-8")
    assert text == (GOLDEN / "session.out").read_text(encoding="utf-8")


def test_no_line_is_too_wide(lab):
    """Listings keep to 100 columns; diffs of code and data are as wide as what they show."""
    shutil.copytree(GOLDEN / "lab", lab.folder / "lab", dirs_exist_ok=True)
    for words in (["explain", "lab.second"], ["diff", "lab.first", "lab.second"]):
        assert max(map(len, lab.call(*words).out.splitlines())) <= 100


def test_a_target_that_leads_into_a_config_is_a_path_in_it(lab):
    shutil.copytree(GOLDEN / "lab", lab.folder / "lab", dirs_exist_ok=True)
    whole = lab.call("explain", "lab.second", "heads['cls'].depth").out
    assert lab.call("explain", "lab.second.config.heads['cls'].depth").out == whole.replace(
        "heads['cls'].", ""
    )
    assert (
        lab.call("explain", "lab/second.py:config.steps").out
        == lab.call("explain", "lab.second", "steps").out
    )
    for command in ("explain", "graph"):
        done = lab.call(command, "lab.parts.ModelConfig")
        assert (done.code, done.out) == (2, "")
        assert "it is the class ModelConfig" in done.err
    done = lab.call("explain", "lab.first", "zzz")
    assert "no field 'zzz' in TrainerConfig, which has base_lr, steps" in done.err


def test_list_shows_what_it_cannot_read_and_circles_are_listed(lab):
    lab.write("lab/broken.py", "config = (\n")
    lab.greeter("good")
    made = "from lab.parts import GreeterConfig\nfrom lab.{0} import config as {0}\n"
    for name, other in (("one", "two"), ("two", "one")):
        lab.experiment(name, f"{made.format(other)}config = GreeterConfig({other}, result=1)\n")
    done = lab.call("list", "lab", "--tree")
    assert done.err == "lab/broken.py is left out: line 1: '(' was never closed\n"
    assert done.out.splitlines() == [
        "lab.good.config",
        "lab.one.config",
        "  lab.two.config  result",
    ] or done.out.splitlines()[1:] == [
        "lab.one.config  result",
        "  lab.two.config  result",
    ]
