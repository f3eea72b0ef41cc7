"""`python -m pconfigs.explain TARGET [PATH…]`: where values come from, and what they feed."""

from __future__ import annotations

from pconfigs.cli.output import write, write_json
from pconfigs.cli.terminal import styled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from pconfigs.cli.arguments import Arguments


def command(words: list[str]) -> int:
    """Explain values of a target, or list settings without effect."""
    asked = _read(words)
    from pconfigs.cli.overrides import variant_of

    config = variant_of("explain", *_config_and_path(asked))
    if asked.unused or asked.reads is not None or asked.runs:
        return _unused(asked, config)
    if asked.impact:
        return _impact(asked, config)
    return _explain(asked, config)


def why(config: Any, paths: list[str]) -> None:
    """Write where values come from, as `print --why` does."""
    from pconfigs.reports.explain import pexplain

    _write_explanations([pexplain(config, path) for path in paths])


def parser() -> Arguments:
    """Return the parser of the command line."""
    from pconfigs.cli.arguments import TARGET_HELP, TRACEBACK_HELP, Arguments

    usage = "python -m pconfigs.explain [options] TARGET [name=value ...] [PATH ...]"
    parser = Arguments("explain", "Tell where values come from, and what they feed.", usage)
    parser.add_argument("target", help=TARGET_HELP)
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="such as model.blocks[2].width or **.lr; all values, grouped by file, if none",
    )
    parser.add_argument(
        "--deep", action="store_true", help="follow what properties read to any depth"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--unused", action="store_true", help="settings that have no effect")
    form.add_argument(
        "--impact",
        metavar="PATH=VALUE",
        action="append",
        help="what else would change if it were that",
    )
    parser.add_argument(
        "--reads",
        metavar="FILE",
        help="with --unused, also settings that a run did not read; FILE is what "
        "run --record-reads has written",
    )
    parser.add_argument(
        "--runs",
        action="store_true",
        help="with --unused, also settings that no recorded run has read; of the runs that "
        "run --record-reads has started",
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--traceback", action="store_true", help=TRACEBACK_HELP)
    return parser


def _read(words: list[str]) -> Namespace:
    from pconfigs.cli.arguments import is_override

    asked = parser().read(words)
    asked.overrides = [word for word in asked.paths if is_override(word)]
    asked.paths = [word for word in asked.paths if not is_override(word)]
    return asked


def _config_and_path(asked: Namespace) -> tuple[str, list[str]]:
    """Return the target and its overrides; split a target that leads into a config.

    What is left of it becomes the path to explain.
    """
    from pconfigs.cli.targets import resolve_target
    from pconfigs.errors.targets import no_explanation
    from pconfigs.imports.path_syntax import parse_steps, steps_text
    from pconfigs.schema.class_schema import is_config
    from pconfigs.tree.walk import has_inside

    found = resolve_target(asked.target)
    if not is_config(found.object) and not asked.paths:
        steps = parse_steps(found.attribute)
        for count in range(len(steps) - 1, 0, -1):
            outer = f"{found.module.__name__}.{steps_text(steps[:count])}"
            if is_config(resolve_target(outer).object):
                asked.paths = [steps_text(steps[count:])]
                return outer, asked.overrides
    if not has_inside(found.object):
        raise no_explanation(asked.target, found.object)
    return asked.target, asked.overrides


def _explain(asked: Namespace, config: Any) -> int:
    from pconfigs.reports.explain import pexplain
    from pconfigs.schema.class_schema import is_config

    if is_config(config) and not (asked.paths or asked.json or asked.deep):
        from pconfigs.reports.overview import overview_lines

        headings = (
            styled(x, "bold") if x[:1] not in ("", " ") else x for x in overview_lines(config)
        )
        write("\n".join(headings))
        return 0
    texts = asked.paths or _set_here(config)[0 if asked.json else 1 :] or [""]
    paths = [path for text in texts for path in _meant(config, text)]
    found = [pexplain(config, path, deep=asked.deep) for path in paths]
    if asked.json:
        write_json([one.to_json() for one in found])
    else:
        _write_explanations(found)
    return 0


def _set_here(config: Any) -> list[str]:
    """Return the config itself and its fields: what to explain where no path is given."""
    from pconfigs.schema.class_schema import is_config, schema_of

    return ["", *schema_of(config).fields] if is_config(config) else [""]


def _meant(config: Any, text: str) -> list[Any]:
    """Return the paths that a path or a pattern means.

    Raises:
        PathError: None.
    """
    if "*" not in text:
        return [text]
    from pconfigs.errors.paths import PathError
    from pconfigs.tree.walk import pselect

    found = list(pselect(config, text))
    if not found:
        raise PathError(text, "nothing in the config is at such a path")
    return found


def _write_explanations(found: list[Any]) -> None:
    blocks: list[str] = []
    for one in found:
        first, *rest = str(one).split("\n")
        blocks.append("\n".join([styled(first, "bold"), *rest]))
    write("\n\n".join(blocks))


def _unused(asked: Namespace, config: Any) -> int:
    """Tell which settings have no effect; 1 if there are any."""
    from pconfigs.reports.unused import unused_data, unused_lines
    from pconfigs.tree.unused import unused

    found = unused(config, _known_reads(asked, config))
    if asked.json:
        write_json(unused_data(found))
    elif found:
        write("\n".join(unused_lines(found)))
    return 1 if any(one.reason != "unknown" for one in found) else 0


def _known_reads(asked: Namespace, config: Any) -> frozenset[str] | None:
    """Return the paths that runs have read; None where that was not asked for.

    Raises:
        UsageError: A record of reads is missing.
    """
    files = [] if asked.reads is None else [asked.reads]
    if asked.runs:
        from pconfigs.errors.targets import UsageError
        from pconfigs.runs.reading.reads import recorded_reads

        recorded = recorded_reads(config)
        if not recorded:
            hint = "record them: python -m pconfigs.run --record-reads FILE TARGET"
            raise UsageError("explain", "no recorded run of this class has noted its reads", [hint])
        files += recorded
    return frozenset().union(*map(_paths_read, files)) if files else None


def _paths_read(file: str) -> frozenset[str]:
    """Return the paths in a record of what a run read.

    Raises:
        UsageError: There is no such record.
    """
    from json import load

    from pconfigs.annotations.kinds import is_dict, is_sequence
    from pconfigs.errors.targets import UsageError

    advice = ['what run --record-reads writes: {"read": ["path", ...]}']
    try:
        with open(file, encoding="utf-8") as opened:
            data: Any = load(opened)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UsageError("explain", f"{file} cannot be read: {why}", advice) from None
    paths = data.get("read") if is_dict(data) else None
    if not is_sequence(paths) or not all(isinstance(path, str) for path in paths):
        raise UsageError("explain", f"{file} is not a record of reads", advice)
    return frozenset(paths)


def _impact(asked: Namespace, config: Any) -> int:
    from pconfigs.reports.diff import change_data, change_lines
    from pconfigs.tree.changes import Changes
    from pconfigs.tree.diff import pdiff

    changes = pdiff(config, _if_it_were(config, asked.impact))
    if asked.json:
        write_json(change_data(changes.derived))
    elif changes.derived:
        write("\n".join(change_lines(Changes(changes.derived))))
    else:
        write("nothing else would change")
    return 0


def _if_it_were(config: Any, words: list[str]) -> Any:
    """Return the variant that assignments make.

    Raises:
        UsageError: An argument is not one.
    """
    from pconfigs.cli.arguments import is_override
    from pconfigs.cli.overrides import overridden
    from pconfigs.errors.targets import UsageError

    for word in words:
        if not is_override(word):
            raise UsageError(
                "explain", f"{word!r} must be PATH=VALUE", ["such as --impact base_lr=1e-4"]
            )
    return overridden("explain", config, words)
