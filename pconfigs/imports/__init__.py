"""Dotted paths: from text to objects, and back. The only place that imports users' modules.

A target is `package.module.attribute` (also into attributes and items of it: `….config.blocks[2]`),
`package.module` (its `config`), or `path/to/file.py[:attribute]`.
"""

from __future__ import annotations

import os
import sys

from pconfigs.errors.paths import PathError
from pconfigs.errors.targets import (
    TargetError,
    colon_without_file,
    malformed,
    no_such_attribute,
    no_such_item,
    no_such_module,
    not_a_file,
    secret_target,
)
from pconfigs.imports.files import load_file
from pconfigs.imports.modules import import_module, refuse_nameless
from pconfigs.imports.path_syntax import Item, UnquotedKey, find_key, parse_steps, steps_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import Any
else:
    ModuleType = type(sys)

DEFAULT_ATTRIBUTE = "config"


class Target:
    """The object that a target leads to.

    Attributes:
        text: The target as it was typed.
        object: What it leads to.
        module: The module in which the way through attributes starts.
        attribute: That way, e.g. `config.blocks[2]`.
    """

    __slots__ = ("attribute", "module", "object", "text")

    def __init__(self, text: str, found: object, module: ModuleType, attribute: str) -> None:
        self.text = text
        self.object = found
        self.module = module
        self.attribute = attribute

    @property
    def experiment(self) -> Target | None:
        """The target itself, which may be the record of an experiment in a derived class."""
        return self

    @property
    def dotted(self) -> str:
        """The dotted path, whichever form was typed: `project.experiments.first.config`."""
        return f"{self.module.__name__}.{self.attribute}"

    def __repr__(self) -> str:
        return f"Target({self.dotted!r})"


def resolve(target: str, into_secrets: bool = False) -> Target:
    """Return the object that `target` leads to; its module is imported from the current folder.

    Args:
        target: The target, as typed.
        into_secrets: Whether it may lead to a secret, or into one.

    Raises:
        TargetError: There is no such module, attribute or item.
        ImportFailedError: The module is there, and raises when it is imported.
    """
    make_current_folder_importable()
    parts = _split_file(target)
    if parts is None:
        module, steps = _import_longest(target, _steps_of(target, target))
    else:
        module, steps = load_file(target, parts[0]), _steps_of(parts[1], target)
    refuse_nameless(target, module)
    steps = steps or [DEFAULT_ATTRIBUTE]
    found = _follow(target, module.__name__, module, steps)
    if not into_secrets and passes_secret(module, steps):
        raise secret_target(target)
    return Target(target, found, module, steps_text(steps))


def passes_secret(root: Any, steps: Sequence[str | Item]) -> bool:
    """Return whether a way of attributes and items from an object leads through a secret.

    What cannot be followed ends the way.
    """
    value = root
    for step in steps:
        schema: Any = getattr(type(value), "__pconfig_schema__", None)
        if schema is not None and step in schema.secret_names:
            return True
        try:
            value = getattr(value, step) if isinstance(step, str) else value[step.key]
        except (AttributeError, LookupError, TypeError):
            return False
    return False


def import_object(dotted: str) -> Any:
    """Return the object at a dotted path: the longest prefix that is a module, then attributes.

    Raises:
        TargetError: It leads nowhere.
    """
    module, steps = _import_longest(dotted, _steps_of(dotted, dotted))
    refuse_nameless(dotted, module)
    return _follow(dotted, module.__name__, module, steps)


def import_defined(dotted: str) -> Any:
    """Return the class or function of a dotted path, importing no more than the module it is in.

    The last name is never imported as a module, nor is a `__main__` module.

    Raises:
        TargetError: There is no such thing.
    """
    refuse_program(dotted)
    names = dotted.split(".")
    found: Any = import_module(dotted, names[0])
    if found is None:
        raise no_such_module(dotted, names[0], ".".join(names[1:]))
    count = 1
    while count < len(names) - 1 and isinstance(found, ModuleType):
        module = _submodule(dotted, found, names[: count + 1])
        if module is None:
            break
        found, count = module, count + 1
    refuse_nameless(dotted, found)
    steps: list[str | Item] = [*names[count:]]
    return _follow(dotted, found.__name__, found, steps)


def refuse_program(dotted: str) -> None:
    """Raise TargetError where a path leads into the `__main__` of a package, which would run."""
    if "__main__" in [part.strip() for part in dotted.partition("[")[0].split(".")[1:]]:
        raise TargetError(dotted, "a __main__ module is a program, not a place for values")


def _submodule(dotted: str, parent: ModuleType, names: list[str]) -> ModuleType | None:
    """Return the module of some names; None where the last is a class, or leads to no module."""
    name = ".".join(names)
    known = sys.modules.get(name)
    if known is not None or isinstance(vars(parent).get(names[-1]), type):
        return known
    return import_module(dotted, name) if hasattr(parent, "__path__") else None


def dotted_name(thing: object) -> str | None:
    """Return the dotted path of a class, function, enum member or module, or None.

    A path is only given when importing it gives back the same object: nothing local to a function,
    nothing of a script that was started, no lambda.
    """
    name = claimed_name(thing)
    if name is None:
        return None
    try:
        found = import_object(name)
    except (TargetError, AttributeError):
        return None
    if found is thing or (hasattr(thing, "__self__") and found == thing):
        return name
    return None


def claimed_name(thing: object) -> str | None:
    """Return the dotted path that a class, function, enum member or module has for itself."""
    if isinstance(thing, ModuleType):
        return thing.__name__
    enum = sys.modules.get("enum")
    if enum is not None and isinstance(thing, enum.Enum):
        owner = claimed_name(type(thing))
        member = getattr(thing, "_name_", None)
        return f"{owner}.{member}" if owner and member and member.isidentifier() else None
    module = getattr(thing, "__module__", None)
    name = getattr(thing, "__qualname__", None)
    if (
        not isinstance(module, str)
        or not isinstance(name, str)
        or module in ("__main__", "__mp_main__")
        or "<" in name
    ):
        return None
    return f"{module}.{name}"


def is_config(value: object) -> bool:
    """Return whether `value` is a config."""
    return getattr(type(value), "__pconfig_schema__", None) is not None


def configs_of(module: ModuleType) -> dict[str, Any]:
    """Return the configs at the top of a module, by name."""
    return {name: value for name, value in list(vars(module).items()) if is_config(value)}


def sweeps_of(module: ModuleType) -> dict[str, Any]:
    """Return the sweeps at the top of a module, by name."""
    sweeps = sys.modules.get("pconfigs.sweeps.sweep")
    if sweeps is None:
        return {}
    return {n: value for n, value in list(vars(module).items()) if isinstance(value, sweeps.Sweep)}


def defines_config_classes(module: ModuleType) -> bool:
    """Return whether `module` declares config classes of its own, besides experiments."""
    return any(
        isinstance(value, type)
        and "__pconfig_schema__" in vars(value)
        and value.__module__ == module.__name__
        for value in list(vars(module).values())
    )


def make_current_folder_importable() -> None:
    """Put the current folder first on the import path, unless Python is started with -P."""
    if sys.flags.safe_path:
        return  # launched runs import a snapshot of the code, wherever they start
    folder = os.getcwd()
    if "" not in sys.path and folder not in sys.path:
        sys.path.insert(0, folder)


def _split_file(target: str) -> tuple[str, str] | None:
    """Return path and attribute of `path/to/file.py[:attribute]`; None for a dotted path."""
    if target.endswith(".py"):
        return target, ""
    path, colon, attribute = target.partition(".py:")
    if colon:
        return f"{path}.py", attribute
    head = target.partition("[")[0]
    if "/" in head or os.sep in head:
        raise not_a_file(target, head)
    if ":" in head:
        raise colon_without_file(target)
    return None


def _steps_of(text: str, target: str) -> list[str | Item]:
    """Return the steps of `a.b[2]['k'].c`.

    Raises:
        TargetError: The text does not have this form.
    """
    try:
        steps = parse_steps(text)
    except PathError as error:
        raise malformed(target, error.problem) from None
    if not steps and text == target:
        raise malformed(target, "it is empty")
    return steps


def _import_longest(target: str, steps: list[str | Item]) -> tuple[ModuleType, list[str | Item]]:
    """Return the module of the longest prefix that is one, and the steps after it."""
    names: list[str] = []
    for step in steps:
        if not isinstance(step, str):
            break
        names.append(step)
    if not names:
        raise malformed(target, "it does not start with a name")
    module = import_module(target, names[0])
    if module is None:
        raise no_such_module(target, names[0], steps_text(steps[1:]))
    count = 1
    while count < len(names) and hasattr(module, "__path__"):
        found = import_module(target, ".".join(names[: count + 1]))
        if found is None:
            break
        module = found
        count += 1
    return module, steps[count:]


def inside(target: str, value: Any, path: str) -> Any:
    """Return the object at `path` inside `value`, which `target` has led to.

    Raises:
        TargetError: Nothing does.
    """
    try:
        return _follow(path, target, value, _steps_of(path, path))
    except TargetError as error:
        # What is proposed is a path from the target on, as `path` is.
        advice = [
            line.replace(f"{target}.", "").replace(f"{target}[", "[") for line in error.advice
        ]
        raise TargetError(path, error.problem, advice) from None


def _follow(target: str, start: str, value: Any, steps: list[str | Item]) -> Any:
    """Return the object that the steps lead to from `value`, which is at `start`.

    Keys that a shell has taken the quotes from are written out in `steps`.
    """
    root = value
    for count, step in enumerate(steps):
        if isinstance(step, Item) and isinstance(step.key, UnquotedKey):
            steps[count] = step = Item(_written_out(step.key, value))
        found = _step_into(value, step)
        if found is _NOTHING:
            if passes_secret(root, steps[:count]):
                raise secret_target(target)
            raise _no_such_step(target, start, steps, count, value)
        value = found
    return value


def _written_out(key: UnquotedKey, value: Any) -> Any:
    """Return the key of a dict that a bare word means; the word as a string if there is none."""
    found: Any = find_key(value, key) if hasattr(value, "keys") else value
    return key.text if found is value else found


def _step_into(value: Any, step: str | Item) -> Any:
    """Return the attribute or item of `value`, or `_NOTHING`."""
    try:
        if isinstance(step, str):
            return getattr(value, step)
    except AttributeError as error:
        if error.name == step and error.obj is value:
            return _NOTHING
        raise  # from within a property or a method of the user
    try:
        return value[step.key]
    except (LookupError, TypeError):
        return _NOTHING


_NOTHING = object()


def _no_such_step(
    target: str, start: str, steps: Sequence[str | Item], count: int, value: object
) -> TargetError:
    walked = steps_text([start, *steps[:count]])
    step = steps[count]
    if isinstance(step, Item):
        return no_such_item(target, walked, step.key, value)
    configs = list(configs_of(value)) if isinstance(value, ModuleType) else []
    sweeps = list(sweeps_of(value)) if isinstance(value, ModuleType) else []
    rest = steps_text(steps[count + 1 :])
    return no_such_attribute(target, walked, step, rest, value, configs, sweeps)
