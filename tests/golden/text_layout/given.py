"""Where lines break: at 88 columns, comments included."""

import enum
import pathlib

from pconfigs import pconfig
from pconfigs.pinnable import Pin, Pinned


class Permission(enum.Flag):
    reading_of_other_peoples_files = 1
    writing_of_other_peoples_files = 2
    running_of_other_peoples_files = 4


@pconfig
class Part:
    width: int


@pconfig
class Empty:
    pass


@pconfig
class Layout:
    fits: object
    pinned_fits: Pinned[object]
    pinned_fits_without_its_comment: Pinned[object]
    too_long: object
    pinned_part: Pinned[object]
    pinned_parts: Pinned[object]
    one: object
    text: object
    path: object
    flags: object
    table: object
    keys: object
    nested: object
    empty: object


config = Layout(
    fits=[10000, 10001, 10002, 10003, 10004, 10005, 10006, 10007, 10008],
    pinned_fits=Pin([1, 2, 3]),
    pinned_fits_without_its_comment=Pin([1, 2, 3, 4, 5, 6, 7, 8]),
    too_long=list(range(1000, 1016)),
    pinned_part=Pin(Part(width=1)),
    pinned_parts=Pin([Part(width=1), Part(width=2)]),
    one=("a text so long that the tuple that it is in cannot stay on one line of code, as it would",),
    text="a text so long that it runs over the edge of the page, where nobody can break it without",
    path=pathlib.Path("a/path/so/long/that/it/runs/over/the/edge/of/the/page/where/nobody/can/break"),
    flags=Permission(7),
    table={"first": [1, 2, 3], "second": list(range(1000, 1016)), "third": {"a": 1, "b": -1.5}, "fourth": ()},
    keys={(1, 2): "short", ("a longer key", 2): "with a value that is too long for the line", Part(width=3): 4},
    nested=[[1, [2, [3]]], [["a text that is long enough to break lists around it"], "and one more text"]],
    empty=[Empty(), (Empty(),)],
)
