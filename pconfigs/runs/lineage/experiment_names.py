"""Names of experiments, by the modules that hold them."""

from __future__ import annotations

import os
from typing import Any

from pconfigs.imports.holding_modules import names_of
from pconfigs.runs.capture.sources import is_project_file
from pconfigs.runs.planning import run_name
from pconfigs.schema.build_record import CODE, record_of


def own_name(config: Any) -> tuple[str, str | None]:
    """Return the name and the dotted path of an experiment in a module that is loaded.

    A config that no module holds has the name of its class, and no path.
    """
    for module_name, attribute, file in names_of(config, record_of(config)[CODE]):
        if not is_project_file(file):
            continue
        if module_name == "__main__":
            stem = os.path.basename(file).removesuffix(".py")
            return run_name(f"{stem}.{attribute}"), None
        path = f"{module_name}.{attribute}"
        return run_name(path), path
    return type(config).__name__, None
