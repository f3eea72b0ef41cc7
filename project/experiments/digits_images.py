"""Three times as many images: each is moved down and to the right, too."""

from project.digits.preparation import PreparationConfig

config = PreparationConfig()
