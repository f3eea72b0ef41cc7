"""The work that every library is given, and the answers it must arrive at.

A tree of ten leaves a layer, an experiment of 28 leaves, a chain of nested configs that tie a
value, and a flat class. What is expected is worked out by plain arithmetic, without any library.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

Values = dict[str, Any]

PARTS = tuple(f"p{index}" for index in range(10))
ABOVE_LAYER = ("Block", "Model", "System", "Fleet", "World")  # ten of the one before in each

CHANGED_LAYERS = (123, 456, 789)  # of the 1,000 layers of a tree of 10,000 leaves
EXPERIMENT_CHANGES = {"warmup": 20, "width": 512, "dropout": 0.3}


class WrongAnswerError(Exception):
    """A library was given the work and did something else."""


def same(config: Any, expected: Any, path: str = "") -> None:
    """Refuse a config whose attributes differ from the expected ones, in value or in type."""
    if isinstance(expected, dict):
        for name, value in expected.items():
            same(getattr(config, name), value, f"{path}.{name}" if path else name)
    elif isinstance(expected, list):
        if len(config) != len(expected):
            raise WrongAnswerError(f"{path} has {len(config)} items, not {len(expected)}")
        for index, value in enumerate(expected):
            same(config[index], value, f"{path}[{index}]")
    elif type(config) is not type(expected) or config != expected:
        raise WrongAnswerError(f"{path} is {config!r}, not {expected!r}")


# The tree: nine given leaves and a derived one in each layer.


def layer_inputs(leaves: int) -> list[Values]:
    """Keywords of each layer of a tree of that many leaves (10, 100, 1,000 …)."""
    return [
        {
            "name": f"layer{index}",
            "width": 64 + index,
            "depth": 2,
            "heads": 8,
            "dropout": 0.1,
            "rate": 1e-3 + index,
            "bias": True,
            "activation": "relu",
            "seed": index,
        }
        for index in range(leaves // 10)
    ]


def tree_values(layers: list[Values]) -> Values:
    """Return the values of a tree of these layers."""
    return grow(
        [lambda **values: {**values, "size": values["width"] * values["depth"]}]
        + [dict] * len(ABOVE_LAYER),
        layers,
    )


def grow(levels: list[Callable[..., Any]], layers: list[Values]) -> Any:
    """Return a tree: `levels` make a layer of its keywords, then ten parts into one."""
    make_layer, *above = levels
    parts = [make_layer(**values) for values in layers]
    for make in above:
        if len(parts) == 1:
            break
        tens: Iterable[Any] = zip(*[iter(parts)] * 10, strict=True)
        parts = [
            make(p0=a, p1=b, p2=c, p3=d, p4=e, p5=f, p6=g, p7=h, p8=i, p9=j)
            for a, b, c, d, e, f, g, h, i, j in tens
        ]
    return parts[0]


def layer_path(index: int, layers: int) -> tuple[str, ...]:
    """Return the names of the parts that lead from the root to a layer."""
    digits = len(str(layers)) - 1
    return tuple(f"p{digit}" for digit in f"{index:0{digits}}")


def part(config: Any, path: Iterable[str]) -> Any:
    """Return the part of a config at the end of a path of names."""
    for name in path:
        config = getattr(config, name)
    return config


# The tied tree: the width of the root is that of each group of ten blocks, and of each block. Of
# the ten leaves of a block, that and a derived one come from above.

TIED_WIDTH = 64


def block_inputs(leaves: int) -> list[Values]:
    """Return the keywords of each block of a tied tree of that many leaves."""
    return [
        {name: value for name, value in layer.items() if name != "width"}
        for layer in layer_inputs(leaves)
    ]


def grow_tied(make_block: Any, make_group: Any, make_root: Any, blocks: list[Values]) -> Any:
    """Return a tied tree: blocks, ten to a group, groups in a root that has a width."""
    made = [make_block(**values) for values in blocks]
    groups = [make_group(blocks=made[first : first + 10]) for first in range(0, len(made), 10)]
    return make_root(groups=groups, width=TIED_WIDTH)


def tied_values(blocks: list[Values]) -> Values:
    """Return the values of a tied tree of these blocks."""
    whole = [
        {**values, "width": TIED_WIDTH, "size": TIED_WIDTH * values["depth"]} for values in blocks
    ]
    groups = [
        {"width": TIED_WIDTH, "blocks": whole[first : first + 10]}
        for first in range(0, len(whole), 10)
    ]
    return {"width": TIED_WIDTH, "groups": groups}


def tied_changes(leaves: int) -> dict[tuple[int, int], int]:
    """Return new seeds of three blocks, by their group and their place in it."""
    blocks = leaves // 10
    return {divmod(index * blocks // 1000, 10): 1_000_000 + index for index in CHANGED_LAYERS}


# The experiment: 28 leaves, two of them derived, at most three configs deep.


def experiment_values(warmup: int, width: int, dropout: float) -> Values:
    """Return the values of the experiment, given the three leaves that its children change."""
    schedule = {"warmup": warmup, "total": 1000, "floor": 0.1, "kind": "cosine"}
    optimizer = {"name": "adam", "rate": 3e-4, "beta1": 0.9, "beta2": 0.95, "schedule": schedule}
    encoder = {"width": width, "depth": 12, "heads": 8, "dropout": 0.1, "head_width": width // 8}
    decoder = {"width": 256, "depth": 6, "dropout": dropout, "tied": True}
    model = {"vocabulary": 32000, "seed": 1, "encoder": encoder, "decoder": decoder}
    data = {"path": "data/train", "batch": 64, "shuffle": True, "workers": 4}
    own = {"steps": 1000, "log_every": 10, "seed": 7, "precision": "bf16", "tokens": 64000}
    return {**own, "model": model, "optimizer": optimizer, "data": data}


BASE_EXPERIMENT = experiment_values(warmup=10, width=256, dropout=0.1)


def given(values: Values) -> Values:
    """Return the values without the derived ones."""
    return {
        name: given(value) if isinstance(value, dict) else value
        for name, value in values.items()
        if name not in ("size", "head_width", "tokens")
    }


# The chain of nested configs, each of which ties the width of the one below to its own.


def chain_values(depth: int, width: int, leaf: int) -> Values:
    """Return the values of a chain with this outermost width and innermost leaf."""
    values: Values | None = None
    for level in reversed(range(depth)):
        values = {"width": width, "leaf": leaf if level == depth - 1 else 0, "child": values}
    assert values is not None
    return values


# The flat class: as many given and derived fields as wanted, made from text.

FLAT_TYPES = ("int", "float", "str", "bool")
FLAT_VALUES = (3, 0.5, "adam", True)


def flat_fields(count: int) -> list[tuple[str, str]]:
    """Return names and types of the given fields."""
    return [(f"f{index}", FLAT_TYPES[index % 4]) for index in range(count)]


def flat_inputs(count: int) -> Values:
    """Return a value for each given field."""
    return {f"f{index}": FLAT_VALUES[index % 4] for index in range(count)}


def flat_derived(count: int) -> list[tuple[str, str]]:
    """Return derived names and the given int that each is the double of."""
    return [(f"d{index}", f"f{4 * index}") for index in range(count)]


def flat_values(fields: int, derived: int, **changes: Any) -> Values:
    """Return the values of an object of the flat class."""
    values = flat_inputs(fields) | changes
    return values | {name: values[source] * 2 for name, source in flat_derived(derived)}


def class_text(name: str, fields: list[tuple[str, str]], head: str = "", base: str = "") -> str:
    """Return the statement that defines a class of annotated fields."""
    lines = [f"    {field}: {kind}" for field, kind in fields]
    return "\n".join([*([head] if head else []), f"class {name}{base}:", *lines]) + "\n"


def levels_above(layer: type, head: str = "", base: str = "") -> list[type]:
    """Return the classes above a layer, written as that layer's class is, in its module."""
    scope = vars(sys.modules[layer.__module__])
    below = layer.__name__
    for name in ABOVE_LAYER:
        text = class_text(name, [(part, below) for part in PARTS], head, base)
        exec(compile(text, f"<{name}>", "exec"), scope)
        below = name
    return [layer, *(scope[name] for name in ABOVE_LAYER)]


def scratch_module(source: ModuleType) -> ModuleType:
    """Return an importable module with the names of `source`, for classes made from text."""
    module = ModuleType(f"{source.__name__}_scratch")
    vars(module).update({k: v for k, v in vars(source).items() if not k.startswith("__")})
    sys.modules[module.__name__] = module
    return module
