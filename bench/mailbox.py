"""What it costs a source to come back in a store with thousands of mailboxes, and what somebody who guesses.

Each mailbox has a report and a reply in it. The words are typed into the form that the site gave.
"""

import secrets
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from crypto import reply, returncode, seal
from crypto.envelope import Kind
from crypto.keyfile import DeskKeys, unlocked
from crypto.mailbox import Mailbox
from crypto.returncode import ReturnCode
from crypto.teamkeys import TeamKeys
from payload import Mailbox as MailboxKeys
from payload import Reply, Report
from store import Store

from . import form, server, wire
from .desks import PASSPHRASE, today
from .fresh import FORM_AGE, TEXT
from .scale import Scale
from .server import Server
from .table import Row


def fill(folder: Path, scale: Scale) -> list[str]:
    """Keep a report and a reply in each of so many mailboxes; give the words of some."""
    team = TeamKeys.read((folder / "team.keys").read_bytes())
    desk = unlocked((folder / "practice-desk" / "desk.keys").read_bytes(), PASSPHRASE)
    with server.opened(folder) as kept:
        codes = [come(kept, team, desk) for _ in range(scale.mailboxes)]
        kept.sweep()
    return [" ".join(returncode.words(code)) for code in codes[-scale.sources :]]


def measure(site: Server, one_line: Server, words: Sequence[str], scale: Scale) -> list[Row]:
    """p50 of opening a mailbox, and the CPU time of all the server's processes for words that open none."""
    guesses = [" ".join(returncode.words(ReturnCode.new())) for _ in range(scale.sources)]
    entered, _ = _timed(site, "/mailbox", [None] * scale.sources)
    came = opened(site, words)
    _, used = _timed(site, "/mailbox", _posts(site, guesses))
    _, bare = _timed(one_line, "/", [None] * scale.sources)
    return [
        Row("Mailbox opened, among 5,000", came, entered),
        Row("A return code that opens nothing, CPU", used, bare),
    ]


def opened(site: Server, words: Sequence[str]) -> float:
    """p50 of opening the mailboxes of these words, in milliseconds."""
    took, _ = _timed(site, "/mailbox", _posts(site, words))
    return took


def _posts(site: Server, words: Sequence[str]) -> list[wire.Post]:
    with wire.Connection(site.address) as connection:
        blank = connection.ask("/mailbox", _PLAIN).body.decode()
    time.sleep(FORM_AGE)
    fields = form.fields(blank, "mailbox")
    return [_post(fields, each) for each in words]


def come(kept: Store, team: TeamKeys, desk: DeskKeys) -> ReturnCode:
    """Keep a report and a reply in a mailbox of its own; give what opens it."""
    code = ReturnCode.new()
    mailbox = Mailbox(returncode.root(code))
    keys = MailboxKeys(public=bytes(mailbox.public), reply=mailbox.reply_key.reveal())
    sent = Report(secrets.token_bytes(16), today(), "en", TEXT, mailbox=keys)
    epoch = team.epoch(today())
    envelope = seal.sealed(Kind.INCOMING, epoch, team.recipients(epoch), sent.to_bytes())
    kept.keep_report(envelope, [], mailbox.own_ids, lambda row: mailbox.seal_record(row, []))
    slot = secrets.choice(mailbox.reply_ids(team.desks[0].sign_public))
    answer = Reply(written_on=today(), language="en", text=TEXT)
    kept.keep_reply(slot, reply.seal_reply(mailbox.public, slot, answer.to_bytes(), desk.sign))
    return code


def _post(fields: form.Fields, words: str) -> wire.Post:
    typed = [(name, words if name == "code" else value) for name, value in fields]
    return wire.multipart([*typed, ("do", "open")])


def _timed(server_: Server, path: str, posts: Sequence[wire.Post | None]) -> tuple[float, float | None]:
    """The median of milliseconds, and CPU milliseconds each, of all the server's processes.

    Asked once before: a worker makes a kind of page ready when somebody first wants it.
    """
    processes, seconds = server_.processes(), []
    headers = wire.same_site(server_.address)
    with wire.Connection(server_.address) as connection:
        connection.ask(path, headers if posts[0] else _PLAIN, posts[0])
        before = server.cpu_seconds(processes)
        for post in posts:
            begun = time.perf_counter()
            answer = connection.ask(path, headers if post else _PLAIN, post)
            seconds.append(time.perf_counter() - begun)
            if answer.status not in _ANSWERS:
                raise wire.BrokenAnswer(f"{path} was answered with {answer.status}")
        after = server.cpu_seconds(processes)
    used = None if before is None or after is None else 1000 * (after - before) / len(posts)
    return 1000 * statistics.median(seconds), used


_PLAIN = [(name, value) for name, value in wire.BROWSER if name != "Accept-Encoding"]
_ANSWERS = {200, 404, 422}
