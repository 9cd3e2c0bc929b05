"""Onionbalance in front of two web machines of one database: one address, whichever of them is there."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.answers_mailbox import words_of
from tests.e2e.balanced import Balanced
from tests.e2e.cluster import Mailbox, fresh_database
from tests.e2e.conftest import MakeSite
from tests.e2e.descriptor import opened
from tests.e2e.desk import Desk
from tests.e2e.http_client import request
from tests.e2e.server import Site
from tests.e2e.source import Source
from tests.e2e.waiting import until

Machines = dict[str, Site]


@pytest.fixture
def doors() -> Iterator[Path]:
    """Not in pytest's folder, whose path may be too long for a socket."""
    with tempfile.TemporaryDirectory(prefix="ob") as folder:
        yield Path(folder)


@pytest.fixture
def machines(make_site: MakeSite, doors: Path) -> Machines:
    """Two web machines, each with sockets of its own, that share a database and their form keys."""
    database, made = fresh_database(), {}
    for name in ("web1", "web2"):
        (doors / name).mkdir()
        own = {"VIGIL_DATABASE_URL": database, "VIGIL_MACHINE": name}
        made[name] = make_site(doors=doors / name, environment=own)
    done = made["web1"].flask("share-form-keys")
    assert done.returncode == 0, done.stderr
    shutil.copy(made["web1"].data / "form.keys", made["web2"].data)
    for site in made.values():
        site.start()
    return made


class Returning(Mailbox):
    """Somebody at /mailbox who comes by Tor."""

    def __init__(self, net: Balanced) -> None:
        self.address, self.address_from, self.socks = (net.onion, 80), "", net.socks
        self.answer = self._ask("GET", "/mailbox")


def answers(net: Balanced, by: str = "") -> bool:
    """Somebody new comes by the front's address; say whether a page comes, and, if asked, by this backend."""
    net.newcomer()
    return net.answers() and (not by or net.visits(by) > 0)


def switch_off(net: Balanced, machine: Site, name: str) -> None:
    """End a web machine at once, and wait until the front leads to the other alone."""
    net.node(name).stop()
    machine.kill()
    for _ in range(3):
        until(lambda: answers(net), "page from the other machine", net.bound)


def test_one_address_leads_to_whichever_machine_is_there(
    onionbalance: None, postgres: None, machines: Machines, desk: Desk, doors: Path, tmp_path: Path
) -> None:
    with Balanced(doors / "net", {name: doors / name for name in machines}) as net:
        # Both are met by the one address.
        for name in machines:
            until(partial(answers, net, name), f"visitor of {name}", net.bound)

        # What visitors are told asks for no work, though each backend would: docs/cluster.md says so.
        for onion, wanted in ((net.onion, False), (net.backend("web1"), True)):
            assert request((onion, 80), "GET", "/safety", socks=net.socks).status == 200
            told = opened(net.descriptor(onion), onion)
            assert any(line.startswith("pow-params") for line in told) == wanted

        # A form goes on, whichever machine it began on is gone.
        begins = f"front{os.urandom(8).hex()}"
        source = Source((net.onion, 80), socks=net.socks).attach(("seen.jpg", b"x" * 20_000), text=begins)
        switch_off(net, machines["web2"], "web2")
        assert source.send(), source.answer.text
        words = words_of(source.answer)

        # The other way round: who comes back later is met by the machine that never saw them.
        machines["web2"].start()
        net.start_backend("web2")
        until(partial(answers, net, "web2"), "visitor of web2, which is back", net.bound)
        switch_off(net, machines["web1"], "web1")
        mailbox = Returning(net).enter(words)
        assert "1 file" in mailbox.answer.text
        assert desk.take(machines["web2"], tmp_path / "out.tar").opened(begins)["case"]
