"""Printed code: what holds for every value."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import types
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

import black
import pytest
from hypothesis import HealthCheck, example, given, settings

from pconfigs import pconfig
from pconfigs.codegen.printer import to_code, to_listing
from pconfigs.reports.flat_listing import flat_lines
from pconfigs.reports.printed_json import to_json
from tests.examples import ALL
from tests.models.printed import ALL_VALUES, VALUES, Foreign, Leaf

RELAXED = settings(deadline=None, suppress_health_check=list(HealthCheck))


def tidy(text: str) -> str:
    """`text` as black would have it."""
    return black.format_str(text, mode=black.Mode())


def rebuilt(code: str) -> Any:
    """What printed code makes when it is run."""
    tree = ast.parse(code)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    names: dict[str, Any] = {}
    exec(compile(tree, "<imports>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<code>", "eval"), names)


@RELAXED
@example({(1, 2): (object(),)})
@example((Leaf(value=1),))
@example({"x": {"\\" * 30: Leaf(value=1)}})
@example([{"x" * 66: Leaf(value=1)}])
@example({Leaf(value=(0,)): "\\" * 40})
@example({Leaf(value=(0,)): object()})
@given(ALL_VALUES)
def test_printed_code_is_as_black_would_have_it(value: Any) -> None:
    """black changes nothing in the printed code of any value, on its own or in a config."""
    outer = f"{to_code(Leaf(value=value), depth=1)}\n"
    for text in (to_listing(Leaf(value=value)), to_listing(value), f"{to_code(value)}\n", outer):
        assert tidy(text) == text
        ast.parse(text)


@RELAXED
@given(VALUES)
def test_printed_code_makes_an_equal_config(value: Any) -> None:
    """Running the printed code of a config gives the config again."""
    config = Leaf(value=value)
    code = to_listing(config)
    again = rebuilt(code)
    assert to_listing(again) == code
    # A nan inside of an object of somebody else's class, or a partial, is equal to itself alone.
    assert again == config or "nan" in code or "partial" in code


@RELAXED
@given(ALL_VALUES)
def test_flat_lines_are_single_sorted_lines(value: Any) -> None:
    """Each leaf is one line, `path = code`, and the code parses."""
    lines = flat_lines(Leaf(value=value))
    assert lines == sorted(lines)
    for line in lines:
        assert len(line.splitlines()) == 1
        path, _, code = line.partition(" = ") if "[" not in line else ("", "", "")
        assert path.startswith("value") or not path
        ast.parse(code)


@RELAXED
@given(ALL_VALUES)
def test_json_is_json(value: Any) -> None:
    """The JSON of any config can be read by any program, and holds all its fields."""
    assert list(json.loads(to_json(Leaf(value=value)))) == ["value"]


def test_printing_plain_values_does_not_load_black() -> None:
    """black, dataclasses, inspect and their kind stay unloaded while a plain config is printed."""
    program = (
        "import sys; from pathlib import Path; from pconfigs import pconfig\n"
        "@pconfig\nclass C:\n    a: object\n"
        "before = set(sys.modules)\n"
        "text = repr(C(a=[1, 'x', 1e16, {1, 2}, float('nan'), Path('p'), C(a=None)]))\n"
        "print(sorted(m for m in set(sys.modules) - before if not m.startswith('pconfigs')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert set(ast.literal_eval(done.stdout)) <= {"keyword"}


def test_configs_as_deep_as_allowed_print() -> None:
    """Configs 98 deep print, list and become JSON; the printed code parses."""
    config = Leaf(value=1)
    nested: Any = [1]
    for _ in range(98):
        config, nested = Leaf(value=config), [nested, 1]
    for value, leaves in ((config, 1), (nested, 99)):
        ast.parse(to_code(value))
        lines = [line for line in flat_lines(value) if "Leaf(...)" not in line]
        assert len(lines) == leaves
        assert to_json(value).count("\n") >= 2 * 98


def test_what_contains_itself_is_reported() -> None:
    """A list, dict or namespace that holds itself prints once, with a mark where it comes round."""
    loop: list[Any] = [1]
    loop.append({"again": loop})
    space = types.SimpleNamespace()
    space.me = space
    for value, kind in ((loop, "list"), (space, "SimpleNamespace")):
        note = f"...,  # <{kind} that contains itself>: has no code form"
        assert note in to_listing(value)
        assert tidy(to_listing(value)) == to_listing(value)
        assert "that contains itself" in "".join(flat_lines(value)) + to_json(value)


def test_shared_parts_are_printed_wherever_they_are() -> None:
    """A part that is in two places does not contain itself."""
    part = [1, 2]
    assert to_code(Leaf(value=[part, part, (part,)])) == (
        "Leaf(\n    value=[[1, 2], [1, 2], ([1, 2],)],\n)"
    )


def test_depth_hides_what_is_deeper() -> None:
    """With a depth, deeper configs are shown by their class alone."""
    config = Leaf(value=[Leaf(value=Leaf(value=1)), 2])
    assert to_code(config, depth=0) == "Leaf(...)"
    assert to_code(config, depth=1) == (
        "Leaf(\n    value=[\n        Leaf(...),\n        2,\n    ],\n)"
    )
    assert tidy(to_code(config, depth=2)) == f"{to_code(config, depth=2)}\n"
    assert flat_lines(config, depth=1) == ["value[0] = Leaf(...)", "value[1] = 2"]
    assert json.loads(to_json(config, depth=1)) == {"value": ["Leaf(...)", 2]}


def test_no_value_prints_an_address_or_raises() -> None:
    """Values without code are described by a comment that is the same in every run."""

    class Unruly:
        def __repr__(self) -> str:
            raise RuntimeError

        def __getattr__(self, name: str) -> Any:
            raise RuntimeError

    class Named(type):
        def __repr__(cls) -> str:
            raise RuntimeError

    values = [
        Unruly(),
        Named("x y", (), {}),
        Named("Fine", (), {})(),
        object(),
        iter([]),
        Unruly.__init__,
        Leaf(value=1).__repr__,
    ]
    code = to_listing(Leaf(value=values))
    assert tidy(code) == code
    assert "0x" not in code
    assert code == to_listing(Leaf(value=values))


def test_integers_of_any_length_print() -> None:
    """Beyond what Python writes in decimal, digits are hexadecimal."""
    for number in (10**5000, -(10**5000)):
        code = to_listing(Leaf(value=number))
        assert tidy(code) == code
        assert rebuilt(to_listing(Leaf(value=number))).value == number


def test_environments_print_the_texts_of_their_variables() -> None:
    """The environment class is shown as a call with the present text of each variable."""

    class Env:
        @staticmethod
        def __penv_entries__() -> list[tuple[str, str | None]]:
            return [("HOME_DIR", 'say "x"'), ("DEBUG", "0"), ("EMPTY", None)]

    Env.__qualname__ = "Env"

    @pconfig
    class Job:
        environment: Env
        steps: int

    text = to_code(Job(steps=1))
    assert tidy(text) == f"{text}\n"
    assert text == (
        "Job(\n"
        "    environment=Env(  # ClassVar (omit from config)\n"
        "        HOME_DIR='say \"x\"',\n"
        '        DEBUG="0",\n'
        "        EMPTY=None,\n"
        "    ),\n"
        "    steps=1,\n"
        ")"
    )


@pytest.mark.parametrize("wrap", [lambda value: value, lambda value: [value, 1], list])
def test_keys_of_one_are_as_black_would_have_them(wrap: Any) -> None:
    """The comma of a tuple of one does not spread it, whatever the value after it is."""
    for length in range(0, 60, 1 if ALL else 5):
        key = ("a" * length,)
        for value in ("b" * 30, ["b" * 30] * 3, 1 + 2j, range(3), object(), (object(),), {key: 1}):
            text = to_listing(Leaf(value=wrap([{key: value, (key,): value}])))
            assert tidy(text) == text


def test_long_sequences_are_shortened() -> None:
    """What is left out is counted; short ones stay, and the text is as black would have it."""
    long = ["word " * 3] * 100
    value = [long, tuple(long), dict.fromkeys(range(100), "word " * 3), set(range(200)), [1, 2, 3]]
    text = to_listing(Leaf(value=value), max_items=5)
    assert tidy(text) == text
    ast.parse(text)
    assert text.count(" ...,  # and 95 more\n") == 3
    assert "...: ...,  # and 95 more\n" in text
    assert "...,  # and 195 more\n" in text
    assert "[1, 2, 3]" in text
    word = "word " * 20
    for single in ((Leaf(value=1),), (word,), (object(),), {(word,): (Leaf(value=2),)}):
        text = to_listing(Leaf(value=single), max_items=0)
        assert tidy(text) == text
    shortest = to_code(Leaf(value=long), max_items=0)
    assert shortest == "Leaf(\n    value=[\n        ...,  # and 100 more\n    ],\n)"
    assert to_code(Leaf(value=[1, 2, 3]), max_items=1) == to_code(Leaf(value=[1, 2, 3]))


def test_what_is_not_shown_is_not_imported() -> None:
    """Only the items that are shown are in the imports of a shortened listing."""
    value = [1, 2, [Path("a"), Leaf(value=Decimal(1))]]
    assert "Decimal" not in to_listing(Leaf(value=value), max_items=2)
    assert "Decimal" in to_listing(Leaf(value=value), max_items=3)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Foreign(1, a=2,)", "Foreign(1, a=2)"),
        ("Foreign((1,),)", "Foreign((1,))"),
        ("Foreign(1,  # one\n2)", "...  # <Foreign: Foreign(1, one 2)>: has no code form"),
        ("Foreign(1,  # a\n2,  # b\n)", "...  # <Foreign: Foreign(1, a 2, b )>: has no code form"),
    ],
)
def test_reprs_that_black_divides_are_on_one_line_where_that_is_needed(
    written: str, code: str
) -> None:
    """A comma at the end of brackets makes black divide them; a comment has to end its line."""
    config = Leaf(value=[Foreign(written)])
    ast.parse(to_listing(Leaf(value=[Foreign(written), 1])))
    assert flat_lines(config) == [f"value[0] = {code}"]
    assert json.loads(to_json(config)) == {"value": [code]}


def test_class_variables_may_hold_percent_signs() -> None:
    """Also where nothing else is printed."""

    @pconfig
    class Shown:
        text: ClassVar[str] = "100%"

    assert '    text="100%",  # ClassVar' in to_code(Shown())


def test_a_path_is_its_text_in_printed_json():
    """Programs read it as a path; a file that is saved has the same."""
    found = json.loads(to_json(Leaf(value={"root": PurePosixPath("~/a b"), "names": [Path("x")]})))
    assert found == {"value": {"root": "~/a b", "names": ["x"]}}
