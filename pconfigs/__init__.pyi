"""What type checkers and editors see of `pconfigs`: the names of `pinnable`, and the readers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Literal, TypeVar, overload

from pconfigs.errors.base import PConfigError as PConfigError
from pconfigs.pinnable import Kwarg as Kwarg
from pconfigs.pinnable import NoEffect as NoEffect
from pconfigs.pinnable import NoneConfig as NoneConfig
from pconfigs.pinnable import NotMock as NotMock
from pconfigs.pinnable import Omitted as Omitted
from pconfigs.pinnable import OptionalConfig as OptionalConfig
from pconfigs.pinnable import PCallable as PCallable
from pconfigs.pinnable import PConfig as PConfig
from pconfigs.pinnable import PEnum as PEnum
from pconfigs.pinnable import Pin as Pin
from pconfigs.pinnable import Pinned as Pinned
from pconfigs.pinnable import Required as Required
from pconfigs.pinnable import Secret as Secret
from pconfigs.pinnable import pcheck as pcheck
from pconfigs.pinnable import pconfig as pconfig
from pconfigs.pinnable import pconfiged as pconfiged
from pconfigs.pinnable import pdefaults as pdefaults
from pconfigs.pinnable import penum as penum
from pconfigs.pinnable import penv as penv
from pconfigs.pinnable import pinputs as pinputs
from pconfigs.pinnable import pproperty as pproperty
from pconfigs.pinnable import psetter as psetter

__version__: str

# The kinds of what readers give are in the modules below: pconfigs.text.explain.Explanation,
# pconfigs.tree.diff.Changes, pconfigs.tree.paths.Path, pconfigs.schema.fields.Field.
_TreePath = Any
_Field = Any
_C = TypeVar("_C")
_T = TypeVar("_T")
_File = str | PathLike[str]

def EnvVar(name: str, default: Any = ..., help: str = ...) -> Any: ...

class ScriptConfig(PConfig[Any]):
    path: Path | None
    inline: str | None
    interpreter: str | None
    args: list[str]
    env: dict[str, str]
    cwd: Path | None
    timeout: float | None

TestSubdirs: object

def TestManually(*modules: str) -> None: ...

TestConfigs = TestManually

class _SmokeValues:
    def __iadd__(self, config: PConfig[Any], /) -> _SmokeValues: ...
    def __call__(self, config: _C, /) -> _C: ...

psmoke: _SmokeValues

def pexplain(config: object, path: str = ..., *, deep: bool = ...) -> Any: ...
def pdiff(before: object, after: object, /) -> Any: ...
def pwalk(config: object) -> Iterator[tuple[_TreePath, _Field, Any]]: ...
@overload
def pselect(config: object, wanted: str) -> dict[_TreePath, Any]: ...
@overload
def pselect(config: object, wanted: type[_T]) -> dict[_TreePath, _T]: ...
@overload
def pselect(config: object, wanted: tuple[type, ...]) -> dict[_TreePath, Any]: ...
def pget(config: object, path: str) -> Any: ...
def pset(config: _C, changes: Mapping[str, Any], /) -> _C: ...
def pbroadcast(config: _C, counts: dict[str, int] | None = ..., /, **values: Any) -> _C: ...
def ptransform(
    config: _C, counts: dict[str, int] | None = ..., /, **functions: Callable[[Any], Any]
) -> _C: ...
def poverride(config: _C, words: Iterable[str], /) -> _C: ...

_Drift = Literal["refuse", "accept", "as-saved"]

_Allow = str | Iterable[str]

def pdump(config: object, /, *, to: Literal["plain", "omegaconf", "argparse"] = ...) -> Any: ...
def pload(data: Any, of: type[_C], /, *, drift: _Drift = ..., allow: _Allow = ...) -> _C: ...
def psave(config: object, path: _File, /) -> None: ...
def pload_file(path: _File, of: type[_C], /, *, drift: _Drift = ..., allow: _Allow = ...) -> _C: ...
def pfingerprint(config: object, /) -> str: ...
def plabel(config: object, /) -> str: ...
def pflat(config: object, /) -> dict[str, Any]: ...
def pface(of: type[_C], /, **names: str) -> Callable[[Callable[[_C], _T]], Callable[..., _T]]: ...
