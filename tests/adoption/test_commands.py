"""Scripts of argparse with commands, constants, groups and defaults that are set later."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from pconfigs import pdump, pload
from pconfigs.adoption.reading.argparse_parser import parser_in, read_parser
from pconfigs.adoption.result import adopt
from pconfigs.cli.adopt import class_module
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


PARSER = """
import argparse
parser = argparse.ArgumentParser()
"""


@pytest.mark.parametrize(
    ("code", "hint", "value"),
    [
        ("parser.add_argument('--n', default=1)", "int | str", 1),
        ("parser.add_argument('--n', type=int, default=0.5)", "float", 0.5),
        ("parser.add_argument('--n', choices=['a', 'b'], default='all')", "'all'", "all"),
        ("parser.add_argument('--n', choices=[1, 2], default=True)", "True", True),
        ("parser.add_argument('--n', nargs='+', default='a')", "str | list[str]", "a"),
        ("parser.add_argument('--n', nargs='*', default=[1, 'a'])", "list[int | str]", [1, "a"]),
        ("parser.add_argument('--n', default={'a': [1]})", "dict[str, Any]", {"a": [1]}),
        ("parser.add_argument('--n')\nparser.set_defaults(n=3)", "int | str", 3),
    ],
)
@pytest.mark.parametrize("way", ["script", "parser"])
def test_a_default_that_argparse_does_not_convert_is_of_the_type(
    code, hint, value, way, adopted, folder, files
):
    text = PARSER + code
    if way == "script":
        done = adopted({"train.py": text}, "train.py")
    else:
        files({"train.py": text})
        parser = parser_in(load_file("train.py", "train.py"), "train.py", "parser")
        done = adopt(read_parser(parser, "train.py"), folder / "made", "made", force=True)
    assert done.differences == []
    made = importlib.import_module("made.train").TrainConfig
    assert hint in made.__annotations__["n"]
    assert pdump(made())["n"] == value


@pytest.mark.parametrize(
    ("first", "second", "value", "listed"),
    [
        ("'--n', action='store_true'", "'--no-n', dest='n', action='store_false'", False, False),
        ("'--n', action='store_false'", "'--no-n', dest='n', action='store_true'", True, False),
        (
            "'-a', dest='n', action='store_const', const='a', default='a'",
            "'-b', dest='n', action='store_const', const='b'",
            "a",
            False,
        ),
        ("'--n', type=int, default=1", "'--n', default='other'", 1, True),
        ("'--n', type=int, default=1", "'--n', type=int, default=2", 1, True),
        ("'--n', type=int, default=1", "'--n', type=int, default=1", 1, False),
    ],
)
def test_of_arguments_for_one_value_the_first_has_the_default(
    first, second, value, listed, adopted
):
    text = f"{PARSER}parser.add_argument({first})\nparser.add_argument({second})\n"
    done = adopted({"train.py": text}, "train.py")
    made = importlib.import_module("made.train").TrainConfig
    assert (made().n, done.differences) == (value, [])
    assert any("adds n again" in str(one) for one in done.findings) == listed


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("parser.add_argument('--n', **OPTIONS)", "n: some options are computed: **OPTIONS"),
        ("parser.set_defaults(**OPTIONS)", "set_defaults sets computed names: **OPTIONS"),
        ("add = parser.add_argument\nadd('--n')", "parser.add_argument is not called here"),
    ],
)
def test_what_the_code_does_not_show_is_listed(code, words, adopted):
    text = f"{PARSER}parser.add_argument('--m')\n{code}\n"
    done = adopted({"train.py": text}, "train.py")
    assert any(words in str(one) for one in done.findings)


@pytest.mark.parametrize("line", ["# not a dataclass", "'No BaseModel.'"])
def test_a_script_that_only_speaks_of_dataclasses_is_not_run(line, files):
    text = f"{PARSER}{line}\nparser.add_argument('--n')\nraise SystemExit(3)\n"
    files({"train.py": text})
    assert class_module("train.py") is None
