"""Scripts of argparse with commands, constants, groups and defaults that are set later."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from pconfigs import pdump, pload
from pconfigs.adoption.reading.argparse_parser import parser_in, read_parser
from pconfigs.adoption.result import adopt
from pconfigs.imports.files import load_file

SCRIPT = """
    import argparse


    def make():
        parser = argparse.ArgumentParser(description="Many forms.")
        parser.add_argument("--const", action="store_const", const=5, default=1)
        parser.add_argument("--consts", action="append_const", const=3)
        parser.add_argument("--sizes", action="append", type=int)
        parser.add_argument("--more", action="extend", nargs="+", type=int, default=[1])
        parser.add_argument("--maybe", nargs="?", const=7, type=int, default=3)
        parser.add_argument("--level", type=int, choices=range(3), default=1)
        parser.add_argument("--modes", choices=("x", "y"), nargs="+", default=["x"])
        parser.add_argument("--flag", action=argparse.BooleanOptionalAction, default=True)
        parser.add_argument("--rate", type=float, default=0.1)
        parser.add_argument("rest", nargs=argparse.REMAINDER)
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--fast", action="store_true")
        choice.add_argument("--slow", action="store_true")
        parser.set_defaults(hidden=4, rate=0.5)
        commands = parser.add_subparsers(dest="command", required=True)
        command = commands.add_parser("train")
        command.add_argument("--epochs", type=int, default=3)
        more = command.add_argument_group("more")
        more.add_argument("--seed", type=int)
        command.set_defaults(epochs=9)
        command = commands.add_parser("eval-it", aliases=["e"])
        command.add_argument("--epochs", type=int, default=1)
        return parser
    """
VALUES = {
    "const": 1, "consts": None, "sizes": None, "more": [1], "maybe": 3, "level": 1,
    "modes": ["x"], "flag": True, "rate": 0.5, "rest": ["a"], "fast": False, "slow": False,
    "hidden": 4, "command": "train", "train": {"epochs": 9, "seed": None},
    "eval_it": {"epochs": 1},
}  # fmt: skip


@pytest.mark.parametrize("way", ["script", "parser"])
def test_each_form_has_the_type_and_the_default_that_argparse_gives_it(adopted, folder, files, way):
    if way == "script":
        done = adopted({"train.py": SCRIPT}, "train.py")
    else:
        files({"train.py": SCRIPT})
        parser = parser_in(load_file("train.py", "train.py"), "train.py", "make")
        done = adopt(read_parser(parser, "train.py"), folder / "made", "made", force=True)
    assert done.differences == []
    lines = [str(one).split("\n")[0].partition(": ")[2] for one in done.findings]
    assert lines == [
        "fast, slow exclude each other",
        "has subcommands: each has a section, and command names the one that runs",
    ]
    made = importlib.import_module("made.train")
    config = pload({"rest": ["a"], "command": "train"}, made.TrainConfig2)
    assert pdump(config, to="values") == VALUES
    code = Path("made/train.py").read_text(encoding="utf-8")
    for line in (
        "const: int", "consts: list[int] | None", "sizes: list[int] | None", "maybe: int",
        "level: Literal[0, 1, 2]", 'modes: list[Literal["x", "y"]]', "rest: list[str]",
        'command: Literal["train", "eval-it"]',
    ):  # fmt: skip
        assert f"    {line}\n" in code


UNDECIDED = """
    import argparse
    from enum import Enum


    class Mode(Enum):
        FAST = 1


    def run(args):
        pass


    def make():
        parser = argparse.ArgumentParser()
        parser.add_argument("--mode", type=Mode, default=Mode.FAST)
        parser.add_argument("--one", type=Mode, choices=list(Mode))
        parser.add_argument("--share", type=float, choices=[0.1, 0.2], default=0.1)
        parser.add_argument("--absent", default=argparse.SUPPRESS)
        parser.set_defaults(run=run)
        return parser
    """


@pytest.mark.parametrize("way", ["script", "parser"])
def test_values_that_are_not_literals_are_left_to_decide(adopted, folder, files, way):
    if way == "script":
        done = adopted({"given.py": UNDECIDED}, "given.py")
    else:
        files({"given.py": UNDECIDED})
        parser = parser_in(load_file("given.py", "given.py"), "given.py", "make")
        done = adopt(read_parser(parser, "given.py"), folder / "made", "made", force=True)
    assert done.differences == []
    found = "\n".join(map(str, done.findings))
    for words in (
        "mode: the default is computed: ", "one: the ", "share: the choices are not literals",
        "absent: the default is computed: argparse.SUPPRESS", "set_defaults sets run to ",
    ):  # fmt: skip
        assert words in found
    config = importlib.import_module("made.experiments.given").config
    assert (config.share, config.one) == (0.1, None)
