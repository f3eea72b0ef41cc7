from pconfigs import pconfig, pproperty


@pconfig
class OwnConfig:
    width: int

    @pproperty
    def width(self) -> int:
        return self.width * 2
