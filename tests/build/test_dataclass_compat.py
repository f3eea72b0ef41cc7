"""Interop: a config class is a dataclass to other libraries."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from pconfigs import (
    PConfig,
    Pin,
    Pinned,
    Required,
    Secret,
    pconfig,
    pdefaults,
    pinputs,
    pproperty,
)
from pconfigs.errors import BuildError, DeclarationError, FrozenError
from pconfigs.provenance.origins import origin_of
from pconfigs.schema.class_schema import schema_of

pytestmark = pytest.mark.usefixtures("way")


def sample():
    @pconfig
    class Part:
        n: int

    @pconfig
    class Sample:
        x: int
        items: list[int]
        part: Part
        seed: Pinned[int]
        twice: Pinned[int]

        @pproperty
        def twice(self) -> int:
            return self.x * 2

    pdefaults.__iadd__(Sample(x=1, items=[1], part=Part(n=1), seed=Pin(3)))
    return Sample, Part


def test_fields_and_is_dataclass():
    """Names in order, types as written, only settable ones in `init`."""
    Sample, _ = sample()
    assert dataclasses.is_dataclass(Sample)
    assert dataclasses.is_dataclass(Sample())
    found = dataclasses.fields(Sample)
    assert [field.name for field in found] == list(schema_of(Sample).fields)
    assert [field.name for field in found if field.init] == ["x", "items", "part"]
    assert found[0].type == "int"
    assert all(field.kw_only for field in found)
    assert [field.name for field in dataclasses.fields(Sample())] == [field.name for field in found]


def test_asdict_and_astuple_go_all_the_way_down():
    """dataclasses.asdict does, unlike the method of the config."""
    Sample, Part = sample()
    config = Sample(x=4)
    assert dataclasses.asdict(config) == {
        "x": 4,
        "items": [1],
        "part": {"n": 1},
        "seed": 3,
        "twice": 8,
    }
    assert dataclasses.astuple(config) == (4, [1], (1,), 3, 8)
    assert config.asdict()["part"] == Part(n=1)


def test_replace_does_what_a_base_does():
    """Pinned fields are computed again, not set."""
    Sample, _ = sample()
    config = Sample(x=4)
    replaced = dataclasses.replace(config, x=5)
    assert replaced == Sample(config, x=5)
    assert (replaced.twice, replaced.seed) == (10, 3)
    with pytest.raises(TypeError, match="has no field"):
        dataclasses.replace(config, xx=5)


LATE = """
import sys
sys.path.insert(0, {root!r})
from pconfigs.pinnable import pconfig, pinputs, pproperty

@pconfig
class Config:
    n: int
    m: int

    @pproperty(fixup=True)
    def m(self) -> int:
        return 10 * pinputs(self).m

for _ in range(20):
    config = Config(n=1, m=2)
assert "dataclasses" not in sys.modules
import dataclasses
assert dataclasses.replace(config, n=3) == Config(config, n=3)
"""


def test_replace_repairs_once_where_dataclasses_are_imported_late():
    code = LATE.format(root=str(Path(__file__).parents[2]))
    command = [sys.executable, "-S", "-E", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("builds", [0, 20])
def test_copy_replace_is_placed_at_its_call(builds):
    @pconfig
    class Point:
        n: int

    config = Point(n=1)
    for _ in range(builds):
        Point(n=1)
    made = config.__replace__(n=2)
    assert origin_of(made, "n").place.file == __file__


def replaced(cls):
    """Return a variant, made where pytest does not rewrite the source."""
    return dataclasses.replace(cls(w=1, n=2), n=3)


@pytest.mark.parametrize("builds", [0, 20])
def test_replace_is_placed_at_its_call_and_repairs_once(builds):
    @pconfig
    class Padded(PConfig):
        w: int
        n: int

        @pproperty(fixup=True)
        def w(self) -> int:
            return pinputs(self).w + 8

    for n in range(builds):
        Padded(w=0, n=n)
    made = replaced(Padded)
    assert (made.w, made.n) == (9, 3)
    origin = origin_of(made, "n")
    assert (origin.place.file, origin.exact, origin.text) == (__file__, True, "n=3")
    assert origin_of(made, "w").text == "w=1"
    with pytest.raises(BuildError) as caught:
        dataclasses.replace(made, n="x")
    assert "test_dataclass_compat.py" in str(caught.value).splitlines()[0]


@pytest.mark.skipif(sys.version_info < (3, 13), reason="copy.replace is new in Python 3.13")
def test_copy_replace_does_what_a_base_does():
    """`copy.replace(config, x=5)` is `Sample(config, x=5)`."""
    Sample, _ = sample()
    config = Sample(x=4)
    assert copy.replace(config, x=5) == Sample(config, x=5)


def test_dunder_replace_works_on_every_python():
    """What copy.replace calls."""
    Sample, _ = sample()
    config = Sample(x=4)
    assert config.__replace__(x=5) == Sample(config, x=5)
    with pytest.raises(ValueError, match="cannot be set"):
        config.__replace__(twice=5)


def test_values_are_json_as_they_are():
    """Read-only lists and dicts are lists and dicts to json."""
    Sample, _ = sample()
    text = json.dumps(dataclasses.asdict(Sample()))
    assert json.loads(text)["items"] == [1]


def test_class_variables_are_listed_as_such():
    """`__dataclass_fields__` has them, `fields()` has not."""
    from typing import ClassVar

    @pconfig
    class Constant:
        k: ClassVar[int] = 3
        x: int

    assert set(Constant.__dataclass_fields__) == {"k", "x"}
    assert [field.name for field in dataclasses.fields(Constant)] == ["x"]


def test_the_signature_is_that_of_the_class():
    """Configs themselves have none; an undecorated class derived from PConfig neither."""
    Sample, _ = sample()
    assert str(inspect.signature(Sample)).startswith("(*bases, x: ")
    assert "seed" in inspect.signature(Sample).parameters
    with pytest.raises(AttributeError):
        Sample().__signature__


def test_the_signature_has_the_defaults():
    """Configs in short, nothing of a secret, and `...` where there is no default."""

    @pconfig
    class Part:
        width: int

    @pconfig
    class Whole:
        part: Part
        parts: list[Part]
        token: Secret[str]
        rate: float
        name: str

    @pconfig
    class Derived(Whole):
        pass

    pdefaults.__iadd__(
        Whole(part=Part(width=1), parts=[Part(width=2)], token="hidden", rate=0.5, name=Required)
    )
    for cls in (Whole, Derived):
        parameters = inspect.signature(cls).parameters.values()
        assert [repr(one.default) for one in parameters][1:] == [
            "Part(...)", "[Part(...)]", "Ellipsis", "0.5", "[Required]",
        ]  # fmt: skip


def test_pattern_matching_by_name():
    """Keyword patterns work on configs."""
    Sample, Part = sample()
    match Sample(x=7):
        case Sample(x=7, part=Part(n=n)):
            assert n == 1
        case _:
            raise AssertionError("no match")


def test_dataclass_above_a_config_class_is_refused():
    """It would replace the fields, and a derived class would be built without any check."""

    @pconfig
    class Base:
        x: int

    @dataclasses.dataclass
    @pconfig
    class Above:
        x: int

    with pytest.raises(DeclarationError, match="remove @dataclass above @pconfig"):
        Above(x=1)
    for options in ({}, {"frozen": True}):
        with pytest.raises(DeclarationError, match="put @pconfig above class Derived"):

            @dataclasses.dataclass(**options)
            class Derived(Base):
                y: int

        with pytest.raises(DeclarationError, match="put @pconfig above class Named"):

            @dataclasses.dataclass(**options)
            class Named(PConfig):
                y: int

        with pytest.raises(DeclarationError, match="remove @dataclass above @pconfig"):

            @dataclasses.dataclass(**options)
            @pconfig
            class Both(PConfig):
                y: int


def test_what_frozen_dataclasses_raise_is_raised():
    """Code that copies dataclasses and sets their fields asks for it."""
    config = sample()[0]()
    with pytest.raises(dataclasses.FrozenInstanceError, match="a config never changes") as caught:
        config.x = 5
    assert isinstance(caught.value, FrozenError)
    assert type(caught.value).__module__ == "pconfigs.errors"
    other = pickle.loads(pickle.dumps(caught.value))
    assert (type(other), str(other)) == (type(caught.value), str(caught.value))
    with pytest.raises(dataclasses.FrozenInstanceError):
        del config.x


def test_each_attribute_of_a_config_class_can_be_read():
    """Tools walk over them."""
    for cls in sample():
        assert [name for name in vars(cls) if not hasattr(cls, name)] == []
        assert not hasattr(cls(n=1) if cls.__name__ == "Part" else cls(), "construct")


def test_asdict_keeps_lists_that_are_keys_hashable():
    """In a dict of a config, a list of another one may be a key."""
    Sample, _ = sample()
    key = Sample(items=[1, 2]).items

    @pconfig
    class Keyed:
        table: dict

    config = Keyed(table={key: [key], ("a", key): {key: 1}})
    for found in (dataclasses.asdict(config)["table"], dataclasses.astuple(config)[0]):
        assert type(found) is dict
        assert found == {key: [[1, 2]], ("a", key): {key: 1}}
        assert type(found[key]) is type(found[key][0]) is list
