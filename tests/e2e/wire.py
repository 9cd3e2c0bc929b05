"""How many bytes a page costs, and how many requests: as counted at the socket, in front of the server."""

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from typing import Self

from tests.e2e.http_client import Address


@dataclass
class Wire:
    """A relay in front of the server that counts: bytes to the browser, requests by their first line.

    It knows HTTP only so far: each piece from the browser that begins like a GET or POST is a request. That
    holds because a browser sends a small request in one piece and waits for its answer. While ``cut`` is
    set, requests arrive and their answers are lost: the connection ends instead.
    """

    server: Address
    down: int = 0
    asked: list[str] = field(default_factory=list)
    cut: bool = False

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                browser, _ = self._listening.accept()
                server = socket.create_connection(self.server)
                self._open += [browser, server]
                for one, other, up in ((browser, server, True), (server, browser, False)):
                    threading.Thread(target=self._carry, args=(one, other, up), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket, up: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := one.recv(65536):
                if self.cut and not up:
                    break
                if not up:
                    self.down += len(piece)
                elif piece.startswith((b"GET ", b"POST ")):
                    self.asked.append(piece.split(b"\r\n", 1)[0].decode())
                other.sendall(piece)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_WR)
