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
