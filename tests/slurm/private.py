"""A Slurm of one's own: one node on the loopback interface, without systemd, cgroups or accounting, ended by its pids.

Everything lies in one temporary folder, but for the link ``/etc/slurm/slurm.conf``: inside a job, Snakemake's executor
takes every ``SLURM_*`` variable out of the environment, so that only the standard place names the configuration.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

PROGRAMS = ("setpriv", "munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scontrol", "sinfo")
LINK = Path("/etc/slurm/slurm.conf")
_SEARCHED = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
_MARK = "# a private Slurm of sEVident's tests\n"
# Memory is not held back by cgroups, which a container may lack: the daemon looks every second and kills a job that has
# more than it asked for. Finished jobs stay visible for squeue, since there is no accounting.
_CONFIGURATION = """
ClusterName=private
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/completed.txt
MinJobAge=3600
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,sched_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
KillWait=5
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={memory} State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> str:
    """Why there can be no private Slurm here; empty where there can."""
    if os.geteuid():
        return "a private Slurm is started as root"
    absent = [name for name in PROGRAMS if not shutil.which(name, path=_SEARCHED)]
    if absent:
        return f"not installed: {', '.join(absent)} (Debian: slurm-wlm, munge)"
    if LINK.exists() and _MARK not in LINK.read_text(encoding="utf-8", errors="replace"):
        return f"this host has a Slurm of its own ({LINK})"
    return ""


class PrivateSlurm:
    """The running cluster; ``with PrivateSlurm(cpus=4, memory=8000) as slurm`` starts and ends it.

    ``cpus`` and ``memory`` (MB) are promised, whether the machine has them or not.
    """

    def __init__(self, cpus: int, memory: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sevident-slurm-"))
        self._daemons: list[tuple[str, subprocess.Popen[bytes]]] = []
        self._host = socket.gethostname().split(".")[0]
        self._settings = {"cpus": cpus, "memory": memory, "host": self._host, "folder": self.folder}

    def __enter__(self) -> PrivateSlurm:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if len(self._daemons) == 3:
            self.ask("scancel", "--user=root", check=False)
        for name, daemon in reversed(self._daemons):
            daemon.terminate()
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
            print(f"stopped {name} ({daemon.pid})")
        self._daemons.clear()
        if LINK.is_symlink() and LINK.readlink() == self.folder / "slurm.conf":
            LINK.unlink()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, *command: str, check: bool = True) -> str:
        """What one of Slurm's programs answers."""
        program = shutil.which(command[0], path=_SEARCHED) or command[0]
        done = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=check, timeout=60)
        return done.stdout

    def completed(self) -> list[dict[str, str]]:
        """The jobs that have ended, as Slurm itself logged them: JobId, JobState, Name, WorkDir and so on."""
        log = self.folder / "completed.txt"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        # a value may hold blanks: it ends where the next name begins
        return [dict(re.findall(r"(\w+)=(.*?)(?= +\w+=|\s*$)", line)) for line in lines]

    def requested(self, job: str) -> str:
        """What the controller knows of a job."""
        return self.ask("scontrol", "--oneliner", "show", "job", job)

    def _start(self) -> None:
        for name in ("munge", "state", "spool"):
            (self.folder / name).mkdir()
        self.folder.chmod(0o755)
        (self.folder / "munge").chmod(0o755)
        key = self.folder / "munge" / "key"
        key.touch(mode=0o600)
        key.write_bytes(os.urandom(128))
        munge = {"key-file": key, "pid-file": "pid", "log-file": "log", "seed-file": "seed", "socket": "socket"}
        options = [f"--{option}={self.folder / 'munge' / place}" for option, place in munge.items()]
        self._launch("munged", "--foreground", "--force", *options)
        configuration = self.folder / "slurm.conf"
        text = _MARK + _CONFIGURATION.format(ports=_free_ports(2), **self._settings)
        configuration.write_text(text, encoding="utf-8")
        LINK.parent.mkdir(exist_ok=True)
        LINK.unlink(missing_ok=True)
        LINK.symlink_to(configuration)
        self._launch("slurmctld", "-D")
        self._launch("slurmd", "-D")
        last = time.monotonic() + 180
        while time.monotonic() < last:
            if self.ask("sinfo", "--noheader", "--format=%T", check=False).strip() == "idle":
                return
            time.sleep(0.2)
        logs = "\n".join(path.read_text(errors="replace")[-2000:] for path in self.folder.glob("*.log"))
        raise RuntimeError(f"the private Slurm did not come up\n{logs}")

    def _launch(self, name: str, *options: str) -> None:
        program = shutil.which(name, path=_SEARCHED)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SLURM_")}
        # a daemon must not outlive tests that are killed
        command = ["setpriv", "--pdeathsig", "TERM", str(program), *options]
        with (self.folder / f"{name}.log").open("wb") as log:
            daemon = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        self._daemons.append((name, daemon))
        print(f"started {name} ({daemon.pid})")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
