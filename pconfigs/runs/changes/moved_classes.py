"""Moved classes: what a run's config names, and what lies in another file of the project today."""

from __future__ import annotations

from pconfigs.runs.changes.code_changes import CodeState
from pconfigs.runs.changes.states import RecordedCode, code_of, today
from pconfigs.runs.folder import CONFIG
from pconfigs.runs.reading.configs import names_in
from pconfigs.runs.reading.run_facts import RunFacts


def moved_names(run: RunFacts, state: CodeState | None = None) -> dict[str, str]:
    """Return the dotted names of today by those in a run's config, of what has moved since.

    Something has moved where its file has it no more, and exactly one file of the project has it
    under the same name, with the same content: the file was renamed, or a class was put elsewhere.

    Args:
        run: The run.
        state: The code of today.
    """
    if state is None:
        state = today(run.record.store_folder)
    code = code_of(run)
    found: dict[str, str] = {}
    for dotted in dict.fromkeys(names_in(run.record.read_whole(CONFIG))):
        place = _place_of(dotted, code)
        if place is None:
            continue
        path, name = place
        before, now = code.state.items(path), state.items(path)
        if before is None or (now is not None and now.has(name)):
            continue
        others = ((one, state.items(one)) for one in state.files())
        places = [
            one for one, items in others if items is not None and before.has_same(name, items)
        ]
        if len(places) == 1:
            start = path.removesuffix(_path_of(code.modules[path], path))
            module = _module_of(places[0].removeprefix(start))
            found[dotted] = f"{module}{dotted.removeprefix(code.modules[path])}"
    return found


def _place_of(dotted: str, code: RecordedCode) -> tuple[str, str] | None:
    """Return the recorded file of what has a name, and the name of the class or function there."""
    paths = {module: path for path, module in code.modules.items()}
    module = dotted
    while module and module not in paths:
        module = module.rpartition(".")[0]
    items = code.state.items(paths[module]) if module else None
    name = dotted[len(module) + 1 :]
    while items is not None and name:
        if items.has(name):
            return paths[module], name
        name = name.rpartition(".")[0]  # the member of an enum
    return None


def _path_of(module: str, path: str) -> str:
    """Return the part of the path of a module that follows from its name."""
    ending = "/__init__.py" if path.endswith("/__init__.py") else ".py"
    return f"{module.replace('.', '/')}{ending}"


def _module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
