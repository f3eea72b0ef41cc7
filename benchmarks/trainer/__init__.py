"""The trainer example, varied and printed with each library: `python -m benchmarks.trainer.NAME`."""
