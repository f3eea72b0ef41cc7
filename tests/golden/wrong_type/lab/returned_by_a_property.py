from pconfigs import pconfig, pproperty


@pconfig
class HalfConfig:
    whole: int

    @pproperty
    def half(self) -> int:
        return self.whole / 2


config = HalfConfig(whole=3)
