"""The digits system: its parts fit together, its gradients are right, and it learns."""

import importlib

import numpy as np
import pytest

from pconfigs import pinputs
from pconfigs.pinnable import Pin, Pinned
from project.digits.data import DigitsConfig
from project.digits.model import PerceptronConfig
from project.digits.optimizer import AdamConfig, MomentumConfig
from project.digits.trainer import DigitsTrainerConfig

EXPERIMENTS = ["linear", "hidden", "momentum", "coarse"]


def experiment(name):
    return importlib.import_module(f"project.experiments.digits_{name}").config


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_experiment_recognises_more_than_95_percent(name, capsys):
    trainer = experiment(name).construct()
    trainer.main()
    last_line = capsys.readouterr().out.splitlines()[-1]
    assert trainer.accuracy() > 0.95
    assert last_line.startswith(f"final accuracy={trainer.accuracy():.4f}")


@pytest.mark.slow
def test_same_config_gives_the_same_run(capsys):
    printed = []
    for _ in range(2):
        experiment("smoke").construct().main()
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


@pytest.mark.parametrize("pool", [1, 2, 4])
def test_data_has_the_sizes_its_config_states(pool):
    config = DigitsConfig(pool=pool)
    data = config.construct()
    assert data.train_images.shape == (config.train_size, config.input_width)
    assert len(data.test_labels) == config.IMAGES - config.train_size
    assert set(data.train_labels) == set(range(config.classes))


def test_model_follows_from_the_data():
    assert experiment("coarse").model.layer_widths == [16, 128, 64, 10]
    assert experiment("hidden").model.layer_widths == [64, 64, 10]
    assert pinputs(experiment("hidden")).model.hidden == [64]


def test_steps_follow_from_epochs_and_batches():
    config = DigitsTrainerConfig(epochs=3, batch_size=100)
    assert config.steps_per_epoch == 14
    assert config.optimizer.total_steps == config.total_steps == 42
    assert len(config.epoch_rates) == 3


def test_model_alone_waits_for_what_the_trainer_knows():
    config = PerceptronConfig(hidden=[32])
    assert config.input_width is Pinned
    assert config.layer_widths is Pinned


def test_pinned_width_cannot_be_set():
    with pytest.raises(ValueError, match=r"PerceptronConfig\.input_width"):
        PerceptronConfig(input_width=3)


def test_batch_larger_than_the_data_is_refused():
    with pytest.raises(ValueError, match="only 1348 images"):
        DigitsTrainerConfig(batch_size=2000)


@pytest.mark.parametrize("config", [MomentumConfig(), AdamConfig()], ids=["momentum", "adam"])
def test_rate_rises_then_falls(config):
    config = type(config)(config, total_steps=Pin(100))
    rates = [config.rate(step) for step in range(100)]
    peak = rates.index(max(rates))
    assert rates[peak] == config.peak_rate
    assert peak in {config.warmup_steps - 1, config.warmup_steps}
    assert rates[:peak] == sorted(rates[:peak])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert rates[-1] == pytest.approx(config.peak_rate * config.final_ratio)


def test_gradients_are_those_of_the_loss():
    """Each gradient is the slope of the loss along its parameter."""
    config = PerceptronConfig(hidden=[5, 4], input_width=Pin(3), classes=Pin(3), seed=Pin(1))
    model = config.construct()
    random = np.random.default_rng(0)
    images, labels = random.normal(size=(7, 3)), random.integers(3, size=7)
    _, gradients = model.loss_and_gradients(images, labels)
    assert sum(parameter.size for parameter in model.parameters) == config.parameter_count
    for parameter, gradient in zip(model.parameters, gradients, strict=True):
        index = tuple(random.integers(size) for size in parameter.shape)
        losses = []
        for step in (1e-6, -2e-6):
            parameter[index] += step
            losses.append(model.loss_and_gradients(images, labels)[0])
        parameter[index] += 1e-6
        assert gradient[index] == pytest.approx((losses[0] - losses[1]) / 2e-6, abs=1e-6)
