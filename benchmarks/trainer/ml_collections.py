"""The trainer example with ml_collections."""

from __future__ import annotations

from ml_collections import ConfigDict

from benchmarks.trainer.schedule import cosine


def get_config() -> ConfigDict:
    config = ConfigDict()
    config.steps = 3
    config.base_lr = 3e-4
    config.total_steps = 6
    config.min_lr_ratio = 0.1
    config.grad_accum_steps = 4
    config.num_devices = 2
    config.effective_batch_size = config.get_ref("grad_accum_steps") * config.get_ref("num_devices")
    config.lr_schedule = cosine(config.base_lr, config.total_steps, config.min_lr_ratio)
    return config


if __name__ == "__main__":
    config = get_config()
    config.base_lr = 1e-3
    config.steps = len(config.lr_schedule) - 1
    config.lr_schedule = cosine(config.base_lr, config.total_steps, config.min_lr_ratio)
    print(config)
