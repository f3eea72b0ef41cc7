"""OmegaConf: plain data as a DictConfig, and a DictConfig as plain data."""

from __future__ import annotations

import re
from typing import Any

from pconfigs.errors.base import MissingExtraError
from pconfigs.serialization.formats.references import MISSING, Resolvers, resolved

_REQUIRED = {"$marker": "Required"}


def to_omegaconf(data: dict[str, Any]) -> Any:
    r"""Return a DictConfig of plain data: `Required` is `???`, and `${` in texts is `\${`.

    Raises:
        MissingExtraError: OmegaConf is not installed.
        ValueError: A text is `???`, which has no form in OmegaConf.
    """
    try:
        import omegaconf
    except ImportError:
        raise MissingExtraError("omegaconf", "omegaconf", "OmegaConf") from None
    return omegaconf.OmegaConf.create(_escaped(data))


def _escaped(data: Any) -> Any:
    if data == _REQUIRED:
        return MISSING
    if isinstance(data, str):
        if data == MISSING:
            raise ValueError("OmegaConf has no form for the text '???', which means missing there")
        return re.sub(r"(\\*)\$\{", lambda match: rf"{match[1] * 2}\${{", data)
    if isinstance(data, dict):
        return {key: _escaped(value) for key, value in data.items()}
    return [_escaped(value) for value in data] if isinstance(data, list) else data


def from_omegaconf(config: Any, resolvers: Resolvers | None = None) -> Any:
    """Return the plain data of a DictConfig: references resolved by us, `???` as `Required`.

    Nothing that is registered with OmegaConf is called, only `resolvers`.

    Raises:
        FormatError: A reference cannot be resolved.
    """
    from omegaconf import OmegaConf

    steps: list[Any] = []
    root = config
    while (parent := root._get_parent()) is not None:
        steps.append(root._key())
        root = parent
    return resolved(OmegaConf.to_container(root, resolve=False), resolvers, tuple(steps[::-1]))
