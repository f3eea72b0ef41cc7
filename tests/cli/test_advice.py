"""Whatever the message of a command proposes works when it is followed."""

from __future__ import annotations

import re
import shlex

import pytest

from pconfigs.cli.commands import COMMANDS

EXPERIMENTS = """
from lab.parts import GreeterConfig, PartConfig, PlainConfig
config = GreeterConfig(greeting="hi")
other = GreeterConfig(config, greeting="hey")
many = {"small": config, "big": other}
"""
NESTED = """
from pconfigs import PConfig, pconfig, pconfiged
from lab.parts import PartConfig
@pconfiged(runnable=True)
class Whole:
    config: "WholeConfig"
    def main(self, namespace, others): print(self.config.part.width)
@pconfig(constructs=Whole)
class WholeConfig(PConfig):
    part: PartConfig
    rate: float
    names: list[str]
    table: dict[str, int]
config = WholeConfig(part=PartConfig(width=1), rate=0.1, names=["a"], table={"a": 1})
"""

# A command line that is refused, and the word that a "did you mean" replaces.
MISSPELT = [
    ("print lab.exp.confg", "lab.exp.confg"),
    ("print lab.expp.config", "lab.expp.config"),
    ("print lab.exp:config", "lab.exp:config"),
    ("print lab/exp.pyy", "lab/exp.pyy"),
    ("print lab/exp", "lab/exp"),
    ("print lab.exp.py", "lab.exp.py"),
    ("print lab.exp.many.small", "lab.exp.many.small"),
    ("print lab.exp.othr", "lab.exp.othr"),
    ("run lab.exp greetign=x", "greetign=x"),
    ("run lab.exp --greeting=x", "--greeting=x"),
    ("run lab.nested width=3", "width=3"),
    ("run lab.nested part.widht=3", "part.widht=3"),
    ("run lab.nested rate=fast", "rate=fast"),
    ("run lab.nested rate=1e-3x", "rate=1e-3x"),
    ("run lab.nested names=b,c", "names=b,c"),
    ("run lab.nested names=b", "names=b"),
    ("run lab.nested table[b]=2", "table[b]=2"),
    ("run lab.nested part.width=010", "part.width=010"),
    ("run lab.nested part.width=1.0", "part.width=1.0"),
    ("explain lab.nested part.widht", "part.widht"),
    ("explain lab.nested widht", "widht"),
    ("print lab.nested --only part.widht", "part.widht"),
    ("pirnt lab.exp", "pirnt"),
    ("print lab.exp --vlaues", "--vlaues"),
    ("test lab/epx.py", "lab/epx.py"),
]


@pytest.fixture
def project(lab):
    lab.write("lab/exp.py", EXPERIMENTS)
    lab.write("lab/nested.py", NESTED)
    return lab


def run(lab, line: str):
    words = shlex.split(line)
    if words[0] in COMMANDS:
        return lab.call(*words)
    return lab.start("pconfigs", *words)


@pytest.mark.parametrize(("line", "word"), MISSPELT, ids=[line for line, _ in MISSPELT])
def test_what_a_message_proposes_works(project, line, word):
    refused = run(project, line)
    assert refused.code == 2, refused.err
    assert "Traceback" not in refused.err
    followed = list(proposals(refused.err))
    for proposal in followed:
        # A shell takes quotes around a whole word away.
        value = proposal[1:-1] if proposal[0] == proposal[-1] == "'" else proposal
        name, equals, given = word.partition("=")
        if value.endswith("=..."):
            value = value.removesuffix("...") + given  # any value goes there
        if equals and "=" not in proposal and not proposal.startswith("-"):
            value = f"{name}={proposal}"  # the value that was meant
        done = run(project, line.replace(word, shlex.quote(value), 1))
        assert done.code == 0, (proposal, done.err)


def proposals(message: str) -> list[str]:
    """Return what a message asks whether it was meant."""
    found: list[str] = []
    for line in re.findall(r"did you mean (.+?)\?(?:\s|$)", message):
        found += re.split(r", | or ", line) if not re.search(r"[\[\]'\"(]", line) else [line]
    return found


def test_most_misspellings_are_answered(project):
    answered = [line for line, _ in MISSPELT if proposals(run(project, line).err)]
    assert len(answered) >= len(MISSPELT) - 8, {line for line, _ in MISSPELT} - {*answered}


def test_commands_that_messages_name_are_there(project):
    """Every `python -m pconfigs.X` and `pconfigs X` in a message of the library is a command."""
    import pathlib

    import pconfigs

    folder = pathlib.Path(pconfigs.__file__).parent
    for file in [*folder.rglob("*.py")]:
        text = file.read_text()
        for name in re.findall(r"python -m pconfigs\.([a-z_]+)", text):
            doors = [folder / f"{name}.py", folder / name / "__main__.py"]
            assert any(door.exists() for door in doors), (file, name)
