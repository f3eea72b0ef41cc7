"""Schemas: what a config class declares."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, Optional, TypeVar

import pytest

from pconfigs import NoEffect, Pinned, Secret, pcheck, pconfig, pconfiged, pproperty
from pconfigs.schema.children import parts_in, parts_of, post_order
from pconfigs.schema.class_schema import Schema, is_config, is_config_class, schema_of

T = TypeVar("T")


def sample():
    @pconfig
    class Base:
        a: int
        b: NoEffect[str]

        @pproperty
        def c(self) -> int:
            return self.a

        @pcheck
        def fine(self):
            pass

    @pconfig
    class Derived(Base):
        k: ClassVar[int] = 3
        d: Secret[Optional[float]]
        a: bool

    return Base, Derived


def test_fields_come_in_print_order():
    """Those of ancestors first; a field declared again keeps its place."""
    Base, Derived = sample()
    assert list(schema_of(Base).fields) == ["a", "b", "c"]
    assert list(schema_of(Derived).fields) == ["a", "b", "c", "d"]
    assert [field.index for field in schema_of(Derived).fields.values()] == [0, 1, 2, 3]


def test_names_are_known_without_resolving_annotations():
    """`field_names` has them even where an annotation names nothing."""

    @pconfig
    class Unresolvable:
        x: NoSuchThing  # noqa: F821

        @pproperty
        def y(self) -> int:
            return 1

    assert schema_of(Unresolvable).field_names == ("x", "y")
    with pytest.raises(NameError):
        schema_of(Unresolvable).fields


def test_a_field_shows_what_was_declared():
    """Owner, annotation, hint, markers, property, check."""
    Base, Derived = sample()
    fields = schema_of(Derived).fields
    assert (fields["a"].owner, fields["b"].owner) == (Derived, Base)
    assert fields["b"].annotation == "NoEffect[str]"
    assert (fields["b"].hint, fields["b"].markers) == (str, frozenset({NoEffect}))
    assert fields["d"].markers == {Secret}
    assert fields["d"].validator.description == "float or None"
    assert (fields["c"].pinned, fields["c"].derived, fields["c"].markers) == (True, True, {Pinned})
    assert fields["c"].property.name == "c"
    assert not fields["a"].derived
    assert "Derived.a: bool" in repr(fields["a"])


def test_configs_and_classes_have_the_same_schema():
    """Of a config, of its class, of an undecorated class derived from it."""
    Base, Derived = sample()

    class Sub(Base):
        pass

    assert schema_of(Base(a=1, b="x")) is schema_of(Base) is schema_of(Sub)
    assert schema_of(Derived) is not schema_of(Base)
    assert schema_of(Derived).lineage == [schema_of(Base), schema_of(Derived)]
    assert is_config(Sub(a=1, b="x"))
    assert is_config_class(Sub)
    for thing in (3, int, Base, None):
        assert not is_config(thing)
    for thing in (3, int, Base(a=1, b="x"), None):
        assert not is_config_class(thing)


def test_checks_and_properties_are_collected_from_ancestors():
    """The most derived one of each name."""
    Base, Derived = sample()
    assert list(schema_of(Derived).properties) == ["c"]
    assert list(schema_of(Derived).checks) == ["fine"]
    assert schema_of(Derived).own_properties == {}
    assert list(schema_of(Base).own_properties) == ["c"]


def test_entries_have_class_variables_and_what_is_constructed():
    """First where the class itself constructs, last where a derived class begins to."""

    @pconfiged
    class Thing:
        config: ThingConfig

    @pconfig(constructs=Thing)
    class ThingConfig:
        k: ClassVar[int] = 1
        x: int

    assert schema_of(ThingConfig).entries == ["constructable_type", "k", "x"]
    assert schema_of(ThingConfig).class_vars == ("constructable_type", "k")

    @pconfiged
    class Other:
        config: OtherConfig

    @pconfig
    class Plain:
        x: int

    @pconfig(constructs=Other)
    class OtherConfig(Plain):
        y: int

    assert schema_of(OtherConfig).entries == ["x", "y", "constructable_type"]


def test_flat_and_nested_names_part_the_fields():
    """Fields in which no config can be, and the others."""

    @pconfig
    class Parted:
        a: int
        b: list[str]
        c: Any
        d: list[Parted]

    schema = schema_of(Parted)
    config = Parted(a=1, b=["x"], c=None, d=[])
    assert (
        schema.fields["a"].validator.never_holds_configs,
        schema.fields["c"].validator.never_holds_configs,
    ) == (True, False)
    assert (schema.flat_names, schema.nested_names) == (("a", "b"), ("c", "d"))
    assert schema.values_of(config) == (1, ["x"], None, [])


def test_type_variables_are_bound_by_the_derived_class():
    """Also where the ancestor's own fields are known already, and two classes away."""

    @pconfig
    class Box(Generic[T]):
        item: T

        @pproperty
        def same(self) -> T:
            return self.item

    assert schema_of(Box).fields["item"].validator.description

    @pconfig
    class Ints(Box[int]):
        pass

    @pconfig
    class Below(Ints):
        pass

    for cls in (Ints, Below):
        assert schema_of(cls).fields["item"].validator.description == "int"
        assert schema_of(cls).fields["same"].validator.description == "int"


def test_parts_are_the_configs_directly_inside():
    """In field order, in containers of any depth; those inside these are not entered."""

    @pconfig
    class Node:
        name: str
        inside: Any

    leaf = [Node(name=str(n), inside=None) for n in range(5)]
    tree = Node(name="t", inside=[leaf[0], (leaf[1], {"k": [leaf[2]]}), {leaf[3]}, 3, "x"])
    assert [part.name for part in parts_of(tree)] == ["0", "1", "2", "3"]
    assert list(parts_of(leaf[0])) == []
    assert [part.name for part in parts_in({leaf[4]: leaf[0]})] == ["4", "0"]
    outer = Node(name="o", inside=[tree, leaf[0]])
    assert [part.name for part in post_order(outer)] == ["0", "1", "2", "3", "t", "o"]
    assert [part.name for part in parts_of(outer)] == ["t", "0"]


def test_schemas_can_be_made_of_any_class():
    """Declaring reads names alone."""
    assert isinstance(schema_of(sample()[0]), Schema)
