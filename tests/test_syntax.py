"""Code is read by many threads at once, also where CPython itself could not."""

from __future__ import annotations

import ast
import gc
import re
import warnings
from functools import partial
from pathlib import Path

import pytest

from pconfigs.syntax import expression_tree, literal_value, module_code, module_tree
from tests.threads import run_at_once

LINE = "a = [1, 2, (3, 4), {5: 6}]\n"


class Finalized:
    """A cycle whose end runs Python code: while a tree is made, another thread may take over."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        for _ in range(200):
            pass


def read_in_threads(read) -> list[str]:
    """Return what failed in four threads that are nested to different depths."""
    failed: list[str] = []

    def run(depth: int) -> None:
        if depth:
            run(depth - 1)
            return
        for _ in range(100):
            Finalized()
            try:
                read()
            except SystemError as error:
                failed.append(str(error))

    threshold = gc.get_threshold()
    gc.set_threshold(50)
    try:
        run_at_once([partial(run, 7 * number) for number in range(4)])
    finally:
        gc.set_threshold(*threshold)
    return failed


def test_threads_may_read_code_at_once():
    assert read_in_threads(lambda: module_tree(LINE * 30)) == []
    assert read_in_threads(lambda: expression_tree("[1, (2, [3])]")) == []
    assert read_in_threads(lambda: literal_value("[1, (2, [3])]")) == []


def test_what_is_read_is_what_ast_reads():
    assert ast.dump(module_tree(LINE)) == ast.dump(ast.parse(LINE))
    assert ast.dump(expression_tree("f(1)")) == ast.dump(ast.parse("f(1)", mode="eval"))
    assert literal_value("{1: 'a'}") == {1: "a"}


def test_code_is_read_here_alone():
    library = Path(__file__).parents[1] / "pconfigs"
    found = {
        str(path.relative_to(library))
        for path in library.rglob("*.py")
        if re.search(
            r"\bast\.parse\(|from ast import .*(parse|literal_eval)"
            r"|(?<!re\.)\bcompile\(",
            path.read_text("utf-8"),
        )
    }
    # What these two compile runs, and is text of our own.
    assert found == {"syntax.py", "schema/generated_code.py", "imports/files.py"}


@pytest.mark.parametrize("action", ["always", "error"])
def test_code_is_read_without_the_warnings_of_the_compiler(action):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter(action)
        assert literal_value(r"'\d'") == r"\d"
        assert ast.unparse(expression_tree("1if 2else 3")) == "1 if 2 else 3"
        tree = module_tree(r"a = '\d'")
        assert module_code(r"a = '\d'", "x.py").co_filename == "x.py"
        assert module_code(tree, "x.py").co_filename == "x.py"
    assert caught == []
