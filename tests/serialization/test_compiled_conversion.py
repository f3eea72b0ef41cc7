"""Compiled writers and readers do what the general code does, also when the default changes."""

import json
import warnings
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, strategies as st

from pconfigs import (
    Omitted,
    Pin,
    Pinned,
    Required,
    Secret,
    pconfig,
    pdump,
    pinputs,
    pload,
    pproperty,
)
from pconfigs.build.defaults import register
from pconfigs.errors import DefaultChangedWarning, DriftError, LoadError, UnsavableError
from pconfigs.schema.build_record import OPEN, raw_inputs, reads_of, record_of
from pconfigs.schema.children import post_order
from pconfigs.schema.class_schema import schema_of
from pconfigs.serialization.conversion.compiled_reader import compiled_reader
from pconfigs.serialization.conversion.compiled_writer import compiled_writer
from pconfigs.serialization.conversion.config_converter import (
    READS_BEFORE_COMPILING,
    config_converter,
)
from pconfigs.serialization.conversion.config_writer import (
    WRITES_BEFORE_COMPILING,
    config_writer,
)
from pconfigs.serialization.conversion.tags import UNREAD
from pconfigs.serialization.dump import Dump
from pconfigs.serialization.load import DRIFTS


@pconfig
class Part:
    config: int | None
    out: float
    tied: str | int
    width: Pinned[int]
    area: Pinned[float]

    @pproperty
    def area(self) -> float:
        return self.width * self.out


@pconfig
class Derived(Part):
    extra: bool


@pconfig
class Net:
    data: Any
    steps: Path
    kind: Literal["a", 2, None]
    parts: list[Part]
    part: Part
    ratios: dict[str, float]
    maybe: Part | None
    rate: float
    width: int
    follows: list[Part]
    same: Pinned[Any]

    @pproperty(fixup=True)
    def follows(self) -> list[Part]:
        return [type(part)(part, width=Pin(self.width)) for part in pinputs(self).follows]

    @pproperty(fixup=True)
    def rate(self) -> float:
        return pinputs(self).rate / 2

    @pproperty
    def same(self) -> Any:
        return self.data


@pconfig
class Every(Net):
    key: Secret[str]
    left: Omitted[int]


@pconfig
class Pair:
    one: Part
    other: list[Part]


CLASSES = (Part, Derived, Net, Every, Pair)
floats = st.floats() | st.integers(-3, 3)
part_inputs = {
    "config": st.none() | st.integers(),
    "out": floats | st.just(Required),
    "tied": st.text(max_size=2) | st.integers(),
    "width": st.just(Pinned) | st.integers(1, 3).map(Pin),
    "area": st.just(Pinned) | st.just(Pin(2.5)),
}
parts = st.builds(Part, **part_inputs) | st.builds(Derived, **part_inputs, extra=st.booleans())
net_inputs = {
    "data": st.none() | floats | parts | st.lists(st.integers() | parts, max_size=2),
    "steps": st.sampled_from([Path("a"), Path("b/c")]),
    "kind": st.sampled_from(["a", 2, None]),
    "parts": st.lists(parts, max_size=3),
    "part": parts,
    "ratios": st.dictionaries(st.sampled_from("xyz"), floats, max_size=2),
    "maybe": st.none() | parts,
    "rate": floats,
    "width": st.integers(1, 3),
    "follows": st.lists(parts, max_size=2),
    "same": st.sampled_from([Pinned, Pinned, Pinned, Pin(1)]),
}
nets = st.builds(Net, **net_inputs)
configs = st.builds(
    Every,
    **net_inputs,
    key=st.just("hidden"),
    left=st.sampled_from([1, 2, 3, 1, 2, 3, Omitted, Pin(4)]),
)


def written(config: Any, compiled: bool) -> str:
    for cls in CLASSES:
        writer = config_writer(cls)
        writer.write = compiled_writer(writer) if compiled else writer.dump
    try:
        return json.dumps(pdump(config))  # the order of the keys counts, too
    except UnsavableError as error:
        return str(error)


@pytest.fixture(autouse=True)
def no_default_stays():
    yield
    use_default(Net, None)
    use_default(Every, None)
    use_default(Part, None)


def use_default(cls: type, config: Any) -> None:
    """Make a config the default of a class, in the place of the one before; None removes that."""
    schema_of(cls).default = None
    if config is not None:
        register(config, replaceable=True)
    for one in CLASSES:
        schema_of(one).fallback = schema_of(one).below = schema_of(one).fallback_pins = None


@given(
    st.lists(configs, min_size=1, max_size=2), st.booleans(), st.sampled_from([1, 2, 3, sum, len])
)
def test_compiled_writers_write_what_dump_writes(made, has_default, last):
    last = (lambda: 0) if last is len else last  # which has no plain form
    use_default(Every, made[-1] if has_default else None)
    use_default(Part, made[-1].part if has_default and type(made[-1].part) is Part else None)
    top = Every(made[0], data=[*made, last])
    assert written(top, compiled=True) == written(top, compiled=False)


@st.composite
def edited(draw, data):
    """Return plain data with another value, another key or none in some of its places."""
    for _ in range(draw(st.integers(0, 2))):
        place, node = None, data
        while isinstance(node, (dict, list)) and node and draw(st.integers(0, 9)):
            key = draw(st.sampled_from([*node] if isinstance(node, dict) else range(len(node))))
            place, node = (node, key), node[key]
        if place is None:
            continue
        inside, key = place
        change = draw(st.sampled_from(["put", "put", "put", "pin", "add", "remove"]))
        if change == "put":
            inside[key] = draw(
                st.none() | st.booleans() | floats | st.sampled_from(["a", "nan", [], {}])
            )
        elif change == "pin":
            inside[key] = {"$pin": node}
        elif change == "remove":
            del inside[key]
        elif isinstance(inside, dict):
            name = draw(
                st.sampled_from(["new", "$new", "$computed", "$version", "$given", "$same"])
            )
            inside[name] = draw(st.sampled_from([1, "part", [], {}, ["rate"], {"rate": 3}]))
    return data


def loaded(data: Any, cls: type, compiled: bool, **how: Any) -> Any:
    """Return the config of plain data and all that it remembers, or the error, and warnings."""
    for one in CLASSES:
        converter = config_converter(one)
        converter.read, converter._loaded = None, READS_BEFORE_COMPILING
        if compiled:
            converter.read = compiled_reader(converter)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            found: Any = pload(data, cls, **how)
        except (LoadError, DriftError) as error:
            return str(error), [str(one.message) for one in warned]
    memory = [
        # What is recorded of reads is exact, or what the code may read, once it is compiled.
        (record_of(one)[:3], reads_of(one), record_of(one)[OPEN], raw_inputs(one).keys(), type(one))
        for one in post_order(found)
    ]
    return found, memory, pdump(found), [str(one.message) for one in warned]


@given(st.data(), st.lists(nets, min_size=1, max_size=2), st.booleans(), st.sampled_from(DRIFTS))
def test_compiled_readers_read_what_load_reads(data, made, has_default, drift):
    top = Net(made[0], data=made)
    use_default(Net, made[0] if has_default else None)
    use_default(Part, made[-1].part if has_default and type(made[-1].part) is Part else None)
    saved = data.draw(edited(pdump(top)))
    if has_default and data.draw(st.booleans()):
        use_default(Net, made[-1])
    if data.draw(st.booleans()):
        saved.pop("$type", None)
    ours, general = (loaded(saved, Net, compiled, drift=drift) for compiled in (True, False))
    assert ours == general


def test_a_config_in_itself_is_refused_by_compiled_readers():
    part = Part(config=1, out=0.5, tied="", width=Pin(2))
    data = pdump(Pair(one=part, other=[part]))
    data["other"] = [{"$same": ""}]
    assert loaded(data, Pair, compiled=True) == loaded(data, Pair, compiled=False)
    assert "contains itself" in loaded(data, Pair, compiled=True)[0]


def test_a_class_gets_its_reader_after_many_configs_and_loses_it_with_its_default():
    use_default(Part, Part(config=1, out=0.5, tied="", width=Pinned))
    converter = config_converter(Part)
    assert converter.restart({}, None) is UNREAD
    data = pdump(Part(config=2, width=Pin(3)))
    del data["width"]
    data["width"] = 3
    for _ in range(READS_BEFORE_COMPILING):
        assert pload(data, Part, drift="accept").config == 2
    assert converter.read is not None
    use_default(Part, Part(config=1, out=2.5, tied="", width=Pinned))
    with pytest.warns(DefaultChangedWarning, match="out = 0.5, whose default is 2.5 now"):
        pload(data, Part, drift="accept")
    assert converter.read is None


def test_a_class_gets_its_writer_after_many_configs_and_loses_it_with_its_default():
    use_default(Part, Part(config=1, out=0.5, tied="", width=Pinned))
    writer = config_writer(Part)
    writer.restart(Part(config=2), Dump(), False)
    for _ in range(WRITES_BEFORE_COMPILING):
        assert pdump(Part(config=2))["$given"] == ["config"]
    assert writer.write not in (writer.dump, writer.first_writes)
    use_default(Part, Part(config=2, out=0.5, tied="", width=Pinned))
    assert pdump(Part(config=2))["$given"] == []
    assert writer.write == writer.first_writes
    use_default(Part, None)
    assert "$given" not in pdump(Part(config=2, out=0.5, tied="", width=Pinned))


def test_an_input_of_a_property_that_is_not_the_default_is_among_the_given():
    part = Part(config=1, out=0.5, tied="", width=Pinned)
    whole = Every(
        data=1, steps=Path("a"), kind="a", parts=[part], part=part, ratios={}, maybe=None, key="k",
        left=1, rate=4.0, width=1, follows=[part],
    )  # fmt: skip
    use_default(Every, whole)
    for compiled in (False, True):
        assert json.loads(written(whole, compiled))["$given"] == []
        changed = Every(rate=8.0, follows=[])
        assert json.loads(written(changed, compiled))["$given"] == ["rate", "follows"]


def test_a_shared_config_is_written_once_by_compiled_writers():
    part = Part(config=1, out=0.5, tied="", width=Pin(2))
    top = Pair(one=part, other=[part, part])
    for compiled in (False, True):
        data = json.loads(written(top, compiled))
        assert data["other"] == [{"$same": "one"}, {"$same": "one"}]
        assert list(data["one"])[0] == "$type"
        assert pload(data, Pair) == top


def test_a_repeated_config_whose_first_place_is_left_out_is_written_in_full():
    marker = {"$marker": "Pinned"}
    plain = {
        "data": None, "steps": "a", "kind": "a", "parts": [], "ratios": {}, "maybe": None,
        "rate": 0.0, "width": 1, "follows": [],
    }  # fmt: skip
    part = {"config": None, "out": 0.0, "tied": "", "width": {"$pin": marker}, "area": marker}
    named = {"$type": f"{__name__}.Part", **part}
    first = {"$type": f"{__name__}.Net", **plain, "part": named, "same": {"$pin": 1}}
    other = {"$type": f"{__name__}.Net", **plain, "part": part, "same": None}
    data = {
        **first,
        "data": [{**first, "$computed": {"same": None}}, other],
        "part": {"$same": "data[0].part"},
        "$computed": {"same": [None, {"$same": "data[1]"}]},
    }
    kept = pload(data, Net, drift="as-saved")
    written = pdump(kept)
    assert pload(written, Net, drift="as-saved") == kept
    assert "'$same': None" not in str(written)
