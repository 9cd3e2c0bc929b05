"""Three database machines that run deploy/cluster/'s own files, word for word: etcd, Patroni, PostgreSQL."""

import json
import shutil
import ssl
import subprocess
import threading
import urllib.request
from pathlib import Path
from typing import Any

from tests.e2e.waiting import until
from tests.soak.certificates import Authority
from tests.soak.machines import Disk, Machine
from tests.soak.world import POSTGRES, ROOT

FILES = ROOT / "deploy" / "cluster"
ADDRESSES = {"db1": "10.20.0.1", "db2": "10.20.0.2", "db3": "10.20.0.3"}
MOUNTS = {
    "/etc/patroni": "etc",
    "/var/lib/etcd": "etcd",
    "/var/lib/postgresql": "postgresql",
    "/run/postgresql": "run",
}
# How PostgreSQL begins the lines that hold a statement, or values of one.
OF_STATEMENTS = ("ERROR:", "STATEMENT:", "DETAIL:", "QUERY:", "CONTEXT:")
LOOKS = 20.0  # seconds: vigil-hand-over.timer
DATA = "/var/lib/postgresql/15/vigil"


def settings(name: str, machine: str) -> dict[str, str]:
    """A file of NAME=value lines as the example machine db1 has it, made out for another one.

    Only what is said of db1 itself changes: the list of all three stays.
    """
    made = {}
    for line in (FILES / name).read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            of_itself = "db1=" not in value
            made[key] = value.replace(ADDRESSES["db1"], ADDRESSES[machine]) if of_itself else value
            if made[key] == "db1":
                made[key] = machine
    return made


class DatabaseMachine(Machine):
    """One of the three."""

    def __init__(self, name: str, folder: Path, authority: Authority) -> None:
        self.room = Disk(folder / name)
        super().__init__(name, ADDRESSES[name], folder / name, MOUNTS)
        for place in MOUNTS.values():
            (self.disk / place).mkdir()
        etc = self.disk / "etc"
        shutil.copy(FILES / "patroni.yml", etc / "config.yml")
        shutil.copy(FILES / "first-start.sh", etc)
        shutil.copy(FILES / "hand-over.sh", etc)
        shutil.copytree(authority.issue(name, self.address), etc / "tls")
        (etc / "tls").chmod(0o755)
        for each in ("ca.crt", "machine.crt"):
            (etc / "tls" / each).chmod(0o644)
        shutil.chown(etc / "tls" / "machine.key", "root", "ssl-cert")
        (etc / "tls" / "machine.key").chmod(0o640)
        shutil.chown(self.disk / "etcd", "etcd", "etcd")
        for place in ("postgresql", "run"):
            shutil.chown(self.disk / place, "postgres", "postgres")

    def serve(self) -> None:
        """Boot it, and start what systemd would."""
        self.boot()
        self.start_etcd()
        self.start_patroni()

    def start_etcd(self) -> None:
        self.start("/usr/bin/etcd", user="etcd", environment=settings("etcd.env", self.name))

    def start_patroni(self) -> None:
        self.start(
            *("/usr/bin/patroni", "/etc/patroni/config.yml"),
            user="postgres",
            environment={**settings("patroni_env.conf", self.name), "PATRONI_LOG_LEVEL": "INFO"},
        )

    def look_at_room(self) -> None:
        """Do once what vigil-hand-over.timer has done every 20 seconds."""
        with self.log.open("ab") as log:
            command = [*self.inside("postgres"), "/etc/patroni/hand-over.sh"]
            # Where the machine has just lost its power, there is nothing to look at.
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)

    def ask(self, path: str) -> Any:
        """What Patroni on this machine says of a path.

        :raises OSError: nothing.
        """
        tls = self.disk / "etc" / "tls"
        context = ssl.create_default_context(cafile=str(tls / "ca.crt"))
        context.load_cert_chain(tls / "machine.crt", tls / "machine.key")
        with urllib.request.urlopen(f"https://{self.address}:8008{path}", context=context, timeout=2) as said:
            return json.load(said)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement on this machine's own PostgreSQL; give its rows, columns parted by |."""
        command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement]
        return self.run(*command, user="postgres").strip()

    def checksums(self) -> str:
        """Verify every page of the stopped database; give what pg_checksums says.

        :raises AssertionError: a page is damaged.
        """
        command = str(POSTGRES / "pg_checksums")
        return self.run(command, "--check", "-D", DATA, user="postgres")


class Cluster:
    """All three; a context manager that starts them and takes their power away at the end."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        self.machines = [DatabaseMachine(name, folder, authority) for name in ADDRESSES]
        self._ended = threading.Event()
        self._timer = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Cluster":
        for machine in self.machines:
            machine.serve()
        self.whole()
        self._timer.start()
        return self

    def _look(self) -> None:
        while not self._ended.wait(LOOKS):
            for machine in self.machines:
                if machine.on:
                    machine.look_at_room()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for machine in self.machines:
            machine.power_cut()
            machine.room.close()

    def members(self) -> dict[str, str]:
        """Each running member's role, as two machines or more agree: leader, sync_standby, replica.

        Empty where they do not: a machine that was cut off tells what was before.
        """
        said = [found for machine in self.machines if machine.on and (found := _told(machine))]
        return next((found for found in said if said.count(found) > 1), {})

    def whole(self) -> None:
        """Wait until one leads and the two others follow, one of them step by step."""
        wanted = ["leader", "replica", "sync_standby"]
        try:
            until(lambda: sorted(self.members().values()) == wanted, "cluster of three")
        except AssertionError as late:
            tails = [f"{m.name}: {m.log.read_text()[-2000:]}" for m in self.machines]
            raise AssertionError(f"{late}; {self.members()}\n" + "\n".join(tails)) from late

    def role(self, role: str) -> DatabaseMachine:
        """Give who has this role now.

        :raises AssertionError: nobody has for long.
        """
        return until(lambda: self._role(role), role)  # type: ignore[return-value]  # a true one

    def _role(self, role: str) -> DatabaseMachine | None:
        roles = self.members()
        return next((machine for machine in self.machines if roles.get(machine.name) == role), None)

    def told(self) -> list[str]:
        """What the logs of the three say of statements, and of what failed in them: it should be nothing."""
        lines = [line for machine in self.machines for line in machine.log.read_text().splitlines()]
        return [line for line in lines if line.startswith(OF_STATEMENTS)]

    def handed_over(self) -> list[str]:
        """What hand-over.sh has said."""
        lines = [line for machine in self.machines for line in machine.log.read_text().splitlines()]
        return [line for line in lines if line.startswith("vigil-hand-over:")]

    def sound(self) -> int:
        """Stop all three as their operator does, and verify every page; give how many are sound.

        :raises AssertionError: a page is damaged.
        """
        for machine in self.machines:
            machine.kill("patroni")
            machine.run(str(POSTGRES / "pg_ctl"), "stop", "--mode=fast", "-D", DATA, user="postgres")
        return sum("Bad checksums:  0" in machine.checksums() for machine in self.machines)

    def url(self, tls: Path) -> str:
        """The address of the database for the web machine whose certificate is in this folder."""
        hosts = ",".join(ADDRESSES.values())
        files = f"sslrootcert={tls / 'ca.pem'}&sslcert={tls / 'web.pem'}&sslkey={tls / 'web.key'}"
        return f"postgresql://vigil@{hosts}/vigil?target_session_attrs=read-write&sslmode=verify-full&{files}"


def _told(machine: DatabaseMachine) -> dict[str, str]:
    """What one machine knows of the roles of all; empty where it answers nothing."""
    try:
        found = machine.ask("/cluster")["members"]
    except OSError:
        return {}
    return {each["name"]: each["role"] for each in found if each["state"] in {"running", "streaming"}}
