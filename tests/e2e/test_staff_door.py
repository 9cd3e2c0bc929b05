"""The staff's ssh server takes two words from those it knows, and nothing else from anybody."""

import hashlib
import os
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.desk import Desk
from tests.e2e.search import found
from tests.e2e.server import Site
from tests.e2e.source import Source
from tests.e2e.visits import Computer, Visits
from tests.e2e.waiting import BOUND, until

ONION = "a" * 56 + ".onion"  # nobody goes there
DIGEST = "0" * 64
HELLO = 'ask for "fetch" or "bring DIGEST"'


@pytest.fixture
def opened(ssh: None, visits: Visits, site: Site) -> Iterator[Visits]:
    """The staff's way in, open to the running server."""
    with visits.open(site):
        yield visits


@pytest.fixture
def computer(opened: Visits, tmp_path: Path) -> Iterator[Computer]:
    """A computer of staff that is let in."""
    made = Computer(tmp_path / "computer", ONION)
    done = opened.client("add", "here", given=made.public)
    assert done.returncode == 0, done.stderr
    yield made
    opened.client("remove", "here")


def test_a_bundle_goes_out_whole_and_leaves_nothing_behind(
    opened: Visits, computer: Computer, source: Source, desk: Desk, tmp_path: Path
) -> None:
    word = f"door{os.urandom(8).hex()}"
    assert source.send(word), source.answer.text
    done = computer.ssh(opened.socket, "vigil@x", "fetch")
    assert done.returncode == 0, done.stderr
    # What the command says names no file of the server.
    assert b"in the bundle" in done.stderr
    (tmp_path / "out.tar").write_bytes(done.stdout)
    desk("import", tmp_path / "out.tar")
    assert desk.opened(word)["report"]["what_happened"] == word
    assert list(opened.under_way.iterdir()) == []


@pytest.mark.parametrize(
    "asked",
    [
        [],
        [""],
        ["ls"],
        ["sh", "-i"],
        ["fetch "],
        ["fetch; touch bad"],
        ["fetch\ntouch bad"],
        ["$(touch bad)"],
        ["fetch", "--help"],
        ["bring"],
        ["bring "],
        ["bring ../../etc/passwd"],
        [f"bring {DIGEST[1:]}"],
        [f"bring {DIGEST}0"],
        [f"bring {DIGEST} "],
        [f"bring {DIGEST[1:]}\n"],
        [f"bring {DIGEST}; touch bad"],
        [f"bring {DIGEST[1:]}ａ"],  # noqa: RUF001 - a letter of another script
        ["bring " + "é" * 32],
        ["scp", "-f", "/etc/passwd"],
        ["/usr/lib/openssh/sftp-server"],
        ["internal-sftp"],
    ],
    ids=str,
)
def test_anything_else_is_refused(opened: Visits, computer: Computer, asked: list[str]) -> None:
    done = computer.ssh(opened.socket, "vigil@x", *asked)
    assert done.returncode == 2
    assert done.stdout == b""
    assert HELLO in done.stderr.decode()


@pytest.mark.parametrize(
    "wish",
    [
        ["-W", "127.0.0.1:22"],
        ["-N", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:22"],
        ["-N", "-o", "ExitOnForwardFailure=yes", "-R", "/tmp/vigil-forwarded:127.0.0.1:22"],
        ["-s", "sftp"],
    ],
    ids=str,
)
def test_no_tunnel_and_no_subsystem(opened: Visits, computer: Computer, wish: list[str]) -> None:
    *options, last = wish if wish[0] == "-s" else [*wish, ""]
    done = computer.ssh(opened.socket, *options, "vigil@x", *([last] if last else []))
    assert done.returncode != 0
    assert done.stdout == b""
    assert not Path("/tmp/vigil-forwarded").exists()


def test_no_terminal_and_no_setting_of_the_visitors(opened: Visits, computer: Computer) -> None:
    done = computer.ssh(opened.socket, "-tt", "vigil@x", "fetch")
    assert b"PTY allocation request failed" in done.stderr
    done = computer.ssh(
        opened.socket, "-o", "SetEnv=LD_PRELOAD=/bad ENV=/bad VIGIL_DATA=/bad", "vigil@x", "?"
    )
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.parametrize("user", ["root", "vigil-staff", "nobody", ""])
def test_nobody_logs_in_under_another_name(opened: Visits, computer: Computer, user: str) -> None:
    done = computer.ssh(opened.socket, f"{user}@x" if user else "x", "fetch")
    assert (done.returncode, done.stdout) == (255, b"")


def test_a_stranger_and_one_whose_key_was_taken_away_are_refused(
    opened: Visits, computer: Computer, tmp_path: Path
) -> None:
    stranger = Computer(tmp_path / "stranger", ONION)
    assert computer.ssh(opened.socket, "vigil@x", "?").returncode == 2
    assert stranger.ssh(opened.socket, "vigil@x", "fetch").returncode == 255
    assert opened.client("remove", "here").returncode == 0
    assert computer.ssh(opened.socket, "vigil@x", "fetch").returncode == 255
    offered = computer.ssh(opened.socket, "-v", "-o", "LogLevel=DEBUG1", "vigil@x", "fetch").stderr.decode()
    assert "Authentications that can continue: publickey\n" in offered.replace("\r", "")


def test_half_a_bundle_is_not_taken_in(
    opened: Visits, computer: Computer, source: Source, desk: Desk, tmp_path: Path
) -> None:
    word = f"half{os.urandom(8).hex()}"
    assert source.send(word), source.answer.text
    out, back = tmp_path / "out.tar", tmp_path / "back.tar"
    out.write_bytes(computer.ssh(opened.socket, "vigil@x", "fetch").stdout)
    desk("import", out)
    desk.reply(desk.opened(word)["case"], "an answer")("export", back)
    whole = back.read_bytes()
    digest = hashlib.sha256(whole).hexdigest()
    for given in (b"", whole[:-1], whole[: len(whole) // 2], whole + b"\0", secrets.token_bytes(len(whole))):
        done = computer.ssh(opened.socket, "vigil@x", f"bring {digest}", given=given)
        assert done.returncode == 1
        assert b"nothing of it was taken in" in done.stderr
    done = computer.ssh(opened.socket, "vigil@x", f"bring {digest}", given=whole)
    assert done.returncode == 0, done.stderr
    assert b"1 new" in done.stderr
    # And what is whole, but nothing that a desk made, is told as the server's own command tells it.
    junk = b"x" * 4096
    done = computer.ssh(opened.socket, "vigil@x", f"bring {hashlib.sha256(junk).hexdigest()}", given=junk)
    assert done.returncode == 1
    assert b"vigil: error: the bundle" in done.stderr
    assert list(opened.under_way.iterdir()) == []


def test_a_visitor_who_goes_away_leaves_nothing(opened: Visits, computer: Computer, source: Source) -> None:
    mark, before = secrets.token_bytes(64), opened.under_way.stat().st_mtime_ns
    command = ["ssh", "-F", "/dev/null", "-i", computer.home / "ssh_key", "-o", "StrictHostKeyChecking=no"]
    command += ["-o", "LogLevel=ERROR", "-o", "UserKnownHostsFile=/dev/null", "-o", "IdentityAgent=none"]
    command += ["-o", f"ProxyCommand=nc -U {opened.socket}", "vigil@x", f"bring {DIGEST}"]
    going = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert going.stdin is not None
    for _ in range(16):
        going.stdin.write(mark * 1024)
        going.stdin.flush()
    # It is at work by now: it has what was sent, under no name.
    until(lambda: holding(opened.under_way), "bundle under way")
    assert found([mark], opened.under_way) == []
    going.kill()
    going.wait(BOUND)
    going.stdin.close()
    until(lambda: not holding(opened.under_way), "end of the visit")
    assert list(opened.under_way.iterdir()) == []
    # Not even when there was a visit.
    assert opened.under_way.stat().st_mtime_ns == before


def holding(folder: Path) -> list[str]:
    """The files of this folder that some process has open, those without a name too."""
    held = []
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            name = str(link.readlink())
        except OSError:
            continue  # it has ended meanwhile
        if name.startswith(f"{folder}/"):
            held.append(name)
    return held
