"""Launchers: processes, executors and engines that run experiments.

Declaring the config of a script starts no process (subprocess, 5 ms).
"""

from __future__ import annotations

from pconfigs.deferred import loader_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.launchers import processes as processes

_MODULES = {
    "processes": "pconfigs.launchers.processes",
}
__getattr__ = loader_of(__name__, _MODULES)
