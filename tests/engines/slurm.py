"""A Slurm cluster of one node on loopback: real daemons, with all their state in one folder."""

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from tests.engines.waiting import is_gone, text_of, until

DAEMONS = ("munged", "slurmctld", "slurmd")
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
SlurmdPort={node}
CommunicationParameters=NoInAddrAny
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=1,sched_interval=2,bf_interval=2
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
JobRequeue=1
ReturnToService=2
SwitchType=switch/none
MpiDefault=none
KillWait=2
MinJobAge=300
InactiveLimit=0
SlurmctldTimeout=30
SlurmdTimeout=30
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP PriorityTier=1
PartitionName=high Nodes={host} MaxTime=INFINITE State=UP PriorityTier=10
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
    """A cluster; `folder` holds its state and its logs."""

    def __init__(self, folder: Path, cpus: int = 4) -> None:
        self.folder, self.host = folder, socket.gethostname().partition(".")[0]
        self.configuration = folder / "slurm.conf"
        controller, node = _free_ports(2)
        facts = {
            "host": self.host,
            "user": "root" if os.getuid() == 0 else os.environ.get("USER", "nobody"),
            "folder": folder,
            "controller": controller,
            "node": node,
            "cpus": cpus,
        }
        for name in ("state", "spool"):
            (folder / name).mkdir()
        key = folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        self.configuration.write_text(CONFIGURATION.format(**facts))

    def start(self) -> None:
        """Start the daemons; return when the node is idle."""
        folder = self.folder
        self._daemon(
            "munged", "--force", f"--key-file={folder}/munge.key",
            f"--socket={folder}/munge.sock", f"--pid-file={folder}/munged.pid",
            f"--log-file={folder}/munged.log", f"--seed-file={folder}/munge.seed",
        )  # fmt: skip
        self._daemon("slurmctld", "-i")
        self._daemon("slurmd", "-N", self.host)
        try:
            until(lambda: "idle" in self.run("sinfo", "-h", "-o", "%T"))
        except AssertionError:
            logs = [text_of(folder / f"{name}.log")[-3000:] for name in DAEMONS]
            raise RuntimeError("the node does not become idle\n" + "\n".join(logs)) from None

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
        for name in reversed(DAEMONS):
            file = self.folder / f"{name}.pid"
            if file.exists():
                pid = int(file.read_text())
                try:
                    os.kill(pid, signal.SIGTERM)
                except ProcessLookupError:
                    continue
                until(lambda pid=pid: is_gone(pid))

    def _daemon(self, *words: str) -> None:
        # Files, not pipes: a daemon keeps its descriptors for ever.
        with (self.folder / "out").open("ab") as out:
            done = subprocess.run(
                words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=60,
                env=self.environment, check=False,
            )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{words[0]} failed:\n{(self.folder / 'out').read_text()}")
