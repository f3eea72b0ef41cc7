"""The rows of the table: what is measured, for which cases, and what pconfigs has to reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from benchmarks import jobs, large, system

Case = int | str


@dataclass(frozen=True)
class Row:
    """One line of work.

    `bar` and `aim` are for pconfigs: a ratio to the dataclass, or, where `shown` is "value", in the
    row's unit. Where `judged` names a case, they are for that one alone.
    """

    name: str
    says: str
    unit: str
    scale: float  # from seconds (or bytes) to the unit
    cases: tuple[Case, ...]
    quick: tuple[Case, ...]
    prepare: Callable[[ModuleType, Any], jobs.Job] | None
    bar: float | None = None
    aim: float | None = None
    shown: Literal["ratio", "value"] = "ratio"
    measure: Literal["time", "bytes", "import", "shell"] = "time"
    sizes: bool = False  # the cases are sizes: drawn in the plot
    judged: Case | None = None
    large: bool = False  # minutes and gigabytes: run once, and for few libraries


LEAVES = (10, 100, 1000, 10_000)

ROWS = (
    Row(
        "build-tied", "build N leaves, a width tied into all over two levels, per leaf", "ns", 1e9,
        LEAVES[1:], (100, 1000), jobs.tied_build, 3, 1.5, sizes=True,
    ),
    Row(
        "inherit-tied", "inherit N times in a row from 100 tied leaves, changing 3, per time", "µs",
        1e6, (1, 10, 100), (1, 10), jobs.tied_inherit_chain, 3, 1.5, sizes=True,
    ),
    Row(
        "inherit-once-tied", "inherit from N tied leaves, changing 3 deep ones", "µs", 1e6,
        LEAVES[1:], (1000,), jobs.tied_inherit_once, 10, 3, sizes=True,
    ),
    Row(
        "override-tied", "set one of N tied leaves by its path", "µs", 1e6,
        LEAVES[1:], (1000,), jobs.tied_override, 10, 3, sizes=True,
    ),
    Row(
        "tie", "override the innermost leaf under N configs that each tie a value", "ms", 1e3,
        (2, 4, 8, 16, 32), (2, 32), jobs.tie, 2, 0.3, "value", sizes=True,
    ),
    Row(
        "save-tied", "save N tied leaves as JSON, per leaf", "ns", 1e9,
        (100, 1000, 10_000), (1000,), jobs.tied_save, 3, 1.5, sizes=True,
    ),
    Row(
        "load-tied", "load N tied leaves from JSON, per leaf", "ns", 1e9,
        (100, 1000, 10_000), (1000,), jobs.tied_load, 4, 2, sizes=True,
    ),
    Row(
        "diff-tied", "find 3 differences among N tied leaves, the trees built apart", "µs", 1e6,
        LEAVES[1:], (1000,), jobs.tied_diff, 3, 1.2, sizes=True, judged=10_000,
    ),
    Row(
        "equality-tied", "compare two equal tied trees of N leaves, per leaf", "ns", 1e9,
        LEAVES[1:], (1000,), jobs.tied_equality, 2, 1, sizes=True,
    ),
    Row(
        "memory-tied", "hold a tied tree of N leaves, per leaf", "bytes", 1,
        (1000, 10_000), (1000,), jobs.tied_build, 60, 35, "value", "bytes",
    ),
    Row(
        "system", "30 classes with 2,000 leaves, a width tied through five levels", "ms", 1e3,
        system.CASES, ("build", "save", "load"), system.job,
    ),
    Row(
        "import", "import what defines a config, CPU over a bare interpreter", "ms", 1e3,
        ("",), ("",), None, 10, 3, "value", "import",
    ),
    Row(
        "shell", "print the trainer example, whole process, to a bare interpreter", "x", 1,
        ("",), ("",), None, 2.8, 2.0, "value", "shell",
    ),
    Row(
        "define", "define a class of N fields (+ N/5 properties), make an object", "ms", 1e3,
        (10, 100), (10, 100), jobs.define, 1.2, 0.7,
    ),
    Row(
        "build", "build a tree of N leaves, a tenth derived, per leaf", "ns", 1e9,
        LEAVES, (100, 1000), jobs.build, 3, 1.5, sizes=True,
    ),
    Row(
        "inherit", "inherit N times in a row, changing 3 deep leaves of 28, per time", "µs", 1e6,
        (1, 10, 100), (1, 10), jobs.inherit_chain, 3, 1.5, sizes=True,
    ),
    Row(
        "inherit-once", "inherit from N leaves, changing 3 deep ones", "µs", 1e6,
        (100, 1000, 10_000), (1000,), jobs.inherit_once, 10, 3, sizes=True,
    ),
    Row(
        "read", "read a value", "ns", 1e9,
        ("plain", "derived", "nested"), ("plain", "derived", "nested"), jobs.read, 1.5, 1.0,
    ),
    Row(
        "print", "print N leaves as code, per leaf (dataclass: repr and black)", "µs", 1e6,
        (100, 1000, 10_000), (100,), jobs.print_code, 0.01, 0.002, sizes=True,
    ),
    Row(
        "equality", "compare two equal trees of N leaves, per leaf", "ns", 1e9,
        LEAVES, (1000,), jobs.equality, 2, 1, sizes=True,
    ),
    Row(
        "hash", "hash a tree of N leaves again", "µs", 1e6,
        LEAVES, (1000,), jobs.hashing, 2, 1, sizes=True,
    ),
    Row(
        "save", "save N leaves as JSON, per leaf", "ns", 1e9,
        (100, 1000, 10_000), (1000,), jobs.save, 4, 1.5, sizes=True,
    ),
    Row(
        "load", "load N leaves from JSON, per leaf", "ns", 1e9,
        (100, 1000, 10_000), (1000,), jobs.load, 4, 2, sizes=True,
    ),
    Row(
        "diff", "find 3 differences among N leaves, the rest shared", "µs", 1e6,
        (100, 1000, 10_000), (1000,), jobs.diff, 3, 1.2, sizes=True,
    ),
    Row(
        "sweep", "make N variants of 20 fields, per variant", "µs", 1e6,
        (1000, 10_000), (1000,), jobs.sweep, 1, 0.4,
    ),
    Row(
        "memory", "hold a tree of N leaves, per leaf", "bytes", 1,
        (1000, 10_000), (1000,), jobs.build, 60, 35, "value", "bytes",
    ),
    Row(
        "million", "1,000,000 leaves", "s", 1,
        tuple(large.AT_A_MILLION), (), large.million, shown="value", large=True,
    ),
    Row(
        "deep", "100 configs, each inside the one before", "ms", 1e3,
        (
            "build", "equal", "hash", "pickle", "print", "save and load", "diff", "walk", "set",
            "explain", "html",
        ), (), large.deep,
        shown="value", large=True,
    ),
)  # fmt: skip

NAMED = {row.name: row for row in ROWS}

# Each with what its users write to define a config. The bare `import` would mean little: some
# libraries, pconfigs among them, load what a name needs when the name is asked for.
LIBRARIES = {
    "dataclass": "from dataclasses import dataclass",
    "pconfigs": "from pconfigs import pconfig, pconfiged, pdefaults, pproperty",
    "attrs": "from attrs import frozen",
    "pydantic": "from pydantic import BaseModel, computed_field",
    "chz": "import chz",
    "fiddle": "import fiddle",
    "hydra": "import hydra",
    "ml_collections": "from ml_collections import ConfigDict",
}
LARGE = ("dataclass", "pconfigs", "attrs", "pydantic", "chz")  # that the large rows are for
