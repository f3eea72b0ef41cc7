"""The Slurm executor: runs as jobs of a cluster, those that need nothing as one array."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pconfigs.declare.pconfig import pconfig
from pconfigs.declare.pconfiged import pconfiged
from pconfigs.errors.runs import EngineError
from pconfigs.launchers.engines import slurm_queue
from pconfigs.launchers.engines.job import LOG, Executor, Job, Seen
from pconfigs.launchers.engines.parts import ExecutorConfig, job_command, mount_words, refuse_below
from pconfigs.launchers.engines.slurm_script import OUTPUT, batch_script
from pconfigs.schema.properties import pcheck
from pconfigs.wrapping.adopted_fields import give_default

LARGEST_ARRAY = 1000
"""Jobs in one array; Slurm's own default allows indices up to 1000."""


@pconfiged
class SlurmEngine(Executor):
    """Submits jobs to Slurm and asks it what has become of them."""

    config: SlurmExecutor

    def __init__(self) -> None:
        self.capacity: int | None = None
        self.requeues = True
        self._folders: dict[str, str] = {}
        self._hurried: set[str] = set()

    def command(
        self, words: Sequence[str], env: Mapping[str, str], folders: Sequence[str]
    ) -> tuple[str, ...]:
        python = "python3" if self.config.container_image is not None else None
        return (
            *_step_words(self.config, folders),
            *job_command(self.config, words, env, folders, python=python),
        )

    def submit(self, jobs: Sequence[Job], folder: Path) -> list[str]:
        handles: list[str] = []
        by_folder: dict[str, str] = {}
        base = ""
        try:
            for chunk in self._chunks(jobs):
                needed = [by_folder[need] for need in chunk[0].needs if need in by_folder]
                base = self._sbatch(self._script(chunk, folder, needed, base))
                for index, job in enumerate(chunk):
                    handle = f"{base}_{index}" if len(chunk) > 1 else base
                    handles.append(handle)
                    by_folder[job.folder] = handle
                    self._folders[handle] = job.folder
        except BaseException:
            self.cancel(handles)  # their handles are known here only
            raise
        return handles

    def poll(self, handles: Sequence[str]) -> dict[str, Seen]:
        if not handles:
            return {}
        states, answered = slurm_queue.states_of(handles)
        found: dict[str, Seen] = {}
        for handle in handles:
            if handle in states:
                found[handle] = slurm_queue.seen_as(*states[handle])
                self._hurry(handle, found[handle])
            elif answered:
                found[handle] = Seen("gone", "Slurm does not know it any more")
            else:
                found[handle] = Seen("unknown", "Slurm does not answer")
        return found

    def cancel(self, handles: Sequence[str]) -> None:
        slurm_queue.cancel(handles)

    def log(self, handle: str) -> Path | None:
        folder = self._folders.get(handle)
        return None if folder is None else Path(folder, LOG)

    def script(self, jobs: Sequence[Job], folder: Path) -> str:
        scripts: list[str] = []
        for chunk in self._chunks(jobs):
            needed = [f"<{Path(need).name}>" for need in chunk[0].needs]
            before = "<the array before>" if scripts else ""
            scripts.append(self._script(chunk, folder, needed, before))
        return "\n".join(scripts)

    def _chunks(self, jobs: Sequence[Job]) -> Iterator[Sequence[Job]]:
        """Yield jobs to submit together.

        Consecutive jobs without needs make an array.
        """
        at = 0
        while at < len(jobs):
            end = at + 1
            if not jobs[at].needs:
                while end < len(jobs) and not jobs[end].needs and end - at < LARGEST_ARRAY:
                    end += 1
            yield jobs[at:end]
            at = end

    def _script(
        self, chunk: Sequence[Job], folder: Path, needed: Sequence[str], before: str
    ) -> str:
        """Return the script of jobs that need others, or come after those submitted before."""
        config = self.config
        options = [f"--job-name={folder.name}", f"--output={folder / OUTPUT}"]
        if len(chunk) > 1:
            limit = f"%{config.parallel}" if config.parallel is not None else ""
            options.append(f"--array=0-{len(chunk) - 1}{limit}")
        options += ["--open-mode=append", "--requeue", f"--signal=B:USR1@{config.warn_seconds}"]
        if needed:
            options += [f"--dependency=afterok:{':'.join(needed)}", "--kill-on-invalid-dep=yes"]
        elif before and config.parallel is not None:
            # Slurm counts the jobs of one array: two at a time would be twice as many.
            options.append(f"--dependency=afterany:{before}")
        options += [*_options(config), *config.args]
        return batch_script(
            options, dict(config.env_vars), str(folder), chunk[0].index, _several_nodes(config)
        )

    def _sbatch(self, script: str) -> str:
        answer = slurm_queue.call(["sbatch", "--parsable"], script)
        if answer.code:
            raise EngineError("slurm", answer.problem or f"sbatch failed ({answer.code})")
        return slurm_queue.id_of_submitted(answer.output)

    def _hurry(self, handle: str, seen: Seen) -> None:
        """Let a job that was requeued start soon, the first time that it is seen waiting."""
        if seen.state != "queued":
            self._hurried.discard(handle)
        elif seen.word == "BeginTime" and handle not in self._hurried:
            self._hurried.add(handle)
            slurm_queue.start_soon(handle)


@pconfig(constructs=SlurmEngine)
class SlurmExecutor(ExecutorConfig):
    """Runs as jobs of a Slurm cluster. Fields that are None are left to Slurm.

    Attributes:
        partition, account, qos: As sbatch takes them.
        time: Limit of a run: minutes, or text such as `"1-12:00:00"`.
        nodes: Nodes of a run.
        ntasks_per_node: Processes on each node, started by srun; all of them record one run.
        gpus_per_node: GPUs on each node.
        cpus_per_task: CPUs of each process.
        mem: Memory on each node: `"64G"`.
        container_image: Image that Slurm's Pyxis plugin starts the run in.
        mounts: `SOURCE:TARGET` for `container_image`.
        parallel: Runs of a sweep at a time; None for as many as Slurm starts.
        warn_seconds: Seconds before the time limit at which SIGUSR1 asks the run to stop.
        args: Further options of sbatch: `["--exclusive"]`.
    """

    partition: str | None
    account: str | None
    qos: str | None
    time: str | int | None
    nodes: int | None
    ntasks_per_node: int | None
    gpus_per_node: int | None
    cpus_per_task: int | None
    mem: str | None
    container_image: str | None
    mounts: list[str]
    parallel: int | None
    warn_seconds: int
    args: list[str]

    @pcheck
    def numbers_in_range(self) -> None:
        names = ("nodes", "ntasks_per_node", "cpus_per_task", "parallel", "warn_seconds")
        refuse_below(self, 1, *names)
        refuse_below(self, 0, "gpus_per_node")

    @pcheck
    def one_container(self) -> None:
        if self.container is not None and self.container_image is not None:
            raise ValueError("set container or container_image, not both")
        if self.mounts and self.container_image is None:
            raise ValueError("mounts must come with container_image; else use container.mounts")


def _several_nodes(config: SlurmExecutor) -> bool:
    return (config.nodes or 1) > 1


def _options(config: SlurmExecutor) -> list[str]:
    """Return the options of sbatch that fields set."""
    names = (
        *("partition", "account", "qos", "time", "nodes", "gpus_per_node"),
        *("ntasks_per_node", "cpus_per_task", "mem"),
    )
    given = {name: getattr(config, name) for name in names}
    return [f"--{k.replace('_', '-')}={v}" for k, v in given.items() if v is not None]


def _step_words(config: SlurmExecutor, folders: Sequence[str]) -> list[str]:
    """Return the words of srun where a run has several processes or a Pyxis container."""
    image = config.container_image
    if image is None and not _several_nodes(config) and (config.ntasks_per_node or 1) == 1:
        return []
    words = ["srun", "--kill-on-bad-exit=1"]
    if config.cpus_per_task is not None:  # steps do not inherit it
        words.append(f"--cpus-per-task={config.cpus_per_task}")
    if image is not None:
        words += [f"--container-image={image}", f"--container-workdir={os.getcwd()}"]
        mounts = mount_words(folders, config.mounts)
        words += [f"--container-mounts={','.join(mounts)}"] if mounts else []
    return words


give_default(
    SlurmExecutor,
    partition=None,
    account=None,
    qos=None,
    time=None,
    nodes=None,
    ntasks_per_node=None,
    gpus_per_node=None,
    cpus_per_task=None,
    mem=None,
    container_image=None,
    mounts=[],
    parallel=None,
    warn_seconds=120,
    args=[],
)
SlurmExecutor.__module__ = "pconfigs.executors"
