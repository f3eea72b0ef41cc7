"""Discovery: the experiments of a project, found in the source without running any.

An experiment is a name at the top of a module that is given a call of a config class, or a variant
of another experiment. What takes running to know is left out, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pconfigs.imports.source_files import python_files
from pconfigs.imports.source_index import SEVERAL, VARIANTS, Source, SourceIndex


class DiscoveredExperiment:
    """One experiment.

    Attributes:
        target: What leads to it: `project.experiments.first.config`.
        config_class: The name of its class; of a variant, that of what it is based on.
        bases: Targets of the experiments that it is based on.
        changes: Names that it sets itself, as keywords or paths.
        about: The first line of its comment or docstring.
        file, line: Its place.
    """

    def __init__(self, target: str, file: str, line: int) -> None:
        self.target, self.file, self.line = target, file, line
        self.config_class = ""
        self.bases: list[str] = []
        self.changes: list[str] = []
        self.about = ""


class Catalogue:
    """The experiments of a project.

    Args:
        index: Its modules.
    """

    def __init__(self, index: SourceIndex | None = None) -> None:
        self._index = SourceIndex() if index is None else index
        self.unread: dict[str, str] = {}
        """Files to be listed that are not Python, each with the reason."""

    def experiments(self, place: Path, tests: bool = False) -> list[DiscoveredExperiment]:
        """Return the experiments in a file or below a folder, sorted by target.

        Those in tests below a folder are left out unless `tests` is true.
        """
        files = python_files(str(place), tests, self.unread)
        sources = [source for file in files if (source := self._read(file)) is not None]
        found = [one for source in sources for one in self._in_module(source)]
        self._index.save()
        return sorted(found, key=lambda one: one.target)

    def _read(self, file: str) -> Source | None:
        try:
            source = self._index.add(file)
        except OSError as error:
            self.unread[file] = str(error)
            return None
        reason = source.facts.get("unread")
        if reason is not None:
            self.unread[file] = reason
        return source

    def _in_module(self, source: Source) -> Iterator[DiscoveredExperiment]:
        joint = ":" if source.name == source.path else "."
        for attribute, call in source.facts["calls"].items():
            cls = self._index.class_of(f"{source.name}.{attribute}")
            if cls:
                target = f"{source.name}{joint}{attribute}"
                found = DiscoveredExperiment(target, source.path, call["line"])
                self._describe(found, source, call, cls.rpartition(".")[2])
                yield found

    def _describe(
        self, found: DiscoveredExperiment, source: Source, call: dict[str, Any], cls: str
    ) -> None:
        named = [self._index.full_name(source, one) for one in call["arguments"] if one]
        found.bases = [one for one in dict.fromkeys(named) if self._index.class_of(one)]
        found.about = call["about"]
        function = self._index.full_name(source, call["function"]).rpartition(".")[2]
        if function in SEVERAL:
            found.config_class = f"{SEVERAL[function]} of {cls}"
            found.changes = call["inner_keys"]
        elif function in VARIANTS:
            found.config_class = cls
            found.changes = [*call["keywords"], *call["keys"]]
        else:
            # As it is written, also where that is another name of the class.
            found.config_class = call["function"].rpartition(".")[2]
            found.changes = call["keywords"]
