"""JSON Schema: takes what files of a class hold, and refuses what loading would."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, TypedDict

import pytest
from annotated_types import Gt, Le

from pconfigs import (
    NoneConfig,
    Omitted,
    OptionalConfig,
    PConfig,
    Pinned,
    Required,
    Secret,
    pconfig,
    pdefaults,
    pdump,
    pload,
    pload_file,
    pproperty,
)
from pconfigs.errors import LoadError
from pconfigs.reports.json_schema import json_schema

jsonschema = pytest.importorskip("jsonschema")


class Mode(Enum):
    FAST = "f"
    SLOW = "s"


class Point(NamedTuple):
    x: int
    y: int


class Row(TypedDict):
    a: int


@pconfig
class Optimizer(PConfig):
    lr: Annotated[float, Gt(0), Le(1)]
    """Rate of the updates."""


@pconfig
class Adam(Optimizer):
    beta: float


@pconfig
class Whole(PConfig):
    """All of it."""

    name: str
    steps: int | None
    mode: Mode
    kind: Literal["a", "b"]
    optimizer: Optimizer
    parts: list[Optimizer]
    pair: tuple[int, str]
    many: tuple[int, ...]
    colours: set[str]
    table: dict[str, float]
    anything: Any
    folder: Path
    point: Point
    row: Row
    optional: OptionalConfig[Adam]
    token: Secret[str]
    follows: Omitted[int]
    twice: Pinned[int]

    @pproperty
    def twice(self) -> int:
        return 2


pdefaults += Optimizer(lr=0.1)
pdefaults += Adam(beta=0.9)
pdefaults += Whole(
    name=Required,
    steps=None,
    mode=Mode.FAST,
    kind="a",
    optimizer=Adam(),
    parts=[Optimizer(), Adam()],
    pair=(1, "x"),
    many=(1, 2),
    colours={"red"},
    table={"a": 1.0},
    anything=None,
    folder=Path("x"),
    point=Point(1, 2),
    row={"a": 1},
    optional=NoneConfig,
    token="t",
    follows=Omitted,
)


def problems(data: Any, cls: type) -> list[str]:
    validator = jsonschema.Draft202012Validator(json_schema(cls))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)]


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(json_schema(Whole))
    json.dumps(json_schema(Whole))


@pytest.mark.parametrize("config", [Whole(name="x"), Whole(name="x", steps=3, optional=Adam())])
def test_saved_configs_fit(config):
    data = pdump(config)
    data.pop("token")
    data.pop("twice", None)
    data.pop("follows", None)
    assert problems(data, Whole) == []


GOOD = [
    {"name": "x"},
    {"name": "x", "mode": "SLOW", "optimizer": {"lr": 1}},
    {"name": "x", "optimizer": {"$type": f"{__name__}.Adam", "beta": 0.1}},
    {"name": "x", "pair": [2, "y"], "many": [], "row": {"a": 3}, "table": {}},
    {"name": "x", "colours": ["red", "red"]},
]
BAD = [
    {},
    {"name": 3},
    {"name": "x", "nmae": 3},
    {"name": "x", "steps": "3"},
    {"name": "x", "kind": "c"},
    {"name": "x", "mode": "QUICK"},
    {"name": "x", "optimizer": {"lr": 0}},
    {"name": "x", "optimizer": {"lr": 2}},
    {"name": "x", "optimizer": {"beta": 2}},
    {"name": "x", "pair": [2]},
    {"name": "x", "pair": [2, "y", 3]},
    {"name": "x", "row": {"b": 3}},
    {"name": "x", "table": {"a": "b"}},
]


@pytest.mark.parametrize("data", GOOD, ids=str)
def test_what_loads_fits(data):
    pload(data, Whole, allow=[__name__.rpartition(".")[0] or __name__])
    assert problems(data, Whole) == []


@pytest.mark.parametrize("data", BAD, ids=str)
def test_what_does_not_load_does_not_fit(data):
    if data:
        with pytest.raises(LoadError):
            pload(data, Whole)
    assert problems(data, Whole)


FILE = """
name: x
steps: 3
mode: SLOW
kind: ${.mode_of}
optimizer: {lr: "${table.a}"}
parts: ["${optimizer}", {lr: 0.5}]
pair: ["${steps}", "${name}"]
table: {a: 0.5, b: "${.a}"}
point: {x: "${steps}", y: 1}
follows: ${steps}
"""


def test_references_of_a_file_fit_and_other_texts_do_not(tmp_path):
    """A file as an editor checks it: with its references, which loading resolves."""
    yaml = pytest.importorskip("yaml")
    file = tmp_path / "file.yaml"
    file.write_text(FILE.replace("${.mode_of}", "b"), encoding="utf-8")
    loaded = pload_file(file, Whole)
    assert (loaded.pair, loaded.optimizer.lr, loaded.parts[0].lr) == ((3, "x"), 0.5, 0.5)
    data = yaml.safe_load(FILE)
    assert problems(data, Whole) == []
    assert problems({**data, "steps": "???", "optimizer": "${parts[1]}"}, Whole) == []
    assert problems({**data, "kind": "c"}, Whole) == ["$.kind: 'c' is not one of ['a', 'b']"]
    (problem,) = problems({**data, "point": {"x": "3", "y": 1}}, Whole)
    assert problem.startswith("$.point.x: '3' does not match")


@pconfig
class Step(PConfig):
    name: str
    note: Omitted[str]


def test_what_may_be_left_out_is_not_required():
    assert pload({"name": "x"}, Step).note is Omitted
    assert problems({"name": "x"}, Step) == []
    assert problems({"note": "x"}, Step) == ["$: 'name' is a required property"]


def test_documentation_and_defaults_are_there():
    made = json_schema(Whole)["$defs"]["Optimizer"]
    lr = made["properties"]["lr"]
    assert (lr["description"], lr["default"]) == ("Rate of the updates.", 0.1)
    assert json_schema(Whole)["$defs"]["Whole"]["description"] == "All of it."


def test_secrets_have_no_default():
    assert "hunter" not in json.dumps(json_schema(Whole))
    token = json_schema(Whole)["$defs"]["Whole"]["properties"]["token"]
    assert "default" not in token


def test_a_real_configuration_fits_its_schema():
    from project.posttraining.experiments import grpo

    assert problems(pdump(grpo.config), type(grpo.config)) == []
