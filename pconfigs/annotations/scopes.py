"""Scopes: where the names of an annotation are looked up, and how it is evaluated with them."""

from __future__ import annotations

import sys

from pconfigs.annotations.kinds import is_dict
from pconfigs.annotations.pep649 import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any


class Scope:
    """Where the names of an annotation are looked up, in addition to the class.

    Attributes:
        globals: The module of the class statement.
        frames: The running functions around the class statement, innermost first.
    """

    __slots__ = ("frames", "globals")

    def __init__(self, module_globals: dict[str, Any], frames: tuple[FrameType, ...] = ()) -> None:
        self.globals, self.frames = module_globals, frames

    def __reduce__(self) -> Any:
        # A class that is pickled by value has its annotations resolved.
        return (Scope, ({},))

    @classmethod
    def of_class(cls, owner: type, frame: FrameType | None = None) -> Scope:
        """Return the scope of a class whose statement runs in `frame`, or in a caller of it."""
        module = sys.modules.get(owner.__module__)
        found: dict[str, Any] = {} if module is None else vars(module)
        if frame is None:
            return cls(found)
        if frame.f_globals.get("__name__", "builtins") == owner.__module__:
            found = frame.f_globals  # also right for code that is executed without being a module
        frames = _functions_around(owner, frame) if "<locals>" in owner.__qualname__ else ()
        return cls(found or frame.f_globals, frames)


def _functions_around(owner: type, frame: FrameType) -> tuple[FrameType, ...]:
    """Return the frames of the functions around the class statement of `owner`, innermost first."""
    function = owner.__qualname__.rpartition(".<locals>.")[0].rpartition(".")[2]
    # By name first, past the frames of decorators; then by what is compiled into what, as callers
    # are not what is written around.
    around: FrameType | None = frame
    while around is not None and around.f_code.co_name != function:
        around = around.f_back
    frames: list[FrameType] = []
    while around is not None:
        if not frames or frames[-1].f_code in around.f_code.co_consts:
            frames.append(around)
        around = around.f_back
    return tuple(frames)


class Namespace(dict[str, object]):
    """The names that an annotation of `owner` sees; `absent` makes a placeholder for others."""

    def __init__(self, owner: type | None, scope: Scope, absent: Callable[[str], Any]) -> None:
        super().__init__()
        self.owner, self.scope, self.absent = owner, scope, absent
        self.missed: list[str] = []
        self.evaluating: dict[str, Any] = {}
        if owner is None:
            return
        for parameter in getattr(owner, "__type_params__", ()):
            self[parameter.__name__] = parameter
        annotated = written(owner)
        # A copy: another thread may put something on the class meanwhile.
        for name, value in [*vars(owner).items()]:
            # A property or default of the same name must not hide the type.
            nested = (
                isinstance(value, type) and value.__qualname__ == f"{owner.__qualname__}.{name}"
            )
            if nested or (
                name not in annotated
                and not name.startswith("__")
                and not hasattr(type(value), "__get__")
            ):
                self[name] = value
        if "<locals>" in owner.__qualname__ or "." not in owner.__qualname__:
            self.setdefault(owner.__name__, owner)

    def __missing__(self, name: str) -> Any:
        for frame in self.scope.frames:
            found = frame.f_locals
            if name in found:
                return found[name]
        if name in self.scope.globals:
            return self.scope.globals[name]
        builtins: object = self.scope.globals.get("__builtins__", sys.modules["builtins"])
        known = builtins if is_dict(builtins) else vars(builtins)
        if name in known:
            return known[name]
        self.missed.append(name)
        return self.absent(name)

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default


class UndefinedName:
    """Represents a name that is not defined, and for all that is made from it."""

    def __init__(self, name: str) -> None:
        self.__missing__ = name

    def __getattr__(self, name: str) -> UndefinedName:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def _same(self, *args: object, **kwargs: object) -> UndefinedName:
        return self

    __call__ = __getitem__ = __or__ = __ror__ = _same


def no_name(name: str) -> Any:
    """Raise for a name that does not exist."""
    raise KeyError(name)
