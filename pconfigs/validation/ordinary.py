"""The class of the classes of read-only containers."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class OrdinaryWhenCalled(type):
    """Returns an ordinary container where a class is called, as `dataclasses.asdict` does."""

    _plain: Any

    def __call__(cls: Any, *args: Any, **kwargs: Any) -> Any:
        return cls._plain(*args, **kwargs)
