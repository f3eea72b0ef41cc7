"""Names and texts that others chose: they control no terminal, start no command, add no markup.

Branches of git, names of files, of metrics, of artifacts' metadata, overrides, notes, errors and
printed lines, on all ways out of a record.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from pconfigs.runs.folder import RunFolder
from pconfigs.trackers.follower import Follower
from tests.cli.shell_completion import answer_of
from tests.runs.conftest import Project
from tests.secrets.test_recorded_ways import LINES, MORE_LINES
from tests.trackers.conftest import Service

pytestmark = [
    pytest.mark.skipif(os.name != "posix" or not shutil.which("git"), reason="of POSIX, with git"),
]
MARKUP = "<script>alert(1)</script>"
SHELL = "$(touch${IFS}owned)`touch${IFS}owned`;touch${IFS}owned|'\"&"
CONTROL = "\x1b]0;owned\x07\x1b[2J\x9b2J\r"
# git refuses control characters in names of branches.
BRANCH = f"b-{MARKUP}{SHELL}"
NAME = f"{MARKUP.replace('/', '')}{SHELL}{CONTROL}"
HOSTILE = """
from __future__ import annotations
import sys, warnings
from pconfigs import PConfig, pconfig, pconfiged, pdefaults, prun, psmoke, psweep
NAME = @NAME@

@pconfiged(runnable=True)
class Hostile:
    config: HostileConfig

    def main(self, namespace, others):
        for step in range(2):
            prun.log(step=step, loss=1.0 / (step + self.config.n), **{NAME: 1.0, "text": NAME})
        print("printed", NAME)
        warnings.warn(NAME)
        file = prun.dir / "weights.bin"
        file.write_text("x")
        prun.log_artifact("weights", file, key=NAME, **{NAME: NAME})
        if self.config.n > 1:
            raise ValueError(NAME)

@pconfig
class HostileConfig(PConfig[Hostile]):
    text: str
    table: dict[str, str]
    n: int

pdefaults += HostileConfig(text=NAME, table={NAME: NAME}, n=1)
config = HostileConfig()
failing = HostileConfig(config, n=2)
sweep = psweep(config, grid={"n": [1, 2], "text": [NAME]})
psmoke += HostileConfig(n=1)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with a run that has ended, and one that has failed, on a branch of that name."""
    folder = tmp_path_factory.mktemp("hostile")
    project = Project(folder)
    project.write("lab/teller.py", HOSTILE.replace("@NAME@", ascii(NAME)))
    project.write("lab/__pconfigs__.py", "")
    project.write(".gitignore", "runs\n")
    who = ["-c", "user.name=x", "-c", "user.email=x"]
    for words in (["init", "-q"], ["checkout", "-q", "-b", BRANCH], ["add", "."],
                  [*who, "commit", "-q", "-m", NAME.replace("\r", "")]):  # fmt: skip
        subprocess.run(["git", *words], cwd=folder, check=True)
    (folder / f"lab/{NAME}.py").write_text("x = 1\n")
    (folder / f"{NAME}.txt").write_text("")
    for target, code in (("lab.teller", 0), ("lab.teller.failing", 1)):
        done = project.run("--record", target, f"text={NAME}", "--", NAME)
        assert done.code == code, done.err
    assert project.runs("note", "@teller", NAME).code == 0
    yield project
    project.end()


def check_text(text: str, where: str) -> None:
    """Fail where a text that goes to a terminal controls it."""
    found = re.findall(r"[^\S \n\t]|[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
    assert found == [], (where, found)


def check_files(project: Project) -> None:
    """Fail where a command of a name was run, or a page has its markup."""
    assert list(project.folder.rglob("owned")) == []
    for page in project.folder.glob("*.html"):
        assert "<script>alert" not in page.read_text(), page


LINES_OF_ALL = [
    *((f"runs {name}", words) for name, lines in LINES.items() for words in lines),
    *((name, words) for name, lines in MORE_LINES.items() for words in lines),
    *((name, ["@teller"]) for name in ("print", "explain", "help", "freeze")),
    ("diff", ["@teller", "@teller.failing"]),
    ("graph", ["lab.teller", "-o", "graph.html"]),
    ("graph", ["lab.teller"]),
    ("graph", ["@teller", "--lineage", "-o", "lineage.html"]),
    ("run", ["@teller", "--dry-run"]),
    ("run", ["lab.teller.sweep", "--dry-run"]),
]


for _words in (["@teller"], ["@teller", "--follow"]):  # below
    LINES_OF_ALL.remove(("runs log", _words))


@pytest.mark.parametrize(
    ("command", "words"),
    LINES_OF_ALL,
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_no_name_controls_what_shows_it(command, words, project):
    module, *first = command.split()
    done = project.python("-m", f"pconfigs.{module}", *first, *words)
    assert "Traceback" not in done.err
    check_text(done.out + done.err, command)
    check_files(project)
    if "--json" in words and done.code != 2:
        json.loads(done.out)


def terminal_output(project, *words: str) -> str:
    """Return what a command writes to a terminal."""
    main, end = os.openpty()
    command = [sys.executable, "-m", *words]
    with subprocess.Popen(command, cwd=project.folder, env=project.environment(), stdout=end):
        os.close(end)
        found = b""
        with contextlib.suppress(OSError):  # at the end, on Linux
            while piece := os.read(main, 1 << 16):
                found += piece
    os.close(main)
    return found.decode().replace("\r\n", "\n")


def test_a_terminal_gets_of_a_log_what_does_not_control_it(project):
    raw = project.runs("log", "@teller").out
    assert CONTROL[:-1] in raw
    shown = terminal_output(project, "pconfigs.runs", "log", "@teller")
    assert "\\x1b]0;owned\\x07\\x1b[2J\\x9b2J" in shown
    check_text(shown.replace("\r", ""), "runs log")


def test_colours_of_a_log_stay_also_where_they_come_in_pieces(project):
    log = next(project.store.glob("teller,*")) / "log.txt"
    before = log.read_bytes()
    colour = "\x1b[1;31mred\x1b[0m 9%\r99%\n"
    try:
        log.write_text("x" * (2**16 - 3) + colour + "ö\x1b[2J\n\x1b[3")
        shown = terminal_output(project, "pconfigs.runs", "log", "@teller")
    finally:
        log.write_bytes(before)
    assert shown == "x" * (2**16 - 3) + colour + "ö\\x1b[2J\n\\x1b[3"


def test_the_branch_is_recorded_as_it_is(project):
    (shown,) = [run for run in project.listed() if run["target"] == "lab.teller.config"]
    code = json.loads(project.runs("show", f"@{shown['run']}", "--json").out)["code"]
    assert code["branch"] == BRANCH


@pytest.mark.parametrize("line", ["pconfigs run lab.", "pconfigs run @", "pconfigs runs show @"])
def test_completion_offers_no_name_that_controls_a_terminal(line, project):
    pytest.importorskip("argcomplete")
    offered, err = answer_of(project, line)
    check_text("\n".join(offered) + err, line)
    check_files(project)


def test_trackers_are_sent_names_as_they_are(project):
    (folder,) = project.store.glob("teller,*")
    service = Service()
    assert Follower(RunFolder(str(folder)), "wandb", service.client).follow()
    assert any(NAME in row.values for row in service.rows)
    check_files(project)
