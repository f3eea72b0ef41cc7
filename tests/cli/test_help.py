"""`pconfigs help` lists every field with type, value, constraint and the comment of the source."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden" / "help"

DOCUMENTED = '''
from __future__ import annotations

from typing import Annotated, Literal

from annotated_types import Gt
from typing_extensions import Doc

from pconfigs import Pinned, Required, Secret, pconfig, pconfiged, pdefaults, pinputs, pproperty


@pconfig
class PartConfig:
    """A part, wide or narrow."""

    width: int  # in columns
    # How many there are,
    # one on top of the other.
    depth: int

    kind: Literal["a", "b"]  # type: ignore
    # ------------------------
    plain: int


@pconfiged(runnable=True)
class Machine:
    config: MachineConfig

    def main(self, *args):
        pass


@pconfig(constructs=Machine)
class MachineConfig:
    """All of a machine.

    A second paragraph, which is so long that it cannot stand on one line of a terminal, and on.
    """

    rate: Annotated[float, Gt(0), Doc("Steps per second.")]  # not this
    name: str
    """What it goes by."""
    part: PartConfig
    spare: PartConfig | None
    parts: list[PartConfig]
    token: Secret[str]
    needed: int  # "quoted # not a comment"
    total: Pinned[int]

    @pproperty
    def part(self) -> PartConfig:
        return PartConfig(pinputs(self).part, width=self.needed)

    @pproperty
    def total(self) -> int:
        """All columns."""
        return self.part.width * self.part.depth


pdefaults += PartConfig(width=3, depth=2, kind="a", plain=0)
pdefaults += MachineConfig(
    rate=1.5, name="m", part=PartConfig(), spare=None, parts=[PartConfig(), PartConfig(width=9)],
    token="hush", needed=Required,
)
config = MachineConfig(needed=4, rate=2.5)


@pconfig
class OpenConfig:
    part: PartConfig
    size: int


@pconfig
class LoopConfig:
    inner: LoopConfig | None
'''


@pytest.fixture
def project(lab):
    lab.write("lab/machine.py", DOCUMENTED)
    return lab


def test_help_reads_like_that_of_a_command(project):
    """Set UPDATE_GOLDEN=1 to rewrite, and review the change."""
    told = []
    for words in (
        "lab.machine",
        "lab.machine.MachineConfig --depth 1",
        "lab.machine needed=6 --depth 1",
        "lab.machine.OpenConfig",
        "lab.machine.LoopConfig",
    ):
        done = project.call("help", *words.split())
        told.append(f"$ pconfigs help {words}\n{done.out}{done.err}[exit {done.code}]\n")
    text = "\n".join(told)
    golden = GOLDEN / "session.out"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def told(project, *words):
    found = json.loads(project.call("help", *words, "--json").out)
    return {entry["path"]: entry for entry in found}


def test_the_source_states_what_a_field_is_for(project):
    docs = {path: entry["doc"] for path, entry in told(project, "lab.machine").items()}
    assert docs["rate"] == "Steps per second."
    assert docs["name"] == "What it goes by."
    assert docs["part.width"] == "in columns"
    assert docs["part.depth"] == "How many there are, one on top of the other."
    assert docs["total"] == "All columns."
    assert docs["part.kind"] == docs["part.plain"] == ""


def test_facts_are_plain_data(project):
    found = told(project, "lab.machine")
    assert found["rate"] == {
        "path": "rate",
        "type": "float > 0",
        "value": "2.5",
        "default": "1.5",
        "set": True,
        "computed": False,
        "reads": [],
        "reads_exact": True,
        "doc": "Steps per second.",
        "declared": "lab.machine.MachineConfig",
    }
    assert found["total"]["set"] is False
    assert found["total"]["reads"] == ["part.width", "part.depth"]
    assert found["token"]["value"] == "Secret(...)"


def test_the_class_that_is_run_represents_its_config(project):
    whole = project.call("help", "lab.machine.MachineConfig").out
    assert project.call("help", "lab.machine.Machine").out == whole


def test_a_class_without_its_source_has_no_docs(project):
    from pconfigs.imports import resolve
    from pconfigs.provenance.field_docs import field_docs

    cls = resolve("lab.machine.PartConfig").object
    Path("lab/machine.py").write_text("x = 1\n", encoding="utf-8")
    assert field_docs(cls) == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lab.machine.Annotated"], "neither a config nor a config class"),
        (["lab.machine", "--depth", "0"], "invalid depth value"),
        (["lab.machine.MachineConfg"], "did you mean"),
        ([], "which target?"),
    ],
)
def test_what_is_not_understood_is_refused(project, words, said):
    done = project.call("help", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_path_wider_than_the_table_takes_lines_of_its_own(project):
    below = "LoopConfig(inner=" * 50 + "None" + ")" * 50
    project.write("lab/chain.py", f"from lab.machine import LoopConfig\nconfig = {below}\n")
    done = project.call("help", "lab.chain")
    assert done.code == 0
    assert "inner." * 49 in done.out.replace("\n", "").replace(" ", "")


def test_help_names_the_variables_that_are_read(lab, monkeypatch):
    lab.write(
        "lab/env.py",
        "from __future__ import annotations\n"
        "from pconfigs import EnvVar, Secret, pconfig, penv\n"
        "@penv(convention='uppercase')\nclass Env:\n"
        "    jobs: int = 2\n    shell: str = EnvVar('SHELL_NAME', help='The login shell.')\n"
        "    key: Secret[str] = 'hunter2'\n"
        "@pconfig\nclass Job:\n    environment: Env\n    steps: int\n"
        "config = Job(steps=1)\n",
    )
    monkeypatch.setenv("JOBS", "7")
    monkeypatch.delenv("SHELL_NAME", raising=False)
    out = lab.call("help", "lab.env").out
    assert out.endswith(
        "read from the environment:\n"
        "  environment.jobs   int  JOBS = 7\n"
        "  environment.shell  str  SHELL_NAME is required, and not set\n"
        "      The login shell.\n"
        "  environment.key    str  KEY = Secret(...)  (default)\n"
    )


def test_help_keeps_to_a_hundred_columns(lab):
    """Whatever types, values and texts are, as long as paths leave room."""
    text = "word " * 60
    lab.write(
        "lab/long.py",
        "from typing import Literal\nfrom pconfigs import pconfig, pdefaults\n"
        f'@pconfig\nclass Long:\n    """{text}"""\n'
        f"    kind: Literal[{', '.join(repr('a' * n) for n in range(1, 20))}]  # {text}\n"
        "    names: list[str]\n"
        "    a_name_of_a_field_that_takes_more_than_half_of_a_line_of_text: int\n"
        "pdefaults += Long(kind='a', names=['x' * 50] * 9,"
        " a_name_of_a_field_that_takes_more_than_half_of_a_line_of_text=1)\n"
        "config = Long(names=['y' * 70] * 9)\n",
    )
    lines = lab.call("help", "lab.long").out.splitlines()
    assert max(map(len, lines)) <= 100
    assert any("Type: 'a' or 'aa'" in line for line in lines)
