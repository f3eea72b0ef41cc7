"""Printed code: what holds for every value."""

from __future__ import annotations

import ast
from typing import Any

import black
from hypothesis import HealthCheck, given, settings

from pconfigs.text.code import to_code, to_values
from tests.text.samples import VALUES, Leaf

RELAXED = settings(max_examples=2500, deadline=None, suppress_health_check=list(HealthCheck))


def tidy(text: str) -> str:
    """`text` as black would have it."""
    return black.format_str(text, mode=black.Mode())


@RELAXED
@given(VALUES)
def test_printed_code_is_as_black_would_have_it(value: Any) -> None:
    """black changes nothing in the printed code of any value, on its own or in a config."""
    for text in (to_code(Leaf(value=value)), to_code(value), to_values(value)):
        ast.parse(text)
        assert tidy(text) == text
