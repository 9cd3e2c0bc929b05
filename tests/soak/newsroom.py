"""The web machines of a world, each with its gunicorn, and the desk that judges what came."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import form, wire
from bench.sources import Acknowledged
from tests.e2e.desk import Desk
from tests.e2e.doors import BY_NGINX
from tests.e2e.http_client import Address
from tests.e2e.server import Site
from tests.soak.certificates import Authority
from tests.soak.databases import Cluster
from tests.soak.front import Front, Web
from tests.soak.machines import Machine

WEBS = {"web1": "10.20.0.11", "web2": "10.20.0.12"}
PORT = 8000


class WebSite(Site):
    """A server that listens at its machine's address, on a database that others share."""

    def __init__(self, machine: Machine, practice_data: Path, url: str) -> None:
        self._doors = tempfile.TemporaryDirectory(prefix="web")  # a socket's path has to be short
        super().__init__(
            machine.disk,
            practice_data,
            environment={"VIGIL_DATABASE_URL": url, "VIGIL_MACHINE": machine.name},
            doors=Path(self._doors.name),
        )
        self.machine, self.port = machine, PORT
        self.nginx: Web | None = None

    @property
    def address(self) -> Address:
        return self.machine.address, self.port

    def command(self) -> list[str]:
        self.prefix = self.machine.inside(folder=str(self.folder / "cwd"))
        here, there = (f"{host}:{self.port}" for host in ("127.0.0.1", self.machine.address))
        return [there if word == here else word for word in super().command()]

    def switch_on(self) -> None:
        """Boot its machine, and start what systemd would."""
        assert self.nginx is not None
        self.machine.boot()
        self.start()
        self.nginx.start()

    def power_cut(self) -> None:
        """Take its machine's power away."""
        self.machine.power_cut()
        self.kill()
        if self.nginx:
            self.nginx.kill()


class Newsroom:
    """A front, and two web machines before a cluster; a context manager that starts them and ends them."""

    def __init__(self, folder: Path, cluster: Cluster, authority: Authority) -> None:
        self.folder = folder
        self.desk = Desk(folder / "desk").init_practice(folder / "practice")
        self.front = Front(folder / "front", authority)
        self.sites = []
        for name, address in WEBS.items():
            machine = Machine(name, address, folder / name, {})
            url = cluster.url(authority.issue(name, address))
            site = WebSite(machine, folder / "practice", url)
            assert site.doors
            door = site.doors / BY_NGINX
            site.nginx = Web(folder / f"nginx-{name}", machine, authority, door, self.front.host)
            self.sites.append(site)

    def __enter__(self) -> "Newsroom":
        first, *others = self.sites
        done = first.flask("share-form-keys")
        assert done.returncode == 0, done.stderr
        for site in self.sites:
            if site in others:
                shutil.copy(first.data / "form.keys", site.data)
            site.switch_on()
        self.front.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.front.kill()
        for site in self.sites:
            site.power_cut()


@dataclass(frozen=True)
class Verdict:
    """What came of all that was acknowledged. ``twice`` are at the desk as more than one case."""

    acknowledged: int
    lost: list[str]
    twice: list[str]
    closed: list[str]  # whose words opened no mailbox
    damaged: list[str]  # whose file is another one


def judged(newsroom: Newsroom, told: Sequence[Acknowledged], *, sample: int) -> Verdict:
    """Export, import at the desk, and say of each acknowledged report what is there.

    The desk takes out the files of so many as ``sample`` says: each is a command of its own.
    """
    desk = newsroom.desk.take(newsroom.sites[0], newsroom.folder / "bundle")
    cases = {case["case"]: case["begins"].split(":")[0] for case in desk.cases()}
    seen = Counter(cases.values())
    closed = _closed(newsroom.sites[0].address, told)
    by_name = {name: case for case, name in cases.items()}
    step = max(1, len(told) // sample)
    damaged = [
        each.name
        for each in told[::step]
        if each.name in by_name
        and each.sha256 not in desk.files(by_name[each.name], newsroom.folder / each.name).values()
    ]
    return Verdict(
        len(told),
        [each.name for each in told if not seen[each.name]],
        [name for name, count in seen.items() if count > 1],
        closed,
        damaged,
    )


def _closed(door: wire.Address, told: Sequence[Acknowledged]) -> list[str]:
    """The names of those whose words open no mailbox."""
    plain = [(name, value) for name, value in wire.BROWSER if name != "Accept-Encoding"]
    found = []
    fields = form.fields(wire.get(door, "/mailbox", plain).body.decode(), "mailbox")
    for each in told:
        typed = [(name, each.words if name == "code" else value) for name, value in fields]
        with wire.Connection(door) as connection:
            answer = connection.ask(
                "/mailbox", wire.same_site(door), wire.multipart([*typed, ("do", "open")])
            )
        if answer.status != 200 or b'id="open"' not in answer.body:
            found.append(each.name)
    return found
