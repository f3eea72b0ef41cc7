"""Errors of targets and of the words of a command line."""

from __future__ import annotations

import os
import sys

from pconfigs.errors.base import PConfigError, with_hints
from pconfigs.errors.formatting import (
    counted,
    given_words,
    listed,
    nearest,
    shown_file,
    with_article,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType
    from typing import Any

SAVED_CONFIGS = (".json", ".yaml", ".yml", ".toml")
"""How the names of files end that hold saved configs."""
_PLAIN = ("builtins", "pconfigs.validation.frozen")
FORMS = "a target is package.module.attribute, package.module, or path/to/file.py[:attribute]"


class TargetError(PConfigError):
    """A target leads nowhere, or to an object that cannot be used.

    Attributes:
        target: What was typed.
    """

    def __init__(self, target: str, problem: str, advice: Sequence[str] = ()) -> None:
        self.target, self.problem, self.advice = target, problem, tuple(advice)
        super().__init__(f"{target or repr(target)}: {problem}", *advice)


class ImportFailedError(TargetError):
    """The module of a target raises when it is imported.

    Attributes:
        module: Its dotted name.
        cause: What it raised.
    """

    def __init__(self, target: str, module: str, cause: BaseException) -> None:
        self.module, self.cause = module, cause
        problem = f"{module} fails to import ({type(cause).__name__})"
        super().__init__(target, problem, _advice_on_import(cause))


class NotRunnableError(TargetError):
    """A target leads to something that cannot be run."""


class PinInExperimentError(TargetError, RuntimeError):
    """The module of a target names `Pin`, which is for modules that define config classes."""

    def __init__(self, target: str, module: str, file: str, line: int) -> None:
        self.module, self.file, self.line = module, file, line
        at = f"{shown_file(file)}:{line}" if line else shown_file(file)
        super().__init__(
            target,
            f"{at} uses Pin, but experiments do not pin",
            [
                "pin where the config class is defined: pdefaults += Config(field=Pin(...))",
                "here, give the inputs that the pinned value is computed from",
            ],
        )


class NoMainError(PConfigError, NotImplementedError):
    """A runnable class has no `main`."""

    def __init__(self, runnable: type) -> None:
        self.runnable = runnable
        name = runnable.__qualname__
        super().__init__(
            f"{name} is runnable but has no main", f"define {name}.main(self, args, others)"
        )


class UsageError(PConfigError):
    """Words of a command line that cannot be understood.

    Attributes:
        command: The command they were given to.
    """

    def __init__(self, command: str, problem: str, advice: Sequence[str] = ()) -> None:
        self.command, self.problem, self.advice = command, problem, tuple(advice)
        super().__init__(f"{command}: {problem}", *advice)


def secret_target(target: str) -> TargetError:
    """Return the error for a target that leads to a secret, or into one."""
    return TargetError(target, "it leads to a secret, which is not shown", ["read it in code"])


def malformed(target: str, why: str) -> TargetError:
    """Return the error for text that is not a target."""
    return TargetError(target, f"this is not a target: {why}", [FORMS])


def colon_without_file(target: str) -> TargetError:
    """Return the error for `package.module:attribute`."""
    advice = f"did you mean {target.replace(':', '.', 1)}?"
    return TargetError(target, "':' is only allowed after a file name", [advice, FORMS])


def not_a_file(target: str, path: str) -> TargetError:
    """Return the error for a path that leads to no Python file."""
    folder, name = os.path.split(path)
    if not os.path.isdir(folder or os.curdir):
        return TargetError(target, f"there is no folder {folder}", [_where_we_are()])
    files = sorted(file for file in os.listdir(folder or os.curdir) if file.endswith(".py"))
    if os.path.isdir(path):
        inside = sorted(
            file for file in os.listdir(path) if file.endswith(".py") and file[0] != "_"
        )
        some = [f"name one of its files: {', '.join(inside[:8])}"] if inside else [FORMS]
        return TargetError(target, f"{path} is a folder, not an experiment", some)
    stem, dot, attribute = name.partition(".py.")
    if dot and f"{stem}.py" in files:
        suggestion = os.path.join(folder, f"{stem}.py:{attribute}")
    else:
        file = nearest(name if name.endswith(".py") else f"{name}.py", files)
        suggestion = os.path.join(folder, file) + target[len(path) :] if file else ""
    dotted = path.removesuffix(".py")
    if not folder and os.path.isfile(f"{dotted.replace('.', os.sep)}.py"):
        suggestion = dotted
    advice = f"did you mean {suggestion}?" if suggestion else _where_we_are()
    return TargetError(target, "there is no such file", [advice])


def no_such_module(target: str, name: str, rest: str) -> TargetError:
    """Return the error for an unknown first name: the nearest from the files on disk."""
    if target.endswith(SAVED_CONFIGS):
        return TargetError(target, "there is no such file", [_where_we_are()])
    here = modules_on_disk([os.curdir])
    found = nearest(name, here)
    elsewhere = "" if found else _elsewhere(name)
    found = found or ("" if elsewhere else nearest(name, modules_on_disk(sys.path)))
    if found and found != name:
        advice = f"did you mean {'.'.join(filter(None, [found, rest]))}?"
    else:
        advice = elsewhere or (f"in the current folder: {_some(here)}" if here else _where_we_are())
    return TargetError(target, f"there is no module {name!r}", [advice])


def no_such_attribute(
    target: str,
    owner: str,
    name: str,
    rest: str,
    value: object,
    configs: Sequence[str],
    sweeps: Sequence[str],
) -> TargetError:
    """Return the error for an attribute that `value`, found at `owner`, does not have."""
    if not isinstance(value, type(sys)):
        words = f"{owner} is {with_article(kind_name(value))} and has no attribute {name!r}"
        if type(value).__module__ in _PLAIN and not isinstance(value, type):
            return TargetError(target, words, [_inside(owner, name, rest, value)])
        known = list(_attributes_of(value))
        advice = _did_you_mean(owner, name, rest, known) or [f"it has {_some(known)}"]
        return TargetError(target, words, advice)
    if name == "py":
        return TargetError(target, f"{owner} is a module", [f"leave out the .py: {owner}"])
    inside = modules_on_disk(getattr(value, "__path__", []))
    names = [
        known
        for known, found in vars(value).items()
        if not known.startswith("_") and not _is_of_the_library(found)
    ]
    if name == "config":  # a module was named: a class of a like name is not what it lacks
        names = []
    what = (
        f"{owner} has no module and no attribute {name!r}" if inside else f"{owner} has no {name!r}"
    )
    # What was meant is a config, if any is near: no name that the module has only imported.
    advice = _did_you_mean(owner, name, rest, [*configs, *sweeps])
    advice = advice or _did_you_mean(owner, name, rest, [*inside, *names])
    if configs or sweeps:
        advice += [f"its configs: {_some(configs)}"] if configs else []
        advice += [f"its sweeps: {_some(sweeps)}"] if sweeps else []
    elif inside:
        advice.append(f"its modules: {_some(inside)}")
    elif not advice:
        advice.append("it has no config at module level")
    return TargetError(target, what, advice)


def no_such_item(target: str, owner: str, key: object, value: Any) -> TargetError:
    """Return the error for an item that `value`, found at `owner`, does not have."""
    problem = f"{owner} has no item [{key!r}]"
    if isinstance(value, dict):
        keys = [str(known) for known in value]
        suggestion = nearest(str(key), keys)
        advice = f"its keys: {_some(keys)}"
        if suggestion is not None:
            advice = f"did you mean {owner}[{suggestion!r}]?"
    elif isinstance(value, (list, tuple)):
        count = len(value)
        last = f" to [{count - 1}]" if count > 1 else ""
        advice = f"it has {counted(count, 'item')}, [0]{last}" if count else "it is empty"
    else:
        advice = f"it is {with_article(kind_name(value))}, which has no items"
    return TargetError(target, problem, [advice])


def not_runnable(target: str, value: object, why: str, runnable: Sequence[str]) -> NotRunnableError:
    """Return the error for a target that leads to something else than a runnable experiment."""
    advice = [f"in this module, run can run: {_some(runnable)}"] if runnable else []
    advice.append(
        "run takes a config of a runnable class: one under @pconfiged(runnable=True), with a main"
    )
    if not why:
        why = f"it is {_what(value)}, not a config"
    return NotRunnableError(target, f"cannot be run: {why}", advice)


def no_picture(target: str, value: object) -> TargetError:
    """Return the error for a target that has no parts to draw."""
    return TargetError(target, f"cannot be drawn: it is {_what(value)}, not a config")


def no_explanation(target: str, value: object) -> TargetError:
    """Return the error for a target that is not a value of a config."""
    is_class = isinstance(value, type) and hasattr(value, "__pconfig_schema__")
    advice = [f"what can be set in it: python -m pconfigs.help {target}"] if is_class else []
    problem = f"cannot be explained: it is {_what(value)}, no config and not in one"
    return TargetError(target, problem, advice)


def _what(value: object) -> str:
    if isinstance(value, type):
        return f"the class {value.__qualname__}"
    return with_article(kind_name(value))


def uncallable_main(runnable: type, error: TypeError) -> NotRunnableError:
    """Return the error for a `main` that cannot be called as `main(namespace, args)`."""
    name = runnable.__qualname__
    advice = f"run calls main(namespace, args): define {name}.main(self, args, others)"
    return NotRunnableError(f"{name}.main", str(error), [advice])


def strange_result(runnable: type, result: object) -> str:
    """Return the message for a `main` that returned neither None, an exit code nor a string."""
    name = f"{runnable.__qualname__}.main"
    advice = "it returns None, an exit code, or a string that names the failure"
    return with_hints(f"{name} returned {given_words(result)}", advice)


def file_failed(error: OSError) -> str:
    """Return the message for a file or stdout that the system refuses to read or write."""
    why = error.strerror or str(error)
    try:
        os.getcwd()
    except FileNotFoundError:
        return "the current folder has been removed\n    change to another one: cd"
    return f"{error.filename}: {why}" if error.filename else f"the result cannot be written: {why}"


def importers(cause: BaseException) -> list[str]:
    """Return a line for each module that led to the import of the failing one, nearest first."""
    frames = list(module_frames(cause.__traceback__))[:-1]
    return [f"    imported by {shown_file(file)}:{line}" for _, file, line in reversed(frames)]


def modules_on_disk(folders: Iterable[str]) -> list[str]:
    """Return the names of modules and packages in `folders`, found without importing any."""
    names: dict[str, None] = {}
    for folder in folders:
        try:
            entries = sorted(os.listdir(folder or os.curdir))
        except OSError:
            continue  # an entry of the import path need not exist, or be a folder
        for entry in entries:
            stem, dot, suffix = entry.partition(".")
            known = suffix == "py" if dot else os.path.isdir(os.path.join(folder, entry))
            if known and stem.isidentifier() and not stem.startswith("__"):
                names[stem] = None
    return list(names)


def _advice_on_import(cause: BaseException) -> list[str]:
    """Return hints for a module that raised `cause`."""
    frames = list(module_frames(cause.__traceback__))
    at = f"{shown_file(frames[-1][1])}:{frames[-1][2]}" if frames else "it"
    names = [name for name, _, _ in frames]
    if _is_circular(cause, names):
        culprit = getattr(cause, "name", None) if isinstance(cause, ImportError) else None
        start = names.index(culprit) if culprit in names else 0
        circle = " -> ".join([*names[start:], names[start]]) if names else str(cause)
        return [
            f"these modules import each other: {circle}",
            "move what both need into a third module",
        ]
    if isinstance(cause, ModuleNotFoundError) and cause.name:
        return _missing_module(at, cause.name)
    if isinstance(cause, ImportError) and "relative import" in str(cause) and frames:
        return _relative_import(at, frames[-1][1])
    if isinstance(cause, SystemExit):
        return [f"{at} ends the process, but importing an experiment only defines it"]
    return []


def _is_circular(cause: BaseException, importing: Sequence[str]) -> bool:
    """Return whether a module lacks something only because it is still being imported."""
    if isinstance(cause, AttributeError):
        # Before 3.12, messages do not name circles for `import package.module`.
        owner = getattr(cause.obj, "__name__", "")
        if f"{owner}.{cause.name}" in importing:
            return True
    return "circular import" in str(cause) and isinstance(cause, (ImportError, AttributeError))


def _missing_module(at: str, name: str) -> list[str]:
    parent, _, last = name.rpartition(".")
    paths = getattr(sys.modules.get(parent), "__path__", []) if parent else [os.curdir]
    known = modules_on_disk(paths)
    suggestion = nearest(last, known)
    if suggestion and suggestion != last:
        return [
            f"{at} imports {name}; did you mean {'.'.join(filter(None, [parent, suggestion]))}?"
        ]
    if parent and known:
        return [f"{at} imports {name}; modules of {parent}: {_some(known)}"]
    elsewhere = "" if parent else _elsewhere(name)
    advice = elsewhere or "this Python does not have it: install it, or run from its folder"
    return [f"{at} imports {name}", advice]


def _relative_import(at: str, file: str) -> list[str]:
    """Return hints for a relative import in a module that was imported outside its package."""
    folder = os.path.dirname(os.path.abspath(file))
    parts = [os.path.basename(file).removesuffix(".py")]
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder, last = os.path.split(folder)
        parts.insert(0, last)
    headline = f"{at} imports from the package around it"
    if len(parts) == 1:
        return [headline, "the folder is not a package: it has no __init__.py"]
    return [headline, f"call the command from {folder}, as {'.'.join(parts)}"]


def module_frames(trace: TracebackType | None) -> Iterable[tuple[str, str, int]]:
    """Return (name, file, line) of the user's modules being imported, outermost first."""
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_name == "<module>" and not code.co_filename.startswith((own, "<frozen ")):
            yield trace.tb_frame.f_globals.get("__name__", "?"), code.co_filename, trace.tb_lineno
        trace = trace.tb_next


def _inside(owner: str, name: str, rest: str, value: object) -> str:
    """Return how to reach what is in a value of a builtin class."""
    if isinstance(value, dict) and value:
        keys = {str(key): key for key in value}
        close = name if name in keys else nearest(name, list(keys))
        if close is not None:
            return f"did you mean {owner}[{keys[close]!r}]{_joined(rest)}?"
        return f"its keys are {_some([repr(key) for key in value])}: {owner}[{next(iter(value))!r}]"
    if isinstance(value, list | tuple) and value:
        return f"its items are {owner}[0] to {owner}[{len(value) - 1}]"
    return f"its value: {owner}"


def _joined(rest: str) -> str:
    return rest if rest[:1] in ("", "[") else f".{rest}"


def _where_we_are() -> str:
    return f"the current folder is {os.getcwd()}"


def _elsewhere(name: str) -> str:
    """Return where the module would be found from, if that is a folder above the current one."""
    folder = os.getcwd()
    while os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
        path = os.path.join(folder, name)
        if os.path.isfile(f"{path}.py") or os.path.isdir(path):
            return f"it lies in {folder}: call the command from there"
    return ""


def _attributes_of(value: object) -> Iterable[str]:
    fields = getattr(getattr(type(value), "__pconfig_schema__", None), "fields", None)
    return fields if fields is not None else [name for name in dir(value) if name[0] != "_"]


def _is_of_the_library(value: object) -> bool:
    """Return whether a value is a class or function of pconfigs, which no target leads to."""
    module = getattr(value, "__module__", None) if callable(value) else None
    return isinstance(module, str) and module.partition(".")[0] == "pconfigs"


def _did_you_mean(owner: str, name: str, rest: str, known: Sequence[str]) -> list[str]:
    suggestion = nearest(name, known)
    if suggestion is None:
        return []
    return [f"did you mean {owner}.{suggestion}{_joined(rest)}?"]


def _some(names: Sequence[str]) -> str:
    return listed(names, most=8) or "nothing"


def kind_name(value: object) -> str:
    """Return the class of a value, a container of a config going by its ordinary name."""
    own = type(value)
    if own.__module__ == "pconfigs.validation.frozen":
        plain: tuple[type[Any], ...] = (list, dict, set)
        own = next((kind for kind in plain if isinstance(value, kind)), object)
    return own.__qualname__
