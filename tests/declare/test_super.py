"""`super()` in properties: random hierarchies give what Python's own properties give."""

from __future__ import annotations

from typing import Any

from hypothesis import given, strategies as st

from pconfigs import pcheck, pconfig, pproperty

KINDS = ("none", "own", "super", "method", "other name")


def made(name: str, bases: tuple[type, ...], index: int, kind: str, is_config: bool) -> Any:
    """Return a class; as a config class, or as an ordinary one with properties."""
    computed: Any = pproperty if is_config else property
    decorator = "@pconfig\n" if is_config else ""
    lines = {
        "none": ["pass"],
        "own": ["@computed", "def rates(self) -> list:", f"    return [{index}, self.n]"],
        "super": ["@computed", "def rates(self) -> list:", f"    return [*super().rates, {index}]"],
        "method": [
            f"def before{index}(self):",
            "    return super().rates",
            "@computed",
            "def rates(self) -> list:",
            f"    return [{index}, *self.before{index}()]",
        ],
        "other name": [
            "@computed",
            f"def first{index}(self) -> list:",
            "    return super().rates[:1]",
        ],
    }[kind]
    names = ", ".join(f"base{at}" for at in range(len(bases)))
    body = "\n".join(f"    {line}" for line in lines)
    known = {
        "pconfig": pconfig, "computed": computed, "__name__": __name__,
        **{f"base{at}": base for at, base in enumerate(bases)},
    }  # fmt: skip
    exec(f"{decorator}class {name}({names}):\n{body}\n", known)
    return known[name]


def hierarchy(shape: list[tuple[str, list[int]]], is_config: bool) -> Any:
    """Return the last class of a hierarchy; None where Python finds no order of its classes."""
    if is_config:

        @pconfig
        class Root:
            n: int

            @pproperty
            def rates(self) -> list:
                return [self.n]

    else:

        class Root:  # type: ignore[no-redef]
            def __init__(self, n: int) -> None:
                self.n = n

            @property
            def rates(self) -> list:
                return [self.n]

    classes: list[Any] = [Root]
    for index, (kind, above) in enumerate(shape, 1):
        bases = tuple(dict.fromkeys(classes[at % len(classes)] for at in above))
        try:
            classes.append(made(f"C{index}", bases, index, kind, is_config))
        except TypeError as error:
            if "method resolution" in str(error) or "MRO" in str(error):
                return None
            raise
    return classes[-1]


SHAPES = st.lists(
    st.tuples(st.sampled_from(KINDS), st.lists(st.integers(0, 5), min_size=1, max_size=2)),
    min_size=1,
    max_size=5,
)


@given(shape=SHAPES)
def test_super_in_properties_means_what_it_means_in_python(shape):
    """In diamonds and in helper methods, whatever the name of the property that asks."""
    ours, plain = hierarchy(shape, True), hierarchy(shape, False)
    assert (ours is None) == (plain is None)
    if ours is None:
        return
    for _ in range(13):
        config, expected = ours(n=7), plain(7)
        names = ["rates", *(f"first{index}" for index in range(1, len(shape) + 1))]
        for name in names:
            assert getattr(config, name, None) == getattr(expected, name, None)


def test_a_class_that_only_inherits_hides_nothing_of_another_base():
    """Of a diamond, what the nearest class declares itself holds: properties and checks."""

    @pconfig
    class Base:
        n: int

        @pproperty
        def twice(self) -> int:
            return 2 * self.n

        @pcheck
        def is_small(self) -> None:
            if self.n > 9:
                raise ValueError("too large")

    @pconfig
    class Plain(Base):
        pass

    @pconfig
    class Other(Base):
        @pproperty
        def twice(self) -> int:
            return -super().twice

        @pcheck
        def is_small(self) -> None:
            pass

    @pconfig
    class Both(Plain, Other):
        pass

    for _ in range(13):
        assert Both(n=10).twice == -20
