"""Testing: checks, golden files and smoke runs of experiments.

The plugin for pytest loads the checks where the configuration of a project asks for them.
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.testing import checks as checks

_MODULES = {
    "checks": "pconfigs.testing.checks",
}
__getattr__ = loader_of(__name__, _MODULES)


def seconds(word: str) -> float:
    """Return the seconds that one run may take, of a word of a command line.

    Raises:
        ValueError: It is not a number above 0.
    """
    found = float(word)
    if not found > 0:
        raise ValueError(word)
    return found


seconds.__name__ = "number of seconds"  # argparse and pytest name the type of a bad value by this
