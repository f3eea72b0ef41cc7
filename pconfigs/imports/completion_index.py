"""Completion: experiments of a project and the fields that can be set in them, from the index."""

from __future__ import annotations

from typing import Any

from pconfigs.imports.source_files import python_files
from pconfigs.imports.source_index import SourceIndex

MOST_READ = 5000
"""Files that are read for one answer; the next ones go on with the rest."""


class Completions:
    """The completions in a folder.

    Args:
        folder: The project.
        index: Its modules.
    """

    def __init__(self, folder: str, index: SourceIndex) -> None:
        self._index = index
        self._sources = []
        for path in python_files(folder):
            try:
                self._sources.append(index.add(path))
            except OSError:
                continue
            if index.files_read >= MOST_READ:
                break

    def targets(self) -> list[str]:
        """Return dotted paths of the experiments."""
        found = sorted(
            f"{source.name}.{name}"
            for source in self._sources
            if source.name != source.path
            for name in source.called
            if self._index.class_of(f"{source.name}.{name}")
        )
        self._index.save()
        return found

    def settable(self, target: str, path: list[str]) -> dict[str, dict[str, Any]]:
        """Return the fields that can be set where a path leads from an experiment.

        Each has `part`, whether there are fields in it, and `choices`, texts of its values.
        """
        home = target if self._index.module(target) is None else f"{target}.config"
        cls = self._index.class_of(home)
        keyed = False
        for step in path:
            # After a list or a dict comes an index or a key, which leads to its items.
            if keyed:
                keyed = False
                continue
            keyed = self._said(cls, step).get("keyed", False)
            cls = self._part(home, cls, step)
            home = ""
        found: dict[str, dict[str, Any]] = {}
        for one in [] if keyed else reversed(self._index.lineage(cls)):
            for name, said in self._index.class_facts(one)["fields"].items():
                part = self._part(home, cls, name)
                found[name] = {"part": bool(part), "choices": said["choices"]}
                if said["pinned"] or (said.get("computed") and not part):
                    del found[name]
        self._index.save()
        return found

    def _part(self, experiment: str, cls: str, name: str) -> str:
        """Return the config class of what a field holds, or nothing."""
        found = self._index.experiment(experiment) if experiment else None
        if found is not None:
            module, call = found
            function = call["parts"].get(name)
            if function:
                return self._if_config(self._index.full_name(module, function))
            for base in call["arguments"]:
                part = self._part(self._index.full_name(module, base), "", name) if base else ""
                if part:
                    return part
        said = self._said(cls, name)
        home = self._index.module(said.get("home", ""))
        if home is None:
            return ""
        names = [self._index.full_name(home, word) for word in said["names"]]
        return next((cls for name in names if (cls := self._if_config(name))), "")

    def _said(self, cls: str, name: str) -> dict[str, Any]:
        """Return the facts of a field and the module that declares it, or nothing."""
        for one in self._index.lineage(cls):
            said = self._index.class_facts(one)["fields"].get(name)
            if said is not None:
                return {**said, "home": one.rpartition(".")[0]}
        return {}

    def _if_config(self, full: str) -> str:
        """Return `full` where it is the name of a config class, or nothing."""
        return full if self._index.is_config_class(full) else ""
