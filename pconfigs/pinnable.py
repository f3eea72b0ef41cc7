"""The names that make configs, for `from pconfigs.pinnable import …`."""

from __future__ import annotations

import pconfigs

# Names are loaded at first use; the stub next to this file has their types.
# pyright: reportUnsupportedDunderAll=false

__all__ = [
    "EnvVar",
    "Built",
    "Kwarg",
    "NoEffect",
    "NoneConfig",
    "NotMock",
    "Omitted",
    "OptionalConfig",
    "PCallable",
    "PConfig",
    "PEnum",
    "Pin",
    "Pinned",
    "Required",
    "Secret",
    "pcheck",
    "pconfig",
    "pconfiged",
    "pdefaults",
    "penum",
    "penv",
    "pinputs",
    "pproperty",
    "psetter",
]


def __getattr__(name: str) -> object:
    if name in __all__:
        return getattr(pconfigs, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
