"""`python -m pconfigs.freeze TARGET -o FILE`: an experiment as a file of its own."""

from __future__ import annotations

from argparse import Namespace

from pconfigs.cli.derive import save
from pconfigs.cli.output import write
from pconfigs.cli.overrides import overridden
from pconfigs.cli.targets import resolve_target
from pconfigs.codegen.experiment_files import frozen_file
from pconfigs.errors.targets import TargetError
from pconfigs.schema.class_schema import is_config


def command(asked: Namespace) -> int:
    """Write a target with every input spelt out."""
    target = resolve_target(asked.target)
    if not is_config(target.object):
        raise TargetError(asked.target, "cannot be frozen: it is not a config")
    config = overridden("freeze", target.object, asked.overrides)
    about = ", ".join([f"{target.dotted}, every input spelt out", *asked.overrides])
    code = frozen_file(config, about)
    if asked.output is None:
        write(code.rstrip("\n"))
    else:
        save("freeze", asked.output, code, asked.force, target)
    return 0
