"""`python -m pconfigs.freeze TARGET -o FILE`: an experiment as a file of its own."""

from __future__ import annotations

from pconfigs.cli.output import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.cli.arguments import Arguments


def command(words: list[str]) -> int:
    """Write a target with every input spelt out."""
    asked = parser().read(words)
    from pconfigs.cli.derive import save
    from pconfigs.cli.overrides import overridden
    from pconfigs.cli.targets import resolve_target
    from pconfigs.codegen.experiment_files import frozen_file
    from pconfigs.errors.targets import TargetError
    from pconfigs.schema.class_schema import is_config

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


def parser() -> Arguments:
    """Return the parser of the command line."""
    from pconfigs.cli.arguments import Arguments
    from pconfigs.cli.derive import add_output

    about = "Write an experiment as a file that depends on no other experiment."
    parser = Arguments("freeze", about)
    parser.add_target()
    add_output(parser)
    return parser
