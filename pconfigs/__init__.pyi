"""What type checkers and editors see of `pconfigs`: the names of `pinnable`, and the readers."""

from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar, overload

from pconfigs.artifacts.artifact import PArtifact as PArtifact
from pconfigs.errors.base import PConfigError as PConfigError
from pconfigs.launchers.scripts import Script as _Script
from pconfigs.pinnable import (
    Built as Built,
    EnvVar as EnvVar,
    Kwarg as Kwarg,
    NoEffect as NoEffect,
    NoneConfig as NoneConfig,
    NotMock as NotMock,
    Omitted as Omitted,
    OptionalConfig as OptionalConfig,
    PCallable as PCallable,
    PConfig as PConfig,
    PEnum as PEnum,
    Pin as Pin,
    Pinned as Pinned,
    Required as Required,
    Secret as Secret,
    pcheck as pcheck,
    pconfig as pconfig,
    pconfiged as pconfiged,
    pdefaults as pdefaults,
    penum as penum,
    penv as penv,
    pinputs as pinputs,
    pproperty as pproperty,
    psetter as psetter,
)
from pconfigs.reports.explain import Explanation as _Explanation
from pconfigs.runs.current import prun as prun
from pconfigs.runs.results.sequence import pruns as pruns
from pconfigs.schema.fields import Field as _Field
from pconfigs.sweeps import psearch as psearch, psweep as psweep
from pconfigs.tree.changes import Changes as _Changes
from pconfigs.tree.missing import Missing as _Missing
from pconfigs.tree.paths import Path as _TreePath

__version__: str

_C = TypeVar("_C")
_T = TypeVar("_T")
_File: TypeAlias = str | PathLike[str]

@pconfig
class ScriptConfig(PConfig[Any]):
    """A script as an experiment: a file, or its text."""

    path: Path | None
    inline: str | None
    interpreter: str | None
    args: list[str]
    env: dict[str, str]
    cwd: Path | None
    timeout: float | None

    def construct(self) -> _Script: ...

TestSubdirs: object

def TestManually(*modules: str) -> None: ...

TestConfigs = TestManually

class _SmokeValues:
    def __iadd__(self, config: PConfig[Any]) -> _SmokeValues: ...
    @overload
    def __call__(self, config_class: type[Any], /, **values: Any) -> None: ...
    @overload
    def __call__(self, config: _C, /) -> _C: ...

psmoke: _SmokeValues

def pexplain(config: object, path: str | _TreePath = "", *, deep: bool = False) -> _Explanation: ...
def pdiff(before: object, after: object, /) -> _Changes: ...
def pmissing(config: object, /) -> list[_Missing]: ...
def pwalk(config: object) -> Iterator[tuple[_TreePath, _Field | None, Any]]: ...
@overload
def pselect(config: object, wanted: str) -> dict[_TreePath, Any]: ...
@overload
def pselect(config: object, wanted: type[_T]) -> dict[_TreePath, _T]: ...
@overload
def pselect(config: object, wanted: tuple[type, ...]) -> dict[_TreePath, Any]: ...
def pget(config: object, path: str | _TreePath) -> Any: ...
def pset(config: _C, changes: Mapping[str, Any], /) -> _C: ...
def pmerge(base: _C, /, *variants: _C) -> _C: ...
def pbroadcast(config: _C, counts: dict[str, int] | None = None, /, **values: Any) -> _C: ...
def ptransform(
    config: _C, counts: dict[str, int] | None = None, /, **functions: Callable[[Any], Any]
) -> _C: ...
def poverride(config: _C, words: Iterable[str], /) -> _C: ...

_Drift: TypeAlias = Literal["refuse", "accept", "as-saved"]
_Allow: TypeAlias = str | Iterable[str]
_Resolvers: TypeAlias = Mapping[str, Callable[..., Any]]

@overload
def pdump(config: object, /, *, to: Literal["plain", "values"] = "plain") -> dict[str, Any]: ...
@overload
def pdump(config: object, /, *, to: Literal["argparse"]) -> Namespace: ...
@overload
def pdump(config: object, /, *, to: Literal["omegaconf"]) -> Any: ...
def pload(
    data: object,
    of: type[_C],
    /,
    *,
    drift: _Drift = "refuse",
    allow: _Allow = (),
    resolvers: _Resolvers | None = None,
    base: _C | None = None,
) -> _C: ...
def psave(config: object, path: _File, /) -> None: ...
def pload_file(
    path: _File,
    of: type[_C],
    /,
    *,
    drift: _Drift = "refuse",
    allow: _Allow = (),
    resolvers: _Resolvers | None = None,
    base: _C | None = None,
) -> _C: ...
def ptype(
    cls: type[_T],
    /,
    *,
    to_text: Callable[[_T], str],
    from_text: Callable[[str], _T],
    to_code: Callable[[_T], str] | None = None,
) -> None: ...
def pfingerprint(config: object, /) -> str: ...
def plabel(config: object, /) -> str: ...
def pflat(config: object, /) -> dict[str, Any]: ...
def pface(of: type[_C], /, **names: str) -> Callable[[Callable[[_C], _T]], Callable[..., _T]]: ...
