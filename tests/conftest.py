"""What holds for all tests: how fast the machine is, is not what they are about."""

from __future__ import annotations

from hypothesis import settings

# A busy machine makes any example miss hypothesis's 200 ms now and then.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
