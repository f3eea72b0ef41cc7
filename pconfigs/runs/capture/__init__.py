"""Capture: facts about the code, the machine and the process of an attempt."""
