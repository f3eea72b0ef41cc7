from pconfigs import pconfig, pproperty


@pconfig
class HiddenConfig:
    start: int

    def other(self, name):
        return getattr(self, name)

    @pproperty
    def width(self) -> int:
        return self.other('height') + self.start

    @pproperty
    def height(self) -> int:
        return self.other('width')


config = HiddenConfig(start=1)
