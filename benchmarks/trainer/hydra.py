"""The trainer example as a Hydra application, to be printed with `--cfg job --resolve`."""

from __future__ import annotations

import hydra
from hydra.core.config_store import ConfigStore
from omegaconf import DictConfig, OmegaConf

from benchmarks.trainer.schedule import cosine

OmegaConf.register_new_resolver("multiply", lambda a, b: a * b)
OmegaConf.register_new_resolver("cosine", lambda *given: OmegaConf.create(cosine(*given)))

first = {
    "steps": 3,
    "base_lr": 3e-4,
    "total_steps": 6,
    "min_lr_ratio": 0.1,
    "grad_accum_steps": 4,
    "num_devices": 2,
    "effective_batch_size": "${multiply:${grad_accum_steps},${num_devices}}",
    "lr_schedule": "${cosine:${base_lr},${total_steps},${min_lr_ratio}}",
}
second = {"defaults": ["first", "_self_"], "base_lr": 1e-3, "steps": 5}

ConfigStore.instance().store(name="first", node=first)
ConfigStore.instance().store(name="second", node=second)


@hydra.main(version_base=None, config_name="second")
def main(config: DictConfig) -> None:
    raise SystemExit("start this with --cfg job --resolve")


if __name__ == "__main__":
    main()
