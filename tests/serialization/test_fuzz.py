"""Every reader, fed with what is nearly right and with noise: only errors of ours come out."""

import copy
import json
import math
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from pconfigs import PConfigError, pdump, pload, pload_file, poverride, psave
from tests.limits import limits
from tests.models.savable import Everything, everything

pytestmark = pytest.mark.filterwarnings("ignore::pconfigs.errors.DefaultChangedWarning")

# More examples where there is time for them: FUZZ=100 takes about an hour for each reader.
EXAMPLES = 60 * int(os.environ.get("FUZZ", "1"))
PLAIN = pdump(everything())
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


def nested(depth, wrap=list):
    made = 1
    for _ in range(depth):
        made = [made] if wrap is list else {"x": made}
    return made


texts = st.sampled_from(
    [
        "",
        " ",
        "\x1b[2J",
        "a\nb",
        "\x00",
        "\u2028",
        "$",
        "1e999999999999",
        "1" * 5000,
        "nan",
        "-inf",
        "1/0",
        "tests.models.savable.Part",
        "tests.models.savable.scale",
        "builtins.eval",
        "os.system",
        "part",
        "parts[0]",
        "parts[" + "9" * 4400 + "]",
        "__main__.x",
        "tests.__main__.x",
        "??",
        "????",
        "0001-01-01",
        "9999-12-31T23:59:59.999999+23:59",
        "range(0, 9, 0)",
        "-1",
        "a|b",
        "read|write",
        "99999999999 days, 0:00:00",
        "red",
        "=",
        "x" * 3000,
    ]
)
texts |= st.text(max_size=12)
atoms = texts | st.none() | st.booleans() | st.integers() | st.floats()


class Huge:
    """A placeholder of a value that hypothesis cannot print."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"Huge({self.name!r})"


def filled(data):
    """Return data with the values of its placeholders."""
    if isinstance(data, Huge):
        return HUGE[data.name]()
    if isinstance(data, dict):
        return {key: filled(value) for key, value in data.items()}
    return [filled(value) for value in data] if isinstance(data, list) else data


HUGE = {
    "10**4500": lambda: 10**4500,
    "10**400": lambda: 10**400,
    "1e308": lambda: 1e308,
    "nan": lambda: math.nan,
    "-0": lambda: -0.0,
    "lists": lambda: nested(150),
    "deep lists": lambda: nested(2000),
    "deep dicts": lambda: nested(2000, dict),
}
atoms |= st.sampled_from(sorted(HUGE)).map(Huge)
keys = texts | st.sampled_from(TAGS) | st.sampled_from(sorted(PLAIN))
nodes = st.recursive(
    atoms,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(keys, inner, max_size=3)
        | st.dictionaries(st.sampled_from(TAGS), inner, min_size=1, max_size=1)
    ),
    max_leaves=6,
)


@st.composite
def mutated(draw):
    """Return good data in which a few places have been changed."""
    data = copy.deepcopy(PLAIN)
    for _ in range(draw(st.integers(1, 3))):
        around = data
        while True:
            places = list(around) if isinstance(around, dict) else list(range(len(around)))
            if not places:
                break
            place = draw(st.sampled_from(places))
            inside = around[place]
            if isinstance(inside, (dict, list)) and inside and draw(st.booleans()):
                around = inside
                continue
            change = draw(st.sampled_from(["replace", "replace", "remove", "add", "copy"]))
            if change == "replace":
                around[place] = draw(nodes)
            elif change == "remove":
                del around[place]
            elif isinstance(around, dict):
                around[draw(keys)] = draw(nodes) if change == "add" else inside
            else:
                around.append(draw(nodes))
            break
    return data


def loads(data, of=Everything):
    """Return whether data loads, within limits; fail where anything but our errors comes out."""
    with limits(10):
        try:
            pload(filled(data), of, drift="accept")
        except PConfigError as error:
            return check_message(error)
    return True


def check_message(error):
    """Fail where a message has control characters, or no end."""
    message = str(error)
    assert message.replace("\n", "").replace("\t", "").isprintable()
    assert len(message) < 100_000
    return False


def test_good_data_loads():
    assert loads(PLAIN)


@settings(max_examples=5 * EXAMPLES)
@given(mutated())
def test_mutated_data_loads_or_is_refused(data):
    loads(data)


@settings(max_examples=EXAMPLES)
@given(nodes)
def test_random_data_loads_or_is_refused(data):
    loads(data)


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture(scope="module")
def good(folder):
    """Return the bytes of a good file of each format."""
    contents = {}
    for suffix in ("json", "yaml", "toml"):
        psave(everything(), folder / f"good.{suffix}")
        contents[suffix] = (folder / f"good.{suffix}").read_bytes()
    return contents


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


def file_loads(path):
    with limits(10):
        try:
            pload_file(path, Everything, drift="accept", resolvers=None)
        except PConfigError as error:
            check_message(error)


@pytest.mark.parametrize("suffix", ["json", "yaml", "toml"])
def test_mutated_files_load_or_are_refused(suffix, good, folder):
    pieces = st.sampled_from(NOISE[suffix]) | st.binary(max_size=4)

    @settings(max_examples=EXAMPLES)
    @given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), pieces), min_size=1, max_size=4))
    def check(changes):
        content = good[suffix]
        for place, length, piece in changes:
            at = int(place * len(content))
            content = content[:at] + piece + content[at + length :]
        path = folder / f"mutated.{suffix}"
        path.write_bytes(content)
        file_loads(path)

    check()


@pytest.mark.parametrize("suffix", ["json", "yaml", "toml"])
def test_noise_loads_or_is_refused(suffix, folder):
    pieces = st.sampled_from(NOISE[suffix]) | st.binary(max_size=4) | st.just(b"\n")

    @settings(max_examples=EXAMPLES)
    @given(st.lists(pieces, max_size=12).map(b"".join))
    def check(content):
        path = folder / f"noise.{suffix}"
        path.write_bytes(content)
        file_loads(path)

    check()


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_mutated_data_in_files_loads_or_is_refused(suffix, folder):
    @settings(max_examples=EXAMPLES)
    @given(mutated())
    def check(data):
        try:
            text = json.dumps(filled(data))
        except (RecursionError, ValueError):
            return
        path = folder / f"data.{suffix}"
        path.write_text(text)  # JSON is YAML
        file_loads(path)

    check()


@settings(max_examples=EXAMPLES)
@given(mutated(), st.booleans())
def test_trees_of_omegaconf_load_or_are_refused(data, ours):
    omegaconf = pytest.importorskip("omegaconf")
    if not ours:
        del data[next(iter(data))]
    try:
        tree = omegaconf.OmegaConf.create(filled(data))
    except Exception:  # whatever OmegaConf itself refuses
        return
    loads(tree)


words = st.builds(
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
    | texts
    | st.text("ab.[]'\"*0", max_size=8),
    st.sampled_from(["=", "=", "+=", "", "=="]),
    texts
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
BASE = everything()


@settings(max_examples=3 * EXAMPLES)
@given(st.lists(words, min_size=1, max_size=3))
def test_override_words_apply_or_are_refused(typed):
    with limits(10):
        try:
            poverride(BASE, typed)
        except PConfigError as error:
            check_message(error)
