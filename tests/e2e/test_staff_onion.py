"""Staff fetch what came and bring back what they answer, through an onion service that nobody else finds."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.counts import count
from tests.e2e.coming_back import mailbox
from tests.e2e.desk import Desk
from tests.e2e.firefox import Firefox
from tests.e2e.http_client import connected
from tests.e2e.server import Site
from tests.e2e.steps import report
from tests.e2e.test_main_road import some_file
from tests.e2e.tornet import TorNet
from tests.e2e.visits import Computer, Visits
from tests.e2e.waiting import until

# What tor's SOCKS port says (ExtendedErrors).
IN, NO_KEY, WRONG_KEY = "", "05f4", "05f5"


@pytest.fixture
def opened(ssh: None, visits: Visits, site: Site) -> Iterator[Visits]:
    """The staff's way in, open to the running server."""
    with visits.open(site):
        yield visits


def let_in(tor: TorNet, visits: Visits, name: str, home: Path) -> tuple[Computer, int]:
    """Make a computer of staff and let it in; give it, and the port of a Tor with its key."""
    computer = Computer(home, tor.staff_onion)
    changed(tor, visits, "add", name, computer.public)
    socks = tor.join(name, computer.onion_keys)
    wait_until_it_says(tor, name, socks, IN)
    return computer, socks


def changed(tor: TorNet, visits: Visits, what: str, name: str, public: str = "") -> None:
    """Have the operator add or remove a computer."""
    done = visits.client(what, name, given=public)
    assert done.returncode == 0, done.stderr
    tor.reload()


def said_no(tor: TorNet, socks: int) -> str:
    """What this port's Tor says of the staff's onion: an error's number, or nothing when it leads there."""
    try:
        with connected((tor.staff_onion, 22), socks=socks) as sock:
            return "" if sock.recv(4) else "nobody answers"
    except ConnectionRefusedError as refused:
        return str(refused).rpartition(" ")[2][4:8]


def wait_until_it_says(tor: TorNet, name: str, socks: int, wanted: str) -> None:
    """Wait until the Tor of this name says so of the staff's onion."""

    def says() -> bool:
        # The directories learn of a change one after the other, and Tor asks each but once in a while. With
        # this it forgets whom it asked, what it was told and the way there; every ten seconds at most.
        tor.node(name).control("SIGNAL NEWNYM")
        return said_no(tor, socks) == wanted

    until(says, f"Tor of {name} that says {wanted!r}")


def test_staff_fetch_and_bring_back_and_the_source_reads_the_reply(
    tor: TorNet, opened: Visits, site: Site, desk: Desk, firefox: Firefox, tmp_path: Path
) -> None:
    word = f"fetched{os.urandom(8).hex()}"
    photo = some_file(tmp_path / "photo.jpg", count(300_000, 20_000_000))
    words = report(firefox, site.url).describe(word).attach(photo).send().code()
    computer, socks = let_in(tor, opened, "anna", tmp_path / "anna")

    out, back = tmp_path / "out.tar", tmp_path / "back.tar"
    done = computer("fetch", out, socks=socks)
    assert done.returncode == 0, done.stderr
    assert "out.tar is whole" in done.stderr
    desk("import", out)
    desk.reply(desk.opened(word)["case"], f"we have {word}")("export", back)

    done = computer("bring", back, socks=socks)
    assert done.returncode == 0, done.stderr
    assert "1 new" in done.stderr
    assert mailbox(firefox, site.url).open(words).replies() == [f"we have {word}"]
    # Nothing of either stayed.
    assert list(opened.under_way.iterdir()) == []
    changed(tor, opened, "remove", "anna")


def test_without_a_key_nobody_finds_the_staffs_onion_and_a_key_taken_away_is_none(
    tor: TorNet, opened: Visits, tmp_path: Path
) -> None:
    first, its_port = let_in(tor, opened, "first", tmp_path / "first")
    _, other_port = let_in(tor, opened, "second", tmp_path / "second")
    assert said_no(tor, tor.socks) == NO_KEY
    changed(tor, opened, "remove", "first")
    # Its Tor is inside still; the ssh server lets nobody in by that key.
    done = first("fetch", tmp_path / "out.tar", socks=its_port)
    assert done.returncode == 255
    assert not list(tmp_path.glob("out.tar*"))
    # And once this circuit is gone there is no other.
    wait_until_it_says(tor, "first", its_port, WRONG_KEY)
    assert said_no(tor, other_port) == IN
    changed(tor, opened, "remove", "second")
    # Now nobody may come in, and so nobody does.
    wait_until_it_says(tor, "second", other_port, WRONG_KEY)
    late = tor.join("late", first.onion_keys)
    wait_until_it_says(tor, "late", late, WRONG_KEY)
    assert said_no(tor, tor.socks) == NO_KEY
