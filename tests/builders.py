"""Both ways of building: as build() does it, and as compiled initializers do it from the start."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from pathlib import Path

import pytest

from pconfigs.build import compiled_init as compiled
from pconfigs.declare import pconfig as decorators

NEVER = 10**9
_numbers = itertools.count()


def compiled_at_once(schema):
    """An `__init__` that is compiled before its first call, not after many."""

    def __init__(self, /, *bases, **given):
        made = compiled.compiled_initializer(schema)
        caller = sys._getframe(1)
        schema.cls.__init__ = made
        made.__globals__["__getframe__"] = lambda depth: caller
        try:
            made(self, *bases, **given)
        finally:
            made.__globals__["__getframe__"] = sys._getframe

    return __init__


@pytest.fixture(params=["general", "compiled"])
def way(request, monkeypatch):
    """Config classes made in the test build their configs in this way."""
    if request.param == "general":
        monkeypatch.setattr(decorators, "BUILDS_BEFORE_COMPILING", NEVER)
    else:
        monkeypatch.setattr(decorators, "initializer", compiled_at_once)
    return request.param


@pytest.fixture
def models(way):
    """The module tests/models/configs.py, imported anew: its classes build in `way`."""
    name = f"core_models_{next(_numbers)}"
    file = Path(__file__).with_name("models") / "configs.py"
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[name]
