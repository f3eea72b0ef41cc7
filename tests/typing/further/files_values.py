"""Files taken for configs of another class, and words that mean nothing."""

from pconfigs import pface, pload, pload_file, poverride, psave
from system import DataConfig, TrainerConfig, trainer

config: DataConfig = pload_file("t.json", TrainerConfig)  # wrong: mypy[assignment] pyright[reportAssignmentType]
pload({}, TrainerConfig, drift="ignore")  # wrong: mypy[arg-type] pyright[reportArgumentType]
poverride(trainer, 3)  # wrong: mypy[arg-type] pyright[reportArgumentType]
psave(trainer)  # wrong: mypy[call-arg] pyright[reportCallIssue]


@pface(TrainerConfig)  # wrong: mypy[arg-type] pyright[reportArgumentType]
def path(config: DataConfig) -> str:
    return config.path
