"""What comments tell: class variables, pins, environments, secrets, values without code."""

import functools
import threading
from typing import ClassVar

from pconfigs import pconfig, pconfiged
from pconfigs.markers import Secret
from pconfigs.pinnable import Pinned, Required, pproperty


@pconfiged
class Model:
    config: "ModelConfig"


@pconfig(constructs=Model)
class ModelConfig:
    version: ClassVar[int] = 3
    loss: ClassVar[object] = functools.reduce
    width: int
    limits: ClassVar[dict] = {"low": 1, "high": 2}
    double: Pinned[int]
    open: Pinned[int]
    later: object
    token: Secret[str]
    lock: object
    broken: object
    odd: object
    generators: object
    foreign: object

    @pproperty
    def double(self) -> int:
        return self.width * 2

    @pproperty
    def open(self) -> int:
        return self.later + 1


class Broken:
    def __repr__(self):
        raise ValueError("no")


class Odd:
    def __repr__(self):
        return "odd # fmt: skip\n thing"


class Foreign:
    def __repr__(self):
        return "Foreign(a=1,  b='x', items=['a text that makes it long', 'another one, too', 'last'])"


def numbers():
    yield 1


config = ModelConfig(
    width=4,
    later=Required,
    token="hush",
    lock=threading.Lock(),
    broken=Broken(),
    odd=Odd(),
    generators={"a": numbers(), "b": 1, "c": lambda: 0},
    foreign=[Foreign()],
)
