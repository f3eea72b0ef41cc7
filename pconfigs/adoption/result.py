"""The result: written, imported, and compared with the source."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pconfigs.adoption.comparison import differences, is_same, pairs
from pconfigs.adoption.completion import completed, without_unknown
from pconfigs.adoption.description import Sample
from pconfigs.adoption.environment import all_set, attributes_of, value_of
from pconfigs.adoption.formulas import variables
from pconfigs.adoption.given import Expected, Inputs, open_as_required, plain_data
from pconfigs.adoption.infer import Inference, formula_at
from pconfigs.adoption.nodes import Mapping, Path, depth_of, dotted, walk
from pconfigs.adoption.reading.yaml_tree import DEEPEST
from pconfigs.adoption.resolved import Known, Values
from pconfigs.adoption.source import Experiment, Source, Sweep
from pconfigs.adoption.targets import look_up
from pconfigs.adoption.ties import Ties
from pconfigs.adoption.writing.modules import modules
from pconfigs.adoption.writing.optional_parts import with_note
from pconfigs.adoption.writing.sweep_code import SweepCode
from pconfigs.adoption.writing.texts import docstring
from pconfigs.atomic_files import create_file, read_regular, replace_file
from pconfigs.codegen.experiment_files import variant_file
from pconfigs.errors.base import PConfigError, Problem
from pconfigs.errors.serialization import AdoptError
from pconfigs.imports.modules import code_file, forget_package, import_written
from pconfigs.serialization.load import pload
from pconfigs.tree.edit import pset

EXPERIMENTS = "experiments"
MARKER = "__pconfigs__.py"
"""The file by which `test` and `list` know a folder of experiments."""


@dataclass(slots=True)
class Adopted:
    """The outcome of one call.

    Attributes:
        files: The files, in the order in which they were written.
        targets: Dotted paths of the experiments, the main one first.
        compared: How many values were compared with the source.
        differences: Where the result differs from the source.
        findings: What could not be decided.
        unset: Environment variables that the result reads, and that are not set.
    """

    files: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    compared: int = 0
    differences: list[Problem] = field(default_factory=list)
    findings: list[Problem] = field(default_factory=list)
    unset: list[str] = field(default_factory=list)


class Package:
    """The package to write.

    Args:
        folder: Its folder.
        package: Its dotted name.
        force: Whether files that are there are replaced.
    """

    def __init__(self, folder: FilePath, package: str, force: bool) -> None:
        self.folder, self.package, self.force = folder, package, force
        # What the source imports may change the current folder.
        self.place = folder.absolute()
        self.done = Adopted()
        self.before: dict[FilePath, bytes | None] = {}
        self.made: list[FilePath] = []

    def begin(self, about: str, experiments: bool) -> None:
        """Write what marks the folders as packages."""
        forget_package(self.package)
        self.write("__init__.py", docstring(f"Adopted from {about}.") + "\n")
        if experiments:
            self.write(f"{EXPERIMENTS}/__init__.py", docstring(f"Experiments of {about}.") + "\n")
            self.write(
                f"{EXPERIMENTS}/{MARKER}", '"""Every experiment of this folder is tested."""\n'
            )

    def refuse_existing(self, names: list[str]) -> None:
        """Refuse to replace files that are there.

        Raises:
            AdoptError: Some are, and `force` is not set.
        """
        there = [name for name in names if os.path.lexists(self.place / name)]
        if there and not self.force:
            words = "must not be there yet"
            hint = "give another package with -o, or replace the files with --force"
            findings = [Problem(str(self.folder / name), words) for name in there[:-1]]
            raise AdoptError([*findings, Problem(str(self.folder / there[-1]), words, hint)])

    def write(self, name: str, text: str) -> None:
        """Write a file of the package, once or again.

        Raises:
            OSError: It cannot be written, or another process has written it.
        """
        path = self.place / name
        self.make_folder(path.parent)
        is_there = os.path.lexists(path)
        if path not in self.before:
            if path.name in ("__init__.py", MARKER) and is_there:
                return
            before = read_regular(str(path)) if is_there and self.force else None
            put = replace_file if self.force else create_file
            put(str(path), text.encode("utf-8", "surrogateescape"))
            self.before[path] = before
            self.done.files.append(str(self.folder / name))
        else:
            replace_file(str(path), text.encode("utf-8", "surrogateescape"))

    def make_folder(self, folder: FilePath) -> None:
        """Make a folder and those above it, where they are not there."""
        if not folder.exists():
            self.make_folder(folder.parent)
            self.made.append(folder)
        folder.mkdir(exist_ok=True)

    @contextmanager
    def whole(self) -> Generator[None]:
        """Leave what was there before where the package cannot be made."""
        try:
            yield
        except BaseException:
            self.undo()
            raise

    def undo(self) -> None:
        """Remove what was written, and put back what was replaced."""
        forget_package(self.package)
        folders = {path.parent for path in self.before}
        with suppress(OSError):
            for path, content in self.before.items():
                FilePath(code_file(str(path))).unlink(missing_ok=True)
                if content is None:
                    path.unlink(missing_ok=True)
                else:
                    replace_file(str(path), content)
        for folder in [*(one / "__pycache__" for one in folders), *reversed(self.made)]:
            with suppress(OSError):
                folder.rmdir()  # but for what others have put into it

    def load(self, name: str) -> Any:
        """Return a module of the package, imported from what was just written.

        Raises:
            AdoptError: It cannot be imported.
        """
        try:
            return import_written(f"{self.package}.{name}")
        except (Exception, SystemExit) as error:
            words = f"the result cannot be imported: {type(error).__name__}: {error}"
            raise AdoptError([Problem(str(self.folder), words)]) from error


class Writing(Package):
    """One call: a source of trees, and the package to write.

    Args:
        source: What was read.
        folder, package, force: As of `Package`.
    """

    def __init__(self, source: Source, folder: FilePath, package: str, force: bool) -> None:
        super().__init__(folder, package, force)
        self.source = source
        if any(depth_of(tree) > DEEPEST for tree in source.trees()):
            raise AdoptError([Problem(source.file, f"must hold at most {DEEPEST} levels")])
        inference = Inference(source, package)
        self.root = inference.root()
        self.done.findings = inference.findings
        self.done.findings += Ties(self.root).place()
        self.done.findings += look_up(self.root)
        self.attributes = attributes_of(self.root)
        self.failed: set[str | None] = set()
        self.variables: Known = {}

    def run(self) -> Adopted:
        """Write the result and compare it.

        Raises:
            AdoptError: A file is there already, or the result cannot be imported.
        """
        with all_set(self.attributes) as self.done.unset:
            self.variables = {one: value_of(one) for one in self.attributes}
            with self.whole():
                self.write_all()
        return self.done

    def write_all(self) -> None:
        """Write and compare, with all environment variables set."""
        written = modules(self.root, self.about(), self.attributes)
        texts = {f"{name}.py": text for name, text in written.items()}
        names = [f"{EXPERIMENTS}/{self.main_name()}.py"]
        names += [f"{EXPERIMENTS}/{one.name}.py" for one in self.source.experiments]
        self.refuse_existing([*texts, *names])
        self.begin(self.about(), True)
        for name, text in texts.items():
            self.write(name, text)
        self.main_experiment()
        for experiment in self.source.experiments:
            self.experiment(experiment)

    def about(self) -> str:
        """Return the name of the source, for docstrings."""
        return FilePath(self.source.file).name

    def main_name(self) -> str:
        """Return the module of the main experiment."""
        name = self.root.module
        taken = {one.name for one in self.source.experiments}
        return f"{name}_main" if name in taken else name

    def main_experiment(self) -> None:
        """Write the experiment that is the main file, and compare it."""
        name, one = self.main_name(), self.root
        text = (
            f"{docstring(f'The values of {self.about()}.')}\n\n"
            f"from {one.package}.{one.module} import {one.name}\n\nconfig = {one.name}()\n"
        )
        main = Experiment(name, None, self.source.tree, self.source.file, sweep=self.source.sweep)
        self.finish(main, text)

    def experiment(self, experiment: Experiment) -> None:
        """Write an experiment that inherits from the main one, and compare it."""
        if experiment.parent in self.failed:
            self.failed.add(experiment.name)
            words = f"is left out, as {experiment.parent} is, which it extends"
            self.done.differences.append(Problem(experiment.source, words))
            return
        one = self.root
        cls = getattr(self.load(one.module), one.name)
        parent = self.load(f"{EXPERIMENTS}.{experiment.parent or self.main_name()}")
        sample = Sample(experiment.tree, (), experiment.tree)
        data = plain_data(Inputs(experiment.tree).config(one, sample))
        try:
            config = pload(data, cls, allow=[self.package])
            about = experiment.doc.split("\n")[0] or FilePath(experiment.source).name
            text = variant_file(parent, "config", parent.config, config, about.rstrip(".:"))
            text = with_note(text, parent.config)
        except PConfigError as error:
            self.failed.add(experiment.name)
            self.done.differences.append(Problem(experiment.source, str(error)))
            return
        self.finish(experiment, text)

    def finish(self, experiment: Experiment, text: str) -> None:
        """Write the module of an experiment, add its sweep, and compare its config."""
        name = experiment.name
        self.write(f"{EXPERIMENTS}/{name}.py", text)
        config = self.load(f"{EXPERIMENTS}.{name}").config
        self.done.targets.append(f"{self.package}.{EXPERIMENTS}.{name}")
        if experiment.sweep is not None:
            self.add_sweep(name, text, config, experiment.sweep)
        self.compare(config, experiment.tree, experiment.source)

    def add_sweep(self, name: str, text: str, config: Any, sweep: Sweep) -> None:
        """Add a sweep to the module of an experiment, and import it."""

        def check(path: str, value: Any) -> str:
            try:
                pset(config, {path: value})
            except PConfigError as error:
                return str(error).split("\n")[0]
            return ""

        code = SweepCode(self.root, self.source, check)
        module = f"{self.package}.{EXPERIMENTS}.{name}"
        with_sweep, findings = code.added(text, module, sweep)
        self.done.findings += findings
        self.write(f"{EXPERIMENTS}/{name}.py", with_sweep)
        forget_package(module)
        try:
            made = self.load(f"{EXPERIMENTS}.{name}")
        except AdoptError as error:
            self.write(f"{EXPERIMENTS}/{name}.py", text)
            words = f"hydra.sweeper is left out: {error.__cause__ or error}"
            self.done.findings.append(Problem(str(sweep.place), words))
            return
        for attribute in ("sweep", "search"):
            if hasattr(made, attribute):
                self.done.targets.append(f"{made.__name__}.{attribute}")

    def compare(self, config: Any, tree: Mapping, source: str) -> None:
        """Compare a config with the values of a tree, both completed where they are open."""
        known, unknown = without_unknown(self.root, tree)
        self.list_variables(tree, unknown)
        whole, given = completed(self.root, known, self.variables)
        values = Expected(whole, self.variables).config(self.root, Sample(whole, (), whole))
        found = list(pairs(pset(config, given) if given else config, values))
        self.done.compared += sum(not pair.is_added for pair in found) - len(given)
        lines = differences(found, is_same)
        if not any(isinstance(n, Mapping) and n.target for _, n in walk(whole)):
            lines += self.loaded(whole, values)
        self.done.differences += [Problem(source, line) for line in lines]

    def list_variables(self, tree: Mapping, unknown: set[Path]) -> None:
        """List environment variables that a tree reads where the classes do not.

        Args:
            tree: The tree.
            unknown: Where it reads one that the classes read elsewhere.
        """
        known = set(map(str, self.done.findings))
        for path, node in walk(tree):
            formula, _ = formula_at(Sample(node, path, tree))
            for variable in variables(formula) if formula is not None else ():
                words = f"{dotted(path)}: reads the environment variable {variable.name}: give it"
                finding = Problem(str(node.place), words)
                is_read = variable in self.attributes and path not in unknown
                if not is_read and str(finding) not in known:
                    known.add(str(finding))
                    self.done.findings.append(finding)

    def loaded(self, tree: Mapping, values: Any) -> list[str]:
        """Return where the values of a tree, loaded as data, differ from those expected."""
        cls = getattr(self.load(self.root.module), self.root.name)
        try:
            config = pload(open_as_required(Values(tree, self.variables).all()), cls)
        except PConfigError as error:
            return [f"loading its values: {error}"]
        # A key that a tree does not have is given by the default of its class.
        found = [pair for pair in pairs(config, values) if not pair.is_added]
        return [f"loading its values: {line}" for line in differences(found, is_same)]


def adopt(source: Source, folder: FilePath, package: str, *, force: bool) -> Adopted:
    """Write a package of config classes for a source, and compare it with the source.

    Raises:
        AdoptError: It cannot be written, or the result cannot be imported.
    """
    return Writing(source, folder, package, force).run()
