"""The second experiment: the first one with a higher rate, run to one step before the end."""

from project.experiments.first import config as first_expr
from project.modules.trainer import TrainerConfig

config = TrainerConfig(first_expr, base_lr=1e-3, steps=len(first_expr.lr_schedule) - 1)
