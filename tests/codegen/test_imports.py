"""Names: what classes are called, and which import lines that takes."""

from __future__ import annotations

import os
import types
from typing import Any

import pytest

from pconfigs import pconfig
from pconfigs.build.methods.code import listing_of
from pconfigs.codegen.imports import ImportNames


def made(name: str, module: str) -> type:
    return types.new_class(name, (), {}, lambda body: body.update(__module__=module))


def test_one_line_for_each_module_in_order_of_first_use() -> None:
    """Names follow the order of their use; a renamed one has its own line after its module's."""
    names = ImportNames()
    first, again, other = made("A", "one"), made("A", "two"), made("B", "one")
    used: list[Any] = [names.of_class(cls) for cls in (first, again, other, first)]
    assert used == ["A", "A_v2", "B", "A"]
    assert names.import_lines() == ["from one import A, B", "from two import A as A_v2"]


def test_without_renaming_classes_keep_their_names() -> None:
    """The text without imports shows every class by its own name."""
    names = ImportNames(rename=False)
    assert [names.of_class(made("A", module)) for module in ("one", "two")] == ["A", "A"]


def test_long_lines_have_a_name_on_each() -> None:
    """Beyond 88 columns an import line is spread in brackets."""
    names = ImportNames()
    for index in range(12):
        names.of_class(made(f"LongName{index}", "package.module"))
    lines = names.import_lines()
    assert lines[0] == "from package.module import ("
    assert lines[-1] == ")"
    assert lines[1] == "    LongName0,"


def test_names_that_code_uses_itself_are_not_taken() -> None:
    """A class called `float` is not used where `float("nan")` is printed."""
    assert ImportNames().of_class(made("float", "mine")) == "float_v2"
    assert ImportNames().of_class(float) == "float"


def test_no_name_is_made_of_what_cannot_be_one() -> None:
    """Keywords and words with blanks name nothing in code."""
    assert ImportNames().of_class(made("class", "one")) is None
    assert ImportNames().of_class(made("a b", "one")) is None
    assert ImportNames().of_class(made("A", "not importable!")) is None


class Point:
    """Its repr is code."""

    def __init__(self, x: int) -> None:
        self.x = x

    def __repr__(self) -> str:
        return f"Point({self.x})"


@pconfig
class Holder:
    value: Any


@pytest.mark.parametrize("value", [os.path.join, len, str.upper, [os.path.split, {"a": print}]])
def test_printed_code_imports_the_modules_of_functions(value: Any) -> None:
    """Those in which they are, whatever they were imported from: `posixpath` for `os.path`."""
    known: dict[str, Any] = {}
    imports, _, code = listing_of(Holder(value=value)).rpartition("\n\n")
    exec(imports, known)
    assert eval(code, known) == Holder(value=value)


@pytest.mark.parametrize("value", [Point(3), [Point(3)]])
def test_printed_code_imports_what_a_repr_names(value: Any) -> None:
    """So that the text can be run."""
    text = listing_of(Holder(value=value))
    known: dict[str, Any] = {}
    exec(text.partition("\n\n")[0], known)
    assert repr(eval(text[text.index("Holder(") :], known).value) == repr(value)


@pytest.mark.parametrize(
    "spec", ["float32", "datetime64[ns]", [("a", "i4"), ("b", "f8")], ("int32", (2,))], ids=str
)
def test_printed_code_imports_what_a_dtype_names(spec: Any) -> None:
    dtype = pytest.importorskip("numpy").dtype
    test_printed_code_imports_what_a_repr_names(dtype(spec))


def test_a_name_of_a_repr_that_means_something_else_is_not_imported() -> None:
    """The repr is of another class of that name, which the text imports."""
    other = pconfig(
        types.new_class("Point", (), {}, lambda b: b.update(__annotations__={"x": Any}))
    )
    other.__module__ = "elsewhere"
    lines = listing_of(other(x=Point(3))).splitlines()
    assert "from elsewhere import Point" in lines
    assert not [line for line in lines if line.startswith("from tests")]
