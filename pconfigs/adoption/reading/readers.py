"""Readers: a source, by what it is."""

from __future__ import annotations

from collections.abc import Sequence as Many
from pathlib import Path as FilePath

from pconfigs.adoption.reading.hydra import main_file, read_hydra
from pconfigs.adoption.reading.inheritance import parents_of, read_inherited
from pconfigs.adoption.reading.yaml_tree import read_yaml
from pconfigs.adoption.source import Source
from pconfigs.errors.adoption import AdoptError, Finding

YAML = (".yaml", ".yml")


def read_source(path: FilePath, others: Many[FilePath]) -> Source:
    """Return what a file or folder holds.

    Args:
        path: A YAML file, or a folder with a main file.
        others: Files that extend the main file, each an experiment.

    Raises:
        AdoptError: It cannot be read, or is of no kind that is known.
    """
    for one in (path, *others):
        if not one.exists():
            raise AdoptError([Finding(str(one), "must be a file or folder that is there")])
    file = main_file(path) if path.is_dir() else path
    if file.suffix.lower() not in YAML:
        words = f"must be a YAML file or a folder of them, got {file.name}"
        raise AdoptError([Finding(str(file), words)])
    if parents_of(read_yaml(file, str(file))) is None:
        if others:
            words = "is an experiment of its own tree: a tree with groups is adopted as a whole"
            raise AdoptError([Finding(str(others[0]), words, f"give {file} alone")])
        return read_hydra(file)
    return read_inherited(file, others)
