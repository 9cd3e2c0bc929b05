"""What stands before the web machines: the shipped nginx of each, and that of the front, word for word."""

import socket
from collections.abc import Callable
from pathlib import Path

from bench import wire
from tests.e2e import cluster
from tests.e2e.proxy import DOMAIN
from tests.e2e.tornet import free_ports
from tests.soak.certificates import Authority
from tests.soak.machines import Machine

PATIENCE = 60.0  # seconds after which a source takes a page for lost


class Web(cluster.Web):
    """The nginx of a web machine, at the address that the front knows."""

    def __init__(
        self, folder: Path, machine: Machine, authority: Authority, listening: Path, host: str
    ) -> None:
        self.machine = machine
        super().__init__(folder, machine.name, authority, listening, host)

    @property
    def address(self) -> str:
        return f"{self.machine.address}:8443"

    def start(self) -> "Web":
        self.prefix = self.machine.inside(folder=str(self.folder))
        return super().start()

    def listens(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.output()
        try:
            socket.create_connection((self.machine.address, 8443), 5).close()
        except OSError:
            return False
        return True


class Front:
    """The front on this side of the wire, and the doors that lead through it."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        authority.issue("front", "10.20.0.100")
        self.ports = free_ports(2)
        self.host = f"{DOMAIN}:{self.ports[0]}"
        self._nginx = cluster.Front(folder, self.ports, authority, ["10.20.0.11:8443", "10.20.0.12:8443"])

    def start(self) -> None:
        self._nginx.start()

    def kill(self) -> None:
        self._nginx.kill()

    def door(self, number: int) -> Callable[[], wire.Connection]:
        """What connects a visitor who comes from an address of their own."""
        address, context = (DOMAIN, self.ports[0]), self._nginx.certificates.client()
        source = f"127.1.{number // 250}.{number % 250 + 1}"
        return lambda: wire.Connection(address, PATIENCE, source=source, context=context)
