"""The product of a reader: composed trees, of the main file, of options and of experiments."""

from __future__ import annotations

from dataclasses import dataclass, field

from pconfigs.adoption.description import Kind
from pconfigs.adoption.nodes import Mapping, Path
from pconfigs.errors.adoption import Finding


@dataclass(slots=True)
class Option:
    """A file of a group, composed with all the rest.

    Attributes:
        path: Where the group's values are.
        name: The file's name, without suffix.
        tree: The whole tree with this option chosen.
        is_chosen: Whether the main file chooses it.
        doc: The comment at the top of the file.
    """

    path: Path
    name: str
    tree: Mapping
    is_chosen: bool
    doc: str = ""


@dataclass(slots=True)
class Experiment:
    """A file that changes the main tree, composed with it.

    Attributes:
        name: Of the module to write.
        parent: Name of the experiment that it inherits from; None for the main file.
        tree: The whole tree.
        source: The file.
        doc: The comment at its top.
    """

    name: str
    parent: str | None
    tree: Mapping
    source: str
    doc: str = ""


@dataclass(slots=True)
class Source:
    """All that is adopted.

    Attributes:
        name: Of the main file, without suffix.
        file: The main file, as it was given.
        tree: The main file, composed.
        options, experiments: What else there is.
        findings: What was left out, and why.
        kinds: Types that are known, by path.
        marks: What could not be decided, by path.
    """

    name: str
    file: str
    tree: Mapping
    options: list[Option] = field(default_factory=list)
    experiments: list[Experiment] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    kinds: dict[Path, Kind] = field(default_factory=dict)
    marks: dict[Path, str] = field(default_factory=dict)

    def trees(self) -> list[Mapping]:
        """Return all trees, the main one first."""
        return [
            self.tree,
            *(option.tree for option in self.options),
            *(experiment.tree for experiment in self.experiments),
        ]
