"""Readers of configs: data, files of each format, files laid over a config, override words."""

from __future__ import annotations

import json
import tempfile
import warnings
from functools import cache, partial
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from pconfigs import pdump, pload, pload_file, poverride, psave
from tests.fuzz.reader import TEXTS, Cuts, Reader, accepts, changed, cuts, filled, mutated, nodes
from tests.models.savable import Everything, everything

PLAIN = pdump(everything())
BASE = everything()
TAGS = [
    "$type",
    "$version",
    "$given",
    "$computed",
    "$same",
    "$dict",
    "$list",
    "$tuple",
    "$set",
    "$frozenset",
    "$float",
    "$enum",
    "$name",
    "$marker",
    "$pin",
    "$unsaved",
    "$none",
    "$Path",
    "$bytes",
    "$complex",
    "$range",
    "$Decimal",
    "$Fraction",
    "$UUID",
    "$date",
    "$time",
    "$datetime",
    "$timedelta",
    "$nothing",
    "_target_",
]

KEYS = TEXTS | st.sampled_from(TAGS) | st.sampled_from(sorted(PLAIN))
NODES = nodes(KEYS) | st.dictionaries(st.sampled_from(TAGS), nodes(KEYS), min_size=1, max_size=1)
DATA = mutated(PLAIN, NODES)
NOISE = {
    "json": [
        b"{",
        b"[",
        b'"',
        b"\\u0000",
        b"\\ud800",
        b",",
        b":",
        b"null",
        b"1e999",
        b"9" * 5000,
        b"NaN",
        b"\xff",
        b"\xef\xbb\xbf",
        b"[" * 3000,
        b'{"a":' * 3000,
        b'"$type":',
    ],
    "yaml": [
        b"&a ",
        b"*a",
        b"!!python/name:os.system ",
        b"!<%1B> ",
        b"<<: *a\n",
        b"- " * 400,
        b"? ",
        b"| ",
        b"> ",
        b"%YAML 1.1\n",
        b"---\n",
        b"...\n",
        b"${",
        b"}",
        b"${text}",
        b"\\${",
        b"${a:b}",
        b"${" * 200,
        b"???",
        b"[" * 250,
        b"{a: " * 250,
        b"\t",
        b"\x85",
        b"'",
        b'"',
        b"#",
        b"0x",
        b"1_0",
        b".inf",
        b"~",
        b"=",
        b"\xff",
        b"a: &a [*a, *a]\n",
    ],
    "toml": [
        b"[",
        b"]",
        b"[[",
        b"]]",
        b"=",
        b".",
        b"a." * 300,
        b"'''",
        b'"""',
        b"\\u",
        b"{",
        b"}",
        b"1979-05-27",
        b"07:32:00",
        b"inf",
        b"nan",
        b"0x",
        b"1_0",
        b"\r",
        b"#",
        b"\xff",
        b"[" * 2000,
    ],
}

WORDS = st.builds(
    lambda path, sign, value: f"{path}{sign}{value}",
    st.sampled_from(
        [
            *sorted(PLAIN),
            "parts[0].width",
            "by_name[a]",
            "by_name.a.rate",
            "nested[0][0]",
            "pair[1]",
            "sizes.width",
            "anything['$tuple'][0]",
            "point.x",
            "schedule.slope",
        ]
    )
    | TEXTS
    | st.text("ab.[]'\"*0", max_size=8),
    st.sampled_from(["=", "=", "+=", "", "=="]),
    TEXTS
    | st.text("[](){},:'\"ab01 .e-|", max_size=14)
    | st.sampled_from(
        [
            "[" * 3000,
            "{1:" * 500,
            "(" * 90 + ")" * 90,
            "9" * 5000,
            "0x" + "f" * 5000,
            "None",
            "true",
            "tests.models.savable.Part",
            "Path('x')",
            "float(nan)",
            "[a, b]",
            "{a: 1}",
            "{1, 2}",
            "set()",
            "red|green",
            "1e9999",
            "b'x'",
            "...",
            "lambda: 0",
        ]
    ),
)


def loads(data: Any) -> bool:
    """Return whether data loads; raise where anything but our errors comes out."""
    with warnings.catch_warnings(action="ignore"):  # of defaults that differ from saved ones
        return accepts(lambda: pload(filled(data), Everything, drift="accept"))


def read_content(suffix: str, content: bytes, base: Any = None) -> None:
    """Load a file, or lay it over a config."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(action="ignore"):
        file = Path(folder, f"file.{suffix}")
        file.write_bytes(content)
        accepts(
            lambda: (
                pload_file(file, Everything, base=base)
                if base is not None
                else pload_file(file, Everything, drift="accept")
            )
        )


@cache
def good(suffix: str) -> bytes:
    """Return a good file of a format."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"good.{suffix}")
        psave(everything(), file)
        return file.read_bytes()


def read_mutated(suffix: str, changes: Cuts) -> None:
    read_content(suffix, changed(good(suffix), changes))


def read_json(suffix: str, data: Any) -> None:
    """Load data as a file; JSON is YAML."""
    try:
        text = json.dumps(filled(data))
    except (RecursionError, ValueError):  # what the writer refuses
        return
    read_content(suffix, text.encode())


def read_overlay(data: Any) -> None:
    try:
        text = json.dumps(filled(data))
    except (RecursionError, ValueError):
        return
    read_content("yaml", text.encode(), BASE)


def read_omegaconf(data: Any) -> None:
    from omegaconf import OmegaConf

    try:
        tree = OmegaConf.create(filled(data))
    except Exception:  # whatever OmegaConf itself refuses
        return
    with warnings.catch_warnings(action="ignore"):
        accepts(lambda: pload(tree, Everything, drift="accept"))


def read_words(words: list[str]) -> None:
    accepts(lambda: poverride(BASE, words))


def noise(suffix: str) -> st.SearchStrategy[bytes]:
    """Return texts that are made of pieces of a format."""
    pieces = st.sampled_from([*NOISE[suffix], b"\n"]) | st.binary(max_size=4)
    return st.lists(pieces, max_size=12).map(b"".join)


SUFFIXES = ("json", "yaml", "toml")
READERS = {
    "data": Reader(DATA | NODES, loads, 5),
    **{
        name: Reader(inputs, read, share)
        for suffix in SUFFIXES
        for name, inputs, read, share in (
            (suffix, cuts(NOISE[suffix]), partial(read_mutated, suffix), 1),
            (f"{suffix} noise", noise(suffix), partial(read_content, suffix), 1),
        )
    },
    "json data": Reader(DATA, partial(read_json, "json")),
    "yaml data": Reader(DATA, partial(read_json, "yaml")),
    "overlay": Reader(DATA | st.dictionaries(KEYS, NODES, max_size=3), read_overlay),
    "omegaconf": Reader(DATA, read_omegaconf),
    "override": Reader(st.lists(WORDS, min_size=1, max_size=3), read_words, 3),
}
