"""Hints of loading work when they are followed."""

import re

import pytest
from hypothesis import assume, given, strategies as st

from pconfigs import Secret, pconfig, pload, pload_file
from pconfigs.errors import LoadError
from tests.models.savable import Cosine, Everything, Linear, Part, Step


@pconfig
class Inner:
    width: int
    dropout: float


@pconfig
class Outer:
    learning_rate: float
    num_steps: int
    kind: str
    inner: Inner
    token: Secret[str]


GOOD = {
    "learning_rate": 0.1,
    "num_steps": 3,
    "kind": "a",
    "inner": {"width": 1, "dropout": 0.5},
    "token": "t",
}


def problems_of(data, of=Outer, **how):
    with pytest.raises(LoadError) as caught:
        pload(data, of, **how)
    return caught.value.problems


@given(st.sampled_from(sorted(GOOD)), st.integers(0, 12), st.sampled_from("xqz_"))
def test_the_field_that_is_suggested_is_the_one_that_was_meant(name, place, letter):
    place = min(place, len(name))
    for wrong in (name[:place] + letter + name[place:], name[:place] + name[place + 1 :]):
        assume(wrong not in GOOD)
        data = {wrong if key == name else key: value for key, value in GOOD.items()}
        [problem] = [one for one in problems_of(data) if "no such field" in str(one)]
        assert "renamed" not in str(problem)
        meant = re.search(r"did you mean '(\w+)'", str(problem))
        if meant is not None:
            fixed = {meant[1] if key == wrong else key: value for key, value in data.items()}
            assert pload(fixed, Outer) == pload(GOOD, Outer)


def test_a_field_of_a_part_is_suggested_with_its_path():
    [problem] = problems_of({**GOOD, "dropout": 0.1})
    assert str(problem).endswith("did you mean inner.dropout?")


def test_renaming_is_advised_for_saved_files_only():
    data = {**GOOD, "lr": 1}
    assert "renamed" not in str(problems_of(data))
    [problem] = problems_of({"$type": f"{__name__}.Outer", **data})
    assert "@pconfig(renamed={'lr': " in str(problem)


def test_the_class_that_a_hint_names_loads():
    @pconfig
    class Holder:
        schedule: Linear | Cosine | Step

    [problem] = problems_of({"schedule": {"gamma": 1.0, "slope": 2.0}}, Holder)
    named = re.search(r"\$type: (\S+)", str(problem))[1]
    data = {"$type": named, "name": "linear", "slope": 1.0}
    assert pload({"schedule": data}, Holder).schedule == Linear(name="linear", slope=1.0)


def test_the_package_that_a_hint_allows_is_allowed():
    [problem] = problems_of({"value": {"$name": "tests.models.savable.scale"}}, Value)
    assert pload({"value": {"$name": "tests.models.savable.scale"}}, Value, allow=["tests"])
    assert "allow=['tests']" in str(problem)


Value = pconfig(
    type("Value", (), {"__annotations__": {"value": object}, "__module__": "elsewhere"})
)


def test_the_form_that_a_hint_gives_for_dollar_keys_loads():
    [problem] = problems_of({"value": {"$x": 1, "b": 2}}, Value)
    assert '{"$dict": [["$key", value], ...]}' in str(problem)
    assert pload({"value": {"$dict": [["$x", 1], ["b", 2]]}}, Value).value == {"$x": 1, "b": 2}


@pytest.mark.parametrize(("text", "fixed"), [("010", "0o10"), ("010", "10"), ("", "''")])
def test_the_spelling_that_a_hint_gives_loads(text, fixed, tmp_path):
    @pconfig
    class Texts:
        n: int
        s: str

    good = {"n": "1", "s": "a"}
    name = "s" if fixed == "''" else "n"
    for value, works in ((text, False), (fixed, True)):
        lines = {**good, name: value}
        (tmp_path / "c.yaml").write_text("".join(f"{k}: {v}\n" for k, v in lines.items()))
        if works:
            pload_file(tmp_path / "c.yaml", Texts)
        else:
            with pytest.raises(LoadError):
                pload_file(tmp_path / "c.yaml", Texts)


def test_drift_is_accepted_or_kept_by_the_arguments_of_the_hint():
    from pconfigs import Pinned, pdump, pproperty
    from pconfigs.errors import DriftError

    @pconfig
    class Doubled:
        n: int
        twice: Pinned[int]

        @pproperty
        def twice(self) -> int:
            return 2 * self.n

    data = {**pdump(Doubled(n=2)), "twice": 5}
    with pytest.raises(DriftError) as caught:
        pload(data, Doubled)
    for drift in re.findall(r'drift="([\w-]+)"', str(caught.value)):
        assert pload(data, Doubled, drift=drift).twice == {"accept": 4, "as-saved": 5}[drift]


def test_everything_and_parts_are_named_in_plain_words():
    assert str(problems_of([], Everything)[0]) == "must be a mapping of fields, got list"
    assert str(problems_of(None, Part)[0]) == "must be a mapping of fields, but is empty"
