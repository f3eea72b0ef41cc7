"""Group-relative policy optimization, as in `grpo_math_1B.yaml`."""

from project.posttraining.nemo_files.nemo_file import NemoFile

config = NemoFile()
