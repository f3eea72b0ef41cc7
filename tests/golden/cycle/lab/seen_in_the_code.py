from pconfigs import pconfig, pproperty


@pconfig
class LoopConfig:
    @pproperty
    def width(self) -> int:
        return self.height * 2

    @pproperty
    def height(self) -> int:
        return self.depth // 2

    @pproperty
    def depth(self) -> int:
        return self.width + 1
