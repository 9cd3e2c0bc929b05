"""A private Tor network on 127.0.0.1: authorities, relays, the shipped onion services, clients.

    with TorNet(folder, "unix:/tmp/doors/http.sock") as net: ... net.onion, net.socks

The services are those of deploy/torrc and deploy/torrc-staff, in another place. Nothing leaves 127.0.0.1
(OutboundBindAddress), and each tor ends by itself soon after this process is gone
(__OwningControllerProcess). Needs tor and tor-gencert 0.4.8 or later. Keep the folder's path short: a control
socket's path may have 108 characters.
"""

import contextlib
import os
import re
import socket
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from tests.e2e import torrc
from tests.e2e.http_client import request
from tests.e2e.waiting import end

# A relay that publishes its bandwidth late is always chosen as the last hop, hence MinTimeToReportBandwidth.
COMMON = """\
TestingTorNetwork 1
DataDirectory {folder}
Nickname {name}
__OwningControllerProcess {pid}
ControlSocket {folder}/control
Log notice file {folder}/notice.log
OutboundBindAddress 127.0.0.1
GeoIPFile {empty}
GeoIPv6File {empty}
NumCPUs 1
Schedulers Vanilla
"""
RELAY = """\
SocksPort 0
Address 127.0.0.1
ORPort 127.0.0.1:{orport} IPv4Only
ExitRelay 0
AssumeReachable 1
TestingMinTimeToReportBandwidth 1 day
ServerDNSResolvConfFile {empty}
"""
AUTHORITY = """\
AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
DirPort 127.0.0.1:{dirport} IPv4Only
V3AuthVotingInterval {later}
V3AuthVoteDelay 2
V3AuthDistDelay 2
V3AuthNIntervalsValid 20
TestingV3AuthInitialVotingInterval 1800
TestingV3AuthInitialVoteDelay 2
TestingV3AuthInitialDistDelay 2
TestingDirAuthVoteGuard *
TestingDirAuthVoteHSDir *
"""
LEAF = """\
ORPort 0
ReachableAddresses accept 127.0.0.0/8:*, reject *:*
TestingClientMaxIntervalWithoutRequest 1
"""
AUTHORITIES, RELAYS = 3, 3
ENOUGH_DIRECTORY = 75  # per cent of the way: tor knows enough relays to build circuits


class TorError(Exception):
    """A tor process ended, or refused a command, or the network did not form in time."""


def free_ports(number: int) -> list[int]:
    """Find ports that nobody has: taken together, because one by one the same can come twice."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Node:
    """One tor process with a data directory of its own."""

    def __init__(self, base: Path, name: str, torrc: str, orport: int = 0, dirport: int = 0) -> None:
        self.name, self.folder, self.orport, self.dirport = name, base / name, orport, dirport
        self.folder.mkdir(mode=0o700)
        self.process: subprocess.Popen[bytes] | None = None
        self.last_hup = 0.0
        # -f wants a real empty file, not /dev/null.
        self.empty = base / "empty"
        self.torrc = (COMMON + torrc).format(
            folder=self.folder, name=name, pid=os.getpid(), empty=self.empty, orport=orport, dirport=dirport
        )

    def start(self, *more: str) -> None:
        (self.folder / "torrc").write_text("\n".join([self.torrc, *more, ""]))
        command = ["tor", "--defaults-torrc", str(self.empty), "-f", str(self.folder / "torrc")]
        with (self.folder / "stdout.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def stop(self) -> None:
        if self.process:
            end(self.process)

    @property
    def dead(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def control(self, *commands: str, until: str = "", bound: float = 60) -> list[str]:
        """Send control commands; give the reply's lines, up to one that matches ``until`` if that is given.

        :raises TorError: when tor is gone, refuses a command or answers too late.
        """
        deadline = time.monotonic() + bound
        lines: list[str] = []
        with socket.socket(socket.AF_UNIX) as sock:
            while sock.connect_ex(str(self.folder / "control")):
                if time.monotonic() > deadline or self.dead:
                    raise TorError(f"{self.name} opens no control socket; see {self.folder}/*.log")
                time.sleep(0.05)
            stream = sock.makefile("rwb")

            def read() -> str:
                sock.settimeout(max(0.1, deadline - time.monotonic()))
                lines.append(stream.readline().decode("utf-8", "replace").rstrip("\r\n"))
                if not lines[-1]:
                    raise TorError(f"{self.name} closed the control connection")
                return lines[-1]

            for command in ("AUTHENTICATE", *commands):
                stream.write(command.encode() + b"\r\n")
                stream.flush()
                while not re.match(r"\d{3} ", read()):
                    pass
                if not lines[-1].startswith("2"):
                    raise TorError(f"{self.name}: {command}: {lines[-1]}")
            while until and not re.search(until, lines[-1]):
                read()
        return lines

    def has_directory(self, hup: bool = False) -> bool:
        """Does it know the network? If not, and so asked, HUP it: that resets growing download delays."""
        phase = " ".join(self.control("GETINFO status/bootstrap-phase"))
        progress = re.search(r"PROGRESS=(\d+)", phase)
        done = progress is not None and int(progress[1]) >= ENOUGH_DIRECTORY
        if hup and not done and time.monotonic() > self.last_hup + 2:
            self.last_hup = time.monotonic()
            self.control("SIGNAL HUP")
        return done


class TorNet:
    """The whole network; a context manager that gives itself once a page came through it.

    ``target`` is where the web's onion service leads: unix:/folder/http.sock, where each connection begins
    with a PROXY line, or 127.0.0.1:port, where none does. ``staff`` gives the folder of the staff's service,
    as `vigil-staff-client init` made it, and where it leads. ``onion`` is the web's host name,
    ``staff_onion`` the staff's, ``socks`` the client's port on 127.0.0.1.
    """

    # Seconds from the first consensus to the next, and between all later ones: these stay for minutes.
    first_vote, later_votes = 10, 300

    def __init__(
        self, base: Path, target: str, bound: float = 240, staff: tuple[Path, str] | None = None
    ) -> None:
        self.base, self.target, self.staff, self.bound = base, target, staff, bound
        self.deadline = time.monotonic() + bound
        self.nodes: list[Node] = []
        self.lines: list[str] = []
        self.reloaded = 0.0
        self.onion, self.staff_onion, self.socks = "", "", 0

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Self:
        """Start everything.

        :raises TorError: when the network did not form in time.
        """
        self.base.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.base / "empty").touch()
        count = AUTHORITIES + RELAYS
        ports = free_ports(2 * count)
        for i in range(count):
            authority = AUTHORITY.replace("{later}", str(self.later_votes))
            kind, torrc = ("auth", RELAY + authority) if i < AUTHORITIES else ("relay", RELAY)
            self.nodes.append(Node(self.base, f"{kind}{i}", torrc, *ports[2 * i : 2 * i + 2]))
        nodes = list(self.nodes)
        authorities, relays = nodes[:AUTHORITIES], nodes[AUTHORITIES:]
        with ThreadPoolExecutor() as pool:
            self.lines = list(pool.map(self.make_authority, authorities))
        for node in self.nodes:
            node.start(*self.lines)
        self.vote(authorities, count)
        # A list, so that every relay without a directory is asked again, not only the first.
        self.wait("relay", lambda: False not in [node.has_directory(hup=node in relays) for node in nodes])
        self.start_leaves()
        return self

    def vote(self, authorities: list[Node], count: int) -> None:
        """Let the authorities vote once each knows every relay: the first consensus stays for minutes."""
        self.wait("descriptor", lambda: all(descriptors(node) == count for node in authorities))
        offset = int(time.time() + 5) % self.first_vote
        for node in authorities:
            node.control(
                f"SETCONF TestingV3AuthInitialVotingInterval={self.first_vote} "
                f"TestingV3AuthVotingStartOffset={offset}"
            )
        consensus = [node.folder / "cached-microdesc-consensus" for node in authorities]
        self.wait("consensus", lambda: all(path.exists() for path in consensus))

    def start_leaves(self) -> None:
        """Start the client and the onion services, and fetch one page through both."""
        self.socks = self.join("client")
        service = Node(self.base, "service", LEAF)
        self.nodes.append(service)
        service.start(self.shipped(service.folder), *self.lines)
        service.control()  # tor answers once the keys are made
        self.onion = (service.folder / "onion" / "hostname").read_text().strip()
        if self.staff:
            self.staff_onion = (self.staff[0] / "hostname").read_text().strip()
        with ThreadPoolExecutor() as pool:
            list(pool.map(self.known, [onion for onion in (self.onion, self.staff_onion) if onion]))
        self.reloaded = time.monotonic()
        self.wait("page through the network", self.answers)

    def known(self, onion: str, *commands: str) -> None:
        """Give commands to the services' tor, and wait until it has told the network of this service."""
        told = f"^650 HS_DESC UPLOADED {onion.removesuffix('.onion')}"
        self.node("service").control("SETEVENTS HS_DESC", *commands, until=told, bound=self.bound)

    def shipped(self, folder: Path) -> str:
        """The lines that we ship, but with folders, sockets and log here, and our own way to control it."""
        words = {torrc.WEB_FOLDER: f"{folder}/onion", torrc.WEB_SOCKET: self.target}
        words[torrc.LOG] = f"file {folder}/shipped.log"
        without = ["ControlSocket 0"] + ([] if self.target.startswith("unix:") else [torrc.CIRCUIT])
        lines = torrc.moved(torrc.WEB, words, without)
        if self.staff:
            staff, target = self.staff
            lines += torrc.moved(torrc.STAFF, {torrc.STAFF_FOLDER: str(staff), torrc.STAFF_SOCKET: target})
        return lines

    def descriptor(self, onion: str = "") -> str:
        """What the client was told of the web's service, or another, as it came; once it was there."""
        name = (onion or self.onion).removesuffix(".onion")
        return "\n".join(self.node("client").control(f"GETINFO hs/client/desc/id/{name}"))

    def reload(self) -> None:
        """Have the services' tor read its files again, and wait until the staff's service is known anew.

        Not within two seconds of the last time: a descriptor of the same second is refused as an old one.
        """
        time.sleep(max(0.0, self.reloaded + 2 - time.monotonic()))
        self.known(self.staff_onion, "SIGNAL HUP")
        self.reloaded = time.monotonic()

    def node(self, name: str) -> Node:
        """The tor of this name: service, client, or one that joined."""
        return next(node for node in self.nodes if node.name == name)

    def join(self, name: str, keys: Path | None = None) -> int:
        """Start one more client, with the keys of this folder for onion services; give its SOCKS port."""
        (socks,) = free_ports(1)
        client = Node(self.base, name, LEAF)
        self.nodes.append(client)
        more = [f"ClientOnionAuthDir {keys}"] if keys else []
        client.start(f"SocksPort 127.0.0.1:{socks} ExtendedErrors", *more, *self.lines)
        client.control()  # tor answers once the port is open
        return socks

    def answers(self) -> bool:
        """Does the site answer through the network?"""
        with contextlib.suppress(OSError):
            return request((self.onion, 80), "GET", "/report", socks=self.socks, bound=30).status == 200
        return False

    def make_authority(self, node: Node) -> str:
        """Make the node's keys; give its DirAuthority line."""
        keys = node.folder / "keys"
        keys.mkdir(mode=0o700)
        cert = keys / "authority_certificate"
        certify = ["tor-gencert", "--create-identity-key", "--passphrase-fd", "0", "-m", "12"]
        certify += ["-i", str(keys / "authority_identity_key"), "-s", str(keys / "authority_signing_key")]
        certify += ["-c", str(cert), "-a", f"127.0.0.1:{node.dirport}"]
        subprocess.run(certify, input=b"passphrase\n", check=True, capture_output=True, timeout=self.bound)
        v3ident = re.findall(r"^fingerprint (\w+)", cert.read_text(), re.MULTILINE)[0]
        show = ["tor", "--defaults-torrc", str(node.empty), "-f", str(node.empty), "--quiet"]
        show += ["--DataDirectory", str(node.folder), "--Nickname", node.name, "--ORPort", "1"]
        shown = subprocess.run(
            [*show, "--list-fingerprint"], check=True, capture_output=True, timeout=self.bound, text=True
        ).stdout
        fingerprint = shown.split(None, 1)[1].strip()
        orport, dirport = f"orport={node.orport}", f"127.0.0.1:{node.dirport}"
        return f"DirAuthority {node.name} {orport} no-v2 v3ident={v3ident} {dirport} {fingerprint}"

    def wait(self, what: str, condition: Callable[[], bool]) -> None:
        while not condition():
            dead = [node.name for node in self.nodes if node.dead]
            if dead or time.monotonic() > self.deadline:
                raise TorError(f"no {what} within {self.bound:.0f} s (dead: {dead}); see {self.base}")
            time.sleep(0.1)

    def stop(self) -> None:
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(Node.stop, self.nodes))


def descriptors(node: Node) -> int:
    """How many relays a node knows."""
    return sum(line.startswith("router ") for line in node.control("GETINFO desc/all-recent"))
