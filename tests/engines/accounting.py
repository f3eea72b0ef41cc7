"""The accounting of a Slurm cluster: slurmdbd, with a database in the cluster's folder."""

import shutil
import subprocess
from pathlib import Path

from tests.engines.waiting import until

PROGRAMS = ("slurmdbd", "mariadbd", "mariadb-install-db", "mariadb-admin", "sacctmgr", "sacct")
# The controller forgets jobs as early as it can, so that sacct alone knows them.
LINES = """\
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort={accounting}
AccountingStoragePass={folder}/munge.sock
MinJobAge=2
"""
CONFIGURATION = """\
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
DbdHost=localhost
DbdAddr=127.0.0.1
DbdPort={accounting}
SlurmUser={user}
LogFile={folder}/slurmdbd.log
PidFile={folder}/slurmdbd.pid
StorageType=accounting_storage/mysql
StorageHost=localhost
StorageUser=root
StorageLoc=slurm
"""


def missing(path: str) -> str:
    """Return the programs that are not installed, as words."""
    return ", ".join(name for name in PROGRAMS if shutil.which(name, path=path) is None)


def start(folder: Path, facts: dict[str, object], env: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the database and slurmdbd; return the database's process when they answer.

    Args:
        folder: Of the cluster.
        facts: What the configuration needs.
        env: The environment of Slurm's clients.
    """
    file = folder / "slurmdbd.conf"
    file.write_text(CONFIGURATION.format(**facts))
    file.chmod(0o600)
    data, at = f"--datadir={folder}/database", f"--socket={folder}/database.sock"
    user = [f"--user={facts['user']}"]
    env = {**env, "MYSQL_UNIX_PORT": f"{folder}/database.sock"}
    with (folder / "out").open("ab") as out:

        def answers(*words: str) -> bool:
            done = subprocess.run(
                words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=120, env=env,
                check=False,
            )  # fmt: skip
            return done.returncode == 0

        plain = ("--auth-root-authentication-method=normal", "--skip-test-db")
        assert answers("mariadb-install-db", "--no-defaults", *user, data, *plain)
        database = subprocess.Popen(
            ["mariadbd", "--no-defaults", *user, data, at, f"--pid-file={folder}/mariadbd.pid",
             "--skip-networking", "--innodb-buffer-pool-size=64M"],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, env=env,
        )  # fmt: skip
        until(lambda: answers("mariadb-admin", "--no-defaults", "-uroot", at, "ping"), step=0.2)
        assert answers("slurmdbd")
        until(lambda: answers("sacctmgr", "-n", "show", "cluster"), step=0.2)
    return database
