"""Several web machines of one site behind a front, on loopback: the files of deploy/cluster run as they are.

    with Cluster(folder, keys) as cluster: ... cluster.address, cluster.sites, cluster.webs, cluster.front

A visitor's machine is the front's choice, by their address: see `Cluster.visitors`.
"""

import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from crypto import strict_base64, tokens
from crypto.sharedkeys import following
from store.clock import utc_today
from store.form_keys import share
from tests import engine
from tests.e2e.doors import BY_NGINX
from tests.e2e.http_client import Address, multipart
from tests.e2e.proxy import DOMAIN, SHIPPED, Certificates, Nginx, Plain, replaced
from tests.e2e.server import ROOT, Site
from tests.e2e.source import Form, Source
from tests.e2e.tornet import free_ports
from tests.e2e.waiting import BOUND, until

CLUSTER = ROOT / "deploy/cluster"
NAMES = ("web1", "web2")


class Machines:
    """The certificates that the machines show each other, made by the script that operators run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run("authority")
        for name in ("front", *NAMES):
            self.run("machine", name, "127.0.0.1")

    def run(self, *arguments: str) -> None:
        """Run the script on this folder.

        :raises AssertionError: it refuses.
        """
        command: list[str | Path] = [CLUSTER / "certificates.sh", self.folder, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=BOUND, check=False)
        assert done.returncode == 0, done.stderr

    def give(self, name: str, folder: Path) -> None:
        """Put a machine's files where its nginx reads them."""
        shutil.copytree(self.folder / name, folder / "cluster", dirs_exist_ok=True)

    def client(self, certificate: Path | None) -> ssl.SSLContext:
        """What somebody connects with who shows this certificate, or none."""
        context = ssl.create_default_context(cafile=str(self.folder / "ca.pem"))
        if certificate:
            context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        return context


class Part(Nginx):
    """One nginx of several machines, from the shipped nginx.conf and a file of deploy/cluster."""

    def __init__(
        self,
        folder: Path,
        shipped: str,
        changes: Mapping[str, str],
        prefix: Sequence[str] = (),
    ) -> None:
        self.folder, self.prefix = folder, list(prefix)
        self.process = None
        for name in ("temp", "cluster", "acme/.well-known/acme-challenge"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        main = {
            "user www-data;": "user root;" if os.geteuid() == 0 else "",
            "/run/nginx.pid": f"{folder}/nginx.pid",
            "/var/lib/nginx/": f"{folder}/temp/",
            "/etc/vigil/nginx/": f"{folder}/",
        }
        (folder / "nginx.conf").write_text(replaced((SHIPPED / "nginx.conf").read_text(), main))
        own = {"/etc/vigil/cluster/": f"{folder}/cluster/", **changes}
        (folder / "vigil.conf").write_text(replaced((CLUSTER / shipped).read_text(), own))


class Front(Part):
    """The front: what visitors reach, before web machines at these addresses."""

    def __init__(
        self,
        folder: Path,
        ports: Sequence[int],
        machines: Machines,
        webs: Sequence[str],
        prefix: Sequence[str] = (),
    ) -> None:
        self.https, self.http = ports
        folder.mkdir(parents=True)
        self.certificates = Certificates(folder / "tls")
        shutil.copy(SHIPPED / "away.html", folder)
        changes = {
            "listen [::]:80 default_server;": "",
            "listen [::]:80;": "",
            "listen [::]:443 ssl http2 default_server;": "",
            "listen [::]:443 ssl http2;": "",
            "listen 80": f"listen 127.0.0.1:{self.http}",
            "listen 443": f"listen 127.0.0.1:{self.https}",
            "https://@DOMAIN@": f"https://@DOMAIN@:{self.https}",
            "header Host @DOMAIN@": f"header Host @DOMAIN@:{self.https}",
            "@DOMAIN@": DOMAIN,
            "/etc/vigil/tls/": f"{folder}/tls/",
            "root /etc/vigil/nginx;": f"root {folder};",
            "/var/lib/vigil-acme": f"{folder}/acme",
            "10.20.0.11:8443": webs[0],
            "10.20.0.12:8443": webs[1],
        }
        super().__init__(folder, "nginx-front.conf", changes, prefix)
        machines.give("front", folder)


class Web(Part):
    """The nginx of one web machine, at ``https``, before the gunicorn that listens at a socket."""

    def __init__(
        self,
        folder: Path,
        name: str,
        machines: Machines,
        listening: Path,
        host: str,
        prefix: Sequence[str] = (),
    ) -> None:
        (self.https,) = free_ports(1)
        changes = {
            "@ADDRESS@:8443": self.address,
            "header Host @DOMAIN@": f"header Host {host}",
            "/run/vigil/clearnet.sock": str(listening),
            "/opt/vigil/current/public": f"{folder}/public",
        }
        super().__init__(folder, "nginx-web.conf", changes, prefix)
        self.lay_static()
        machines.give(name, folder)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.https}"

    def listens(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.output()
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.https), BOUND):
            return True
        return False


class Cluster:
    """Two web machines with a gunicorn each, the nginx before it, one database, one front.

    ``prefix`` is put before every nginx's command, made of its name: a tracer. ``address`` is plain HTTP
    through the front's TLS, while it runs.
    """

    def __init__(
        self,
        folder: Path,
        practice_data: Path,
        database: str,
        prefix: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.folder = folder
        traced = prefix or {}
        folder.mkdir(parents=True, exist_ok=True)
        self.machines = Machines(folder / "certificates")
        self._closed = ExitStack()
        self.sites, doors = [], []
        for name in NAMES:
            # A socket's path has to be short.
            place = Path(self._closed.enter_context(tempfile.TemporaryDirectory(prefix="web")))
            doors.append(place / BY_NGINX)
            own = {"VIGIL_DATABASE_URL": database, "VIGIL_MACHINE": name} if database else {}
            self.sites.append(Site(folder / name, practice_data, environment=own, doors=place))
        ports = free_ports(2)
        host = f"{DOMAIN}:{ports[0]}"
        self.webs = [
            Web(folder / f"nginx-{name}", name, self.machines, door, host, traced.get(name, ()))
            for name, door in zip(NAMES, doors, strict=True)
        ]
        addresses = [web.address for web in self.webs]
        self.front = Front(folder / "front", ports, self.machines, addresses, traced.get("front", ()))
        self.plain: Plain | None = None

    @property
    def address(self) -> Address:
        assert self.plain
        return self.plain.address

    def __enter__(self) -> Self:
        try:
            for site in self.sites:
                site.spawn()
            for part in (*self.webs, self.front):
                part.start()
            for site in self.sites:
                until(site.answers, "answer of a web machine")
            self.plain = Plain(self.front)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.plain:
            self.plain.close()
        for part in (self.front, *self.webs, *self.sites):
            part.kill()
        self._closed.close()

    def share_form_keys(self) -> None:
        """Give each machine the same file of form keys, as an operator does who copies it."""
        first, *others = (site.data / "form.keys" for site in self.sites)
        share(first, utc_today(), following)
        for other in others:
            shutil.copy(first, other)

    def visitors(self, code: str) -> list[str]:
        """Find an address for each web machine that the front sends there, by a mailbox's words."""
        found: dict[bytes, str] = {}
        tags = [tokens.machine_tag(name) for name in NAMES]
        for number in range(2, 200):
            address = f"127.0.9.{number}"
            found.setdefault(machine_of(Mailbox(self.address, address).enter(code)), address)
            if found.keys() >= set(tags):
                return [found[tag] for tag in tags]
        raise AssertionError(f"the front sends everybody to {found}")


class Mailbox(Source):
    """Somebody at /mailbox, from an address of their own; `press` goes there."""

    def __init__(self, address: Address, address_from: str = "") -> None:
        self.address, self.address_from, self.socks = address, address_from, 0
        self.answer = self._ask("GET", "/mailbox")
        assert self.answer.status == 200, self.answer

    def enter(self, code: str) -> "Mailbox":
        """Type the words, and press open."""
        self.form.fill("code", code)
        self.press("do", "open")
        return self

    def press(self, name: str, value: str, files: Sequence[tuple[str, str, bytes]] = ()) -> "Mailbox":
        """Press a button of the page."""
        body, kind = multipart(self.parts(name, value, files))
        self.answer = self._ask("POST", "/mailbox", body, kind)
        return self


def machine_of(mailbox: Mailbox) -> bytes:
    """The tag of the machine that answered with an open mailbox."""
    token = Form(mailbox.answer.text).value("mailbox")
    return strict_base64.decoded(token.encode(), url=True)[: tokens.MACHINE]


def fresh_database() -> str:
    """The URL of a new database with the tables in it, whichever engine other tests are on."""
    with engine.chosen(engine.POSTGRES):
        return engine.fresh()


class Switch:
    """One address before several: it carries each connection to the one that is chosen then. For browsers."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports, self._chosen = ports, 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._start(self._serve)

    def _start(self, work: Callable[..., None], *given: socket.socket) -> None:
        self._threads.append(threading.Thread(target=work, args=given, daemon=True))
        self._threads[-1].start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listening.accept()
                there = socket.create_connection(("127.0.0.1", self._ports[self._chosen]), BOUND)
                self._open += [here, there]
                self._start(_carried, here, there)
                self._start(_carried, there, here)

    def choose(self, place: int) -> None:
        """Carry what connects from now on to this one, and end what is open: browsers keep connections."""
        self._chosen = place
        for sock in self._open:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Carry nothing any more."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self.choose(0)
        for thread in self._threads:
            thread.join(BOUND)
        for sock in (self._listening, *self._open):
            sock.close()


def _carried(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65_536):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
