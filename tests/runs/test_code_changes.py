"""Which edits of a file count, seen from the functions that ran."""

from textwrap import dedent

import pytest

from pconfigs.runs.changes.code_changes import CodeState, code_changes

BEFORE = '''
"""A module."""
import math
from lab.other import helper

RATE = 0.5


class Base:
    def area(self):
        return 1


class Adam(Base):
    """An optimizer."""

    size = 3

    def step(self, x):
        """Step."""
        double = lambda y: y * 2
        never = lambda y: y * 3

        def inner(z):
            return z + 1

        def unused(z):
            return z + 2

        return double(inner(x))

    def idle(self):
        return 4


@pconfig
class AdamConfig:
    rate: float

    @pproperty
    def total(self) -> float:
        return self.rate * 2


pdefaults += AdamConfig(rate=0.1)
config = AdamConfig(rate=0.2)
'''
RAN = [
    ("Base.area", 10),
    ("Adam.step", 19),
    ("Adam.step.<locals>.<lambda>", 21),
    ("Adam.step.<locals>.inner", 24),
    ("AdamConfig.total", 41),
]
UP_TO_DATE = {
    "comment": ("RATE = 0.5", "# a comment\nRATE = 0.5  # and another"),
    "docstring": ('"""Step."""', '"""Take a step,\n\n        at once."""'),
    "docstring of the module": ('"""A module."""', ""),
    "blank line": ("RATE = 0.5", "\n\nRATE = 0.5\n"),
    "format": ("double(inner(x))", "double(\n            inner(x)\n        )"),
    "annotation": ("def step(self, x):", "def step(self, x: int) -> int:"),
    "function that did not run": ("return 4", "return 5"),
    "nested function that did not run": ("return z + 2", "return z + 3"),
    "lambda that did not run": ("y * 3", "y * 4"),
    "property written otherwise": ("self.rate * 2", "2 * self.rate"),
    "new function": ("RATE = 0.5", "RATE = 0.5\n\n\ndef more():\n    return 1\n"),
    "new class": (
        "RATE = 0.5",
        "RATE = 0.5\n\n\nclass More(Base):\n    def area(self):\n        return 3\n",
    ),
    "changed default": ("pdefaults += AdamConfig(rate=0.1)", "pdefaults += AdamConfig(rate=0.3)"),
    "changed experiment": ("config = AdamConfig(rate=0.2)", "config = AdamConfig(rate=0.4)"),
    "new experiment": ("config =", "other = AdamConfig(rate=0.9)\nconfig ="),
    "new field": ("rate: float", "rate: float\n    depth: int"),
    "new import": ("import math", "import math\nimport json"),
    "moved function": ("RATE = 0.5", "RATE = 0.5"),
    "for type checkers": ("RATE = 0.5", "RATE = 0.5\nif TYPE_CHECKING:\n    from x import y\n"),
}
STALE = {
    "function that ran": ("double(inner(x))", "inner(double(x))", "Adam.step changed"),
    "argument": ("def step(self, x):", "def step(self, x, y=3):", "Adam.step changed"),
    "decorator": (
        "    def step(self, x):",
        "    @cached\n    def step(self, x):",
        "Adam.step changed",
    ),
    "lambda that ran": ("y * 2", "y * 5", "Adam.step.<locals>.<lambda> changed"),
    "nested function that ran": ("return z + 1", "return z", "Adam.step.<locals>.inner changed"),
    "constant": ("RATE = 0.5", "RATE = 0.6", "RATE = 0.6 is a new statement"),
    "new statement": ("RATE = 0.5", "RATE = 0.5\nRATE *= 2", "RATE *= 2 is a new statement"),
    "new method": (
        "    def idle",
        "    def more(self):\n        return 5\n\n    def idle",
        "Adam.more is a new method",
    ),
    "overriding method": (
        "    def idle",
        "    def area(self):\n        return 5\n\n    def idle",
        "Adam.area is a new method",
    ),
    "class attribute": ("size = 3", "size = 4", "Adam class body changed"),
    "base": ("class Adam(Base):", "class Adam(Base, Other):", "Adam class body changed"),
    "renamed function": ("def step(", "def stride(", "Adam.step is gone"),
    "import": (
        "from lab.other",
        "from lab.another",
        "helper is imported from lab.another.helper, not from lab.other.helper",
    ),
}


def changes(after, ran=RAN, others=None):
    files = {"lab/adam.py": after, **(others or {})}
    return [
        f"{one.name} {one.what}"
        for one in code_changes(
            CodeState({"lab/adam.py": BEFORE}.get),
            CodeState(files.get, lambda: [path for path, text in files.items() if text]),
            ["lab/adam.py"],
            None if ran is None else {"lab/adam.py": ran},
        )
    ]


def edited(before, after):
    assert before in BEFORE
    return BEFORE.replace(before, after, 1)


@pytest.mark.parametrize("edit", UP_TO_DATE)
def test_edits_that_leave_a_run_up_to_date(edit):
    assert changes(edited(*UP_TO_DATE[edit])) == []


@pytest.mark.parametrize("edit", STALE)
def test_edits_that_make_a_run_stale_are_named(edit):
    *texts, expected = STALE[edit]
    found = changes(edited(*texts))
    assert expected in found
    assert len([one for one in found if "is a new method" not in one]) <= 1 or edit == "constant"


def test_all_functions_count_where_those_that_ran_are_not_known():
    assert changes(edited("return 4", "return 5"), ran=None) == ["Adam.idle changed"]
    assert changes(edited("self.rate * 2", "2 * self.rate"), ran=None) == []


def test_a_renamed_file_leaves_a_run_up_to_date():
    assert changes(None, others={"lab/other.py": BEFORE}) == []


def test_a_function_moved_to_another_file_leaves_a_run_up_to_date():
    start = BEFORE.index("class Base"), BEFORE.index("class Adam(")
    moved = BEFORE[start[0] : start[1]]
    assert changes(BEFORE.replace(moved, ""), others={"lab/base.py": moved}) == []
    changed = moved.replace("return 1", "return 2")
    found = changes(BEFORE.replace(moved, ""), others={"lab/base.py": changed})
    assert found == ["Base.area is gone"]


def test_a_file_that_is_gone_is_named_by_its_functions():
    assert "Adam.step is gone" in changes(None)


def test_a_file_that_cannot_be_parsed_is_named():
    (found,) = changes(BEFORE + "\ndef (:\n")
    assert found.startswith("lab/adam.py cannot be parsed")


def test_lambdas_of_one_name_differ_by_what_they_do():
    code = "f = [lambda x: 1, lambda x: 2]\n"
    ran = {"a.py": [("<lambda>", 1)]}
    for after, count in [
        ("f = [lambda x: 2, lambda x: 1]\n", 0),
        ("f = [lambda x: 1, lambda x: 3]\n", 1),
    ]:
        states = CodeState({"a.py": dedent(code)}.get), CodeState({"a.py": after}.get)
        found = code_changes(*states, ["a.py"], ran)
        assert len([one for one in found if one.name == "<lambda>"]) == count
