"""Searches as values: what is accepted, and what is refused before anything runs."""

import pytest

from pconfigs import PConfig, pcheck, pconfig, pdefaults, psearch
from pconfigs.errors import FrozenError, SearchError
from pconfigs.sweeps import Choice, Integers, LogUniform, Normal, Uniform


@pconfig
class Training(PConfig):
    steps: int
    rate: float
    name: str

    @pcheck
    def few_steps(self) -> None:
        if self.steps > 100:
            raise ValueError("steps must be at most 100")


pdefaults += Training(steps=10, rate=0.1, name="a")
SPACE = {"rate": LogUniform(1e-3, 1.0)}


def test_a_search_is_a_value():
    search = psearch(Training(), space={**SPACE, "name": ["a", "b"]}, goal="min loss", runs=7)
    assert (search.metric, search.maximize, search.goal) == ("loss", False, "min loss")
    assert search.space["name"] == Choice(["a", "b"])
    assert search.point({"rate": 0.5, "name": "b"}) == Training(rate=0.5, name="b")
    assert repr(search) == "<search of 7 runs for min loss over rate, name>"
    with pytest.raises(FrozenError):
        search.runs = 3


def test_more_runs_of_a_search_are_the_same_search():
    one, more = (psearch(Training(), space=SPACE, runs=n) for n in (10, 20))
    assert one.identity("x") == more.identity("x")
    others = [
        psearch(Training(), space={"rate": LogUniform(1e-3, 0.5)}),
        psearch(Training(), space=SPACE, seed=1),
        psearch(Training(), space=SPACE, goal="min accuracy"),
    ]
    names = {search.identity("x") for search in (one, *others)} | {one.identity("y")}
    assert len(names) == 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"goal": "best loss"}, "goal must be 'max METRIC' or 'min METRIC', got 'best loss'"),
        ({"goal": "max"}, "goal must be"),
        ({"runs": 0}, r"runs must be an integer from 1, got 0 \(int\)"),
        ({"parallel": 1.5}, r"parallel must be an integer from 1, got 1.5 \(float\)"),
        ({"seed": -1}, "seed must be an integer from 0"),
        ({"prune": "medain"}, "prune must be .*\n    did you mean 'median'"),
        ({"space": {}}, "space must be a dict of paths and distributions"),
        ({"space": {"rate": Normal(0, 1)}}, r"space\['rate'\] must be a list, Uniform"),
        ({"space": {"rate": 0.1}}, r"must be a list, .*, got 0.1 \(float\)"),
        ({"space": {"rate": []}}, "at least one value"),
        ({"space": {"rat": Uniform(0, 1)}}, "did you mean 'rate'"),
        ({"space": {"steps": Uniform(0, 1)}}, "Training.steps must be int"),
        ({"space": {"steps": Integers(1, 101)}}, "steps must be at most 100"),
        ({"space": {"name": ["a", 3]}}, r"Training.name must be str, but got 3 \(int\)"),
    ],
    ids=str,
)
def test_wrong_searches_are_refused_with_their_place(arguments, message):
    with pytest.raises(SearchError, match=f"(?s)test_search.py.*{message}"):
        psearch(Training(), **{"space": SPACE, **arguments})


def test_all_that_is_wrong_is_reported():
    with pytest.raises(SearchError) as caught:
        psearch(3, space={"a": 1}, goal="x", runs=0)
    assert len(caught.value.problems) == 4
