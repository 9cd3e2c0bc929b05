"""A server that an operator sets up in a Debian tree (debian.py), and what they can see of it."""

import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from crypto.epoch import Epoch
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from tests.e2e.debian import Debian
from tests.e2e.releases import Releases
from tests.e2e.source import Source

DOMAIN = "news.example.org"
# The tree has no curl: its Python asks.
ASK = """
import http.client, socket, sys
_, _, door, path, host = sys.argv
connection = http.client.HTTPConnection(host)
connection.sock = socket.socket(socket.AF_UNIX)
connection.sock.connect(door)
connection.request("GET", path, headers={"X-Forwarded-Proto": "https"})
answer = connection.getresponse()
print(answer.status, answer.read().decode())
"""
# A visitor, where nobody has switched the network on yet.
FROM_OUTSIDE = """
import fcntl, http.client, socket, ssl, struct, sys
path, host = sys.argv[1:]
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
    fcntl.ioctl(way, 0x8914, struct.pack("16sH22x", b"lo", 1))
context = ssl._create_unverified_context()
connection = http.client.HTTPSConnection(host, context=context)
connection.sock = context.wrap_socket(socket.create_connection(("127.0.0.1", 443)), server_hostname=host)
connection.request("GET", path)
answer = connection.getresponse()
print(answer.status, answer.getheader("Server"), answer.getheader("Onion-Location"))
print(answer.read().decode())
"""
AS_NGINX = "setpriv --reuid=www-data --regid=www-data --clear-groups "
CURL = "python3 /usr/local/lib/little/ask.py"


class Server:
    """A server to be, and what its operator has been given."""

    def __init__(self, debian: Debian, releases: Releases, folder: Path) -> None:
        self.debian, self.releases, self.folder = debian, releases, folder
        self.identity = Identity.new()
        self.desk = DeskKeys.make("desk", Epoch.of(datetime.now(UTC).date()))
        self.team_keys("team.keys", 2)
        self.give(releases.signers)
        self.give(releases.source / "deploy/install.sh")

    def team_keys(self, name: str, version: int, *, practice: bool = False) -> None:
        keys = self.identity.team_keys((self.desk.public(),), version=version, practice=practice)
        self.debian.path(f"/root/{name}").write_bytes(keys)

    def give(self, file: Path, name: str = "") -> None:
        self.debian.path(f"/root/{name or file.name}").write_bytes(file.read_bytes())

    def release(self, version: str) -> str:
        """Make a release of the repository as it is, and give it to the operator; give its name."""
        tar = self.releases.make(version)
        self.give(tar)
        self.give(tar.with_name(tar.name + ".sig"))
        return tar.name

    def install(self, release: str, *options: str) -> subprocess.CompletedProcess[str]:
        return self.debian.run("bash", "/root/install.sh", "--release", f"/root/{release}", "--yes", *options)

    def shell(self, command: str) -> str:
        """What a command prints.

        :raises AssertionError: when it fails
        """
        done = self.debian.run("bash", "-c", command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def get(self, path: str) -> str:
        """Fetch a page as nginx does, through the door that is its own."""
        socket = "--unix-socket /run/vigil/clearnet.sock"
        return self.shell(f"{AS_NGINX}{CURL} {socket} {path} {DOMAIN}")

    @property
    def current(self) -> str:
        return self.shell("basename $(readlink /opt/vigil/current)").strip()

    def receive(self, text: str) -> None:
        """Take a report in, which the site says it has received."""
        with self.debian.relay("/run/vigil/clearnet.sock") as address:
            assert Source(address).send(text)

    def received(self) -> int:
        """How many reports an export holds."""
        said = self.shell("rm -f /root/export.tar && vigil export /root/export.tar")
        return int(said.removeprefix("vigil: ").split()[0])

    def doctor(self) -> dict[str, bool | None]:
        checks = json.loads(self.shell("vigil doctor --json"))
        return {check["name"]: check["ok"] for check in checks}


def seen_through_nginx(server: Server, onion: str) -> None:
    """nginx runs, and its workers may read what they serve."""

    def get(path: str) -> str:
        # What a unit runs has a network of its own.
        return server.shell(
            f"nsenter -t $(cat /run/nginx.pid) -n python3 -c '{FROM_OUTSIDE}' {path} {DOMAIN}"
        )

    page = get("/report")
    assert page.startswith(f"200 vigil http://{onion}/report\n")
    (style,) = set(re.findall(r'/static/site\.[^"]+\.css', page))
    # The site itself would answer under its own name.
    assert get(style).startswith("200 nginx ")
    server.shell(f"{AS_NGINX} test -r /opt/vigil/current/deploy/nginx/away.html")
