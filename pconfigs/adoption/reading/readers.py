"""Readers: a source, by what it is."""

from __future__ import annotations

from collections.abc import Sequence as Many
from pathlib import Path as FilePath

from pconfigs.adoption.reading.argparse_script import has_parser, read_script
from pconfigs.adoption.reading.groups import YAML
from pconfigs.adoption.reading.hydra import main_file, read_hydra
from pconfigs.adoption.reading.inheritance import parents_of, read_inherited
from pconfigs.adoption.reading.toml_file import read_toml
from pconfigs.adoption.reading.yaml_tree import read_yaml
from pconfigs.adoption.source import Source
from pconfigs.atomic_files import read_regular
from pconfigs.errors.base import Problem
from pconfigs.errors.serialization import AdoptError


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
            raise AdoptError([Problem(str(one), "must be a file or folder that is there")])
    file = main_file(path) if path.is_dir() else path
    suffix = file.suffix.lower()
    if suffix in (".toml", ".py") and others:
        raise AdoptError([Problem(str(others[0]), f"cannot extend {file}", f"give {file} alone")])
    if suffix == ".toml":
        return read_toml(file)
    if suffix == ".py":
        if not has_parser(read_regular(str(file)).decode(errors="replace")):
            words = "must have dataclasses, pydantic models or a parser of argparse"
            raise AdoptError([Problem(str(file), words)])
        return read_script(file)
    if suffix not in YAML:
        words = f"must be a YAML, TOML or Python file, or a folder, got {file.name}"
        raise AdoptError([Problem(str(file), words)])
    parents = parents_of(read_yaml(file))
    if parents is None or (path.is_dir() and not parents and not others):
        if others:
            words = "is an experiment of its own tree: a tree with groups is adopted as a whole"
            raise AdoptError([Problem(str(others[0]), words, f"give {file} alone")])
        return read_hydra(file)
    return read_inherited(file, others, path if path.is_dir() else None)
