"""The trainer example, varied and printed with each library: `-m benchmarks.trainer.NAME`."""
