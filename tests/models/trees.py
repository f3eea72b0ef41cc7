"""Random trees of configs, and what can be tried with them."""

from __future__ import annotations

import math
import re
from pathlib import PurePosixPath

from hypothesis import strategies as st

from pconfigs.schema.class_schema import is_config, schema_of

TEXT = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(["'", '"', "\\\n", "{}"])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), TEXT, st.binary(max_size=4)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(TEXT | st.integers(), inner, max_size=3),
        st.tuples(inner, inner),
        st.sets(st.integers(), max_size=3),
    ),
    max_leaves=6,
)
LEAF = st.tuples(st.floats() | st.integers(), TEXT, VALUES, st.none() | st.integers(-9, 9))


class Drawn:
    """A tree as plain data, to be made as configs of a module any number of times."""

    def __init__(self, leaf, many, named, pair, color, path):
        self.leaf, self.many, self.named = leaf, many, named
        self.pair, self.color, self.path = pair, color, path

    def __repr__(self):
        return f"Drawn{tuple(vars(self).values())}"

    def made(self, models):
        """The tree as configs of `models`."""

        def leaf(drawn):
            number, text, anything, factor = drawn
            if factor is None:
                return models.Leaf(number=number, text=text, anything=anything)
            return models.Scaled(number=number, text=text, anything=anything, factor=factor)

        return models.Tree(
            leaf=leaf(self.leaf),
            many=[leaf(one) for one in self.many],
            named={name: leaf(one) for name, one in self.named.items()},
            pair=tuple(None if one is None else leaf(one) for one in self.pair),
            color=models.Color(self.color),
            path=models.Path(PurePosixPath(self.path)),
        )


def trees():
    """Strategy of drawn trees."""
    return st.builds(
        Drawn,
        LEAF,
        st.lists(LEAF, max_size=2),
        st.dictionaries(TEXT, LEAF, max_size=2),
        st.lists(st.none() | LEAF, max_size=2),
        st.sampled_from(["r", "g"]),
        st.sampled_from(["a", "a/b c", "it's/é"]),
    )


def mutations(config):
    """Calls that try to change something that can be reached from a config."""
    pending, seen = [config], set()
    while pending:
        value = pending.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if is_config(value):
            for name in schema_of(value).fields:
                yield lambda value=value, name=name: setattr(value, name, None)
                yield lambda value=value, name=name: delattr(value, name)
                pending.append(getattr(value, name))
            yield lambda value=value: setattr(value, "brand_new", 1)
        elif isinstance(value, dict):
            yield lambda value=value: value.__setitem__("k", 1)
            yield lambda value=value: value.update(k=1)
            yield lambda value=value: value.clear()
            yield lambda value=value: value.setdefault("brand new", 1)
            pending.extend([*value, *value.values()])
        elif isinstance(value, list):
            yield lambda value=value: value.append(1)
            yield lambda value=value: value.sort()
            yield lambda value=value: value.__iadd__([1])
            yield lambda value=value: value.__setitem__(slice(0, 0), [1])
            pending.extend(value)
        elif isinstance(value, (set, frozenset)) and hasattr(value, "add"):
            yield lambda value=value: value.add(99)
            yield lambda value=value: value.clear()
        elif isinstance(value, tuple):
            pending.extend(value)


def rebuilt(config, models):
    """What the printed code of a config makes, the lines of pinned fields left out."""
    text = re.sub(r"^.*# Pinned \(omit from config\)\n", "", str(config), flags=re.MULTILINE)
    names = {**vars(models), "nan": math.nan, "inf": math.inf, "PosixPath": models.Path}
    return eval(text, names)
