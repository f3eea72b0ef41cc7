"""Unions of containers: what is in them keeps its type, whichever of them it is in."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path
from typing import Any, NamedTuple, TypedDict, Union

import pytest

from pconfigs import pconfig, pdump, pload, pload_file, psave
from tests.models.savable import Color, Part

ITEMS = [
    (str, "red"), (str, "nan"), (str, "2026-01-02"), (Path, Path("red")), (Color, Color.red),
    (float, float("nan")), (int, 3), (dt.date, dt.date(2026, 1, 2)), (bytes, b"red"),
    (Part, Part(width=1, rate=0.5)), (None, None), (Any, "red"),
]  # fmt: skip
KINDS: list[tuple[Any, Any]] = [
    (lambda item: list[item], lambda item: [item]),
    (lambda item: tuple[item, ...], lambda item: (item, item)),
    (lambda item: tuple[int, item], lambda item: (1, item)),
    (lambda item: set[item], lambda item: {item}),
    (lambda item: frozenset[item], lambda item: frozenset({item})),
    (lambda item: dict[str, item], lambda item: {"a": item}),
    (lambda item: dict[item, int], lambda item: {item: 1}),
]


class Named(TypedDict):
    folder: Path
    rate: float


class Point(NamedTuple):
    x: int
    y: float


def config_of(hint: Any, value: Any) -> Any:
    cls = pconfig(type("Union", (), {"__annotations__": {"value": hint}, "__module__": __name__}))
    return cls(value=value)


def come_back(config: Any, file: Path | None = None) -> None:
    """Compare with what is saved and loaded, types included, which printed code shows."""
    cls = type(config)
    if file is None:
        loaded = pload(pdump(config), cls, allow=[__name__.partition(".")[0]])
    else:
        psave(config, file)
        loaded = pload_file(file, cls, allow=[__name__.partition(".")[0]])
    assert str(loaded) == str(config)


@pytest.mark.parametrize("kind", range(len(KINDS)))
def test_items_keep_their_types(kind):
    hint, made = KINDS[kind]
    for (one, _), (other, value) in itertools.permutations(ITEMS, 2):
        come_back(config_of(Union[hint(one), hint(other)], made(value)))  # noqa: UP007
        come_back(config_of(Union[hint(other), hint(one)], made(value)))  # noqa: UP007


@pytest.mark.parametrize("suffix", ["json", "yaml", "toml"])
@pytest.mark.parametrize(
    ("hint", "value"),
    [
        (list[str] | list[Path], ["a"]),
        (tuple[str, ...] | tuple[Path, int], ("a", "b")),
        (tuple[str, ...] | tuple[Path, int], (Path("a"), 2)),
        (dict[Color, int] | dict[str, int], {"red": 1}),
        (dict[Color, int] | dict[str, int], {Color.red: 1}),
        (dict[str, str] | Named, {"folder": "a", "rate": "b"}),
        (dict[str, str] | Named, {"folder": Path("a"), "rate": 1e300}),
        (dict[str, int] | Path | Named, {"folder": Path("a"), "rate": float("inf")}),
        (Point | Part | Named, Point(1, 2.0)),
        (Point | Part | Named, Part(width=1, rate=2.0)),
        (dict[str, Path] | object, {"a": "b"}),
        (list[Path] | Any, ["b"]),
    ],
)
def test_values_come_back_from_files(hint, value, suffix, tmp_path):
    pytest.importorskip("yaml")
    pytest.importorskip("tomli_w")
    come_back(config_of(hint, value), tmp_path / f"config.{suffix}")


def test_plain_data_of_others_is_what_one_of_them_takes():
    cls = type(config_of(list[Path] | list[int], []))
    assert pload({"value": ["a"]}, cls).value == [Path("a")]
    assert pload({"value": [1]}, cls).value == [1]
    cls = type(config_of(dict[str, Path] | Named, {}))
    assert pload({"value": {"folder": "a", "rate": 1.5}}, cls).value == {
        "folder": Path("a"), "rate": 1.5,
    }  # fmt: skip
