"""What became of the fields of configs that were saved by older code."""

from typing import Any

from pconfigs import PConfig, pconfig


def epochs(value: int) -> dict[str, Any]:
    return {"depth": value}


def upgraded(data: dict[str, Any], version: int) -> dict[str, Any]:
    return data


@pconfig(
    renamed={"size": "width"},
    removed={"debug": ..., "momentum": 0.0, "epochs": epochs},
    added={"dropout": None},
    version=2,
    upgrade=upgraded,
    formerly=("system.OldConfig", "system.OlderConfig"),
)
class SavedConfig(PConfig):
    width: int
    depth: int
    dropout: float | None


def line(x: float, slope: float = 1.0) -> float:
    return slope * x


@pconfig(calls=line, renamed={"incline": "slope"}, formerly="system.Line")
class LineFunc:
    pass


saved: SavedConfig = SavedConfig(width=3, depth=2, dropout=None)
