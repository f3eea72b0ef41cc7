"""Every field of the larger systems is documented."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import project

ROOT = Path(project.__file__).parent
FILES = sorted([*ROOT.glob("digits/*.py"), *ROOT.glob("posttraining/*.py")])


def is_text(statement):
    """Whether a statement is a bare string."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_field_and_function_states_what_it_means(file):
    """A field is followed by its meaning; a class, a property and a check begin with theirs."""
    silent = []
    for found in ast.walk(ast.parse(file.read_text())):
        if not isinstance(found, ast.ClassDef):
            continue
        for statement, following in zip(found.body, [*found.body[1:], None], strict=True):
            if isinstance(statement, ast.AnnAssign) and ast.unparse(statement.target) != "config":
                silent += [] if is_text(following) else [ast.unparse(statement)]
            if isinstance(statement, ast.FunctionDef) and statement.decorator_list:
                silent += [] if ast.get_docstring(statement) else [statement.name]
    assert silent == []
