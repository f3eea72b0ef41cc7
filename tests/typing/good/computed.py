"""Properties: with a field above or below them or none, with parentheses, repairing an input."""

from __future__ import annotations

from pconfigs import Pin, pconfig, pdefaults, pinputs
from pconfigs.pinnable import PConfig, Pinned, pproperty


@pconfig
class PartConfig(PConfig):
    width: int


@pconfig
class ShapeConfig(PConfig):
    width: int
    part: PartConfig
    area: Pinned[int]
    perimeter: Pinned[int]
    ratio: Pinned[float | None]
    name: str

    @pproperty
    def area(self) -> int:
        return self.width * self.height

    @pproperty(deps="width")
    def perimeter(self) -> int:
        return 2 * (self.width + self.height)

    @pproperty()
    def height(self) -> int:
        return self.width + 1

    @pproperty(deps=["width"], manual_deps=True)
    def ratio(self) -> float | None:
        return self.width / self.height if self.height else None

    @pproperty(fixup=True)
    def name(self) -> str:
        return pinputs(self).name.strip()

    @pproperty(fixup=True)
    def part(self) -> PartConfig:
        given = pinputs(self).part
        return type(given)(given, width=self.width)


pdefaults += ShapeConfig(
    width=2, part=PartConfig(width=0), area=Pinned, perimeter=Pin(7), ratio=Pinned, name=" a "
)
config: ShapeConfig = ShapeConfig(width=3, name="b")
area: int = config.area + config.height + config.perimeter
ratio: float | None = config.ratio
raw: str = pinputs(config).name
inner: int = config.part.width
