"""Variants made with the wrong kinds of things."""

from pconfigs import pbroadcast, pset, ptransform
from system import DataConfig, trainer

pset(trainer, ["steps"])  # wrong: mypy[arg-type] pyright[reportArgumentType]
ptransform(trainer, width=9)  # wrong: mypy[arg-type] pyright[reportArgumentType]
data: DataConfig = pbroadcast(trainer, width=9)  # wrong: mypy[assignment] pyright[reportAssignmentType]
