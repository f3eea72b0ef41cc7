"""Readers of what other tools have: sources of `adopt`, profiles, Python files that are listed."""

from __future__ import annotations

import ast
import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from pconfigs.adoption.reading.readers import read_source
from pconfigs.adoption.result import adopt
from pconfigs.imports.discovery import Catalogue
from pconfigs.launchers.profiles import executor_of, read_profiles
from pconfigs.runs.changes.source_items import items_of
from pconfigs.runs.location import settings_of
from tests.fuzz.config_data import NOISE
from tests.fuzz.reader import TEXTS, Cuts, Reader, accepts, changed, cuts, filled, mutated, nodes
from tests.fuzz.record_files import inside

PLANTED = "planted"
_STARTS = ["", "\n", "\r", "\\\n", "'\n", '"\n', '"""\n', '\\"""\n', "'''\n", "{", "' + ", '" + ']
_ENDS = ["", "\n", "#", "\n'", '\n"', '\n"""', "}", " + '", ' + "']
_PIECES = [f"{start}{PLANTED}(){end}" for start in _STARTS for end in _ENDS]
PLANTS = [
    *_PIECES,
    *(f"${{{start}{piece}}}" for start in ("", "a.", "oc.env:", "oc.env:X,") for piece in _PIECES),
]
PLANTED_BYTES = [plant.encode() for plant in PLANTS]
VALUES = nodes(
    TEXTS | st.sampled_from(PLANTS) | st.sampled_from(["a", "b", "c", "defaults", "_target_"])
)
YAML = b"""# A training.
a:
  lr: 1e-3  # of the optimizer
  steps: ${b.n}
  name: run-${b.n}-${a.lr}
  more: [1, 2.5, x, null, true]
b: {n: 3, path: "${oc.env:HOME}/x", nested: {z: [[1], [2]]}}
c:
  _target_: torch.optim.Adam
  betas: [0.9, 0.999]
  d: ${mul:${b.n},2}
"""
TREE = {
    "a": {"lr": 0.1, "steps": "${b.n}", "name": "x-${b.n}", "more": [1, 2.5, "x", None, True]},
    "b": {"n": 3, "nested": {"z": [[1], [2]]}},
    "c": {"_target_": "torch.optim.Adam", "d": "${mul:${b.n},2}"},
    "defaults": ["_self_"],
}
TOML = b"""# about
title = "x"
[a]
lr = 1e-3  # the rate
when = 2026-01-01T00:00:00Z
[a.b]
n = [1, 2]
[[c]]
d = 1
"""
SCRIPT = b"""'''A script.'''
import argparse
N = 3
parser = argparse.ArgumentParser(description="x")
parser.add_argument("--lr", type=float, default=1e-3, help="the rate")
parser.add_argument("--names", nargs="*", default=["a"], choices=["a", "b"])
parser.add_argument("-v", action="store_true")
parser.add_argument("file", type=str)
parser.add_argument("--n", type=int, default=N * 2)
"""
MODULE = b"""'''Experiments.'''
from __future__ import annotations
from pconfigs import pconfig, psweep, Pinned
from os import path as p

@pconfig
class NetConfig:
    depth: "int"
    kind: Literal["a", "b"]

config = NetConfig(depth=3, kind="a")
many = psweep(config, grid={"depth": [1, 2]})
"""
PROFILES = {
    "base": {"executor": "slurm", "partition": "batch", "time": "1:00:00", "env": {"A": "b"}},
    "small": {"extends": "base", "nodes": 2, "gpus_per_node": 8, "mounts": ["/a:/b"]},
    "here": {"executor": "local", "slots": 2},
}
PYTHON = [
    b"parser.add_argument(", b"default=", b"(", b")", b"[" * 300, b"-" * 3000, b"'''", b"\\",
    b"\x00", b"class C:\n", b"    x: ", b"@pconfig\n", b"from . import x\n", b"\xff",
    b"# coding: x\n", b"1" * 5000, b"lambda: ", b"f'{", b"**", b"*", b"x=x\n", b"a.b.c", b"\r",
]  # fmt: skip


def read_file(name: str, content: bytes, read: Callable[[Path], object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, name)
        file.write_bytes(content)
        accepts(lambda: read(file))


def read_adopted(content: bytes, suffix: str = ".yaml") -> None:
    """Read a file and write a package for it, which is imported and compared."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "project")
        folder.mkdir()
        file = folder / f"source{suffix}"
        file.write_bytes(content)
        with inside(folder):
            accepts(lambda: adopt(read_source(file, []), Path("made"), "made", force=True))
        for module in folder.glob("made/**/*.py"):
            check_code(module.read_bytes())


def check_code(content: bytes) -> None:
    """Fail where a text of a source has become code."""
    for node in ast.walk(ast.parse(content)):
        assert not (isinstance(node, ast.Call) and ast.unparse(node.func) == PLANTED), content


def read_tree(data: Any) -> None:
    try:
        text = json.dumps(filled(data))
    except (RecursionError, ValueError):
        return
    read_adopted(text.encode())


def read_profile(data: Any) -> None:
    found = filled(data)
    tables = {name: one for name, one in found.items() if isinstance(one, dict)}
    for name in tables:
        accepts(partial(executor_of, name, tables))


def list_module(file: Path) -> None:
    Catalogue().experiments(file)
    items_of(file.read_text("utf-8", "replace"))


def of(name: str, good: bytes, pieces: list[bytes], read: Callable[[Path], object]) -> Reader:
    """Return a reader of a file that is damaged."""

    def feed(changes: Cuts) -> None:
        read_file(name, changed(good, changes), read)

    return Reader(cuts(pieces), feed)


def adopted(suffix: str, good: bytes, pieces: list[bytes]) -> Reader:
    """Return a reader of a damaged file that is adopted."""
    return Reader(cuts(pieces), lambda made: read_adopted(changed(good, made), suffix), 0.3)


READERS = {
    "adopted yaml": adopted(".yaml", YAML, [*NOISE["yaml"], *PLANTED_BYTES]),
    "adopted tree": Reader(mutated(TREE, VALUES), read_tree, 0.3),
    "adopted toml": adopted(".toml", TOML, [*NOISE["toml"], *PLANTED_BYTES]),
    "adopted script": adopted(".py", SCRIPT, [*PYTHON, *PLANTED_BYTES]),
    "env.toml": of("env.toml", TOML, NOISE["toml"], read_profiles),
    "profile": Reader(mutated(PROFILES, VALUES), read_profile),
    "pyproject.toml": of(
        "pyproject.toml",
        b'[tool.pconfigs]\nruns = "runs"\n',
        NOISE["toml"],
        lambda file: settings_of(str(file.parent)),
    ),
    "listed module": of("module.py", MODULE, PYTHON, list_module),
}
