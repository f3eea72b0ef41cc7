"""Section `cluster`: the machines."""

from __future__ import annotations

from pconfigs import PConfig, pconfig, pdefaults, pproperty
from project.posttraining.constraints import Count


@pconfig
class ClusterConfig(PConfig):
    """The machines that a run is given."""

    gpus_per_node: Count
    """GPUs per node."""
    num_nodes: Count
    """Number of nodes."""

    @pproperty
    def world_size(self) -> int:
        """GPUs in all."""
        return self.gpus_per_node * self.num_nodes


pdefaults += ClusterConfig(gpus_per_node=8, num_nodes=1)
