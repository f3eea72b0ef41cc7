"""The common parts of the classes of read-only containers."""

from __future__ import annotations

from pconfigs.errors.access import FrozenContainerError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, NoReturn


class OrdinaryWhenCalled(type):
    """Returns an ordinary container where a class is called, as `dataclasses.asdict` does."""

    _plain: Any

    def __call__(cls: Any, *args: Any, **kwargs: Any) -> Any:
        return cls._plain(*args, **kwargs)


def refuse_changes(cls: Any, variant: str, methods: Iterable[str]) -> None:
    """Make methods of a class raise FrozenContainerError, with code that makes a variant."""
    always = ("__init__", "__setattr__", "__delattr__", "__setstate__")
    for name in (*always, *methods):
        type.__setattr__(cls, name, _refused(cls._plain.__name__, name, variant))


def _refused(kind: str, name: str, variant: str) -> Any:
    def refuse(self: object, *args: object, **kwargs: object) -> NoReturn:
        raise FrozenContainerError(kind, name, variant)

    refuse.__name__ = name
    return refuse
