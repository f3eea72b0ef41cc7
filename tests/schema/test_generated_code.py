"""Generated functions have a name, a file of their own, and source that tracebacks show."""

import sys
import traceback

import pytest

from pconfigs import pconfig, pproperty
from pconfigs.errors.tracebacks import text_of
from pconfigs.schema.generated_code import GENERATED, compile_function


def made(name="double"):
    return compile_function(
        name, "example", [f"def {name}(value):", "    return value * factor"], {"factor": 2}
    )


def test_a_generated_function_sees_its_names():
    """What `names` gives are its globals."""
    assert made()(4) == 8


def test_tracebacks_show_the_generated_line():
    """`linecache` finds the source through the loader, for every function its own."""
    other = compile_function("fail", "example", ["def fail():", "    missing_name"], {})
    for function, line in ((made(), "return value * factor"), (other, "missing_name")):
        with pytest.raises((TypeError, NameError)) as raised:
            function(*[None] * function.__code__.co_argcount)
        assert line in "".join(traceback.format_exception(raised.value))


def test_functions_of_one_name_have_different_files():
    """A file name that is used twice would show the first text for both."""
    files = {made().__code__.co_filename for _ in range(3)}
    assert len(files) == 3
    assert all(file.startswith(GENERATED) for file in files)


def test_users_are_not_shown_generated_frames():
    """A failing property is shown without the initializer that called it."""

    @pconfig
    class Failing:
        x: int

        @pproperty
        def inverse(self) -> float:
            return 1 / self.x

    for n in range(1, 20):
        Failing(x=n)
    with pytest.raises(ZeroDivisionError) as raised:
        Failing(x=0)
    text = text_of(raised.value)
    assert GENERATED not in text
    assert "return 1 / self.x" in text
    assert sys.modules["pconfigs.schema.generated_code"].__name__ not in text
