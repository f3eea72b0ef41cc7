"""Two classes of one name, classes that cannot be imported, names that code uses itself."""

import types

from pconfigs import pconfig


def named(name, module):
    return types.new_class(name, (), {}, lambda body: body.update(__module__=module))


def local():
    class Local:
        pass

    return Local


@pconfig
class Names:
    first: object
    second: object
    third: object
    others: object


config = Names(
    first=named("Model", "one"),
    second=named("Model", "two"),
    third=[named("Model", "three"), named("float", "mine"), float("nan")],
    others=[local(), named("not a name", "one"), int],
)
