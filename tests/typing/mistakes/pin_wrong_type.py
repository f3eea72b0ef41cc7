"""A pin of another type than its field."""

from pconfigs.pinnable import Pin

from system import TrainerConfig, trainer

config = TrainerConfig(trainer, devices=Pin("two"))  # wrong: mypy[arg-type] pyright[reportArgumentType]
