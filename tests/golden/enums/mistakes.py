from pconfigs import NoneConfig, OptionalConfig, pconfig, penum


@penum
class Color:
    red = "red"
    blue = "blue"


@pconfig
class DotConfig:
    color: Color


@pconfig
class PageConfig:
    dot: OptionalConfig[DotConfig]


def misspelt():
    Color.make("bleu")


def unknown():
    Color.make(3)


def value_for_member():
    DotConfig(color="blue")


def no_class():
    penum("red")


def none():
    PageConfig(dot=None)


def part_of_nothing():
    PageConfig(dot=NoneConfig).dot.color
