"""Inputs: what a mapping of a source gives for the fields of its class."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pconfigs.adoption.description import ConfigClass, Field, Kind, Sample
from pconfigs.adoption.formulas import FormulaError, evaluate
from pconfigs.adoption.infer import class_for, formula_at
from pconfigs.adoption.nodes import Interpolation, Mapping, Missing, Node, Path, Sequence
from pconfigs.adoption.resolved import HasNoValueError, Open, Values
from pconfigs.annotations.kinds import Sentinel
from pconfigs.markers import Omitted
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.inheritance import input_of

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

    def __init__(self, tree: Mapping) -> None:
        self.values = Values(tree)

    def config(self, one: ConfigClass, sample: Sample) -> Given:
        """Return the inputs of a config, for every field of its class."""
        assert isinstance(sample.node, Mapping)
        made = Given(one)
        for key, found in one.fields.items():
            child = sample.node.items.get(key)
            if child is None:
                made.inputs[found.name] = LEFT_OUT if found.formula is None else OMITTED
            else:
                inner = Sample(child, (*sample.path, key), sample.tree)
                made.inputs[found.name] = self.field(found, inner)
        return made

    def field(self, found: Field, sample: Sample) -> Any:
        """Return the input of a field."""
        node = sample.node
        if isinstance(node, Missing):
            return REQUIRED
        is_formula = isinstance(node, Interpolation) or (
            isinstance(node, Sequence) and any(isinstance(i, Interpolation) for i in node.items)
        )
        if is_formula and found.formula is not None and self.follows(found, sample):
            return OMITTED
        return self.value(found.kind, sample)

    def follows(self, found: Field, sample: Sample) -> bool:
        """Return whether the field's formula gives the value that the node has in its tree."""
        assert found.formula is not None
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
        node = sample.node
        if isinstance(node, Interpolation) and node.copy is not None:
            node = node.copy
        if isinstance(node, Mapping):
            chosen = class_for(kind, node)
            if chosen is not None:
                made = self.config(chosen, Sample(node, sample.path, sample.tree))
                made.is_one_of_several = len(kind.classes) > 1
                return made
            if kind.classes and kind.value is None:
                return LEFT_OUT
        if isinstance(node, Sequence):
            item = kind.item or Kind(any=True)
            return [
                self.value(item, Sample(one, (*sample.path, index), sample.tree))
                for index, one in enumerate(node.items)
            ]
        return _open_as_required(self.values.of(node, sample.path))


def _open_as_required(value: Any) -> Any:
    if isinstance(value, Open):
        return REQUIRED
    if isinstance(value, dict):
        return {key: _open_as_required(inner) for key, inner in value.items()}
    return value


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


def expected(one: ConfigClass, sample: Sample, values: Values) -> dict[str, Any]:
    """Return the values that a config of a class must have, by field; `Open` where it is open."""
    assert isinstance(sample.node, Mapping)
    found: dict[str, Any] = {}
    for key, field_ in one.fields.items():
        child = sample.node.items.get(key)
        if child is not None:
            path = (*sample.path, key)
            found[field_.name] = _expected(field_.kind, Sample(child, path, sample.tree), values)
    return found


def _expected(kind: Kind, sample: Sample, values: Values) -> Any:
    node, path = sample.node, sample.path
    if isinstance(node, Interpolation) and node.copy is not None:
        node = node.copy
    if isinstance(node, Mapping):
        chosen = class_for(kind, node)
        if chosen is not None:
            return expected(chosen, Sample(node, path, sample.tree), values)
        if kind.classes and kind.value is None:
            return ABSENT
    if isinstance(node, Sequence):
        item = kind.item or Kind(any=True)
        return [
            _expected(item, Sample(one, (*path, index), sample.tree), values)
            for index, one in enumerate(node.items)
        ]
    return values.of(node, path)


ABSENT: Any = Sentinel("ABSENT")
"""The value of what the source changes without choosing it."""


def _additions(config: Any, values: dict[Any, Any], path: str) -> list[str]:
    """Return the fields of a config that the source does not have, and that are not left out.

    A property may give them a value, and so may the signature of a target.
    """
    schema = schema_of(config)
    if schema.outside is not None:
        return []
    found: list[str] = []
    for name, one in schema.fields.items():
        if name not in values and input_of(config, one) is not Omitted:
            where = f"{path}.{name}" if path else name
            found.append(f"{where}: {getattr(config, name)!r}, and not there in the source")
    return found


def _kind(value: Any) -> Any:
    """Return the type of a value; an int is as good as a float."""
    return float if type(value) is int else type(value)


def source_data(node: Node, path: Path, values: Values) -> Any:
    """Return the data of a node as a file would have it, with its values computed."""
    if isinstance(node, Interpolation) and node.copy is not None:
        node = node.copy
    if isinstance(node, Mapping):
        return {key: source_data(item, (*path, key), values) for key, item in node.items.items()}
    if isinstance(node, Sequence):
        return [source_data(item, (*path, n), values) for n, item in enumerate(node.items)]
    return _open_as_required(values.of(node, path))


def differences(config: Any, values: Any, path: str = "", additions: bool = True) -> list[str]:
    """Return the paths at which a config differs from the values expected of it, with both.

    Args:
        config: The config.
        values: What is expected.
        path: Where the config is.
        additions: Whether it must have no more values than that.
    """
    if isinstance(values, Open) or values is ABSENT:
        return []
    if isinstance(values, dict) and hasattr(config, "__pconfig_schema__"):
        found: list[str] = []
        for name, inner in values.items():
            inner_path = f"{path}.{name}" if path else str(name)
            lines = differences(getattr(config, name), inner, inner_path, additions)
            if lines and name in schema_of(config).secret_names:
                lines = [f"{inner_path}: differs from the source (the value is secret)"]
            found += lines
        return found + (_additions(config, values, path) if additions else [])
    if isinstance(values, dict) and isinstance(config, dict) and list(config) == list(values):
        pairs = [(f"{path}[{key!r}]", config[key], values[key]) for key in values]
        return [
            line
            for where, one, other in pairs
            for line in differences(one, other, where, additions)
        ]
    if isinstance(values, list) and isinstance(config, (list, tuple)):
        if len(values) == len(config):
            pairs = [(f"{path}[{n}]", config[n], values[n]) for n in range(len(values))]
            return [
                line
                for where, one, other in pairs
                for line in differences(one, other, where, additions)
            ]
    same = _kind(config) is _kind(values) and (config == values or config != config)
    return [] if same else [f"{path}: {config!r}, and {values!r} in the source"]
