"""Values of the wrong type for the parameters of an outside class."""

from pconfigs import pconfig


class Rotation:
    def __init__(self, path: str, size: int = 10) -> None:
        self.path, self.size = path, size


@pconfig(mocks=Rotation)
class RotationConfig:
    pass


config = RotationConfig(size="large")  # wrong: mypy[arg-type]
text: str = config.construct(path="log")  # wrong: mypy[assignment]
