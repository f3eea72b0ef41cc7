"""`run sft.yaml`, `run CLASS @sft.yaml`: files with a section for artifacts and resources."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from pconfigs.artifacts.artifact import PArtifact
from pconfigs.artifacts.reference import parse_reference
from pconfigs.artifacts.resolve import Finder, Found
from pconfigs.build.defaults import pdefaults
from pconfigs.cli.experiments import Experiment, experiment_at
from pconfigs.cli.output import print_error
from pconfigs.cli.recorded_target import RecordedTarget
from pconfigs.errors.artifacts import ArtifactError, ArtifactNotFoundError
from pconfigs.errors.base import MissingExtraError, Problem
from pconfigs.errors.serialization import DriftError, FormatError, LoadError
from pconfigs.imports import resolve
from pconfigs.launchers.engines.parts import Container, ExecutorConfig
from pconfigs.launchers.engines.slurm import SlurmExecutor
from pconfigs.launchers.profiles import environment_file, read_profiles
from pconfigs.runs.lineage.detection import PLANNED
from pconfigs.runs.lineage.finder import StoreFinder
from pconfigs.runs.lineage.location import manifests_of
from pconfigs.runs.lineage.run_section import (
    SECTION,
    WANDB,
    RunSection,
    has_run_section,
    load_run_section,
)
from pconfigs.runs.lineage.services import outside_services
from pconfigs.runs.reading.configs import class_named_in
from pconfigs.runs.store import Store, find_store
from pconfigs.schema.class_schema import is_config_class, schema_of
from pconfigs.serialization.load import pload_file
from pconfigs.serialization.save import read_unresolved

YAML = (".yaml", ".yml")


def experiment_in_file(text: str) -> Experiment | None:
    """Return the experiment of a YAML file with a `run` section and its class at the top.

    None is returned for all other files.
    """
    if not text.lower().endswith(YAML):
        return None
    cls = class_named_in(read_unresolved(text)[0], text)
    return _experiment(cls, text) if has_run_section(text, cls) else None


def experiment_of_class(text: str, words: list[str]) -> Experiment | None:
    """Return the experiment that a class and the first file among some words make.

    The word is taken out. None is returned where the target is not a config class, or where no
    word names a file.
    """
    files = [word for word in words if word[:1] == "@" and word.lower().endswith(YAML)]
    if not files or not _may_be_class(text):
        return None
    target = resolve(text)
    if not is_config_class(target.object):
        return None
    words.remove(files[0])
    file = files[0][1:]
    cls: Any = target.object
    if os.path.isfile(file) and has_run_section(file, cls):
        return _experiment(cls, file)
    try:
        base = pdefaults(cls)
        config = pload_file(file, cls, base=base) if base else pload_file(file, cls)
    except DriftError:
        raise
    except LoadError as error:
        if SECTION not in schema_of(cls).fields or not _concerns_section(error):
            raise
        advice = "rename the field, or let a field of PArtifact name the artifact"
        problem = f"is a field of {cls.__name__}: artifacts that it names are not resolved"
        problems = [*error.problems, Problem(SECTION, problem, advice)]
        raise type(error)(problems, error.source) from error
    return experiment_at(RecordedTarget(file, config, None, None))


def _concerns_section(error: LoadError) -> bool:
    """Return whether a section `run` may have been meant: by `${art:...}`, or by what it holds."""
    paths = [problem.path for problem in error.problems]
    return isinstance(error, FormatError) or any(
        path == SECTION or path.startswith(f"{SECTION}.") for path in paths
    )


def _may_be_class(text: str) -> bool:
    return text.rpartition(".")[2][:1].isupper()


def _experiment(cls: Any, file: str) -> Experiment:
    store = find_store()
    wandb = _tables().get(WANDB, {})
    finder = _Finder(StoreFinder(store, outside_services(store, wandb)), wandb)
    config, section = load_run_section(file, cls, pdefaults(cls), finder, _known(store), wandb)
    found = experiment_at(RecordedTarget(file, config, None, None))
    found.facts = {PLANNED: section.consumed}
    found.section = section
    return found


class _Finder:
    """Finds artifacts in the store, and in W&B where env.toml names a project of it."""

    def __init__(self, stored: Finder, wandb: Any) -> None:
        self._stored, self._wandb = stored, wandb

    def find(self, artifact: PArtifact, name: str) -> Found:
        """Return the version that an artifact means.

        Raises:
            ArtifactNotFoundError: Neither has it.
        """
        try:
            return self._stored.find(artifact, name)
        except ArtifactNotFoundError as error:
            if not self._wandb.get("project") or parse_reference(artifact.ref).service != "store":
                raise
            qualified = PArtifact(artifact, ref=f"wandb:{artifact.ref.removeprefix('art://')}")
            try:
                return self._stored.find(qualified, name)
            except (ArtifactError, MissingExtraError) as elsewhere:
                said = str(elsewhere).partition("\n")[0]
                raise ArtifactError(f"{error}\n    nor is it in W&B: {said}") from elsewhere


def _known(store: Store | None) -> Callable[[str], bool]:
    names = set(manifests_of(store).names()) if store is not None else set()
    return lambda name: name in names


def _tables() -> dict[str, Any]:
    file = environment_file()
    return dict(read_profiles(file)) if file is not None else {}


def with_section(executor: ExecutorConfig, section: RunSection | None) -> ExecutorConfig:
    """Return an executor with the image and the resources of a `run` section, which win."""
    if section is None:
        return executor
    base: Any = executor
    names = schema_of(executor).fields
    changes = {key: value for key, value in section.resources.items() if key in names}
    unused = [f"{key}={value}" for key, value in section.resources.items() if key not in names]
    if section.container:
        if isinstance(executor, SlurmExecutor) and executor.container is None:
            changes["container_image"] = section.container
        elif executor.container is not None:
            changes["container"] = Container(executor.container, image=section.container)
        else:
            unused.append(f"container={section.container}")
    if unused:
        kind = type(executor).__name__
        print_error(f"not used by {kind}: {', '.join(unused)} of the run section")
    return type(base)(base, **changes) if changes else executor
