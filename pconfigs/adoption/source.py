"""The product of a reader: composed trees, of the main file, of options and of experiments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pconfigs.adoption.description import Kind
from pconfigs.adoption.nodes import Mapping, Node, Path, Place
from pconfigs.errors.base import Problem


@dataclass(slots=True)
class Option:
    """A file of a group, composed with all the rest.

    Attributes:
        path: Where the group's values are.
        name: The file's name, without suffix.
        tree: The whole tree with this option chosen.
        doc: The comment at the top of the file.
    """

    path: Path
    name: str
    tree: Mapping
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers between two, both included: integers where both are."""

    low: Any
    high: Any
    log: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """One of the values that vary.

    Attributes:
        key: Its path, or a group.
        words: How the source writes it.
        space: Its values, or the numbers between two.
    """

    key: str
    words: str
    place: Place
    space: list[Any] | Range


@dataclass(slots=True)
class Sweep:
    """Runs with other values.

    Attributes:
        place: Where the source has it.
        is_search: Whether the best values are looked for, instead of all being run.
        goal: Of a search: `max accuracy`.
        settings: Of a search: `runs`, `parallel` and `seed`, as far as they are given.
        findings: What is not decided, with the words of the source.
    """

    place: Place
    is_search: bool = False
    goal: str = ""
    parameters: list[Parameter] = field(default_factory=list)
    settings: dict[str, int] = field(default_factory=dict)
    findings: list[Problem] = field(default_factory=list)

    def note(self, node: Node, words: str, why: str) -> None:
        """Note words that are not decided."""
        self.findings.append(Problem(str(node.place), f"{words}: {why}"))


@dataclass(slots=True)
class Experiment:
    """A file that changes the main tree, composed with it.

    Attributes:
        name: Of the module to write.
        parent: Name of the experiment that it inherits from; None for the main file.
        tree: The whole tree.
        source: The file.
        doc: The comment at its top.
        sweep: What it varies.
    """

    name: str
    parent: str | None
    tree: Mapping
    source: str
    doc: str = ""
    sweep: Sweep | None = None


@dataclass(slots=True)
class Source:
    """All that is adopted.

    Attributes:
        name: Of the main file, without suffix.
        file: The main file, as it was given.
        tree: The main file, composed.
        options, experiments: What else there is.
        groups: Where the values of each group are, by its name.
        sweep: What the main file varies.
        findings: What was left out, and why.
        kinds: Types that are known, by path.
        marks: What could not be decided, by path.
    """

    name: str
    file: str
    tree: Mapping
    options: list[Option] = field(default_factory=list)
    experiments: list[Experiment] = field(default_factory=list)
    groups: dict[str, Path] = field(default_factory=dict)
    sweep: Sweep | None = None
    findings: list[Problem] = field(default_factory=list)
    kinds: dict[Path, Kind] = field(default_factory=dict)
    marks: dict[Path, str] = field(default_factory=dict)

    def trees(self) -> list[Mapping]:
        """Return all trees, the main one first."""
        return [
            self.tree,
            *(option.tree for option in self.options),
            *(experiment.tree for experiment in self.experiments),
        ]
