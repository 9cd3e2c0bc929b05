"""Onionbalance in front of two web machines: one address, whichever of them is there."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.balanced import Balanced
from tests.e2e.conftest import MakeSite
from tests.e2e.descriptor import opened
from tests.e2e.http_client import request
from tests.e2e.server import Site
from tests.e2e.waiting import until

Machines = dict[str, Site]


@pytest.fixture
def doors() -> Iterator[Path]:
    """Not in pytest's folder, whose path may be too long for a socket."""
    with tempfile.TemporaryDirectory(prefix="ob") as folder:
        yield Path(folder)


@pytest.fixture
def machines(make_site: MakeSite, doors: Path) -> Machines:
    """Two web machines, each with sockets of its own."""
    made = {}
    for name in ("web1", "web2"):
        (doors / name).mkdir()
        made[name] = make_site(doors=doors / name).start()
    return made


def answers(net: Balanced, by: str = "") -> bool:
    """Somebody new comes by the front's address; say whether a page comes, and, if asked, by this backend."""
    net.newcomer()
    return net.answers() and (not by or net.visits(by) > 0)


def test_one_address_leads_to_whichever_machine_is_there(
    onionbalance: None, machines: Machines, doors: Path
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

        # One machine is gone, and then the other, and what was gone is back.
        net.node("web2").stop()
        machines["web2"].kill()
        for _ in range(3):
            until(lambda: answers(net), "page from web1 alone", net.bound)
        machines["web2"].start()
        net.start_backend("web2")
        until(lambda: answers(net, "web2"), "visitor of web2, which is back", net.bound)
        net.node("web1").stop()
        machines["web1"].kill()
        until(lambda: answers(net), "page from web2 alone", net.bound)
