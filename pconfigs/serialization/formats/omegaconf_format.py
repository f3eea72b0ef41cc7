"""OmegaConf: plain data as a DictConfig, and back with its interpolations resolved."""

from __future__ import annotations

from pconfigs.annotations.kinds import is_a
from pconfigs.errors.base import MissingExtraError
from pconfigs.errors.serialization import FormatError, LoadProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MISSING = "???"
_REQUIRED = {"$marker": "Required"}


def _library() -> Any:
    try:
        import omegaconf
    except ImportError:
        raise MissingExtraError("omegaconf", "omegaconf", "OmegaConf") from None
    return omegaconf


def to_omegaconf(data: dict[str, Any]) -> Any:
    """A DictConfig of plain data: `Required` is `???`, and texts with `${` are escaped."""
    return _library().OmegaConf.create(_changed(data, _theirs))


def from_omegaconf(config: Any) -> Any:
    """Plain data of a DictConfig: interpolations resolved by OmegaConf, `???` as `Required`.

    Raises:
        FormatError: An interpolation cannot be resolved.
    """
    library = _library()
    try:
        data = library.OmegaConf.to_container(config, resolve=True)
    except library.errors.OmegaConfBaseException as error:
        words = str(error).strip().split("\n")[0]
        raise FormatError(
            [LoadProblem(str(getattr(error, "full_key", "") or ""), words)]
        ) from error
    return _changed(data, _ours)


def read_interpolated(text: str) -> Any:
    """Plain data of YAML text with `${…}` in it, read and resolved by OmegaConf.

    Raises:
        FormatError: It cannot be.
    """
    library = _library()
    try:
        config = library.OmegaConf.create(text)
    except Exception as error:
        # OmegaConf lets out what its parsers raise, each of its own kind.
        words = str(error).strip().split("\n")[0]
        raise FormatError([LoadProblem("", f"OmegaConf cannot read it: {words}")]) from error
    return from_omegaconf(config)


def _theirs(value: Any) -> Any:
    if value == _REQUIRED:
        return MISSING
    if isinstance(value, str):
        if value == MISSING:
            raise ValueError("OmegaConf has no form for the text '???', which means missing there")
        return value.replace("${", "\\${")
    return value


def _ours(value: Any) -> Any:
    return dict(_REQUIRED) if isinstance(value, str) and value == MISSING else value


def _changed(data: Any, change: Any) -> Any:
    """Plain data with each mapping, list and scalar changed."""
    data = change(data)
    if is_a(data, dict):
        return {key: _changed(value, change) for key, value in data.items()}
    if is_a(data, (list, tuple)):
        return [_changed(value, change) for value in data]
    return data
