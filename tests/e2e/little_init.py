"""A process 1 for a Debian tree: what the installer asks of systemd, for want of a systemd that boots here.

It reads the tree's own units, drop-ins included, holds their sockets, starts their commands as their users,
as confined as can be (confined.py), hears their notifications, and reloads and stops them as systemd would.
`systemctl` in the tree is little_systemctl.py, which asks here. All in the tree ends with this process.

Run as `python3 little_init.py`, with a fresh /run. The standard library only.
"""

import contextlib
import grp
import json
import os
import pwd
import select
import shlex
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from confined import Settings, allowed_calls, confine, last, on

ASKED = "/run/little.sock"
FOLDERS = [Path("/etc/systemd/system"), Path("/usr/lib/systemd/system"), Path("/lib/systemd/system")]
PATIENCE = 120.0


def settings_of(unit: str) -> dict[str, Settings]:
    """A unit's sections as it stands, its drop-ins after it; an empty value begins a list anew."""
    name, dot, kind = unit.rpartition(".")
    stem, at, _ = name.partition("@")
    template = stem + at + dot + kind
    bases = [folder / each for folder in FOLDERS for each in (unit, template)]
    base = next((path for path in bases if path.exists()), None)
    if base is None:
        raise FileNotFoundError(f"Unit {unit} not found.")
    files = [base, *(path for folder in FOLDERS for path in sorted((folder / f"{unit}.d").glob("*.conf")))]
    sections: dict[str, Settings] = {}
    for file in files:
        section: Settings = {}
        for line in file.read_text().splitlines():
            if line.startswith("["):
                section = sections.setdefault(line.strip("[] \t"), {})
            elif "=" in line and line[0] not in "#;":
                key, _, value = line.partition("=")
                section[key] = [*section.get(key, []), value] if value else []
    return sections


class Service:
    """One service: its main process, and who belongs to it."""

    def __init__(self, name: str) -> None:
        self.name, self.main, self.group, self.wanted = name, 0, 0, False
        self.ready = False
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.address = f"/run/little.{name}.notify"
        self.notify.bind(self.address)
        Path(self.address).chmod(0o777)

    def hear(self) -> None:
        """Take up what its processes said of themselves."""
        with contextlib.suppress(BlockingIOError):
            while True:
                for line in self.notify.recv(4096).decode().splitlines():
                    self.ready = self.ready or line == "READY=1"
                    if line.startswith("MAINPID="):
                        self.main = int(line[8:])


class Init:
    """All units that were ever asked for."""

    def __init__(self) -> None:
        self.services: dict[str, Service] = {}
        self.sockets: dict[str, list[socket.socket]] = {}

    # ---- what systemctl asks

    def answer(self, verb: str, words: list[str]) -> tuple[int, str]:
        """Do what was asked; give the status and what to print.

        :raises OSError: it cannot be done
        """
        if verb == "show":
            return 0, str(self.service("vigil.service").main)
        if verb == "is-active":
            active = all(unit in self.sockets or self.is_running(unit) for unit in words)
            return (0, "active") if active else (3, "inactive")
        for unit in words:
            if unit.endswith(".timer"):
                settings_of(unit)
            elif unit.endswith(".socket"):
                self.listen(unit) if verb in {"start", "restart"} else self.unlisten(unit)
            elif (status := self.do(verb, unit)) != 0:
                return status, ""
        return 0, ""

    def is_running(self, unit: str) -> bool:
        return unit in self.services and bool(self.service(unit).main)

    def do(self, verb: str, unit: str) -> int:
        """Do something with a service."""
        service = self.service(unit)
        running = bool(service.main)
        if verb in {"stop", "restart"} or (verb == "try-restart" and running):
            self.stop(service)
        if verb == "stop" or (verb == "try-restart" and not running):
            return 0
        if running and verb in {"reload", "reload-or-restart"}:
            for line in settings_of(unit)["Service"].get("ExecReload", []):
                command = shlex.split(
                    line.replace("${MAINPID}", "$MAINPID").replace("$MAINPID", str(service.main))
                )
                os.waitpid(os.spawnv(os.P_NOWAIT, command[0], command), 0)
            return 0
        if verb == "reload":
            return 1
        return 0 if service.main else self.start(service)

    def service(self, unit: str) -> Service:
        if unit not in self.services:
            settings_of(unit)
            self.services[unit] = Service(unit)
        self.services[unit].hear()
        return self.services[unit]

    # ---- sockets

    def listen(self, unit: str) -> None:
        """Hold a unit's sockets, owned as it says."""
        if unit in self.sockets:
            return
        section = settings_of(unit)["Socket"]
        if self.is_running(last(section, "Service")):
            raise OSError(f"{unit}: Socket service {last(section, 'Service')} already active, refusing.")
        self.sockets[unit] = []
        for path in section["ListenStream"]:
            Path(path).parent.mkdir(mode=0o755, exist_ok=True)
            Path(path).unlink(missing_ok=True)
            held = socket.socket(socket.AF_UNIX)
            held.bind(path)
            user, group = last(section, "SocketUser", "root"), last(section, "SocketGroup", "root")
            os.chown(path, pwd.getpwnam(user).pw_uid, grp.getgrnam(group).gr_gid)
            Path(path).chmod(int(last(section, "SocketMode", "0666"), 8))
            held.listen(int(last(section, "Backlog", "128")))
            self.sockets[unit].append(held)

    def unlisten(self, unit: str) -> None:
        for held in self.sockets.pop(unit, []):
            held.close()

    def sockets_for(self, name: str) -> list[socket.socket]:
        return [
            held
            for unit, those in self.sockets.items()
            if last(settings_of(unit)["Socket"], "Service") == name
            for held in those
        ]

    # ---- processes

    def start(self, service: Service) -> int:
        """Start a service and wait as its type says; 1 when it failed."""
        section = settings_of(service.name)["Service"]
        kind = last(section, "Type", "simple")
        calls = allowed_calls(section)
        service.ready = False
        # Of an older style: what comes before the start is not confined.
        first = {} if on(section, "PermissionsStartOnly") else section
        for line in section.get("ExecStartPre", []):
            if self.waited(self.spawn(service, first, line, calls)):
                return 1
        pid = self.spawn(service, section, section["ExecStart"][0], calls)
        service.wanted = kind != "oneshot"
        if kind in {"oneshot", "forking"}:
            status = self.waited(pid)
            if kind == "forking" and not status:
                service.main = int(Path(last(section, "PIDFile")).read_text())
            return status
        service.main = service.group = pid
        deadline = time.monotonic() + PATIENCE
        while kind == "notify" and not service.ready:
            service.hear()
            self.reap()
            if not service.main or time.monotonic() > deadline:
                return 1
            time.sleep(0.05)
        return 0

    def waited(self, pid: int) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def spawn(self, service: Service, section: Settings, line: str, calls: set[str] | None) -> int:
        command = shlex.split(line.lstrip("-+!:"))
        held = self.sockets_for(service.name)
        pid = os.fork()
        if pid:
            return pid
        try:
            os.setsid()
            output = os.open(f"/run/little.{service.name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(output, 1)
            os.dup2(output, 2)
            beyond = [os.dup(os.dup(each.fileno())) for each in held]
            high = [os.dup2(each, 100 + place) for place, each in enumerate(beyond)]
            os.closerange(3, 100)
            for place, each in enumerate(high, 3):
                os.dup2(each, place)
            os.closerange(100, 120)
            environment = self.environment(section)
            if held:
                environment |= {"LISTEN_FDS": str(len(held)), "LISTEN_PID": str(os.getpid())}
            environment["NOTIFY_SOCKET"] = service.address
            confine(section, calls if section else None)
            os.chdir(last(section, "WorkingDirectory", "/"))
            os.execve(command[0], command, environment)
        except Exception as error:  # noqa: BLE001 - it is told, and the process ends
            os.write(2, f"little_init: {service.name}: {error!r}\n".encode())
        os._exit(127)

    def environment(self, section: Settings) -> dict[str, str]:
        found = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG": "C.UTF-8"}
        if user := last(section, "User"):
            found |= {"USER": user, "HOME": pwd.getpwnam(user).pw_dir}
        for file in section.get("EnvironmentFile", []):
            for line in Path(file).read_text().splitlines():
                if "=" in line and line[0] not in "#;":
                    name, _, value = line.partition("=")
                    found[name] = value.strip()
        return found

    def stop(self, service: Service) -> None:
        """Ask every process of it to end, and wait."""
        service.wanted = False
        if not service.main:
            return
        number = signal.SIGINT if service.name.startswith("tor@") else signal.SIGTERM
        try:
            os.killpg(os.getpgid(service.main), number)
        except ProcessLookupError:
            service.main = 0
        deadline = time.monotonic() + PATIENCE
        while service.main and time.monotonic() < deadline:
            self.reap()
            time.sleep(0.05)

    def reap(self) -> None:
        """Bury who has ended; what ought to run is started again."""
        for service in self.services.values():
            service.hear()
        with contextlib.suppress(ChildProcessError):
            while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                for service in self.services.values():
                    if service.main == pid:
                        service.main = 0

    def restart_lost(self) -> None:
        for service in list(self.services.values()):
            if service.wanted and not service.main:
                self.start(service)


def asked(init: Init, connection: socket.socket) -> None:
    """Answer one systemctl."""
    with connection, connection.makefile("rwb") as stream:
        verb, *words = json.loads(stream.readline())
        reply: tuple[int, Any]
        try:
            reply = init.answer(verb, words)
        except (OSError, KeyError) as error:
            reply = (5, str(error))
        stream.write(json.dumps(reply).encode() + b"\n")


def main() -> None:
    """Serve until killed, or until whoever started this is gone: then standard input ends."""
    init = Init()
    door = socket.socket(socket.AF_UNIX)
    door.bind(ASKED)
    door.listen()
    print("ready", flush=True)
    while sys.stdin not in (heard := select.select([door, sys.stdin], [], [], 0.2)[0]):
        if heard:
            asked(init, door.accept()[0])
        init.reap()
        init.restart_lost()


if __name__ == "__main__":
    sys.exit(main())
