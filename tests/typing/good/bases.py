"""Configs in front of the keywords: none, one, several, unpacked, of the class or an ancestor."""

from system import FastConfig, ModelConfig, TrainerConfig, fast, trainer

empty: TrainerConfig = TrainerConfig()
same: TrainerConfig = TrainerConfig(trainer)
changed: TrainerConfig = TrainerConfig(trainer, steps=5, model=ModelConfig(trainer.model, depth=3))
several: TrainerConfig = TrainerConfig(changed, trainer, lr=0.1)
unpacked: TrainerConfig = TrainerConfig(*[changed, trainer], lr=0.1)
from_ancestor: FastConfig = FastConfig(trainer, warmup=1)
from_both: FastConfig = FastConfig(fast, trainer, warmup=2, steps=8)
an_ancestor_holds_it: TrainerConfig = from_both
steps: int = an_ancestor_holds_it.steps + from_both.warmup
alike = type(trainer)(trainer, steps=3)
