"""Inputs: what a mapping of a source gives for the fields of its class."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pconfigs.adoption.description import ConfigClass, Field, Kind, Sample
from pconfigs.adoption.formulas import FormulaError, evaluate
from pconfigs.adoption.infer import class_for, formula_at
from pconfigs.adoption.nodes import Interpolation, Mapping, Missing, Node, Sequence
from pconfigs.adoption.resolved import HasNoValueError, Known, Open, Values

OMITTED = {"$marker": "Omitted"}
"""The input of a field that follows from others."""
LEFT_OUT = {"$marker": "Omitted"}
"""The input of a field whose key is not there."""
REQUIRED = {"$marker": "Required"}


@dataclass(slots=True)
class Given:
    """A config of a class, by the inputs of its fields.

    Attributes:
        is_one_of_several: Whether the field may hold configs of other classes, too.
    """

    config_class: ConfigClass
    inputs: dict[str, Any] = field(default_factory=dict)
    is_one_of_several: bool = False


class Inputs:
    """Inputs for mappings of one composed tree."""

    def __init__(self, tree: Mapping, variables: Known | None = None) -> None:
        self.values = Values(tree, variables)

    def config(self, one: ConfigClass, sample: Sample, is_one_of_several: bool = False) -> Any:
        """Return the inputs of a config, for every field of its class."""
        made = Given(one, is_one_of_several=is_one_of_several)
        for key, found in one.fields.items():
            child = sample.items.get(key)
            if child is None:
                made.inputs[found.name] = LEFT_OUT if found.formula is None else OMITTED
            else:
                made.inputs[found.name] = self.field(found, sample.inside(key, child))
        return made

    def field(self, found: Field, sample: Sample) -> Any:
        """Return the input of a field."""
        if isinstance(sample.node, Missing):
            return REQUIRED
        is_formula = any(isinstance(one, Interpolation) for one in _self_and_items(sample.node))
        if is_formula and found.formula is not None and self.follows(found, sample):
            return OMITTED
        return self.value(found.kind, sample)

    def follows(self, found: Field, sample: Sample) -> bool:
        """Return whether the field's formula gives the value that the node has in its tree."""
        assert found.formula is not None
        # An alias copies what its file has at the anchor; a file above may have changed that there.
        is_copy = isinstance(sample.node, Interpolation) and sample.node.copy is not None
        if not is_copy and formula_at(sample)[0] == found.formula:
            return True
        value = self.values.of(sample.node, sample.path)
        try:
            computed = evaluate(found.formula, self.values.read, self.values.look_up)
        except FormulaError:
            return False
        except HasNoValueError:
            # The formula reads an open value: so does the node, where it is the same one.
            return isinstance(value, Open)
        return bool(type(value) is type(computed) and value == computed)

    def value(self, kind: Kind, sample: Sample) -> Any:
        """Return the input for a value of a type."""
        sample = sample.without_alias()
        if isinstance(sample.node, Mapping):
            chosen = class_for(kind, sample.node)
            if chosen is not None:
                return self.config(chosen, sample, len(kind.classes) > 1)
            if kind.classes and kind.value is None:
                return LEFT_OUT
        if isinstance(sample.node, Sequence):
            item = kind.item or Kind(any=True)
            return whole_or_required([self.value(item, one) for one in sample.inner()])
        value = open_as_required(self.values.of(sample.node, sample.path))
        return REQUIRED if isinstance(value, dict) and has_required(value) else value


class Expected(Inputs):
    """The values that configs must have, by field, those that follow from others included."""

    def config(self, one: ConfigClass, sample: Sample, is_one_of_several: bool = False) -> Any:
        """Return the values of a config as a dict, for the fields that the source has."""
        return {
            found.name: self.value(found.kind, sample.inside(key, sample.items[key]))
            for key, found in one.fields.items()
            if key in sample.items
        }


def _self_and_items(node: Node) -> list[Node]:
    return [node, *node.items] if isinstance(node, Sequence) else [node]


def open_as_required(value: Any) -> Any:
    """Return plain data in which values that are open must be given."""
    if isinstance(value, Open):
        return REQUIRED
    if isinstance(value, dict):
        return {key: open_as_required(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return whole_or_required([open_as_required(inner) for inner in value])
    return value


def whole_or_required(items: list[Any]) -> Any:
    """Return a list; one with an item that must be given must be given as a whole."""
    return REQUIRED if REQUIRED in items else items


def has_required(value: Any) -> bool:
    """Return whether a value of a dict, or of one in it, must be given."""
    if isinstance(value, dict) and value != REQUIRED:
        return any(map(has_required, value.values()))
    return bool(value == REQUIRED)


def plain_data(value: Any) -> Any:
    """Return inputs as data that `pload` takes; fields that follow from others are left out."""
    if isinstance(value, Given):
        found: dict[str, Any] = {}
        if value.is_one_of_several:
            found["$type"] = value.config_class.dotted
        for name, inner in value.inputs.items():
            if inner is not OMITTED:
                found[name] = plain_data(inner)
        return found
    if isinstance(value, list):
        return [plain_data(item) for item in value]
    return value
