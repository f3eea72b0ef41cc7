"""Modules of dataclasses and pydantic models, scripts of argparse, TOML: adopted and equal."""

from __future__ import annotations

import importlib
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from pconfigs import pdefaults, pload, pload_file
from pconfigs.adoption.class_result import adopt_classes
from pconfigs.adoption.reading.argparse_parser import parser_in, read_parser
from pconfigs.adoption.result import adopt
from pconfigs.cli.adopt import class_module
from pconfigs.errors import BuildError
from pconfigs.errors.serialization import AdoptError
from pconfigs.imports.files import load_file
from tests.adoption.conftest import WITHOUT_MYPY

DATACLASSES = '''
    """Settings."""

    from __future__ import annotations

    import math
    from collections.abc import Callable
    from dataclasses import dataclass, field
    from enum import Enum
    from pathlib import Path
    from typing import Any, Literal, Optional


    class Mode(Enum):
        FAST = "fast"
        SLOW = "slow"


    @dataclass
    class Optim:
        """The optimizer."""

        lr: float = 1e-3  # learning rate
        betas: tuple[float, float] = (0.9, 0.999)
        """Decay of the moments."""


    @dataclass
    class Adam(Optim):
        eps: float = 1e-8


    @dataclass
    class Model:
        dim: int
        layers: list[int] = field(default_factory=lambda: [1, 2])
        act: Callable[[float], float] = math.tanh
        extra: dict[str, Any] = field(default_factory=dict)
        mode: Mode = Mode.FAST
        names: set[str] = field(default_factory=lambda: {"a"})

        @property
        def size(self):
            return 2 * self.dim


    @dataclass
    class Train:
        model: Model = field(default_factory=lambda: Model(dim=3))
        optim: Optim = field(default_factory=Adam)
        out: Path = Path("runs")
        seed: Optional[int] = None
        kind: Literal["a", "b"] = "a"
        check: object = field(default_factory=object)


    base = Train(check=1)
    wide = Train(model=Model(dim=64, layers=[5], mode=Mode.SLOW), seed=3, check=2)
    '''

MODELS = '''
    from typing import Annotated

    from pydantic import BaseModel, Field, field_validator


    class Opt(BaseModel):
        lr: float = Field(1e-3, gt=0, description="Learning rate.")
        count: Annotated[int, Field(ge=1, le=9)] = 2


    class Run(BaseModel):
        """A run."""

        opt: Opt = Opt()
        name: str
        tags: list[str] = []

        @field_validator("name")
        @classmethod
        def is_lower(cls, value):
            return value


    first = Run(name="x", opt=Opt(lr=0.5))
    '''

SCRIPT = '''
    """Train."""

    import argparse
    from pathlib import Path

    LR = 3e-4


    def arguments():
        parser = argparse.ArgumentParser(description="Train a net.")
        parser.add_argument("data", type=Path, help="folder of the data")
        parser.add_argument(
            "--lr", "-l", type=float, default=LR, help="learning rate (default: %(default)s)"
        )
        parser.add_argument("--batch-size", type=int, default="32")
        parser.add_argument("--optimizer", choices=["adam", "sgd"], default="adam")
        group = parser.add_argument_group("more")
        group.add_argument("--no-amp", dest="amp", action="store_false", help="100%% slow")
        group.add_argument("--betas", type=float, nargs=2, default=(0.9, 0.999))
        group.add_argument("--model.depth", type=int, default=2)
        group.add_argument("--seed", type=int)
        group.add_argument("--device", default=choose())
        group.add_argument("-v", action="count")
        group.add_argument("--out", type=Path, default="runs")
        group.add_argument("--decay", type=float, default=0)
        return parser


    raise RuntimeError("the script ran")
    '''


def made(folder, files, text, package="made"):
    files({"given.py": text})
    module = load_file("given.py", "given.py")
    done = adopt_classes(module, "given.py", folder / package, package, False)
    return done, importlib.import_module(f"{package}.given")


def test_dataclasses_keep_names_types_defaults_and_comments(folder, files):
    done, given = made(folder, files, DATACLASSES)
    assert done.differences == []
    assert pdefaults(given.Adam).betas == (0.9, 0.999)
    assert given.Model(dim=3, names={"b"}).mode.value == "fast"
    code = Path("made/given.py").read_text(encoding="utf-8")
    assert "class Adam(Optim):" in code
    assert 'lr: float\n    """learning rate"""' in code
    assert 'betas: tuple[float, float]\n    """Decay of the moments."""' in code
    assert "seed: int | None" in code
    with pytest.raises(TypeError):
        given.Train(kind="c")


def test_instances_become_experiments(folder, files):
    done, given = made(folder, files, DATACLASSES)
    assert done.targets == ["made.experiments.base", "made.experiments.wide"]
    wide = importlib.import_module("made.experiments.wide").config
    assert wide == given.Train(model=given.Model(dim=64, layers=[5], mode=wide.model.mode),
                               seed=3, check=2)  # fmt: skip


def test_what_a_class_does_besides_is_listed(folder, files):
    done, _ = made(folder, files, DATACLASSES)
    findings = "\n".join(map(str, done.findings))
    assert "Model.size: write it as @pproperty" in findings
    assert "Train.check: the default has no code: object" in findings


VALUES = """
    import operator
    from collections.abc import Callable
    from dataclasses import dataclass, field
    from enum import Enum, Flag
    from functools import partial
    from pathlib import PurePosixPath


    class Outer:
        class Mode(Enum):
            A = 1


    class Flags(Flag):
        A = 1
        B = 2


    @dataclass(frozen=True)
    class Item:
        n: int = 1


    @dataclass
    class Values:
        items: frozenset[Item] = frozenset({Item(3), Item(2)})
        names: set[str] = field(default_factory=lambda: {"delta", "beta", "alpha", "gamma"})
        upper: Callable[[str], str] = str.upper
        add: Callable[..., int] = operator.add
        more: Callable[..., int] = partial(operator.add, 1)
        mode: Outer.Mode = Outer.Mode.A
        flags: Flags = Flags.A | Flags.B
        path: PurePosixPath = PurePosixPath("a/b")
        one: tuple[complex, ...] = (1 + 2j,)
        wide: float = float("inf")
        maker: Callable[..., object] = lambda: 1
    """


def test_values_are_written_as_printing_writes_them(folder, files):
    done, _ = made(folder, files, VALUES)
    assert done.differences == []
    assert [one.message for one in done.findings] == [
        "Values.maker: the default has no code: function"
    ]
    code = Path("made/given.py").read_text(encoding="utf-8")
    assert "from operator import add as operator_add\n" in code
    assert code[code.index("pdefaults += Values") :] == dedent("""
        pdefaults += Values(
            items=frozenset({Item(n=2), Item(n=3)}),
            names={"alpha", "beta", "delta", "gamma"},
            upper=str.upper,
            add=operator_add,
            more=partial(operator_add, 1),
            mode=Outer.Mode.A,
            flags=Flags.A | Flags.B,
            path=PurePosixPath("a/b"),
            one=(1 + 2j,),
            wide=float("inf"),
            maker=Required,
        )
        """).lstrip("\n")


def test_models_keep_constraints_and_descriptions(folder, files):
    pytest.importorskip("pydantic")
    done, given = made(folder, files, MODELS)
    assert done.differences == []
    with pytest.raises(ValueError, match="lr"):
        given.Opt(lr=0.0)
    code = Path("made/given.py").read_text(encoding="utf-8")
    assert '"""Learning rate."""' in code
    assert "Run.is_lower: write it as @pcheck" in "\n".join(map(str, done.findings))


def test_a_script_is_read_without_running_it(adopted):
    done = adopted({"train.py": SCRIPT}, "train.py")
    assert done.differences == []
    assert [str(one) for one in done.findings] == [
        "train.py:22: device: the default is computed: choose()"
    ]
    config = importlib.import_module("made.experiments.train").config
    assert (config.lr, config.batch_size, config.amp, config.v) == (3e-4, 32, True, 0)
    assert (config.out, config.betas, config.model.depth) == (Path("runs"), [0.9, 0.999], 2)
    code = Path("made/train.py").read_text(encoding="utf-8")
    assert '"""Train a net."""' in code
    assert 'lr: float\n    """learning rate"""' in code
    assert 'optimizer: Literal["adam", "sgd"]' in code
    assert '"""100% slow"""' in code


def adopted_parser(folder, files, text, name="arguments"):
    """Adopt the parser itself."""
    files({"train.py": text})
    source = read_parser(parser_in(load_file("train.py", "train.py"), "train.py", name), "train.py")
    return adopt(source, folder / "imported", "imported", force=True)


def test_a_parser_gives_what_the_code_of_its_script_gives(adopted, folder, files):
    script = SCRIPT.replace('raise RuntimeError("the script ran")', "").replace("choose()", "None")
    adopted({"train.py": script}, "train.py")
    done = adopted_parser(folder, files, script)
    assert (done.findings, done.differences) == ([], [])
    code = Path("imported/train.py").read_text(encoding="utf-8")
    assert code == Path("made/train.py").read_text(encoding="utf-8")


COMPUTED = """
    import argparse
    from enum import Enum


    class Mode(Enum):
        FAST = 1


    def arguments():
        parser = argparse.ArgumentParser(description="Many sizes.")
        for name in ("hidden", "embed"):
            parser.add_argument(f"--{name}-size", type=int, default=3, help=argparse.SUPPRESS)
        parser.add_argument("--quiet", action=argparse.BooleanOptionalAction, default=True)
        parser.set_defaults(hidden_size=7)
        commands = parser.add_subparsers(required=True)
        commands.add_parser("test", aliases=["t"]).add_argument("--limit", type=float)
        return parser


    def main():
        arguments().parse_args([])


    parser = arguments()
    """


def test_arguments_with_computed_names_are_taken_from_the_parser(adopted, folder, files):
    done = adopted({"train.py": COMPUTED}, "train.py")
    assert "take the parser it returns: adopt train.py:arguments" in str(done.findings[0])
    done = adopted_parser(folder, files, COMPUTED)
    assert [str(one).partition(":")[2][:20] for one in done.findings] == ["1: has subcommands: "]
    config = importlib.import_module("imported.experiments.train").config
    assert (config.hidden_size, config.embed_size, config.quiet) == (7, 3, True)
    assert config.test.limit is None


@pytest.mark.parametrize(
    ("name", "message"),
    [("main", r"main\(\) raised SystemExit: 2"), ("Mode", "raised"), ("nothing", "got NoneType")],
)
def test_what_is_not_a_parser_is_refused(name, message, folder, files):
    with pytest.raises(AdoptError, match=message):
        adopted_parser(folder, files, COMPUTED, name)


def test_the_arguments_of_the_script_load(adopted):
    """What the parser returns is a config: choices and types are checked again."""
    import argparse

    adopted({"train.py": SCRIPT}, "train.py")
    cls = importlib.import_module("made.train").TrainConfig
    names = {"data": "d", "lr": 0.1, "model.depth": 4, "device": "cpu"}
    loaded = pload(argparse.Namespace(**names), cls)
    assert (loaded.data, loaded.model.depth, loaded.batch_size) == (Path("d"), 4, 32)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("print(1)\n", "must have dataclasses, pydantic models or a parser"),
        ("from argparse import ArgumentParser\nx.add_argument(\n", "must be Python"),
    ],
)
def test_other_files_are_refused(adopted, text, message):
    with pytest.raises(AdoptError, match=message):
        adopted({"given.py": text}, "given.py")


def test_a_module_of_config_classes_has_nothing_to_adopt(files):
    files({"given.py": "from pconfigs import pconfig\n\n@pconfig\nclass A:\n    x: int\n"})
    assert class_module("given.py") is None


def test_toml_is_a_tree_with_comments(adopted):
    text = """
        # The title.
        title = "x"

        [model]
        width = 3  # of the stream
        when = 2024-01-02
        betas = [0.9, 0.99]

        [model.head]
        size = 1

        [[layers]]
        kind = "dense"
        width = 2

        [[layers]]
        kind = "conv"
        kernel = 3
        """
    done = adopted({"conf.toml": text}, "conf.toml")
    assert done.differences == []
    config = importlib.import_module("made.experiments.conf").config
    assert [type(one).__name__ for one in config.layers] == ["DenseConfig", "ConvConfig"]
    code = Path("made/conf.py").read_text(encoding="utf-8")
    assert '"""of the stream"""' in code


DATES = """
    date = 2024-01-02
    other = 2024-01-03
    time = 07:32:00
    at = 2024-01-02T07:32:00+02:00
    days = [2024-01-02, 2024-01-03]

    [[steps]]
    when = 2024-01-02
    """


def test_dates_of_toml_are_dates_and_the_file_loads(adopted):
    done = adopted({"conf.toml": DATES}, "conf.toml")
    assert (done.differences, done.findings) == ([], [])
    config = importlib.import_module("made.experiments.conf").config
    assert config.date == date(2024, 1, 2)
    assert pload_file("conf.toml", type(config)) == config
    code = Path("made/conf.py").read_text(encoding="utf-8")
    assert "    date: datetime_date\n" in code  # a field hides what it is named like


def test_the_command_takes_every_kind(files):
    where = files({"train.py": SCRIPT, "given.py": DATACLASSES, **WITHOUT_MYPY})
    for source, target in (("train.py", "a.experiments.train"), ("given.py", "b.experiments.base")):
        package = target.partition(".")[0]
        done = subprocess.run(
            [sys.executable, "-m", "pconfigs.adopt", source, "-o", package],
            cwd=where, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stdout.splitlines()[0]) == (0, target), done.stderr


FORMS = """
    from __future__ import annotations

    from dataclasses import KW_ONLY, InitVar, dataclass, field
    from datetime import date, datetime, timedelta, timezone
    from decimal import Decimal
    from typing import ClassVar, Final, Generic, TypeVar

    T = TypeVar("T")


    @dataclass(slots=True, kw_only=True)
    class Base:
        name: str
        seed: int = 1


    @dataclass(slots=True, kw_only=True)
    class Derived(Base):
        seed: int = 5
        extra: int = 2


    @dataclass
    class Pair(Generic[T]):
        one: T
        others: list[T] = field(default_factory=list)


    @dataclass
    class Run:
        base: Base
        _: KW_ONLY
        scale: InitVar[int] = 3
        computed: int = field(init=False, default=0)
        kind: ClassVar[str] = "run"
        pair: Pair[int] = field(default_factory=lambda: Pair(3))
        steps: Final[int] = 3
        day: date = date(2020, 1, 2)
        at: datetime = datetime(2020, 1, 2, tzinfo=timezone.utc)
        limit: timedelta = timedelta(hours=1)
        share: Decimal = Decimal("0.1")
        hook: object = lambda: None

        def __post_init__(self, scale):
            self.computed = scale


    config = Run(Derived(name="x"))
    """


def test_every_form_of_a_dataclass_is_adopted_or_listed(folder, files):
    done, code = made(folder, files, FORMS)
    assert done.differences == []
    assert sorted(str(one).partition(": ")[2] for one in done.findings) == [
        "Pair: is generic: its parameters become Any",
        "Run.__post_init__: write its checks as @pcheck, and what it computes as @pproperty",
        "Run.computed: write it as @pproperty",
        "Run.hook: the default has no code: function",
        "Run.kind: copy the class variable",
        "Run.scale: is an argument that is not kept: declare a field for it",
    ]
    config = importlib.import_module("made.experiments.config").config
    assert config.base == code.Derived(name="x")
    assert (config.base.seed, config.base.extra) == (5, 2)
    assert (config.share, config.day.year, config.at.tzname()) == (Decimal("0.1"), 2020, "UTC")


LIMITS = """
    from typing import Annotated

    from pydantic import (
        AfterValidator, AliasChoices, BaseModel, Field, PrivateAttr, StringConstraints, conint,
        field_validator,
    )


    class Opt(BaseModel):
        rate: float = Field(0.1, alias="lr", gt=0, le=1)
        name: Annotated[str, StringConstraints(min_length=1, pattern="^a")] = "a"
        count: conint(ge=1, le=5) = 2
        even: Annotated[int, AfterValidator(int)] = 2
        mode: str = Field("x", validation_alias=AliasChoices("kind", "type"))
        _state: int = PrivateAttr(3)

        @field_validator("rate")
        @classmethod
        def is_small(cls, value):
            return value


    first = Opt(lr=0.5)
    """


def test_constraints_and_aliases_of_a_model_are_kept_or_listed(folder, files):
    pytest.importorskip("pydantic")
    done, code = made(folder, files, LIMITS)
    assert done.differences == []
    assert [str(one).partition(": ")[2] for one in done.findings] == [
        "Opt.name: left out of its type: pattern='^a'; write it as @pcheck",
        "Opt.even: left out of its type: AfterValidator; write it as @pcheck",
        "Opt._state: keep it in the class that the config constructs",
        "Opt.is_small: write it as @pcheck",
    ]
    loaded = pload({"lr": 0.25, "type": "y"}, code.Opt)
    assert (loaded.rate, loaded.mode) == (0.25, "y")
    for wrong in ({"rate": 0.0}, {"rate": 1.5}, {"name": ""}, {"count": 0}, {"count": 6}):
        with pytest.raises(BuildError):
            code.Opt(**wrong)


def test_a_comment_of_several_lines_documents_the_field_below_it(folder, files):
    text = """
        from dataclasses import dataclass


        @dataclass
        class Net:
            # The width of all
            # hidden layers.
            width: int = 1  # noqa: X1
        """
    made(folder, files, text)
    code = Path("made/given.py").read_text(encoding="utf-8")
    assert '    width: int\n    """The width of all hidden layers."""\n' in code
