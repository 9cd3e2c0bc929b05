"""HTTP over a raw socket, so that every byte counts and none is hidden by a library."""

import re
import secrets
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

# A host and port; or the socket at which tor stands, and says first by which circuit each connection comes.
Address = tuple[str, int] | Path
Post = tuple[str, bytes | memoryview]  # its media type, and its body
PATIENCE = 300.0  # seconds; a bench that hangs says nothing
READER = 1 << 24  # the circuit of who reads

# What Tor Browser sends to an onion service. Plain HTTP: no brotli.
BROWSER = (
    ("User-Agent", "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Language", "en-US,en;q=0.5"),
    ("Accept-Encoding", "gzip, deflate"),
)


class BrokenAnswer(Exception):  # noqa: N818 - says what happened
    """The server closed early, or what it sent is no HTTP."""


@dataclass(frozen=True)
class Answer:
    """One answer. ``received`` counts its bytes on the wire, header included; ``body`` is as it came."""

    status: int
    headers: dict[str, str]
    body: bytes
    received: int


class Connection:
    """One connection, kept open from request to request."""

    def __init__(
        self,
        address: Address,
        patience: float = PATIENCE,
        *,
        source: str = "",
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.address = address
        if isinstance(address, Path):
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.connect(str(address))
            self._socket.settimeout(patience)
            self._socket.sendall(by_circuit(READER))
        else:
            self._socket = socket.create_connection(address, patience, (source, 0) if source else None)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if context:
                self._socket = context.wrap_socket(self._socket, server_hostname=address[0])
        self._pending = b""
        self._received = 0

    def __enter__(self) -> "Connection":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def ask(
        self,
        path: str,
        headers: Iterable[tuple[str, str]] = BROWSER,
        post: Post | None = None,
    ) -> Answer:
        """Send one request and read its answer; ``post`` is a content type and a body."""
        self.send(path, headers, post)
        return self.read()

    def send(
        self, path: str, headers: Iterable[tuple[str, str]], post: tuple[str, bytes | memoryview] | None
    ) -> None:
        """Send a request without waiting for its answer."""
        lines = [f"{'POST' if post else 'GET'} {path} HTTP/1.1", f"Host: {host(self.address)}"]
        lines += [f"{name}: {value}" for name, value in headers]
        if post:
            lines += [f"Content-Type: {post[0]}", f"Content-Length: {len(post[1])}"]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())
        if post:
            self._socket.sendall(post[1])

    def put(self, data: bytes | memoryview) -> None:
        """Send bytes as they are."""
        self._socket.sendall(data)

    def read(self) -> Answer:
        """Read one answer.

        :raises BrokenAnswer: there is none.
        """
        before = self._received - len(self._pending)
        head = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])
        }
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = self._chunks()
        else:
            body = self._exactly(int(headers.get("content-length", "0")))
        status = int(head[0].split(" ")[1])
        return Answer(status, headers, body, self._received - len(self._pending) - before)

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self._until(b"\r\n").split(b";")[0], 16):
            parts.append(self._exactly(size))
            self._until(b"\r\n")
        self._until(b"\r\n")
        return b"".join(parts)

    def _until(self, end: bytes) -> bytes:
        while end not in self._pending:
            self._more()
        head, _, self._pending = self._pending.partition(end)
        return head

    def _exactly(self, size: int) -> bytes:
        while len(self._pending) < size:
            self._more()
        body, self._pending = self._pending[:size], self._pending[size:]
        return body

    def _more(self) -> None:
        data = self._socket.recv(1 << 16)
        if not data:
            raise BrokenAnswer(f"the server closed after {self._received} bytes")
        self._received += len(data)
        self._pending += data


def host(address: Address) -> str:
    """What a request to this address says as its Host."""
    return "localhost" if isinstance(address, Path) else f"{address[0]}:{address[1]}"


def by_circuit(circuit: int) -> bytes:
    """What tor says first, as HiddenServiceExportCircuitID makes it."""
    high, low = circuit >> 16, circuit & 0xFFFF
    return f"PROXY TCP6 fc00:dead:beef:4dad::{high:x}:{low:x} ::1 {low} 80\r\n".encode()


def get(address: Address, path: str, headers: Iterable[tuple[str, str]] = BROWSER) -> Answer:
    """Ask for one page over a fresh connection."""
    with Connection(address) as connection:
        return connection.ask(path, headers)


def same_site(address: Address, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The headers of a form posted from the site's own page."""
    return [
        *BROWSER,
        ("Origin", f"http://{host(address)}"),
        ("Sec-Fetch-Site", "same-origin"),
        *more,
    ]


def multipart(fields: Iterable[tuple[str, str]], file: bytes | None = None) -> tuple[str, bytes]:
    """Make a form's body as browsers do; ``file`` goes last, as ``upload``."""
    boundary = f"----geckoformboundary{secrets.token_hex(16)}"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields
    ]
    body = "".join(parts).encode()
    if file is not None:
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="upload"; filename="film.mp4"\r\n'
            "Content-Type: video/mp4\r\n\r\n"
        )
        body = b"".join((body, head.encode(), file, b"\r\n"))
    return f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode()


_DRAFT = re.compile(r'name="draft"\s+value="([^"]+)"')
_WANTED = re.compile(r"<(link|script|img)\b([^>]*)>")
_ADDRESS = re.compile(r'\b(?:href|src)="([^"]+)"')


def draft(page: str) -> str:
    """The form's token in a page.

    :raises BrokenAnswer: there is none.
    """
    found = _DRAFT.search(page)
    if found is None:
        raise BrokenAnswer("the page holds no form")
    return found[1]


def named(page: str, scripts: bool) -> list[str]:
    """The paths of what a browser fetches along with a page: styles, icons, pictures, scripts if they run.

    :raises BrokenAnswer: it names another site.
    """
    paths = []
    for tag, attributes in _WANTED.findall(page):
        if tag == "link" and not re.search(r'rel="(?:stylesheet|icon|preload|modulepreload)"', attributes):
            continue
        address = _ADDRESS.search(attributes)
        if address and (scripts or tag != "script"):
            parts = urlsplit(address[1])
            if parts.netloc:
                raise BrokenAnswer(f"the page asks another site, {parts.netloc}")
            if parts.scheme != "data":
                paths.append(parts.path)
    return list(dict.fromkeys(paths))
