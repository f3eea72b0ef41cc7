"""The environment variables that a run looks at."""

from __future__ import annotations

from pconfigs import penv


@penv(convention="uppercase")
class RunEnvironment:
    """Variables set outside: read when asked for, printed with every run."""

    nrl_container: bool = False
    """Set when running in a container."""
    nrl_force_rebuild_venvs: bool = False
    """Rebuild the virtual environments of the workers."""
    nrl_ignore_version_mismatch: bool = False
    """Skip the check of versions."""
    ray_usage_stats_enabled: bool = False
    """Ray's telemetry."""
