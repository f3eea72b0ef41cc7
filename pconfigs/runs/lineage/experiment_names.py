"""Names of experiments, by the modules that hold them."""

from __future__ import annotations

import os
from typing import Any

from pconfigs.annotations.kinds import SCRIPTS
from pconfigs.imports.holding_modules import names_of
from pconfigs.runs.capture.sources import is_project_file
from pconfigs.runs.planning import run_name
from pconfigs.schema.build_record import CODE, bases_of, record_of


def own_name(config: Any) -> tuple[str, str | None]:
    """Return the name and the dotted path of an experiment in a module that is loaded.

    A config that no module holds has the name of its class, and no path.
    """
    for module_name, attribute, file in names_of(config, record_of(config)[CODE]):
        if not is_project_file(file):
            continue
        if module_name in SCRIPTS:
            stem = os.path.basename(file).removesuffix(".py")
            return run_name(f"{stem}.{attribute}"), None
        path = f"{module_name}.{attribute}"
        return run_name(path), path
    return type(config).__name__, None


def titled(config: Any) -> tuple[str, str, str | None]:
    """Return name, title and dotted path of an experiment; a variant is named after its base.

    A variant has the name of the experiment that it was made from, the title "a variant of ...",
    and no path.
    """
    name, target = own_name(config)
    nearest, title = config, target
    while title is None and bases_of(nearest):
        nearest = bases_of(nearest)[0]
        base_name, base_target = own_name(nearest)
        if base_target is not None:
            name, title = base_name, f"a variant of {base_target}"
    return name, title or name, target
