"""Which names a function reads on its first argument, seen in its compiled code."""

from __future__ import annotations

import pytest

from pconfigs import pinputs
from pconfigs.schema.attribute_reads import mentioned_names, scan


def is_certain(function):
    """Return whether every call that returns has read exactly what was seen, and did no more."""
    scanned = scan(function)
    return not scanned.conditional and not scanned.escapes


def straight(self):
    return self.a + self.b * self.a


def another_name(this):
    return this.a


def method(self):
    return self.helper() + self.a


def by_getattr(self):
    return getattr(self, "a") + getattr(self, "b")  # noqa: B009


def by_computed_getattr(self):
    return getattr(self, "a" + str(self.b))


def by_formatted_getattr(self):
    return getattr(self, f"a{self.b}")


def with_default(self):
    return getattr(self, "a", None) or getattr(self, "b", self.c)


def branch(self):
    return self.a if self.b else self.c


def dead(self):
    if False:
        return self.a
    return self.b


def loop(self):
    return sum(self.a for _ in range(3))


def comprehension(self):
    return [self.a + n for n in [self.b]]


def nested(self):
    def inner():
        return self.a

    return inner() + self.b


def lambda_(self):
    inner = lambda: self.a  # noqa: E731
    return inner()


def shadowed(self):
    def inner(self):
        return self.a

    return inner(3) + self.b


def raw(self):
    return pinputs(self).a + self.b


def escapes(self):
    return [self, self.a]


def rebound(self):
    other = self
    return other.a


def other_object(self):
    text = "x"
    return text.a + self.b


def caught(self):
    try:
        return self.a
    except ValueError:
        return self.b


def stored(self):
    self.a = 3


def nothing(self):
    return 1


def no_arguments():
    return 1


def chained(self):
    return self.part.a.b


def pair(self, other):
    return self.a + other.b


def many_names(self):
    a = b = c = d = e = f = g = h = 1  # noqa: F841
    return self.z


@pytest.mark.parametrize(
    ("function", "reads"),
    [
        (straight, ["a", "b"]),
        (another_name, ["a"]),
        (method, ["helper", "a"]),
        (by_getattr, ["a", "b"]),
        (by_computed_getattr, ["b"]),
        (by_formatted_getattr, ["b"]),
        (with_default, ["a", "b", "c"]),
        (branch, ["b", "a", "c"]),
        (dead, ["b"]),
        (loop, ["a"]),
        (comprehension, ["b", "a"]),
        (nested, ["b", "a"]),
        (lambda_, ["a"]),
        (shadowed, ["b"]),
        (raw, ["b"]),
        (escapes, ["a"]),
        (other_object, ["b"]),
        (caught, ["a", "b"]),
        (nothing, []),
        (no_arguments, []),
        (chained, ["part"]),
        (pair, ["a"]),
        (many_names, ["z"]),
    ],
)
def test_reads_are_seen(function, reads):
    """Attributes of the argument, and no others, whatever is around them."""
    assert sorted(scan(function).reads) == sorted(reads)


@pytest.mark.parametrize("function", [straight, another_name, raw, other_object, nothing, chained])
def test_straight_code_is_certain(function):
    """What is read is read in every call, and nothing else is done with the argument."""
    assert is_certain(function)


@pytest.mark.parametrize(
    "function",
    [
        by_computed_getattr,
        branch,
        loop,
        nested,
        lambda_,
        escapes,
        rebound,
        caught,
        stored,
        no_arguments,
    ],
)
def test_other_code_is_not(function):
    """Branches, nested code and anything else done with the argument leave it open."""
    assert not is_certain(function)


def test_code_of_many_constants_and_names():
    """Arguments beyond one byte are read whole."""
    lines = "\n".join(f"    x{n} = {n + 1000}.5 + self.f{n}" for n in range(400))
    namespace = {}
    exec(f"def big(self):\n{lines}\n    return getattr(self, 'last')\n", namespace)
    assert set(scan(namespace["big"]).reads) == {f"f{n}" for n in range(400)} | {"last"}


def test_mentioned_names_overstate():
    """Every name and text in the code and the code inside it, whatever it is read on."""

    def function(self):
        return [getattr(self, "by_text") for _ in other.thing]  # noqa: B009, F821

    assert {"by_text", "thing"} <= mentioned_names(function.__code__)


def test_raw_reads_are_known_by_the_function_not_by_its_name():
    """An alias of pinputs is pinputs; another function of that name is not."""
    namespace = {"inputs_of": pinputs, "pinputs": len}
    exec(
        "def aliased(self):\n    return inputs_of(self).a\n"
        "def fake(self):\n    return pinputs(self)\n",
        namespace,
    )
    assert is_certain(namespace["aliased"])
    assert not is_certain(namespace["fake"])
