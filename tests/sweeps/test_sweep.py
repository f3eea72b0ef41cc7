"""Sweeps: which points there are, in which order, and what is refused."""

import copy
import itertools
import pickle

import pytest
from hypothesis import given, strategies as st

from pconfigs import PConfig, Secret, pcheck, pconfig, pdefaults, pinputs, pproperty, pset, psweep
from pconfigs.errors import FrozenError, SweepError
from pconfigs.markers import Pinned
from pconfigs.sweeps import LogUniform, Sweep
from pconfigs.sweeps.quick import combined_words
from tests.limits import limits
from tests.names import name_of


@pconfig
class Optimizer(PConfig):
    rate: float
    momentum: float


pdefaults += Optimizer(rate=0.1, momentum=0.0)


@pconfig
class Nesterov(Optimizer):
    look_ahead: int


pdefaults += Nesterov(look_ahead=1)


@pconfig
class Training(PConfig):
    steps: int
    seed: int
    optimizer: Optimizer
    sizes: list[int]
    token: Secret[str]
    even_steps: Pinned[int]

    @pproperty
    def even_steps(self) -> int:
        return self.steps // 2

    @pcheck
    def some_steps(self) -> None:
        if self.steps < 1:
            raise ValueError("steps must be at least 1")


pdefaults += Training(steps=10, seed=0, optimizer=Optimizer(), sizes=[1, 2], token="hunter2hunter2")


@pconfig
class Clipped(PConfig):
    """`width` is never less than 4."""

    width: Pinned[int]
    wanted: int

    @pproperty
    def width(self) -> int:
        return max(4, self.wanted)


VALUES = st.lists(st.integers(1, 5), min_size=1, max_size=4, unique=True)


@given(VALUES, VALUES, VALUES)
def test_grid_is_nested_loops_with_zip_inside(steps, seeds, zipped):
    """The last key of a grid is the fastest, and zip is faster than any."""
    sweep = psweep(
        Training(),
        grid={"steps": steps, "seed": seeds},
        zip={"optimizer.rate": [float(n) for n in zipped], "sizes[0]": zipped},
    )
    expected = list(itertools.product(steps, seeds, zipped))
    assert [(c.steps, c.seed, c.sizes[0]) for c in sweep] == expected
    assert [c.optimizer.rate for c in sweep] == [float(n) for _, _, n in expected]
    assert sweep.duplicates == 0


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3)), min_size=1, max_size=12))
def test_points_are_those_of_pset_without_duplicates(pairs):
    sweep = psweep(
        Training(),
        zip={"steps": [steps for steps, _ in pairs], "seed": [seed for _, seed in pairs]},
    )
    built = [pset(Training(), {"steps": steps, "seed": seed}) for steps, seed in pairs]
    assert list(sweep) == list(dict.fromkeys(built))
    assert len(sweep) + sweep.duplicates == len(pairs)


def test_where_keeps_points_by_their_config():
    sweep = psweep(Training(), grid={"steps": range(1, 9)}, where=lambda c: c.even_steps == 2)
    assert [config.steps for config in sweep] == [4, 5]


def test_a_part_is_replaced_before_values_in_it_are_set():
    """The order of the keys decides about the order of the points only."""
    parts = [Optimizer(momentum=0.9), Nesterov()]
    for keys in (["optimizer", "optimizer.rate"], ["optimizer.rate", "optimizer"]):
        values = {"optimizer": parts, "optimizer.rate": [0.5, 0.7]}
        sweep = psweep(Training(), grid={key: values[key] for key in keys})
        made = {(type(c.optimizer).__name__, c.optimizer.rate) for c in sweep}
        assert made == set(itertools.product(["Optimizer", "Nesterov"], [0.5, 0.7]))


def test_points_equal_after_their_properties_are_computed_are_one():
    @pconfig
    class Model(PConfig):
        part: Clipped
        kept: Pinned[int]

        @pproperty
        def part(self) -> Clipped:
            given = pinputs(self).part
            return Clipped(given, wanted=given.width)

        @pproperty
        def kept(self) -> int:
            return self.part.width

    sweep = psweep(Model(part=Clipped(wanted=1)), grid={"part.wanted": [1, 2, 4, 5, 6]})
    assert [config.kept for config in sweep] == [4, 5, 6]
    assert sweep.duplicates == 2
    assert repr(sweep) == "<sweep of 3 points over part.wanted, 2 duplicates left out>"
    assert psweep(sweep).duplicates == 2


def test_bases_may_be_a_list_or_a_sweep():
    first = psweep(Training(), grid={"steps": [1, 2]})
    both = psweep(first, grid={"seed": [7, 8]})
    assert [(c.steps, c.seed) for c in both] == [(1, 7), (1, 8), (2, 7), (2, 8)]
    assert dict(both.settings[2]) == {"steps": 2, "seed": 7}
    assert list(psweep([Training(steps=3), Training(steps=4)])) == [
        Training(steps=3),
        Training(steps=4),
    ]


def test_sweeps_and_lists_concatenate():
    first = psweep(Training(), grid={"steps": [1, 2]})
    joined = [Training(steps=9)] + first + psweep(Training(), grid={"seed": [5], "steps": [2]})
    assert [(c.steps, c.seed) for c in joined] == [(9, 0), (1, 0), (2, 0), (2, 5)]
    again = first + first
    assert list(again) == list(first)
    assert again.duplicates == 2
    with pytest.raises(TypeError):
        first + 3


def test_a_sweep_is_an_immutable_sequence():
    sweep = psweep(Training(), grid={"steps": range(1, 6)})
    assert sweep[1].steps == 2
    assert [config.steps for config in sweep[1::2]] == [2, 4]
    assert isinstance(sweep[1:], Sweep)
    assert sweep.words(-1) == ["steps=5"]
    assert sweep.index(Training(steps=3)) == 2
    with pytest.raises(FrozenError):
        sweep.configs = ()
    with pytest.raises(TypeError):
        sweep.settings[0]["steps"] = 3
    # Secrets are not pickled: without them, the configs are others.
    restored = pickle.loads(pickle.dumps(sweep))
    again = pickle.loads(pickle.dumps(restored))
    for other, same in ((again, restored), (copy.deepcopy(sweep), sweep)):
        assert other == same
        assert hash(other) == hash(same)
        assert other.words(2) == sweep.words(2)


def test_all_that_is_wrong_with_any_point_is_reported_together():
    with pytest.raises(SweepError) as caught:
        psweep(Training(), grid={"optimizer.rate": [0.1, "x"], "steps": [1, 0, "y"], "sede": [1]})
    text = str(caught.value)
    assert "6 of 6 points cannot be built" in text
    assert "did you mean 'seed'?" in text

    with pytest.raises(SweepError) as caught:
        psweep(Training(), grid={"optimizer.rate": [0.1, "x"], "steps": [1, 0, "y"]})
    text = str(caught.value)
    assert "5 of 6 points cannot be built" in text
    assert "test_sweep.py" in text
    assert "optimizer.rate=x, steps=1 and" in text
    assert "Optimizer.rate must be float, but got 'x' (str)" in text
    assert "some_steps: steps must be at least 1" in text
    assert "Training.steps must be int, but got 'y' (str)" in text


def test_an_error_in_where_names_its_point():
    with pytest.raises(SweepError, match=r"(?s)1 of 2 points.*steps=1:.*ZeroDivisionError"):
        psweep(Training(), grid={"steps": [1, 2]}, where=lambda c: 1 / (c.steps - 1))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"grid": {"steps": 3}}, r"grid\['steps'\] must be a list of values, got 3 \(int\)"),
        ({"grid": {"steps": "12"}}, r"must be a list of values, got '12' \(str\)"),
        ({"grid": {"steps": {1, 2}}}, "got a set, which has no order"),
        ({"grid": {"steps": []}}, "must have at least one value, got none"),
        ({"grid": {"optimizer": Optimizer()}}, r"must be a list of values, got Optimizer"),
        ({"grid": ["steps"]}, "grid must be a dict of paths and lists, got"),
        ({"grid": {3: [1]}}, r"a path must be a string, got 3 \(int\)"),
        ({"zip": {"steps": [1, 2], "seed": [1]}}, "equal lengths, but steps has 2 and seed has 1"),
        ({"zip": {"steps": [1]}, "grid": {"steps": [1]}}, "different paths, but both set steps"),
        ({"where": 3}, r"where must be a function of a config, got 3 \(int\)"),
        ({"where": lambda config: False}, "where leaves none of 1 points"),
    ],
    ids=name_of,
)
def test_arguments_of_the_wrong_form_are_refused(arguments, message):
    with pytest.raises(SweepError, match=message):
        psweep(Training(), **arguments)


def test_the_hint_for_a_distribution_works():
    distribution = LogUniform(1e-3, 1e-1)
    with pytest.raises(SweepError) as caught:
        psweep(Training(), grid={"optimizer.rate": distribution})
    hint = str(caught.value).rpartition("draw values from it: ")[2]
    values = eval(hint)
    assert len(psweep(Training(), grid={"optimizer.rate": values})) == 8


@pytest.mark.parametrize("base", [3, [], [Training(), 3], "Training"], ids=str)
def test_bases_that_are_not_configs_are_refused(base):
    with pytest.raises(SweepError, match="base"):
        psweep(base)


@pytest.mark.parametrize("path", ["token", "tokne", "tok*"])
def test_values_of_secrets_are_in_no_message(path):
    sweep_of = {path: ["0123456789abcdef"], "steps": [1, "x"]}
    with pytest.raises(SweepError) as caught:
        psweep(Training(), grid=sweep_of)
    assert "0123456789abcdef" not in str(caught.value)
    sweep = psweep(Training(), grid={"token": ["0123456789abcdef"], "steps": [1]})
    assert sweep.words(0) == ["token=...", "steps=1"]


def test_origins_of_what_a_sweep_sets_are_its_line():
    from pconfigs.provenance.origins import origin_of

    sweep = psweep(Training(), grid={"steps": [1, 2]})
    place = origin_of(sweep[1], "steps").place
    assert place.file == __file__
    assert "psweep(" in place.source_line()


@pytest.mark.parametrize(
    "words",
    [
        ["seed=range(100001)"],
        [f"seed=range({'9' * 5000})"],
        ["seed=range(-9999999999999,9999999999999)"],
        ["seed=range(1000)", "steps=range(1,1002)"],
    ],
    ids=lambda words: words[0][:30],
)
def test_a_quick_sweep_of_too_many_points_is_refused_at_once(words):
    with limits(), pytest.raises(SweepError, match="must make at most 100,000 points, got"):
        combined_words(words)


def test_a_range_without_numbers_is_a_value():
    assert combined_words(["seed=range(3,3)"]) == [["seed=range(3,3)"]]
    assert combined_words(["seed=range(0,3,0)"]) == [["seed=range(0,3,0)"]]
    assert combined_words(["seed=range(5,0,-2)"]) == [["seed=5"], ["seed=3"], ["seed=1"]]
