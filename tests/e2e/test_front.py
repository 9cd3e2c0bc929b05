"""The front and the nginx of each web machine, as they are shipped: what goes where, and what they keep."""

import os
import socket
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.counts import count
from tests.e2e import http2
from tests.e2e.cluster import Cluster, Front, Machines
from tests.e2e.http_client import connected, head, multipart, received, request
from tests.e2e.proxy import DOMAIN
from tests.e2e.search import found
from tests.e2e.source import Source
from tests.e2e.tornet import free_ports
from tests.e2e.trace import calls, strace, to_file
from tests.e2e.waiting import until

MARK = f"marker{os.urandom(12).hex()}"


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cluster") as made:
        yield Path(made)


def test_nothing_of_an_upload_is_written_by_the_front_or_by_a_web_machines_nginx(
    nginx: None, tracer: None, practice: Path, folder: Path
) -> None:
    names = ("front", "web1", "web2")
    traces = {name: folder / f"trace-{name}" for name in names}
    prefix = {name: strace(trace, length=4_096) for name, trace in traces.items()}
    with Cluster(folder / "all", practice / "data", "", prefix) as cluster:
        # Separate stores here: each visitor stays with one machine.
        source = Source(cluster.address)
        content = (f"{MARK} content\n".encode() * 200_000)[: count(2_000_000, 60_000_000)]
        body, kind = multipart(
            [*source.controls(f"{MARK} text"), ("do", "attach")], [("upload", "a.txt", content)]
        )
        assert request(cluster.address, "POST", "/report", body, kind).status == 200
        sized = [(b"content-type", kind.encode()), (b"content-length", b"%d" % len(body))]
        assert http2.ask(cluster.front, b"POST", b"/report", sized, body).status == 200
        with closing(connected(cluster.address)) as held:
            held.sendall(head("POST", "/report", DOMAIN, len(body), kind, {}) + body[:-1_000])
            blobs = [site.data / "blobs" for site in cluster.sites]
            until(lambda: any(path.is_dir() and any(path.iterdir()) for path in blobs), "upload under way")
            parts = {"front": cluster.front, "web1": cluster.webs[0], "web2": cluster.webs[1]}
            assert not found([MARK.encode()], *(part.folder for part in parts.values()))
        for part in parts.values():
            part.kill()
        seen = 0
        for name, part in parts.items():
            traced = list(calls(traces[name]))
            written = [call for call in traced if to_file(call)]
            assert not [call.line[:200] for call in written if MARK in call.line]
            # Nothing at all but its pid and what it says at its start: no body, no answer, no log.
            paths = {call.path for call in written if "write" in call.name} - {"/dev/null"}
            assert paths <= {str(part.folder / file) for file in ("nginx.pid", "output.log")}, paths
            assert not [path for path in (part.folder / "temp").rglob("*") if path.is_file()]
            assert part.output() == ""
            seen += any(MARK in call.line for call in traced if not to_file(call))
        # And that this proves something: a web machine's nginx has handed the upload on.
        assert seen


@pytest.fixture(scope="module")
def cluster(practice: Path) -> Iterator[Cluster]:
    """Two web machines behind a front, with a store each: for what is about the way to them."""
    with (
        tempfile.TemporaryDirectory(prefix="cluster") as made,
        Cluster(Path(made) / "all", practice / "data", "") as all_,
    ):
        yield all_


def tried(cluster: Cluster, certificate: Path | None) -> bytes:
    """What a web machine answers to whoever shows this certificate; b"" where it hangs up."""
    context = cluster.machines.client(certificate)
    try:
        with (
            socket.create_connection(("127.0.0.1", cluster.webs[0].https), 60) as plain,
            context.wrap_socket(plain, server_hostname="web.vigil") as sock,
        ):
            sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return b"".join(iter(lambda: sock.recv(65_536), b""))
    except (ssl.SSLError, ConnectionResetError):
        return b""


def test_a_web_machine_answers_the_front_and_nobody_else(nginx: None, cluster: Cluster, folder: Path) -> None:
    own = cluster.machines.folder
    assert tried(cluster, own / "front/front.pem").startswith(b"HTTP/1.1 200 OK")
    # Another web machine's certificate is of the same authority, and not the front's.
    assert tried(cluster, own / "web2/web.pem") == b""
    refused = tried(cluster, None)
    assert refused.startswith(b"HTTP/1.1 400")
    assert b"vigil" not in refused.lower()
    stranger = Machines(folder / "stranger")
    assert not tried(cluster, stranger.folder / "front/front.pem").startswith(b"HTTP/1.1 200")


def test_the_front_speaks_to_no_machine_that_another_authority_vouches_for(
    nginx: None, cluster: Cluster, folder: Path
) -> None:
    """Whoever takes a web machine's address gets nothing to read."""
    heard: list[bytes] = []
    stranger = Machines(folder / "stranger")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(stranger.folder / "web1/web.pem", stranger.folder / "web1/web.key")
    with _Listener(context, heard) as listener:
        front = Front(folder / "front", free_ports(2), cluster.machines, [listener.address] * 2)
        front.start()
        try:
            with closing(front.connected()) as sock:
                sock.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                answer = received(sock)
        finally:
            front.stop()
    assert answer.status == 502
    assert "cannot answer just now" in answer.text
    assert heard == []


def test_a_form_that_a_machine_swallows_is_never_sent_to_another(
    nginx: None, cluster: Cluster, folder: Path
) -> None:
    """A machine that dies once it has read a form may have kept it; a page is asked for elsewhere."""
    heard: list[bytes] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    given = cluster.machines.folder / "web1"
    context.load_cert_chain(given / "web.pem", given / "web.key")
    with _Listener(context, heard) as listener:
        # Both are the one that swallows: whatever is asked again is heard again.
        front = Front(folder / "front", free_ports(2), cluster.machines, [listener.address, listener.other])
        front.start()
        try:
            answers = []
            for method, body in (("POST", b"a=1"), ("GET", b"")):
                with closing(front.connected()) as sock:
                    kind = "application/x-www-form-urlencoded" if body else ""
                    sock.sendall(
                        head(method, "/report", DOMAIN, len(body), kind, {"Connection": "close"}) + body
                    )
                    answers.append(received(sock))
        finally:
            front.stop()
    assert [answer.status for answer in answers] == [502, 502]
    assert all("cannot answer just now" in answer.text for answer in answers)
    methods = [request.split(b" ")[0] for request in heard]
    assert methods.count(b"POST") == 1
    assert methods.count(b"GET") == 2


class _Listener:
    """A web machine at two addresses that reads a request's head, notes it, and hangs up."""

    def __init__(self, context: ssl.SSLContext, heard: list[bytes]) -> None:
        self._context, self._heard = context, heard
        self._sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        self.address, self.other = (f"127.0.0.1:{sock.getsockname()[1]}" for sock in self._sockets)
        self._threads = [
            threading.Thread(target=self._serve, args=(sock,), daemon=True) for sock in self._sockets
        ]

    def _serve(self, sock: socket.socket) -> None:
        with suppress(OSError):
            while True:
                plain, _ = sock.accept()
                with suppress(OSError), self._context.wrap_socket(plain, server_side=True) as tls:
                    if said := tls.recv(65_536):
                        self._heard.append(said)

    def __enter__(self) -> "_Listener":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for sock in self._sockets:
            # Wakes whoever waits in accept.
            sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join(60)
