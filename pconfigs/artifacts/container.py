"""Container paths: where a path inside a container is on the host, and the other way round.

A training in a container writes to `/nemo_run/pretrain/iter_0010000`; who reads it later needs the
path on the shared file system. The mounts of the executor are asked first, then what the kernel
knows about mounts, then `NEMO_RUN_DIR`. Paths are compared by their components: a mount at
`/nemo_run` has nothing to do with `/nemo_run2/x`.

Only paths of a process that an executor has started in a container, and those below `/nemo_run`,
are mapped: a host has bind mounts and subvolumes of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

DEFAULT_MOUNT = "/nemo_run"
VARIABLE = "NEMO_RUN_DIR"


@dataclass(slots=True, frozen=True)
class Mount:
    """One line of mountinfo.

    Attributes:
        device: "major:minor" of the file system.
        root: The folder of the file system that is mounted.
        point: Where it is mounted.
    """

    device: str
    root: PurePosixPath
    point: PurePosixPath


@dataclass(slots=True, frozen=True)
class Places:
    """How paths of this process and those of the host belong together.

    Attributes:
        mounts: Of the executor: host folder by container folder; empty outside of a container.
        mountinfo: What the kernel mounts here.
        environment: Variables of the process.
    """

    mounts: Mapping[str, str] = field(default_factory=dict)
    mountinfo: Sequence[Mount] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    def host(self, path: str) -> str | None:
        """Return where a path is on the host; None where no mount leads to it."""
        place = PurePosixPath(path)
        if not self.mounts and not place.is_relative_to(DEFAULT_MOUNT):
            return path
        found = _mapped(place, self.mounts) or _mapped(place, _bind_mounts(self.mountinfo))
        if found is None and self.environment.get(VARIABLE):
            found = _mapped(place, {DEFAULT_MOUNT: self.environment[VARIABLE]})
        return None if found is None else str(found)

    def here(self, path: str) -> Path:
        """Return where a path of the host is for this process: as it is, or under a mount."""
        if Path(path).exists():
            return Path(path)
        pairs = [*self.mounts.items()]
        if self.environment.get(VARIABLE):
            pairs.append((DEFAULT_MOUNT, self.environment[VARIABLE]))
        # The innermost mount first: one may lie in another.
        for point, host in sorted(pairs, key=lambda pair: -len(pair[1])):
            if PurePosixPath(path).is_relative_to(host):
                return Path(point, PurePosixPath(path).relative_to(host))
        return Path(path)


def parse_mountinfo(text: str) -> list[Mount]:
    """Return the mounts that `/proc/self/mountinfo` lists; later ones hide earlier ones.

    Source: proc_pid_mountinfo(5); spaces, tabs, newlines and backslashes are octal escapes there.
    """
    found = []
    for line in text.splitlines():
        parts = line.split(" ")
        if len(parts) >= 5:
            root, point = (PurePosixPath(_unescaped(part)) for part in parts[3:5])
            found.append(Mount(parts[2], root, point))
    return found


def _mapped(path: PurePosixPath, hosts: Mapping[str, str]) -> PurePosixPath | None:
    """Return a path on the host, by the longest mount point that it is in; None without one."""
    inside = [point for point in hosts if path.is_relative_to(point)]
    if not inside:
        return None
    point = max(inside, key=lambda one: len(PurePosixPath(one).parts))
    return PurePosixPath(hosts[point], path.relative_to(point))


def _bind_mounts(mounts: Sequence[Mount]) -> dict[str, str]:
    """Return where the folders that are mounted from inside a file system are on that one.

    A bind mount has a root other than `/`. Where the same device is mounted whole, the folder is
    below that mount point; elsewhere its root is all that is known.
    """
    slash = PurePosixPath("/")
    whole = {mount.device: mount.point for mount in mounts if mount.root == slash}
    return {
        str(mount.point): str(whole.get(mount.device, slash) / mount.root.relative_to(slash))
        for mount in mounts
        if mount.root != slash and mount.point != slash
    }


def _unescaped(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)
