"""Functions and classes of libraries as configs."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest

from pconfigs import Kwarg, Omitted, pconfig
from pconfigs.errors import ParameterError

np = pytest.importorskip("numpy")


@pconfig(calls=textwrap.fill)
class FillFunc:
    break_long_words: Kwarg[bool]


@pconfig(calls=np.linspace)
class LinspaceFunc:
    dtype: Omitted[type]
    device: Omitted[str]


def test_text_is_filled():
    config = FillFunc(width=5, break_long_words=False)
    assert config("a long text") == "a\nlong\ntext"
    assert config(text="abcdefg h") == "abcdefg\nh"


def test_numbers_are_spaced():
    config = LinspaceFunc(num=3)
    assert config(0, 1).tolist() == [0.0, 0.5, 1.0]
    assert "funcname=numpy.linspace,  # ClassVar" in str(config)
    assert LinspaceFunc(config, dtype=int)(0, 4).dtype == int


def test_a_classifier_is_made_and_learns():
    linear = pytest.importorskip("sklearn.linear_model")

    with pytest.raises(ParameterError) as caught:
        pconfig(mocks=linear.LogisticRegression)(type("Undeclared", (), {}))
    named = {found.name for found in caught.value.parameters}
    assert {"class_weight", "random_state", "n_jobs"} <= named

    @pconfig(mocks=linear.LogisticRegression)
    class LogisticConfig:
        class_weight: dict[int, float]
        random_state: Omitted[int]
        n_jobs: Omitted[int]
        l1_ratio: float | None

    config = LogisticConfig(C=0.5, class_weight={0: 1.0, 1: 2.0})
    model = config.construct()
    assert model.get_params()["C"] == 0.5
    assert type(model.class_weight) is dict
    assert model.fit([[0.0], [1.0]], [0, 1]).predict([[2.0]]) == [1]


def test_components_are_found():
    decomposition = pytest.importorskip("sklearn.decomposition")

    @pconfig(mocks=decomposition.PCA)
    class PCAConfig:
        n_components: int | float | None
        random_state: int | None

    model = PCAConfig(n_components=1).construct()
    assert model.fit_transform([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]).shape == (3, 1)
    assert PCAConfig(n_components=0.5).construct().n_components == 0.5


def test_torch_optimizers_and_loaders_are_made():
    torch = pytest.importorskip("torch")

    @pconfig(mocks=torch.optim.AdamW)
    class AdamWConfig:
        betas: tuple[float, float]

    weight = torch.nn.Parameter(torch.zeros(2))
    optimizer: Any = AdamWConfig(lr=0.5, betas=(0.8, 0.9)).construct(params=[weight])
    assert optimizer.defaults["lr"] == 0.5
    assert optimizer.defaults["betas"] == (0.8, 0.9)

    @pconfig(mocks=torch.utils.data.DataLoader)
    class LoaderConfig:
        shuffle: bool | None
        sampler: Omitted[object]
        batch_sampler: Omitted[object]
        collate_fn: Omitted[object]
        worker_init_fn: Omitted[object]
        multiprocessing_context: Omitted[object]
        generator: Omitted[object]

    loader = LoaderConfig(batch_size=2).construct(dataset=[1, 2, 3])
    assert [batch.tolist() for batch in loader] == [[1, 2], [3]]
