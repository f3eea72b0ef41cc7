"""Description of the result: classes, their fields, and what follows from what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pconfigs.adoption.nodes import (
    Mapping,
    Node,
    Notes,
    Path,
    Place,
    children,
    without_alias,
)
from pconfigs.serialization.formats.interpolations import Formula

NO_HINT = object()


@dataclass(frozen=True, slots=True)
class Sample:
    """A node, where it is, and the composed tree around it."""

    node: Node
    path: Path
    tree: Mapping

    @property
    def items(self) -> dict[Any, Node]:
        """Return the values of a mapping, by key; none of any other node."""
        return self.node.items if isinstance(self.node, Mapping) else {}

    @property
    def target(self) -> str | None:
        """Return the dotted name under `_target_`, where there is one."""
        return self.node.target if isinstance(self.node, Mapping) else None

    def inside(self, key: Any, node: Node) -> Sample:
        """Return the sample of a node that is under a key or an index of this one."""
        return Sample(node, (*self.path, key), self.tree)

    def inner(self) -> list[Sample]:
        """Return the samples of all that is in a mapping or list."""
        return [self.inside(key, node) for key, node in children(self.node)]

    def without_alias(self) -> Sample:
        """Return the sample of the value that an alias is a copy of; of any other, itself."""
        return Sample(without_alias(self.node), self.path, self.tree)


@dataclass(slots=True)
class Kind:
    """The type of a field: the union of what is set here.

    Attributes:
        names: Names of scalar types, and of others by their code.
        literals: Values of a `Literal`.
        classes: Config classes.
        item: Type of the items of a list.
        value: Type of the values of a dict; `keys` are the names of the types of its keys.
        none: Whether None is allowed.
        any: Whether nothing is known.
        hint: The annotation, where the source has one; it mentions the originals of `classes`.
        constraints: Calls of classes of annotated-types.
    """

    names: set[str] = field(default_factory=set)
    literals: list[Any] = field(default_factory=list)
    classes: list[ConfigClass] = field(default_factory=list)
    item: Kind | None = None
    value: Kind | None = None
    keys: set[str] = field(default_factory=set)
    none: bool = False
    any: bool = False
    hint: Any = NO_HINT
    constraints: list[str] = field(default_factory=list)

    def add(self, other: Kind) -> None:
        """Make this the union of itself and another."""
        self.names |= other.names
        self.literals += [one for one in other.literals if one not in self.literals]
        self.classes += [one for one in other.classes if one not in self.classes]
        self.none, self.any = self.none or other.none, self.any or other.any
        self.item = _union(self.item, other.item)
        self.value = _union(self.value, other.value)
        self.keys |= other.keys
        self.widen()

    def widen(self) -> None:
        """Leave int out where there is float, which takes one."""
        if "float" in self.names:
            self.names.discard("int")

    @property
    def is_empty(self) -> bool:
        """Return whether nothing but None is known."""
        known = self.names or self.literals or self.classes or self.item or self.value
        return not known and not self.any

    @property
    def one_class(self) -> ConfigClass | None:
        """Return the class, where the type is one config class and nothing else."""
        others = self.names or self.literals or self.item or self.value or self.none or self.any
        return self.classes[0] if len(self.classes) == 1 and not others else None


def _union(one: Kind | None, other: Kind | None) -> Kind | None:
    if other is None:
        return one
    found = one or Kind()
    found.add(other)
    return found


@dataclass(slots=True)
class Field:
    """A field of a class.

    Attributes:
        key: Its name in the source.
        name: Its name in the class.
        kind: Its type.
        notes: Comments at it.
        place: Where the source has it first.
        omitted: Whether it may be left out.
        formula: What it follows from unless it is given.
        marks: What could not be decided about it.
        secret: Whether its value is never shown.
        is_extra: Whether the target takes it through its `**kwargs`.
    """

    key: Any
    name: str
    kind: Kind
    notes: Notes
    place: Place
    omitted: bool = False
    formula: Formula | None = None
    marks: list[str] = field(default_factory=list)
    secret: bool = False
    is_extra: bool = False


@dataclass(slots=True)
class Tie:
    """One value that follows from others.

    Attributes:
        path: The field, from the root.
        owner: The class of the field.
        field: The field.
        formula: What it follows from.
        level: How many steps from the root the class is whose property sets it.
    """

    path: Path
    owner: ConfigClass
    field: Field
    formula: Formula
    level: int


@dataclass(slots=True, eq=False)
class ConfigClass:
    """A config class of the result.

    Attributes:
        name: Its name.
        module: Its module, below the package.
        doc: Its documentation.
        path: Where it was found.
        target: Dotted name of the class or function that it configures.
        target_place: The module of the target, and its name there.
        fields: Its fields, by key.
        default: The values that are registered as its default.
        ties: What its properties set, by the field that each property completes.
        variants: Names and values of further configs of the class.
        settled: Parameters of the target that the source does not have and whose type is unknown.
        how: `mocks`, `calls`, or nothing where the class constructs nothing.
        is_partial: Whether the source calls the target later, with more arguments.
        marks: What could not be decided about it.
        package: The package that its module is in.
        bases: Classes that it extends.
        renamed: Further names by which files know its fields.
        inputs: Inputs of its default, where there is no `default` to make them from.
        original: The dataclass or model that it is made from.
    """

    name: str
    module: str
    doc: str
    path: Path
    target: str | None = None
    target_place: tuple[str, str] = ("", "")
    fields: dict[Any, Field] = field(default_factory=dict)
    default: Sample | None = None
    ties: dict[Any, list[Tie]] = field(default_factory=dict)
    variants: list[Variant] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    how: str = ""
    is_partial: bool = False
    marks: list[str] = field(default_factory=list)
    package: str = ""
    bases: list[ConfigClass] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, Any] | None = None
    original: type | None = None

    @property
    def dotted(self) -> str:
        """Return the dotted name of the class."""
        return f"{self.package}.{self.module}.{self.name}"

    def children(self) -> Iterator[ConfigClass]:
        """Yield the classes that fields of this one hold."""
        for one in self.fields.values():
            yield from classes_in(one.kind)


@dataclass(slots=True)
class Variant:
    """A further config of a class: an option of a group.

    Attributes:
        name: In the module of the class.
        source: Where the values of the group are, and the name of its file.
    """

    name: str
    sample: Sample
    doc: str
    source: tuple[Path, str]


def classes_in(kind: Kind) -> Iterator[ConfigClass]:
    """Yield the config classes that a type mentions."""
    yield from kind.classes
    for inner in (kind.item, kind.value):
        if inner is not None:
            yield from classes_in(inner)


def all_classes(root: ConfigClass) -> list[ConfigClass]:
    """Return a class and all that it holds, each after those that it holds."""
    found: list[ConfigClass] = []
    seen: set[int] = set()

    def enter(one: ConfigClass) -> None:
        if id(one) not in seen:
            seen.add(id(one))
            for child in one.children():
                enter(child)
            found.append(one)

    enter(root)
    return found
