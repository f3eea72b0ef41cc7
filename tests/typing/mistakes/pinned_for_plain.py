"""`Pinned` for a field that nothing pins."""

from pconfigs.pinnable import Pinned

from system import TrainerConfig, trainer

config = TrainerConfig(trainer, steps=Pinned)  # wrong: mypy[arg-type] pyright[reportArgumentType]
