"""Onionbalance before several backends, on a private Tor network: the shipped files, in another place.

    with Balanced(folder, {"web1": doors, "web2": doors}) as net: ... net.onion, net.socks, net.visits("web1")

What answers at ``onion`` is no service of its own: Onionbalance publishes where the backends may be met. It
runs with --is-testnet, whose clock wants a consensus every 20 seconds.
"""

import base64
import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from nacl.bindings import crypto_scalarmult_ed25519_base_noclamp

from tests.e2e import torrc
from tests.e2e.tornet import LEAF, Node, TorNet
from tests.e2e.waiting import end

CLUSTER = torrc.ROOT / "deploy/cluster"
BACKEND, PUBLISHER = CLUSTER / "torrc-backend", CLUSTER / "onionbalance/torrc"
CONFIG, OB_CONFIG = CLUSTER / "onionbalance/config.yaml", CLUSTER / "onionbalance/ob_config"
KEY = "/etc/onionbalance/private_keys/front.key"
KEY_HEAD = b"== ed25519v1-secret: type0 ==\0\0\0"
# The program as it is, but that it begins after 5 seconds, not 45, and looks at the backends twice as often.
SOON = """
from onionbalance.hs_v3 import params
from onionbalance.manager import main
params.INITIAL_CALLBACK_DELAY = 5
params.FETCH_DESCRIPTOR_FREQUENCY_TESTNET = 10
params.PUBLISH_DESCRIPTOR_CHECK_FREQUENCY_TESTNET = 5
main()
"""


def tor_key() -> bytes:
    """A new secret key of an onion service, as tor writes hs_ed25519_secret_key."""
    key = bytearray(hashlib.sha512(os.urandom(32)).digest())
    key[0] &= 248
    key[31] = key[31] & 63 | 64
    return KEY_HEAD + bytes(key)


def address(key: bytes) -> str:
    """The host name of the onion service that has this secret key (rend-spec-v3, ENCODING)."""
    public = crypto_scalarmult_ed25519_base_noclamp(key.removeprefix(KEY_HEAD)[:32])
    check = hashlib.sha3_256(b".onion checksum" + public + b"\3").digest()[:2]
    return base64.b32encode(public + check + b"\3").decode().lower() + ".onion"


class Balanced(TorNet):
    """The network, its backends, Onionbalance and one client; gives itself once a page came through all.

    ``doors`` has for each backend the folder of its http.sock. ``onion`` is the front's host name.
    """

    first_vote, later_votes = 20, 20

    def __init__(self, base: Path, doors: Mapping[str, Path], bound: float = 480) -> None:
        super().__init__(base, "", bound)
        self.doors = dict(doors)
        self.balancer: subprocess.Popen[bytes] | None = None
        self.log = base / "onionbalance.log"

    def start_leaves(self) -> None:
        """Start the backends, the client and Onionbalance, and fetch one page through the front."""
        key = tor_key()
        self.onion = address(key)
        for name in self.doors:
            node = Node(self.base, name, LEAF)
            (node.folder / "onion").mkdir(mode=0o700)
            ob_config = OB_CONFIG.read_text().replace("@FRONT@", self.onion)
            (node.folder / "onion/ob_config").write_text(ob_config)
            self.nodes.append(node)
            self.start_backend(name)
        publisher = Node(self.base, "publisher", LEAF)
        self.nodes.append(publisher)
        words = {torrc.LOG: f"file {publisher.folder}/shipped.log"}
        publisher.start(torrc.moved(PUBLISHER, words), *self.lines)
        self.socks = self.join("client")
        self.wait("directory", publisher.has_directory)
        self.start_balancer(key, publisher)
        self.wait("page through the front", self.answers)

    def start_backend(self, name: str) -> None:
        """Start the tor of a web machine, for the first time or after a stop."""
        node = self.node(name)
        words = {
            torrc.WEB_FOLDER: f"{node.folder}/onion",
            torrc.WEB_SOCKET: f"unix:{self.doors[name]}/http.sock",
            torrc.LOG: f"file {node.folder}/shipped.log",
        }
        node.start(torrc.moved(BACKEND, words, ["ControlSocket 0"]), *self.lines)
        node.control()  # tor answers once the keys are made

    def backend(self, name: str) -> str:
        """The host name of a backend's own, which no visitor is told."""
        return (self.node(name).folder / "onion/hostname").read_text().strip()

    def start_balancer(self, key: bytes, publisher: Node) -> None:
        """Start Onionbalance by its shipped configuration, which names the backends."""
        (self.base / "front.key").write_bytes(key)
        config = CONFIG.read_text()
        assert config.count(KEY) == 1
        config = config.replace(KEY, str(self.base / "front.key"))
        for number, name in enumerate(self.doors, 1):
            assert config.count(f"@BACKEND_{number}@") == 1
            config = config.replace(f"@BACKEND_{number}@", self.backend(name))
        (self.base / "config.yaml").write_text(config)
        python = Path(shutil.which("onionbalance") or "").read_text().partition("\n")[0].removeprefix("#!")
        command = [python, "-c", SOON, "--is-testnet", "--socket", str(publisher.folder / "control")]
        with self.log.open("ab") as log:
            self.balancer = subprocess.Popen(
                [*command, "--config", str(self.base / "config.yaml")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def newcomer(self) -> None:
        """Have the client forget its circuits and what it knows of services, as somebody else would come."""
        self.node("client").control("SIGNAL NEWNYM")

    def visits(self, name: str) -> int:
        """How many visitors a backend has just now: circuits that its tor joined with theirs."""
        status = self.node(name).control("GETINFO circuit-status")
        return sum("HS_STATE=HSSR_JOINED" in line for line in status)

    def stop(self) -> None:
        """End Onionbalance and every tor."""
        if self.balancer:
            end(self.balancer)
        super().stop()
