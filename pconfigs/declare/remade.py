"""Classes made again from the body of another one, whose type Python does not change."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def body_of(cls: type) -> dict[str, Any]:
    """Return what the body of a class defines, to make another class of it."""
    return {n: v for n, v in vars(cls).items() if n not in ("__dict__", "__weakref__")}


def move_methods(old: type, new: type) -> None:
    """Make `super()` in the methods of a class mean the class that was made of its body."""
    for value in vars(old).values():
        for method in (value, *[getattr(value, n, None) for n in ("__func__", "fget", "fset")]):
            for cell in getattr(method, "__closure__", None) or ():
                try:
                    if cell.cell_contents is old:
                        cell.cell_contents = new
                except ValueError:
                    continue  # a variable that is not assigned yet
