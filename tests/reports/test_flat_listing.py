"""Listings of leaves: the path of each line leads to its value."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PureWindowsPath
from typing import Any
from uuid import UUID

import pytest

from pconfigs import pconfig, pget, poverride, pset
from pconfigs.errors import PathError
from pconfigs.reports.flat_listing import flat_lines
from pconfigs.testing.golden import split_line
from tests.models.savable import Color, Point, Right

KEYS = [
    "a.b", "a = b", 1, 2.5, None, b"x", (1, "a"), Path("a/b"), PureWindowsPath("c:x"),
    date(2026, 1, 2), timedelta(days=1), Decimal("1.50"), Fraction(1, 3), UUID(int=5), Color.red,
    Right.read | Right.write, Point(1, 2.0), frozenset({1}), (Path("a"), 1),
]  # fmt: skip


@pconfig
class Keyed:
    by_key: dict[Any, int]


def test_the_path_of_each_line_leads_to_its_value():
    config = Keyed(by_key={key: index for index, key in enumerate(KEYS)})
    lines = [split_line(line) for line in flat_lines(config)]
    assert {path: str(pget(config, path)) for path, _ in lines} == dict(lines)
    assert len(lines) == len(KEYS)
    for path, text in lines:
        assert pget(pset(config, {path: 99}), path) == 99
        assert pget(poverride(config, [f"{path}={text}"]), path) == int(text)


@pytest.mark.parametrize("key", ["Path('x')", "Path(", "Path('a')(", "Other('a')", "('a')"])
def test_a_key_that_is_not_there_is_refused(key):
    with pytest.raises(PathError):
        pget(Keyed(by_key={Path("a"): 1}), f"by_key[{key}]")
