"""`python -m pconfigs.derive TARGET name=value … -o FILE`: a variant as a file that inherits."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from pconfigs.cli.numbered_files import next_name
from pconfigs.cli.output import placed, write
from pconfigs.cli.output_files import refuse_own_file, write_module
from pconfigs.cli.overrides import overridden, shown_words_of
from pconfigs.cli.targets import experiment_of, resolve_target
from pconfigs.codegen.experiment_files import variant_file
from pconfigs.errors.targets import UsageError
from pconfigs.imports import Target
from pconfigs.imports.files import module_name_of
from pconfigs.schema.equality import identical


def command(asked: Namespace) -> int:
    """Write a variant of a target as a file that inherits from it."""
    found = resolve_target(asked.target)
    config = overridden("derive", found.object, asked.overrides)
    target = experiment_of("derive", found)
    shown = shown_words_of(config, asked.overrides)
    words = shown if target is found else [asked.target, *shown]
    code = variant_code("derive", target, config, words)
    if asked.output is None:
        write(code.rstrip("\n"))
    else:
        file = asked.output
        if os.path.isdir(placed(file)):
            base = getattr(target.module, "__file__", None)
            file = next_name("derive", file, base, shown)
        save("derive", file, code, asked.force, target)
    return 0


def variant_code(command: str, target: Target, config: Any, words: Sequence[str]) -> str:
    """Return the file of a variant that `words` make of a target.

    Raises:
        UsageError: Nothing differs.
        NoCodeError: It cannot be written this way.
    """
    if identical(config, target.object):
        advice = ["add what differs: name=value ..."]
        raise UsageError(
            command, "the variant is identical to its base; there is nothing to write", advice
        )
    about = f"{target.dotted} with {', '.join(words)}"
    return variant_file(target.module, target.attribute, target.object, config, about)


def save(command: str, file: str, code: str, force: bool, target: Target) -> None:
    """Write an experiment to a file, and its target to stdout.

    Raises:
        UsageError: The file is there already, or its name will not do.
    """
    refuse_own_file(command, file, target)
    write_module(command, file, code, force)
    name = module_name_of(placed(file))
    write(f"{name}.config" if name else file)
