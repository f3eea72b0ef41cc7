"""`python -m pconfigs.explain TARGET [PATH…]`: where values come from, and what they feed."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from pconfigs.cli.output import write, write_json
from pconfigs.cli.overrides import variant_of
from pconfigs.cli.print import SECRET, found_at
from pconfigs.cli.targets import resolve_target
from pconfigs.cli.terminal import styled
from pconfigs.errors.paths import PathError
from pconfigs.errors.targets import no_explanation
from pconfigs.imports.path_syntax import parse_steps, steps_text
from pconfigs.reports.explain import pexplain
from pconfigs.reports.overview import overview_lines
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.tree.walk import has_inside, pselect


def command(asked: Namespace) -> int:
    """Explain values of a target."""
    config = explained(asked)
    if is_config(config) and not (asked.paths or asked.json or asked.deep):
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


def why(asked: Namespace) -> int:
    """Write where values come from, as `print --why` does."""
    target, found = found_at(asked)
    if target is None:
        write(SECRET)
        return 0
    _write_explanations([pexplain(found, path) for path in asked.why])
    return 0


def explained(asked: Namespace) -> Any:
    """Return the variant of the target that is explained; split one that leads into a config.

    What is left of it becomes the path to explain.
    """
    found = resolve_target(asked.target)
    if not is_config(found.object) and not asked.paths:
        steps = parse_steps(found.attribute)
        for count in range(len(steps) - 1, 0, -1):
            outer = f"{found.module.__name__}.{steps_text(steps[:count])}"
            if is_config(resolve_target(outer).object):
                asked.paths = [steps_text(steps[count:])]
                return variant_of("explain", outer, asked.overrides)
    if not has_inside(found.object):
        raise no_explanation(asked.target, found.object)
    return variant_of("explain", asked.target, asked.overrides)


def _set_here(config: Any) -> list[str]:
    """Return the config itself and its fields: what to explain where no path is given."""
    return ["", *schema_of(config).fields] if is_config(config) else [""]


def _meant(config: Any, text: str) -> list[Any]:
    """Return the paths that a path or a pattern means."""
    if "*" not in text:
        return [text]
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
