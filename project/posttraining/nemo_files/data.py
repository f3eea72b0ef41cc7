"""Sections `data` and `env`."""

from __future__ import annotations

from pconfigs import Omitted, PConfig, pconfig, pdefaults


@pconfig
class TrainConfig(PConfig):
    """Training data."""

    dataset_name: str
    split_validation_size: Omitted[float]
    seed: Omitted[int]
    split: Omitted[str]


pdefaults += TrainConfig(
    dataset_name="OpenMathInstruct-2",
    split_validation_size=0.05,
    seed=Omitted,
    split=Omitted,
)


@pconfig
class ValidationConfig(PConfig):
    """Validation data."""

    dataset_name: str
    split: Omitted[str]
    repeat: Omitted[int]


@pconfig
class DefaultConfig(PConfig):
    """Settings of data sets that do not give their own."""

    prompt_file: str | None
    system_prompt_file: str | None
    processor: str
    env_name: Omitted[str]


pdefaults += DefaultConfig(
    prompt_file="examples/prompts/cot.txt",
    system_prompt_file=None,
    processor="math_hf_data_processor",
    env_name="math",
)


@pconfig
class DataConfig(PConfig):
    """Data sets, and how they are read."""

    max_input_seq_length: Omitted[int]
    shuffle: bool
    num_workers: int
    use_multiple_dataloader: Omitted[bool]
    train: TrainConfig
    validation: ValidationConfig | None
    default: Omitted[DefaultConfig]
    add_bos: Omitted[bool]
    add_eos: Omitted[bool]
    add_generation_prompt: Omitted[bool]


pdefaults += DataConfig(
    max_input_seq_length=Omitted,
    shuffle=True,
    num_workers=1,
    use_multiple_dataloader=False,
    train=TrainConfig(),
    validation=None,
    default=DefaultConfig(),
    add_bos=Omitted,
    add_eos=Omitted,
    add_generation_prompt=Omitted,
)


@pconfig
class MathConfig(PConfig):
    """The environment of mathematical questions."""

    num_workers: int
    math_verify_impl: str


pdefaults += MathConfig(num_workers=8, math_verify_impl="hf_math_verify")


@pconfig
class EnvConfig(PConfig):
    """Environments that rate answers."""

    math: MathConfig


pdefaults += EnvConfig(math=MathConfig())
