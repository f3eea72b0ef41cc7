"""What all readers share: inputs that are nearly right, noise, and what may come out of reading."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from pconfigs import PConfigError
from tests.limits import limits

SECONDS = 10


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader of what others wrote.

    Attributes:
        inputs: What it is fed with.
        read: Reads one input; raises where anything but an error of ours comes out.
        share: How many examples it gets, compared with other readers.
    """

    inputs: st.SearchStrategy[Any]
    read: Callable[[Any], object]
    share: float = 1.0


def accepts(read: Callable[[], object]) -> bool:
    """Return whether something is read within limits; raise what is not an error of ours."""
    with limits(SECONDS):
        try:
            read()
        except PConfigError as error:
            check_text(str(error))
            return False
    return True


def check_text(text: str) -> None:
    """Fail where a text for a terminal has control characters, or no end."""
    assert text.replace("\n", "").replace("\t", "").isprintable(), ascii(text[-300:])
    assert len(text) < 200_000


def nested(depth: int, wrap: type = list) -> Any:
    """Return a list or dict of lists or dicts, nested to a depth."""
    made: Any = 1
    for _ in range(depth):
        made = [made] if wrap is list else {"x": made}
    return made


class Huge:
    """A placeholder of a value that hypothesis cannot print."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"Huge({self.name!r})"


HUGE: dict[str, Callable[[], Any]] = {
    "10**4500": lambda: 10**4500,
    "10**400": lambda: 10**400,
    "1e308": lambda: 1e308,
    "nan": lambda: math.nan,
    "-0": lambda: -0.0,
    "lists": lambda: nested(150),
    "deep lists": lambda: nested(2000),
    "deep dicts": lambda: nested(2000, dict),
}


def filled(data: Any) -> Any:
    """Return data with the values of its placeholders."""
    if isinstance(data, Huge):
        return HUGE[data.name]()
    if isinstance(data, dict):
        return {key: filled(value) for key, value in data.items()}
    return [filled(value) for value in data] if isinstance(data, list) else data


TEXTS = st.sampled_from(
    [
        "",
        " ",
        "\x1b[2J",
        "a\nb",
        "\x00",
        "\u2028",
        "\ud800",
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
        "../../x",
        "/dev/zero",
        "<script>",
    ]
) | st.text(max_size=12)
ATOMS = (
    TEXTS
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(sorted(HUGE)).map(Huge)
)


def nodes(keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Return small trees of lists and dicts."""
    return st.recursive(
        ATOMS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=6,
    )


@st.composite
def mutated(draw: st.DrawFn, good: Any, values: st.SearchStrategy[Any]) -> Any:
    """Return good data in which a few places have been changed."""
    data = copy.deepcopy(good)
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
                around[place] = draw(values)
            elif change == "remove":
                del around[place]
            elif isinstance(around, dict):
                around[draw(TEXTS)] = draw(values) if change == "add" else inside
            else:
                around.append(draw(values))
            break
    return data


Cuts = list[tuple[float, int, bytes]]


def cuts(pieces: Iterable[bytes]) -> st.SearchStrategy[Cuts]:
    """Return changes of a text: where, how many bytes are cut out, and what replaces them."""
    piece = st.sampled_from([*pieces]) | st.binary(max_size=4)
    change = st.tuples(st.floats(0, 1), st.integers(0, 40), piece)
    return st.lists(change, min_size=1, max_size=4)


def changed(content: bytes, changes: Cuts) -> bytes:
    """Return a text with changes made."""
    for place, length, piece in changes:
        at = int(place * len(content))
        content = content[:at] + piece + content[at + length :]
    return content
