"""Work of adopting: it grows about as the source does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pconfigs.adoption import result
from pconfigs.adoption.reading.readers import read_source
from pconfigs.adoption.writing import imports


def _same_section(count: int) -> Iterator[str]:
    yield "r: 1\na:"
    for number in range(count):
        yield f"  k{number}: ${{r}}"


def _many_sections(count: int) -> Iterator[str]:
    yield "r: 1"
    for number in range(count):
        yield f"s{number}:\n  x: ${{r}}"


def _missing(count: int) -> Iterator[str]:
    for number in range(count):
        yield f"k{number}: ???"


def _top(count: int) -> Iterator[str]:
    yield "r: 1"
    for number in range(count):
        yield f"k{number}: ${{r}}"


@pytest.mark.parametrize("lines", [_same_section, _many_sections, _missing, _top])
def test_twice_as_many_keys_take_about_twice_the_calls(
    lines: Callable[[int], Iterator[str]], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept(text: str) -> str:
        return text

    # What black does with a module is its own matter.
    monkeypatch.setattr(imports, "format_module", kept)
    few, many = (_calls(lines, count, folder) for count in (60, 240))
    # The first also pays for what is asked once.
    assert many < 5 * few


def _calls(lines: Callable[[int], Iterator[str]], count: int, folder: Path) -> int:
    """Return how many calls it takes to adopt a source of `count` keys or sections."""
    file = folder / f"base{count}.yaml"
    file.write_text("\n".join(lines(count)) + "\n", encoding="utf-8")
    source = read_source(file, [])
    package = f"grown{count}"
    calls = 0

    def event(_frame: object, kind: str, _argument: object) -> None:
        nonlocal calls
        calls += kind in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(event)
    try:
        done = result.adopt(source, Path(package), package, force=False)
    finally:
        sys.setprofile(before)
    assert not done.differences
    return calls
