"""The experiments of the trainer and of the digits."""
