"""Promises that a change of one line would break without notice.

Each test fails for one of the mutants of `tools/mutants.py`.
"""

import pickle
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest
from annotated_types import MultipleOf

from pconfigs import (
    PConfigError,
    Required,
    Secret,
    pconfig,
    pdefaults,
    pdiff,
    pexplain,
    pinputs,
    pload,
    poverride,
    pproperty,
)
from pconfigs.atomic_files import create_file, replace_file
from pconfigs.errors import LoadError
from pconfigs.reports.html import to_html


def test_allowlist_ends_at_the_name_of_a_package(tmp_path, monkeypatch):
    """Loading a config of `promised` never imports `promisedevil`."""
    (tmp_path / "promised.py").write_text(
        textwrap.dedent("""\
        from collections.abc import Callable
        from pconfigs import pconfig

        @pconfig
        class H:
            act: Callable
        """)
    )
    (tmp_path / "promisedevil.py").write_text("def act():\n    pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    import promised

    with pytest.raises(LoadError, match="promisedevil"):
        pload({"act": "promisedevil.act"}, promised.H)
    assert "promisedevil" not in sys.modules
    del sys.modules["promised"]


class Plain:
    made = 0

    def __init__(self) -> None:
        Plain.made += 1


@pconfig
class WithAnything:
    value: Any


def test_only_config_classes_are_built_by_loading():
    """A class that a file names in `$type` is not called."""
    with pytest.raises(LoadError, match="Plain"):
        pload({"value": {"$type": f"{__name__}.Plain"}}, WithAnything)
    assert Plain.made == 0


@pconfig
class WithToken:
    token: Secret[str]
    url: str

    @pproperty
    def token(self) -> str:
        return pinputs(self).token.strip()


def test_secrets_do_not_travel_in_pickles():
    """Neither as a value, nor as the raw input of a property."""
    config = WithToken(token=" hunter2 ", url="here")
    assert config.token == "hunter2"
    assert b"hunter2" not in pickle.dumps(config)
    assert b"here" in pickle.dumps(config)


@pconfig
class WithArray:
    array: np.ndarray


def test_read_only_views_of_writable_arrays_are_copied():
    base = np.zeros(3)
    view = base[:]
    view.setflags(write=False)
    config = WithArray(array=view)
    base[0] = 1
    assert config.array[0] == 0


def test_arrays_of_different_shapes_are_unequal():
    """Also where broadcasting would make all elements equal."""
    assert WithArray(array=np.ones(3)) != WithArray(array=np.ones((1, 3)))
    assert WithArray(array=np.ones((2, 2))) == WithArray(array=np.ones((2, 2)))


@pconfig
class WithKeys:
    names: dict[int, str]


def test_keys_that_parse_to_the_same_key_are_refused():
    with pytest.raises(LoadError, match="names"):
        pload({"names": {"1": "a", "01": "b"}}, WithKeys)


@pytest.mark.parametrize("key", ["1_000", " 1", "+1", "\u0661", "x", "9" * 5000])
def test_a_key_is_an_int_as_python_writes_it(key):
    with pytest.raises(LoadError, match="must be int as a key"):
        pload({"names": {key: "a"}}, WithKeys)


def register(config):
    global pdefaults  # noqa: PLW0603
    pdefaults += config


def test_a_default_registered_late_is_used():
    """Also after the class was built many times."""

    @pconfig
    class Late:
        x: int

    @pconfig
    class LateChild(Late):
        y: int

    for _ in range(100):
        LateChild(x=1, y=1)
    register(Late(x=5))
    assert LateChild(y=1).x == 5


def test_a_default_that_closes_an_open_one_is_used():
    """Also after the class was built many times from the open one."""

    @pconfig
    class Closing:
        x: int
        y: int

    register(Closing(x=Required, y=1))
    for y in range(100):
        assert Closing(y=y).x is Required
    register(Closing(x=5))
    assert Closing(y=2).x == 5


@pconfig
class Clipped:
    x: int

    @pproperty
    def x(self) -> int:
        return min(pinputs(self).x, 1)


def test_inputs_that_give_the_same_value_differ():
    changes = pdiff(Clipped(x=2), Clipped(x=3))
    assert [str(change) for change in changes.inputs] == ["x: 2 -> 3"]


@pconfig
class Chained:
    x: int
    y: int


chained_base = Chained(x=1, y=1)
pdefaults += Chained(chained_base, y=2)


def test_origins_after_a_default_are_defaults():
    """The base of a default belongs to the default."""
    assert [origin.is_default for origin in pexplain(Chained(), "x").origins] == [True]
    assert [origin.is_default for origin in pexplain(Chained(y=3), "y").origins] == [
        False,
        True,
        True,
    ]


@pconfig
class Part:
    seed: int


@pconfig
class Whole:
    part: Part
    seed: int

    @pproperty
    def part(self) -> Part:
        given = pinputs(self).part
        return type(given)(given, seed=self.seed)


def test_an_override_without_effect_is_refused():
    whole = Whole(part=Part(seed=0), seed=0)
    with pytest.raises(PConfigError, match="seed"):
        poverride(whole, ["part.seed=5"])
    assert poverride(whole, ["seed=5"]).part.seed == 5


@pconfig
class Guarded:
    a: int
    b: int

    @pproperty
    def ratio(self) -> int:
        try:
            return 10 // self.a
        except:  # noqa: E722 - compiles to a handler without a jump
            return self.b


def test_reads_of_a_handler_that_did_not_run_are_not_reads():
    reads = pexplain(Guarded(a=5, b=1), "ratio").reads
    assert [str(read.path) for read in reads] == ["a"]
    reads = pexplain(Guarded(a=0, b=1), "ratio").reads
    assert sorted(str(read.path) for read in reads) == ["a", "b"]


@pconfig
class Stepped:
    rate: Annotated[float, MultipleOf(0.1)]


def test_multiples_are_exact_but_for_rounding():
    assert Stepped(rate=0.3).rate == 0.3
    assert Stepped(rate=1e9).rate == 1e9
    with pytest.raises(PConfigError, match="multiple"):
        Stepped(rate=0.3001)


@pconfig
class Named:
    name: str
    act: Callable[..., object] | None


def test_html_escapes_both_quotes():
    page = to_html(Named(name="""<i>'a' "b" &</i>""", act=None))
    assert "&#x27;a&#x27;" in page
    assert page.count("&quot;") >= 4  # around the string and around the b
    assert "<i>" not in page


@pconfig
class Listed:
    items: list[Path | str]


def test_quoted_items_of_an_override_are_strings():
    listed = Listed(items=[])
    assert poverride(listed, ["items=['7', 'a']"]).items == ["7", "a"]


def test_aliases_of_aliases_are_counted(tmp_path):
    """Ten levels of ten aliases are refused before they are expanded."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    (tmp_path / "c.yaml").write_text("\n".join(lines))
    program = textwrap.dedent("""\
        import resource
        from pconfigs import pconfig, pload_file
        from pconfigs.errors import FormatError

        @pconfig
        class Named:
            name: str

        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
        try:
            pload_file("c.yaml", Named)
        except FormatError:
            print("refused")
        """)
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout == "refused\n", done.stderr


def test_an_ignored_hangup_stays_ignored():
    """Under nohup a run goes on when its terminal is closed."""
    program = textwrap.dedent("""\
        import os, signal, sys
        from pconfigs.launchers.processes import run_group
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        code = run_group([sys.executable, "-c", f"import os; os.kill({os.getpid()}, 1)"], env={})
        print("went on", code)
        """)
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "went on 0\n", done.stderr


def test_a_file_that_cannot_be_put_in_place_leaves_no_draft(tmp_path):
    create_file(str(tmp_path / "a"), b"1")
    with pytest.raises(FileExistsError):
        create_file(str(tmp_path / "a"), b"2")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        replace_file(str(tmp_path / "folder"), b"3")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "folder"]
    assert (tmp_path / "a").read_bytes() == b"1"
