"""A Slurm cluster of two nodes on loopback: real daemons, with all their state in one folder."""

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from tests.engines import accounting
from tests.engines.waiting import is_gone, text_of, until

DAEMONS = ("munged", "slurmctld", "slurmd")
NODES = ("n1", "n2")
COMMANDS = ("sbatch", "squeue", "scancel", "scontrol", "srun", "sinfo")
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"

# Each line is needed or deliberate: loopback only, no cgroups, no accounting, fast scheduling.
CONFIGURATION = """\
ClusterName=pconfigs
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
CryptoType=crypto/munge
SlurmctldPort={controller}
CommunicationParameters=NoInAddrAny
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.%n.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=1,sched_interval=2,bf_interval=2
JobAcctGatherType=jobacct_gather/none
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
JobRequeue=1
ReturnToService=2
SwitchType=switch/none
MpiDefault=none
KillWait=2
InactiveLimit=0
SlurmctldTimeout=30
SlurmdTimeout=30
NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port={n1} CPUs=4 RealMemory=1000
NodeName=n2 NodeHostname={host} NodeAddr=127.0.0.1 Port={n2} CPUs=4 RealMemory=1000
PartitionName=main Nodes=n1 Default=YES MaxTime=INFINITE State=UP PriorityTier=1
PartitionName=high Nodes=n1 MaxTime=INFINITE State=UP PriorityTier=10
PartitionName=both Nodes=n1,n2 MaxTime=INFINITE State=UP PriorityTier=1
"""
WITHOUT_ACCOUNTING = """\
AccountingStorageType=accounting_storage/none
MinJobAge=300
"""


def missing() -> str:
    """Return the programs of Slurm that are not installed, as words."""
    absent = [name for name in (*DAEMONS, *COMMANDS) if shutil.which(name, path=PATH) is None]
    return ", ".join(absent)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Slurm:
    """A cluster.

    Args:
        folder: For its state and its logs.
        has_accounting: Whether sacct answers, with a database of its own.
    """

    def __init__(self, folder: Path, has_accounting: bool = False) -> None:
        self.folder, self.has_accounting = folder, has_accounting
        self.configuration = folder / "slurm.conf"
        self._database: subprocess.Popen[bytes] | None = None
        ports = _free_ports(4)
        self._facts: dict[str, object] = {
            "host": socket.gethostname().partition(".")[0],
            "user": "root" if os.getuid() == 0 else os.environ.get("USER", "nobody"),
            "folder": folder,
            **dict(zip(("controller", "accounting", *NODES), ports, strict=True)),
        }
        for name in ("state", *(f"spool.{node}" for node in NODES)):
            (folder / name).mkdir()
        key = folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        lines = accounting.LINES if has_accounting else WITHOUT_ACCOUNTING
        self.configuration.write_text((CONFIGURATION + lines).format(**self._facts))

    def start(self) -> None:
        """Start the daemons; return when the nodes are idle."""
        folder = self.folder
        self._daemon(
            "munged", "--force", f"--key-file={folder}/munge.key",
            f"--socket={folder}/munge.sock", f"--pid-file={folder}/munged.pid",
            f"--log-file={folder}/munged.log", f"--seed-file={folder}/munge.seed",
        )  # fmt: skip
        if self.has_accounting:
            self._database = accounting.start(folder, self._facts, self.environment)
        self._daemon("slurmctld", "-i")
        for node in NODES:
            self._daemon("slurmd", "-N", node)
        try:
            until(lambda: self.run("sinfo", "-h", "-p", "both", "-o", "%T %D").strip() == "idle 2")
        except AssertionError:
            logs = [text_of(file)[-3000:] for file in sorted(folder.glob("*.log"))]
            raise RuntimeError("the nodes do not become idle\n" + "\n".join(logs)) from None

    def run(self, *words: str) -> str:
        """Return what a command prints."""
        done = subprocess.run(
            words, capture_output=True, text=True, timeout=30, env=self.environment, check=False
        )
        return done.stdout

    @property
    def environment(self) -> dict[str, str]:
        """The environment of clients."""
        return {**os.environ, "SLURM_CONF": str(self.configuration), "PATH": PATH}

    def stop(self) -> None:
        """Cancel all jobs and end the daemons."""
        self.run("scancel", "--full", "--state=RUNNING", f"--user={os.getuid()}")
        self.run("scancel", f"--user={os.getuid()}")
        nodes = (f"slurmd.{node}" for node in NODES)
        for name in (*nodes, "slurmctld", "slurmdbd", "mariadbd", "munged"):
            file = self.folder / f"{name}.pid"
            if file.exists():
                pid = int(file.read_text())
                try:
                    os.kill(pid, signal.SIGTERM)
                except ProcessLookupError:
                    continue
                until(lambda pid=pid: is_gone(pid))
        if self._database is not None:
            self._database.wait()

    def _daemon(self, *words: str) -> None:
        # Files, not pipes: a daemon keeps its descriptors for ever.
        with (self.folder / "out").open("ab") as out:
            done = subprocess.run(
                words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=60,
                env=self.environment, check=False,
            )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{words[0]} failed:\n{(self.folder / 'out').read_text()}")
