"""Distributions: what is drawn lies where it should, and is the same everywhere."""

import math
import pickle

import pytest
from hypothesis import given, strategies as st

from pconfigs.errors import DistributionError
from pconfigs.sweeps import Choice, Integers, LogUniform, Normal, Uniform

QUANTILES = st.floats(0, 1, exclude_max=True)


@given(QUANTILES, QUANTILES, st.floats(1e-6, 10), st.floats(1.5, 1e3))
def test_values_are_in_range_and_rise_with_the_quantile(one, other, low, factor):
    high = low * factor
    for distribution in (Uniform(low, high), LogUniform(low, high)):
        assert low <= distribution.at(one) <= high
        first, second = sorted([one, other])
        assert distribution.at(first) <= distribution.at(second)


@given(QUANTILES, st.integers(1, 50), st.integers(1, 50), st.booleans())
def test_integers_include_both_ends(quantile, low, more, log):
    distribution = Integers(low, low + more, log=log)
    assert low <= distribution.at(quantile) <= low + more
    assert distribution.at(0.0) == low
    assert distribution.at(1 - 2**-53) == low + more


def test_middle_of_each_distribution():
    assert Uniform(0, 1).at(0.5) == 0.5
    assert LogUniform(1e-4, 1e-2).at(0.5) == pytest.approx(1e-3)
    assert Normal(3, 2).at(0.5) == pytest.approx(3)
    assert Normal(0, 1).at(0.975) == pytest.approx(1.959964, abs=1e-6)
    assert Integers(1, 100, log=True).at(0.5) in (7, 8)
    assert Choice(["a", "b", "c"]).at(0.5) == "b"


def test_draws_are_the_same_on_every_machine():
    """They are made of `random.random`, whose values for a seed Python never changes."""
    assert Uniform(0, 1).sample(2, seed=0) == [0.8444218515250481, 0.7579544029403025]
    assert Integers(1, 6).sample(6, seed=1) == [1, 6, 5, 2, 3, 3]
    assert LogUniform(1e-4, 1e-1).sample(3, seed=0) == LogUniform(1e-4, 1e-1).sample(5, seed=0)[:3]


def test_normal_draws_are_finite():
    assert all(map(math.isfinite, Normal(0, 1).sample(1000, seed=3)))
    assert math.isfinite(Normal(0, 1).at(0.0))


def test_distributions_are_values():
    assert LogUniform(1, 2) == LogUniform(1, 2) != LogUniform(1, 3)
    assert Uniform(1, 2) != LogUniform(1, 2)
    for distribution in (Uniform(0, 1), Integers(1, 9, log=True), Choice([{}, []])):
        assert eval(repr(distribution)) == distribution
        assert pickle.loads(pickle.dumps(distribution)) == distribution
        hash(distribution)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Uniform(1, 1), r"high must be greater than low \(1\), got 1"),
        (lambda: Uniform("a", 1), r"low must be a number, got 'a' \(str\)"),
        (lambda: Uniform(0, math.inf), "high must be finite, got inf"),
        (lambda: LogUniform(0, 1), "low must be greater than 0, got 0"),
        (lambda: Normal(0, 0), "std must be greater than 0, got 0"),
        (lambda: Integers(1.5, 3), r"low must be an integer, got 1.5 \(float\)"),
        (lambda: Integers(0, 3, log=True), "low must be at least 1 with log=True, got 0"),
        (lambda: Choice([]), "values must have at least one value, got none"),
        (lambda: Choice("abc"), r"values must be a list of values, got 'abc' \(str\)"),
        (lambda: Uniform(0, 1).sample(0, seed=0), "count must be at least 1, got 0"),
        (lambda: Uniform(0, 1).sample(1, seed=0.5), r"seed must be an integer, got 0.5 \(float\)"),
    ],
)
def test_wrong_arguments_are_refused(make, message):
    with pytest.raises(DistributionError, match=message):
        make()
