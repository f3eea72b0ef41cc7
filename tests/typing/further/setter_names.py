"""A name that no config has, on the way to what is set."""

from pconfigs import psetter
from system import TrainerConfig

view = psetter(type=TrainerConfig)
view.modle.width = 3  # wrong: mypy[attr-defined]
print(view.model.widht)  # wrong: mypy[attr-defined]
