"""Readers of words: environment variables, paths and patterns, conditions, quick sweeps."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, Optional

from hypothesis import strategies as st

from pconfigs import pget, pselect, pset
from pconfigs.declare.env_parsing import UnreadableHint, parsed, parser_for
from pconfigs.imports import resolve
from pconfigs.runs.reading.conditions import where
from pconfigs.runs.reading.summaries import read_runs
from pconfigs.runs.store import make_store
from pconfigs.sweeps.quick import quick_sweep
from pconfigs.validation.base import InvalidValue
from tests.fuzz.config_data import BASE, PLAIN, WORDS
from tests.fuzz.reader import TEXTS, Reader, accepts
from tests.fuzz.record_files import project
from tests.models.savable import Color

HINTS: list[Any] = [
    int, float, bool, str, bytes, Path, Decimal, Fraction, complex, Color, Optional[int],
    Literal["a", 2, True, None],
]  # fmt: skip
PATHS = st.lists(
    st.sampled_from(
        [*sorted(PLAIN), ".", "..", "[", "]", "[0]", "[-1]", "['a']", '"', "**", "*", "a", "_", "0"]
    )
    | TEXTS,
    max_size=5,
).map("".join)
PATHS |= PATHS.map(lambda text: (text * 300)[:40_000])


def read_variable(given: tuple[Any, str]) -> None:
    hint, text = given

    def read() -> None:
        with contextlib.suppress(InvalidValue, UnreadableHint):
            parsed(parser_for(hint), text)

    accepts(read)


def read_path(text: str) -> None:
    for use in (pget, pselect, lambda config, path: pset(config, {path: 1})):
        accepts(lambda use=use: use(BASE, text))


def read_target(text: str) -> None:
    accepts(lambda: resolve(f"tests.models.savable.{text}"))


def read_condition(text: str) -> None:
    runs = read_runs(make_store(str(project().store)))
    accepts(lambda: where(runs, [text]))


def read_sweep(words: list[str]) -> None:
    accepts(lambda: quick_sweep(BASE, words))


SIGNS = st.sampled_from(["=", "==", "!=", "<", ">", "<=", ">=", "~", ""])
NAMES = st.sampled_from(["loss", "steps", "state", "run", "took", "metric.loss", "x[0]", "bases"])
RANGES = st.builds(
    lambda name, values: f"{name}={values}",
    st.sampled_from(["number", "real", "text", "numbers[0]", "x"]),
    st.lists(
        st.sampled_from(
            ["1", "2.5", "a", "range(3)", "range(-5,5,2)", "range(9,0,-1)", "range(0,5,0)", "[1,2]"]
            + ["range(999999999999)", f"range({'9' * 5000})", "'a,b'", "(", "{", ""]
        )
        | TEXTS,
        min_size=1,
        max_size=3,
    ).map(",".join),
)
READERS = {
    "variable": Reader(st.tuples(st.sampled_from(HINTS), TEXTS), read_variable),
    "path": Reader(PATHS, read_path),
    "target": Reader(PATHS, read_target, 0.5),
    "condition": Reader(
        st.builds(lambda *parts: "".join(parts), NAMES | TEXTS, SIGNS, TEXTS), read_condition
    ),
    "quick sweep": Reader(st.lists(RANGES | WORDS, min_size=1, max_size=3), read_sweep),
}
