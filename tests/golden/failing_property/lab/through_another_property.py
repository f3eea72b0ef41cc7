from pconfigs import pconfig, pproperty


@pconfig
class RatioConfig:
    total: int
    parts: int

    @pproperty
    def ratio(self) -> float:
        return self.total / self.rest

    @pproperty
    def rest(self) -> int:
        return self.total - self.parts


config = RatioConfig(total=3, parts=3)
