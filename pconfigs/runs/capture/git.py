"""Git: commit, status, remotes and the difference to the commit, taken while the run goes on.

One process is started, and its output goes straight into files of the run; nothing waits for it
before the end of the run. Left out of the difference: files whose names promise keys, and the text
of files above 1 MB. Users and passwords in addresses of remotes are removed on the way, and secrets
are masked: by `sed`, whose commands come by pipes, because other users can see arguments.
"""

from __future__ import annotations

import os
import re
import time

from pconfigs.annotations.kinds import is_sequence
from pconfigs.atomic_files import regular
from pconfigs.runs.folder import put
from pconfigs.runs.location import folder_with
from pconfigs.runs.masking import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pconfigs.runs.masking import Masker

TEXT, PATCH = "git.txt", "git.patch"
LEFT_OUT = (".env*", "*.pem", "*.key")
LARGEST_PATCH = 20_000_000
LARGEST_STATUS = 100_000
_EXCLUDED = " ".join(f"':(exclude,glob)**/{pattern}'" for pattern in LEFT_OUT)
# SIGINT, SIGPIPE, SIGTERM and SIGKILL on every Unix; the module signal takes a millisecond to load.
_SIGNALS, _KILL = (2, 13, 15), 9
PATIENCE = 5.0
"""Seconds that the end of a run waits for git."""
_SCRIPT = f"""
masks=$(cat)
masked() {{
  sed -f /dev/fd/3 3<<END
$masks
END
}}
export GIT_OPTIONAL_LOCKS=0 GIT_TERMINAL_PROMPT=0 LC_ALL=C
cd "$1" || exit 1
git -c core.fsmonitor=false rev-parse --is-inside-work-tree >/dev/null 2>&1 || exit 0
(
  git remote -v | sed -E 's#://[^/]*@#://#'
  git -c core.fsmonitor=false -c core.quotePath=true status --porcelain=v2 --branch \\
      --untracked-files=all 2>&1
) | masked | head -c {LARGEST_STATUS} >"$2/{TEXT}"
git -c core.fsmonitor=false -c core.bigFileThreshold=1m diff --no-ext-diff --no-textconv \\
    --no-color --submodule=log HEAD -- . {_EXCLUDED} 2>/dev/null \\
    | masked | head -c {LARGEST_PATCH} >"$2/{PATCH}"
"""


class GitCapture:
    """Lets git write about `project` into the folder of a run, without secrets."""

    def __init__(self, project: str, folder: str, masker: Masker) -> None:
        self._project, self._folder, self._masker = project, folder, masker
        self._pid: int | None = None

    def start(self) -> None:
        """Start git, where the project is in a repository and the system can do it."""
        if not hasattr(os, "posix_spawn"):
            return
        if folder_with(".git", self._project, os.path.exists) is None:
            return
        null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        commands, feed = os.pipe()
        try:
            self._pid = os.posix_spawn(
                "/bin/sh",
                ["sh", "-c", _SCRIPT, "sh", self._project, self._folder],
                dict(os.environ),
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, source, number)
                    for number, source in enumerate((commands, null, null))
                ],
                setpgroup=0,
                setsigdef=_SIGNALS,
            )
            with os.fdopen(feed, "wb", closefd=False) as file:
                file.write(_commands(self._masker))
        except OSError:
            self.stop()  # without a shell there is no git, and without masks none may go on
        finally:
            for number in (null, commands, feed):
                os.close(number)

    def finish(self) -> str | None:
        """Wait for git and complete its files; return what is missing, if anything is."""
        if self._pid is None:
            return None
        problem = None
        if _ended(self._pid, PATIENCE):
            self._pid = None
        else:
            problem = f"git took more than {PATIENCE:.0f} s"
            self.stop()
        self._name_left_out()
        self._complete(TEXT, LARGEST_STATUS)
        self._complete(PATCH, LARGEST_PATCH)
        return problem

    def stop(self) -> None:
        """Kill git, where it runs."""
        if self._pid is None:
            return
        try:
            os.killpg(self._pid, _KILL)
            os.waitpid(self._pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass  # the program has waited for all of its children
        self._pid = None

    def _name_left_out(self) -> None:
        """Note which changed files the patch does not hold because of their names."""
        changed = git_facts(self._folder).get("changed")
        names = [name for name in changed if _is_left_out(name)] if is_sequence(changed) else []
        if names:
            lines = "".join(f"# not in {PATCH}: {name}\n" for name in names)
            content = lines.encode("utf-8", "surrogateescape")
            put(os.path.join(self._folder, TEXT), content, "ab")

    def _complete(self, name: str, largest: int) -> None:
        path = os.path.join(self._folder, name)
        try:
            size = os.path.getsize(path)
            if size >= largest:
                put(path, f"\n# cut at {largest} bytes\n".encode(), "ab")
            if not size and name == PATCH:
                os.unlink(path)
        except FileNotFoundError:
            return


def _commands(masker: Masker) -> bytes:
    """Return commands of sed that mask secrets; one over several lines by each of its lines."""
    return b"".join(
        b"s/" + re.sub(rb"[][\\/.*^$]", rb"\\\g<0>", one) + b"/" + MASK.encode() + b"/g\n"
        for one in (one.encode("utf-8", "surrogateescape") for one in masker.secrets)
        if b"\n" not in one
    )


def _is_left_out(name: str) -> bool:
    last = name.rpartition("/")[2]
    return last.startswith(".env") or last.endswith((".pem", ".key"))


def _ended(pid: int, patience: float) -> bool:
    """Return whether a child ends in time."""
    deadline = time.monotonic() + patience
    pause = 0.001
    while True:
        try:
            if os.waitpid(pid, os.WNOHANG)[0]:
                return True
        except ChildProcessError:
            return True  # the program has waited for all of its children
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 2, 0.05)


def git_facts(folder: str) -> dict[str, object]:
    """Return commit, branch, remotes, changed and untracked files out of git.txt."""
    try:
        with open(
            os.path.join(folder, TEXT), encoding="utf-8", errors="replace", opener=regular
        ) as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        return {}
    facts: dict[str, object] = {"commit": None, "branch": None}
    remotes: dict[str, str] = {}
    changed: list[str] = []
    untracked: list[str] = []
    for line in lines:
        if line.startswith("# branch.oid "):
            facts["commit"] = line.split(" ", 2)[2]
        elif line.startswith("# branch.head "):
            facts["branch"] = line.split(" ", 2)[2]
        elif line[:2] in ("1 ", "u "):
            changed.append(line.split(" ", 8 if line[0] == "1" else 10)[-1])
        elif line[:2] == "2 ":
            changed.append(line.split(" ", 9)[-1].partition("\t")[0])
        elif line[:2] == "? ":
            untracked.append(line[2:])
        elif "\t" in line and line[:1] != "#":
            name, _, address = line.partition("\t")
            remotes[name] = address.rpartition(" ")[0]
    return {**facts, "remotes": remotes, "changed": changed, "untracked": untracked}
