"""Types of the names that make configs, for type checkers and editors.

All typing devices of the library are in this file; docs/typing.md has the purpose of each.
"""

import sys
from abc import ABCMeta
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import Field
from enum import Enum
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Generic,
    Literal,
    Protocol,
    TypeAlias,
    final,
    overload,
)

from typing_extensions import ParamSpec, Self, TypeVar, dataclass_transform

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

_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)
_T_contra = TypeVar("_T_contra", contravariant=True)
_P = ParamSpec("_P")
_C = TypeVar("_C")
_C_co = TypeVar("_C_co", covariant=True)
_Made_co = TypeVar("_Made_co", covariant=True, default=Any)
_PC = TypeVar("_PC", bound=PConfig[Any])
_E = TypeVar("_E", bound=Enum)
_Check = TypeVar("_Check", bound=Callable[[Any], None])
_Upgrade: TypeAlias = Callable[[dict[str, Any], int], dict[str, Any]]
_Names: TypeAlias = str | Iterable[str] | None

class _Replaceable(Protocol[_P, _T_co]):
    # From Python 3.13 on, checkers give a dataclass a `__replace__` in which every field is an
    # optional keyword: the signature that a config's constructor has.
    def __replace__(self, *args: _P.args, **kwargs: _P.kwargs) -> _T_co: ...

class _BaseFor(Protocol[_T_contra]):
    # "A config of the same class as the new one, or of an ancestor."
    def __base_for__(self, derived: _T_contra, /) -> None: ...

# mypy and zuban know the decorator by its name: under another one they leave the classes alone,
# as they would report every omitted field.
_fieldwise = dataclass_transform

@_fieldwise(kw_only_default=True, frozen_default=True)
class _ConfigType(ABCMeta):
    # `| Any` makes pyright, ty and pyrefly trust this signature over the synthesized `__init__`.
    if sys.version_info >= (3, 13):
        def __call__(
            cls: type[_Replaceable[_P, _C]],
            base: _BaseFor[_C] = ...,
            base2: _BaseFor[_C] = ...,
            base3: _BaseFor[_C] = ...,
            base4: _BaseFor[_C] = ...,
            /,
            *args: _P.args,
            **fields: _P.kwargs,
        ) -> _C | Any: ...
    else:
        def __call__(cls: type[_C], /, *bases: _BaseFor[_C], **fields: Any) -> _C | Any: ...

class PConfig(Generic[_Made_co], metaclass=_ConfigType):
    """Base that gives type checkers the class that `construct()` makes; optional at run time."""

    def __init__(self, *bases: _BaseFor[Self], **fields: Any) -> None: ...
    def __base_for__(self, derived: Self, /) -> None: ...
    def __replace__(self, **fields: Any) -> Self: ...
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    default_config: ClassVar[Any]
    constructable_type: ClassVar[Any]
    def construct(self) -> _Made_co: ...
    def asdict(self) -> dict[str, Any]: ...
    def print_code(self) -> None: ...
    def _repr_html_(self) -> str: ...
    def __rich_repr__(self) -> Iterator[tuple[str, Any]]: ...

class PCallable(PConfig[Any]):
    """A config that is called: `@pconfig(calls=f)`, or `@pconfig` on a function."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

@final
class _NoneConfigType(PConfig[None]):
    def __bool__(self) -> Literal[False]: ...

NoneConfig: Final[_NoneConfigType]
OptionalConfig: TypeAlias = _C | _NoneConfigType

class Pin(Generic[_T_co]):
    """A value for a pinned field, set by code."""

    def __init__(self, value: _T_co) -> None: ...
    @property
    def value(self) -> _T_co: ...

class Pinned(Any, Generic[_T]):  # type: ignore[misc]
    """The type of a field that users cannot set; as a value: 'compute it'."""

    # The base lets a derived config pin a plain field of its ancestor.
    @overload
    def __get__(self, obj: None, owner: type[Any], /) -> Self: ...
    @overload
    def __get__(self, obj: object, owner: type[Any], /) -> _T: ...
    def __set__(self, obj: Any, value: type[Pinned[Any]] | Pin[_T], /) -> None: ...

Required: Any

# Only the run time distinguishes these from the type inside.
NoEffect: TypeAlias = Annotated[_T, "NoEffect"]
Secret: TypeAlias = Annotated[_T, "Secret"]
Omitted: TypeAlias = Annotated[_T, "Omitted"]
Built: TypeAlias = Annotated[_T, "Built"]
Kwarg: TypeAlias = Annotated[_T, "Kwarg"]
NotMock: TypeAlias = Annotated[_T, "NotMock"]

class _Configured(Protocol):
    @property
    def config(self) -> Any: ...

class _ConfigDecorator(Protocol):
    # A class without the base becomes Any: its constructor cannot be typed without false errors.
    @overload
    def __call__(self, cls: type[_PC], /) -> type[_PC]: ...
    @overload
    def __call__(self, cls: type[object], /) -> Any: ...

@overload
def pconfig(cls: type[_PC], /) -> type[_PC]: ...
@overload
def pconfig(cls: type[object], /) -> Any: ...
@overload
def pconfig(function: Callable[..., Any], /) -> Any: ...
@overload
def pconfig(
    *,
    constructs: type[_Configured] | None = None,
    inherit_constructable_type: bool | None = None,
    renamed: Mapping[str, str] | None = None,
    removed: Mapping[str, Any] | None = None,
    added: Mapping[str, Any] | None = None,
    version: int = 1,
    upgrade: _Upgrade | None = None,
    formerly: str | tuple[str, ...] = (),
    extra: str = "",
) -> _ConfigDecorator: ...
@overload
def pconfig(
    *,
    calls: Callable[..., Any],
    rest: object = None,
    renamed: Mapping[str, str] | None = None,
    removed: Mapping[str, Any] | None = None,
    added: Mapping[str, Any] | None = None,
    version: int = 1,
    upgrade: _Upgrade | None = None,
    formerly: str | tuple[str, ...] = (),
    extra: str = "",
) -> Callable[[type[object]], Any]: ...
@overload
def pconfig(
    *,
    mocks: type[Any],
    rest: object = None,
    renamed: Mapping[str, str] | None = None,
    removed: Mapping[str, Any] | None = None,
    added: Mapping[str, Any] | None = None,
    version: int = 1,
    upgrade: _Upgrade | None = None,
    formerly: str | tuple[str, ...] = (),
    extra: str = "",
) -> Callable[[type[object]], Any]: ...
@overload
def pconfiged(cls: type[_T], /) -> type[_T]: ...
@overload
def pconfiged(*, runnable: bool = False, mock: bool = False) -> Callable[[type[_T]], type[_T]]: ...
@overload
def pproperty(function: Callable[[Any], _T]) -> Pinned[_T]: ...
@overload
def pproperty(
    *, fixup: Literal[True], deps: _Names = None, manual_deps: bool = False
) -> Callable[[Callable[[Any], _T]], _T]: ...
@overload
def pproperty(
    *, deps: _Names = None, manual_deps: bool = False, fixup: Literal[False] = False
) -> Callable[[Callable[[Any], _T]], Pinned[_T]]: ...
def pcheck(function: _Check) -> _Check: ...
@overload
def penv(cls: type[_T], /) -> type[_T]: ...
@overload
def penv(
    *, convention: Literal["uppercase"] | Callable[[str], str] | None = None
) -> Callable[[type[_T]], type[_T]]: ...
@overload
def EnvVar(name: str, default: _T, help: str = "") -> _T: ...
@overload
def EnvVar(name: str, *, help: str = "") -> Any: ...
@overload
def penum(cls: type[_E], /) -> type[_E]: ...
@overload
def penum(cls: type[object], /) -> Any: ...

class PEnum(Enum):  # type: ignore[misc, unused-ignore]
    """The result of `@penum` on a class; naming it as base lets every checker know."""

    @classmethod
    def make(cls, value: object, /) -> Self: ...

class _Defaults:
    def __iadd__(self, config: PConfig[Any], /) -> Self: ...
    @overload
    def __call__(self, of: type[_C], /) -> _C | None: ...
    @overload
    def __call__(self, of: _C, /) -> _C | None: ...

pdefaults: _Defaults

def pinputs(config: _C) -> _C: ...

class _Setter(Generic[_C_co]):
    @property
    def config(self) -> _C_co: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *error: object) -> None: ...
    def __getattr__(self, name: str, /) -> Any: ...
    def __setattr__(self, name: str, value: Any, /) -> None: ...

@overload
def psetter(inputs: _C, /) -> _Setter[_C]: ...
@overload
def psetter(*, type: type[_C], inputs: _C | None = None) -> _Setter[_C]: ...
@overload
def psetter(*, construct: _Setter[_C]) -> _C: ...
