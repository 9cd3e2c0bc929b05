"""The nginx that is shipped, on loopback, with its own certificate, before a site on its clearnet socket.

    with Fronted(folder, keys) as front: ... front.url, front.address, front.nginx

What it may write to is all in one folder. The files of deploy/nginx run as they are, but for ports and paths.
"""

import asyncio
import contextlib
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.e2e.doors import BY_NGINX
from tests.e2e.http_client import Address
from tests.e2e.server import ROOT, Site
from tests.e2e.tornet import free_ports
from tests.e2e.waiting import BOUND, end, kill, until

SHIPPED = ROOT / "deploy/nginx"
DOMAIN = "localhost"
# For tests of what is shed: the real values are minutes.
QUICK = {
    "client_header_timeout 20s;": "client_header_timeout 1s;",
    "client_body_timeout 120s;": "client_body_timeout 2s;",
    "send_timeout 120s;": "send_timeout 2s;",
}
LEFT_ALONE = 0.5  # seconds that an answer may take when its client has said that nothing more comes


class Certificates:
    """A certificate authority of our own, and a certificate by it for `DOMAIN`: PEM files in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.authority, self.chain, self.key = (folder / f"{name}.pem" for name in ("ca", "chain", "key"))
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        name, days = "/CN=Vigil tests", ["-days", "2"]
        openssl(
            "req", "-x509", *key, *days, "-subj", name, "-keyout", folder / "ca.key", "-out", self.authority
        )
        request, names = folder / "request.pem", folder / "names"
        names.write_text(f"subjectAltName=DNS:{DOMAIN}\n")
        openssl("req", *key, "-subj", f"/CN={DOMAIN}", "-keyout", self.key, "-out", request)
        signed: list[str | Path] = [
            "-CA",
            self.authority,
            "-CAkey",
            folder / "ca.key",
            "-CAcreateserial",
            "-extfile",
            names,
        ]
        openssl("x509", "-req", "-in", request, *signed, *days, "-out", self.chain)

    def client(self) -> ssl.SSLContext:
        """What a visitor who trusts the authority connects with."""
        return ssl.create_default_context(cafile=str(self.authority))


def openssl(*arguments: str | Path) -> str:
    """Run openssl; give what it prints.

    :raises subprocess.CalledProcessError: it failed.
    """
    done = subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=BOUND)
    return done.stdout.decode()


class Nginx:
    """One nginx in a folder: ``https`` and ``http`` are its ports, ``socket`` is where the site listens."""

    def __init__(
        self,
        folder: Path,
        listening: Path,
        changes: Mapping[str, str] | None = None,
        prefix: Sequence[str] = (),
    ) -> None:
        self.folder, self.socket, self.prefix = folder, listening, list(prefix)
        self.https, self.http = free_ports(2)
        self.process: subprocess.Popen[bytes] | None = None
        for name in ("temp", "acme/.well-known/acme-challenge", "public"):
            (folder / name).mkdir(parents=True)
        self.certificates = Certificates(folder / "tls")
        self.lay_static()
        self.write(dict(changes or {}))

    @property
    def url(self) -> str:
        return f"https://{DOMAIN}:{self.https}"

    def lay_static(self) -> None:
        """Lay the static files out, as the installer does."""
        command = [sys.executable, "-m", "deploy.nginx.lay_static", str(self.folder / "public")]
        subprocess.run(command, cwd=ROOT, check=True, timeout=BOUND)

    def write(self, changes: Mapping[str, str]) -> None:
        """Write the shipped files with this folder's ports and paths, and other changes."""
        main = {
            # As root its workers would be somebody who cannot look into a test's folder.
            "user www-data;": "user root;" if os.geteuid() == 0 else "",
            "/run/nginx.pid": f"{self.folder}/nginx.pid",
            "/var/lib/nginx/": f"{self.folder}/temp/",
            "/etc/vigil/nginx/": f"{self.folder}/",
        }
        site = {
            "listen [::]:80 default_server;": "",
            "listen [::]:80;": "",
            "listen [::]:443 ssl http2 default_server;": "",
            "listen [::]:443 ssl http2;": "",
            "listen 80": f"listen 127.0.0.1:{self.http}",
            "listen 443": f"listen 127.0.0.1:{self.https}",
            "https://@DOMAIN@": f"https://@DOMAIN@:{self.https}",
            "header Host @DOMAIN@": f"header Host @DOMAIN@:{self.https}",
            "@DOMAIN@": DOMAIN,
            "/etc/vigil/tls/": f"{self.folder}/tls/",
            "/run/vigil/clearnet.sock": str(self.socket),
            "/opt/vigil/current/public": f"{self.folder}/public",
            "/opt/vigil/current/deploy/": f"{ROOT}/deploy/",
            "/var/lib/vigil-acme": f"{self.folder}/acme",
        }
        for name, filled in (("nginx.conf", main), ("vigil.conf", site)):
            text = (SHIPPED / name).read_text()
            wanted = filled | {old: new for old, new in changes.items() if old in text}
            (self.folder / name).write_text(replaced(text, wanted))
        unused = [old for old in changes if not any(old in (SHIPPED / name).read_text() for name in FILES)]
        assert not unused, f"the shipped files have no {unused}"

    def command(self, *more: str) -> list[str]:
        """The command, as nginx.service.conf gives it."""
        return ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), *more]

    def tested(self) -> str:
        """What `nginx -t` says of the files.

        :raises AssertionError: it refuses them.
        """
        done = subprocess.run(self.command("-t"), capture_output=True, text=True, timeout=BOUND, check=False)
        assert done.returncode == 0, done.stderr
        return meant(done.stderr)

    def start(self) -> Self:
        """Start it, and wait until it listens."""
        with (self.folder / "output.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, *self.command("-g", "daemon off;")],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(self.listens, f"nginx; it says {self.output()}")
        return self

    def listens(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.output()
        with contextlib.suppress(OSError), self.connected():
            return True
        return False

    def connected(self, source: str = "127.0.0.1", alpn: Sequence[str] = ()) -> ssl.SSLSocket:
        """Connect as a visitor who knows the authority, from this address.

        :raises OSError: nobody answers, or not with our certificate.
        """
        context = self.certificates.client()
        if alpn:
            context.set_alpn_protocols(list(alpn))
        return tls((DOMAIN, self.https), context, source)

    def output(self) -> str:
        """All that it has printed."""
        path = self.folder / "output.log"
        return meant(path.read_text(errors="replace")) if path.exists() else ""

    def kill(self) -> None:
        if self.process:
            kill(self.process)

    def stop(self) -> None:
        if self.process:
            end(self.process)


FILES = ("nginx.conf", "vigil.conf")
# What Debian 13's nginx says at its start of the way in which Debian 12's wants HTTP/2 to be asked for.
TO_BE_EXPECTED = '"listen ... http2" directive is deprecated'


def meant(told: str) -> str:
    """What nginx printed, without what is to be expected."""
    return "".join(line for line in told.splitlines(keepends=True) if TO_BE_EXPECTED not in line)


def replaced(text: str, changes: Mapping[str, str]) -> str:
    """Change a shipped file.

    :raises AssertionError: something that is to be changed is not in it.
    """
    for old, new in changes.items():
        assert old in text, f"the shipped file has no {old!r}"
        text = text.replace(old, new)
    return text


def tls(address: Address, context: ssl.SSLContext, source: str = "127.0.0.1") -> ssl.SSLSocket:
    """Connect with TLS, naming the host; always to 127.0.0.1.

    :raises OSError: nobody answers, or not with a certificate that the context trusts.
    """
    plain = socket.create_connection(("127.0.0.1", address[1]), BOUND, (source, 0))
    try:
        return context.wrap_socket(plain, server_hostname=address[0])
    except BaseException:
        plain.close()
        raise


class Plain:
    """A port on which plain HTTP is carried to nginx through TLS, from the same address: for clients without.

    It carries bytes and knows no HTTP. ``address`` is where to connect, under the site's own name.
    """

    def __init__(self, nginx: Nginx) -> None:
        self.nginx = nginx
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._thread.start()
        assert self._ready.wait(BOUND), "no relay"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._carry, "127.0.0.1", 0, backlog=2048)
        )
        self.address: Address = (DOMAIN, self._server.sockets[0].getsockname()[1])
        self._ready.set()
        self._loop.run_forever()
        self._server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        context, visitor = self.nginx.certificates.client(), writer.get_extra_info("peername")[0]
        try:
            up_reader, up_writer = await asyncio.open_connection(
                "127.0.0.1",
                self.nginx.https,
                ssl=context,
                server_hostname=DOMAIN,
                local_addr=(visitor, 0),
            )
        except OSError:
            writer.transport.abort()
            return
        down = asyncio.create_task(carried(up_reader, writer))
        up = asyncio.create_task(carried(reader, up_writer))
        # Cancelled when the relay closes: asyncio would print that as an error.
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
            if up.done() and await up:
                # A client that only stopped speaking may still wait for its answer; TLS knows no such half.
                await asyncio.wait({down}, timeout=LEFT_ALONE)
        for task in (up, down):
            task.cancel()
        up_writer.transport.abort()
        writer.close()

    def close(self) -> None:
        """Stop carrying; what is open ends."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(BOUND)


async def carried(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Carry until nothing more comes; say whether it ended politely."""
    with contextlib.suppress(OSError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
        return True
    return False


class Fronted(Site):
    """A site with both of its doors, nginx before one of them. ``address`` is plain HTTP through nginx's TLS.

    ``plain`` is there while it runs. The site's own port stays open too, as ``direct``.
    """

    def __init__(
        self,
        folder: Path,
        practice_data: Path,
        changes: Mapping[str, str] | None = None,
        nginx_prefix: Sequence[str] = (),
        **options: object,
    ) -> None:
        super().__init__(folder, practice_data, doors=folder, **options)  # type: ignore[arg-type]  # passed on
        self.nginx = Nginx(folder / "nginx", folder / BY_NGINX, changes, nginx_prefix)
        self.plain: Plain | None = None

    @property
    def address(self) -> Address:
        return self.plain.address if self.plain else self.direct

    @property
    def direct(self) -> Address:
        return "127.0.0.1", self.port

    @property
    def url(self) -> str:
        return self.nginx.url

    def start(self) -> Self:
        super().start()
        self.nginx.start()
        self.plain = Plain(self.nginx)
        return self

    def kill(self) -> None:
        self._close_plain()
        self.nginx.kill()
        super().kill()

    def stop(self) -> None:
        self._close_plain()
        self.nginx.stop()
        super().stop()

    def _close_plain(self) -> None:
        if self.plain:
            self.plain.close()
            self.plain = None
