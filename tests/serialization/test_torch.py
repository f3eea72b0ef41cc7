"""Torch and Lightning themselves, where they are installed: what their users do with configs."""

from __future__ import annotations

import copy
import functools
import io
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from pconfigs import (
    PConfig,
    pconfig,
    pconfiged,
    pdump,
    pfingerprint,
    pload,
    pload_file,
    poverride,
    psave,
)
from pconfigs.build.methods.code import listing_of
from pconfigs.errors import NotConfiguredError, OverrideError

torch = pytest.importorskip("torch")
try:
    import lightning
except ImportError:
    lightning = None
LightningModule: Any = object if lightning is None else lightning.LightningModule


@pconfig
class Tensors:
    dtype: torch.dtype
    device: torch.device
    init: Callable[..., Any]
    optimizer: type[torch.optim.Optimizer]


DTYPES = sorted({str(value) for value in vars(torch).values() if isinstance(value, torch.dtype)})


def tensors(dtype: str = "torch.bfloat16", device: str = "cuda:0", std: float = 0.02) -> Tensors:
    return Tensors(
        dtype=getattr(torch, dtype.removeprefix("torch.")),
        device=torch.device(device),
        init=functools.partial(torch.nn.init.trunc_normal_, std=std),
        optimizer=torch.optim.AdamW,
    )


EACH = st.builds(
    tensors,
    dtype=st.sampled_from(DTYPES),
    device=st.sampled_from(["cpu", "cuda", "cuda:3", "meta"]),
    std=st.floats(0, 1),
)


def same(one: Any, other: Any) -> bool:
    """Return whether two configs are equal, of which partial functions are not."""
    return str(one) == str(other) and pfingerprint(one) == pfingerprint(other)


@given(config=EACH)
def test_values_of_torch_come_back(config):
    """In plain data, JSON, pickles and printed code."""
    assert same(pload(json.loads(json.dumps(pdump(config))), Tensors), config)
    assert same(pickle.loads(pickle.dumps(config)), config)
    assert same(copy.deepcopy(config), config)


@given(config=EACH)
def test_printed_values_of_torch_are_imported(config):
    """The printed text builds the config, and so does a frozen module of it."""
    text = listing_of(config)
    imports, _, call = text.partition("\n\n")
    known: dict[str, Any] = {}
    exec(imports, known)
    assert same(eval(call[call.index("Tensors(") :], known), config)


@given(one=EACH, other=EACH)
def test_fingerprints_tell_values_of_torch_apart(one, other):
    assert (pfingerprint(one) == pfingerprint(other)) == (str(one) == str(other))


@pytest.mark.parametrize("suffix", ["json", "yaml", "toml"])
def test_values_of_torch_are_saved(suffix, tmp_path):
    psave(tensors(), tmp_path / f"t.{suffix}")
    assert same(pload_file(tmp_path / f"t.{suffix}", Tensors), tensors())


def test_values_of_torch_are_overridden():
    """By what torch itself calls them, without a permission for its package."""
    words = ["dtype=torch.float16", "device=cpu", "optimizer=torch.optim.SGD"]
    made = poverride(tensors(), words)
    assert (made.dtype, str(made.device)) == (torch.float16, "cpu")
    assert made.optimizer is torch.optim.SGD
    for word in ("dtype=torch.float17", "dtype=torch.save", "device=gpu", "optimizer=torch.save"):
        with pytest.raises(OverrideError, match=r"must be"):
            poverride(tensors(), [word])


@pconfig
class Held:
    sizes: list[int]
    rates: dict[str, float]
    betas: list[float]
    names: tuple[str, ...]


held = Held(sizes=[4, 2], rates={"lr": 0.1}, betas=[0.9, 0.99], names=("a", "b"))


def through_checkpoint(value: Any) -> Any:
    """Return what torch stores and loads without running code."""
    file = io.BytesIO()
    torch.save(value, file)
    file.seek(0)
    return torch.load(file, weights_only=True)


def test_checkpoints_hold_what_a_config_holds():
    """In its plain forms, and as ordinary copies of its containers, under `weights_only=True`."""
    for value in (
        pdump(held, to="values"),
        pdump(held),
        held.asdict(),
        {"sizes": list(held.sizes), "rates": dict(held.rates), "names": held.names},
    ):
        assert through_checkpoint(value) == value
    assert pload(through_checkpoint(pdump(held)), Held) == held


def test_a_list_of_a_config_needs_a_permission_for_list_alone():
    """A subclass of list is pickled as a call of list, which torch asks about."""
    with torch.serialization.safe_globals([list, dict]):
        assert through_checkpoint([held.sizes, held.rates]) == [[4, 2], {"lr": 0.1}]


@pconfig(mocks=torch.optim.AdamW)
class AdamW:
    lr: float
    betas: list[float]


def test_the_state_of_an_optimizer_loads():
    """Its betas are of the config that made it; the parameters are given at run time."""
    model = torch.nn.Linear(2, 1)
    optimizer: Any = AdamW(lr=0.5, betas=[0.8, 0.9]).construct(params=model.parameters())
    model(torch.ones(2)).sum().backward()
    optimizer.step()
    state = through_checkpoint(optimizer.state_dict())
    assert list(state["param_groups"][0]["betas"]) == [0.8, 0.9]


def test_a_forgotten_run_time_argument_is_named():
    with pytest.raises(TypeError, match="params"):
        AdamW(lr=0.5, betas=[0.8, 0.9]).construct()


def test_torch_takes_the_lists_of_a_config():
    assert torch.tensor(held.sizes).tolist() == [4, 2]
    assert torch.zeros(held.sizes).shape == (4, 2)
    assert torch.zeros(8).view(held.sizes).shape == (4, 2)
    assert torch.nn.Conv2d(1, 1, held.sizes).kernel_size == (4, 2)


@pconfig
class Weighted:
    weights: torch.Tensor


def test_configs_with_tensors_compare():
    """As values: a tensor has no single truth."""
    one, other = Weighted(weights=torch.ones(2)), Weighted(weights=torch.zeros(2))
    assert one == Weighted(one)
    assert one != other


@pytest.mark.skipif(lightning is None, reason="could not import 'lightning'")
class TestLightning:
    """What `save_hyperparameters`, checkpoints and loggers make of configs."""

    def trainer(self, **options: Any) -> Any:
        quiet = dict.fromkeys(
            ("enable_checkpointing", "enable_progress_bar", "enable_model_summary"), False
        )
        return lightning.Trainer(
            **{"max_steps": 1, "accelerator": "cpu", "logger": False, **quiet, **options}
        )

    def data(self) -> Any:
        return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(2, 3)))

    @pytest.mark.filterwarnings("ignore")
    def test_a_configured_module_trains_and_comes_back(self, tmp_path):
        """Its hyperparameters are saved, and it is made again with its config."""
        module = NetConfig(n=3, optimizer=AdamW(lr=0.1, betas=[0.9, 0.99])).construct()
        assert dict(module.hparams) == {}
        for copied in (copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
            assert copied.config == module.config
        trainer = self.trainer(default_root_dir=tmp_path)
        trainer.fit(module, self.data())
        trainer.save_checkpoint(tmp_path / "last.ckpt")
        assert torch.load(tmp_path / "last.ckpt", weights_only=True)["global_step"] == 1
        made = Net.load_from_checkpoint(tmp_path / "last.ckpt", config=module.config)
        assert made.config == module.config
        assert torch.equal(made.layer.weight, module.layer.weight)
        with pytest.raises(NotConfiguredError, match="NetConfig"):
            Net.load_from_checkpoint(tmp_path / "last.ckpt")

    @pytest.mark.filterwarnings("ignore")
    def test_values_of_a_config_are_hyperparameters(self, tmp_path):
        """Its plain form, and ordinary copies of lists and dicts of it."""
        module = Plain(pdump(held, to="values"), list(held.sizes), dict(held.rates))
        loggers = lightning.pytorch.loggers
        trainer = self.trainer(logger=loggers.CSVLogger(tmp_path), default_root_dir=tmp_path)
        trainer.fit(module, self.data())
        trainer.save_checkpoint(tmp_path / "last.ckpt")
        known = torch.load(tmp_path / "last.ckpt", weights_only=True)["hyper_parameters"]
        assert known == {
            "values": pdump(held, to="values"), "sizes": [4, 2], "rates": {"lr": 0.1}
        }  # fmt: skip
        assert pload(known["values"], Held) == held
        logged = next(Path(tmp_path).rglob("hparams.yaml")).read_text()
        assert "!!python" not in logged
        assert Plain.load_from_checkpoint(tmp_path / "last.ckpt").hparams.sizes == [4, 2]

    def test_a_config_as_a_hyperparameter_is_copied_like_a_frozen_dataclass(self):
        """Lightning walks dataclasses, and sets the fields of those that are not frozen."""
        apply_func = pytest.importorskip("lightning_utilities.core.apply_func")
        walk = apply_func.apply_to_collection
        found = walk({"config": held, "n": 1}, int, lambda n: n + 1, allow_frozen=True)
        assert found == {"config": held, "n": 2}
        with pytest.raises(ValueError, match="frozen dataclass"):
            walk({"config": held}, int, lambda n: n + 1)


@pconfiged
class Net(LightningModule):
    config: NetConfig

    def __init__(self) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.layer = torch.nn.Linear(self.config.n, 1)

    def training_step(self, batch: Any, index: int) -> Any:
        return self.layer(batch[0]).sum()

    def configure_optimizers(self) -> Any:
        return self.config.optimizer.construct(params=self.parameters())


@pconfig
class NetConfig(PConfig[Net]):
    n: int
    optimizer: AdamW


class Plain(LightningModule):
    """A module from elsewhere, which takes values."""

    def __init__(self, values: Any, sizes: Any, rates: Any) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.layer = torch.nn.Linear(3, 1)

    def training_step(self, batch: Any, index: int) -> Any:
        return self.layer(batch[0]).sum()

    def configure_optimizers(self) -> Any:
        return torch.optim.SGD(self.parameters(), lr=0.1)
