"""`python -m pconfigs.adopt SOURCE -o PACKAGE`: config classes for a config of another tool."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pconfigs.adoption.class_result import adopt_classes
from pconfigs.adoption.reading.argparse_parser import parser_in, read_parser
from pconfigs.adoption.reading.argparse_script import has_parser, names_models
from pconfigs.adoption.reading.readers import read_source
from pconfigs.adoption.reading.recipes import has_models
from pconfigs.adoption.result import Adopted, adopt
from pconfigs.cli.output import print_error, write
from pconfigs.codegen.imports import is_name
from pconfigs.errors.formatting import counted
from pconfigs.errors.targets import UsageError
from pconfigs.imports import make_current_folder_importable
from pconfigs.imports.files import load_file, module_name_of
from pconfigs.launchers.processes import run_silently

WHERE = "give a package below the current folder, such as project/adopted"
LONGEST = 300.0
"""Seconds that mypy may take."""


def command(asked: Namespace) -> int:
    """Write a package for a source, and report what could not be decided."""
    make_current_folder_importable()
    folder, package = package_of(asked.output)
    file, colon, name = asked.source.partition(":")
    with same_folder():
        found = None if colon else class_module(asked.source)
        parser = parser_in(load_file(asked.source, file), file, name) if colon else None
    with same_folder():
        if found is not None:
            done = adopt_classes(found, asked.source, folder, package, asked.force)
        else:
            others = [Path(one) for one in asked.experiments]
            source = read_parser(parser, file) if parser else read_source(Path(file), others)
            done = adopt(source, folder, package, force=asked.force)
    wrong = type_errors(package)
    report(done, wrong)
    for target in done.targets:
        write(target)
    return 1 if done.differences or wrong else 0


@contextmanager
def same_folder() -> Generator[None]:
    """Return to the current folder, which what is imported meanwhile may change."""
    here = os.getcwd()
    try:
        yield
    finally:
        os.chdir(here)


def class_module(word: str) -> Any:
    """Return the module of a Python file with classes to adopt; None where there are none.

    A script with a parser is not imported.
    """
    path = Path(word)
    if path.suffix != ".py" or not path.is_file():
        return None
    text = path.read_text(encoding="utf-8", errors="replace")
    if has_parser(text) and not names_models(text):
        return None
    module = load_file(word, word)
    return module if has_models(module) else None


def package_of(word: str) -> tuple[Path, str]:
    """Return the folder and the dotted name of the package to write.

    Raises:
        UsageError: It is not one that can be imported.
    """
    folder = Path(word) if "/" in word or "\\" in word else Path(*word.split("."))
    name = module_name_of(str(folder / "__init__.py"))
    if name is None:
        raise UsageError("adopt", f"{word} must be the name of a package", [WHERE])
    if not all(map(is_name, name.split("."))):
        raise UsageError("adopt", f"{name} must be a name that `import` takes", [WHERE])
    refuse_hidden(folder, name)
    return folder, name


def refuse_hidden(folder: Path, name: str) -> None:
    """Refuse a package that another module hides, or that would hide it.

    Raises:
        UsageError: There is one.
    """
    top, *below = name.split(".")
    own = os.path.abspath(os.path.join(folder, *[os.pardir] * len(below)))
    # What importing it anew would find, whatever is loaded.
    specs = (finder.find_spec(top, None) for finder in sys.meta_path)
    spec = next(filter(None, specs), None)
    places = [os.path.realpath(one) for one in (spec and spec.submodule_search_locations) or ()]
    if spec is not None and os.path.realpath(own) not in places:
        words = f"{top} is a module already: {spec.origin or 'a package'}"
        raise UsageError("adopt", words, [WHERE])
    module = f"{folder}.py"
    if os.path.lexists(module) and not os.path.lexists(folder / "__init__.py"):
        raise UsageError("adopt", f"the package would hide the module {module}", [WHERE])


def type_errors(package: str) -> list[str] | None:
    """Return what mypy reports of a package of the current folder; None if it checks nothing.

    The project's settings of mypy apply; what is not installed or has no types is not reported.
    """
    words = ["--no-error-summary", "--no-color-output", "--hide-error-context", "--no-pretty"]
    words += ["--follow-imports=silent", "--ignore-missing-imports", f"--cache-dir={os.devnull}"]
    done = run_silently([sys.executable, "-m", "mypy", *words, "-p", package], LONGEST)
    if done.code == 0:
        return []
    # None where it is not installed, does not understand its settings, or has a fault of its own.
    found = [line for line in done.output.splitlines() if ": error: " in line]
    return found if done.code == 1 and found else None


def report(done: Adopted, wrong: list[str] | None) -> None:
    """Print what was written, what could not be decided, and what is wrong, to stderr.

    Args:
        done: The result.
        wrong: What mypy reports of it, or None where it checks nothing.
    """
    for file in done.files:
        print_error(f"wrote {file}")
    for name in done.unset:
        print_error(f"is not set: export {name}=..., where what follows from it is needed")
    if done.findings:
        print_error(
            f"left to decide: {len(done.findings)} (marked `# adopt:` where there is a line)"
        )
        for finding in done.findings:
            print_error(f"  {finding}")
    if wrong is not None:
        print_error(f"checked by mypy: {counted(len(wrong), 'error') if wrong else 'no errors'}")
    for line in wrong or ():
        print_error(f"  {line}")
    if done.differences:
        print_error(f"differs from the source: {len(done.differences)}")
        for finding in done.differences:
            print_error(f"  {finding}")
    else:
        print_error(f"compared with the source: {done.compared} values, all equal")
