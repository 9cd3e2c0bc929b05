"""What a mailbox holds, as far as its source may see it. Looking writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from crypto.errors import BadRecord, BadReply, NotForThisKey
from crypto.mailbox import Mailbox
from crypto.teamkeys import TeamKeys
from payload.errors import BadPayload, UnknownPayload
from payload.reply import Reply
from store import ReplyRow, SlotRow, State
from views.shared import Vigil
from web import blocking


@dataclass(frozen=True)
class Sent:
    """Something that was sent: the id of its row (16 bytes), its day, whether the team has collected it.

    ``blobs`` are the ids of its files; None where the record that says so is damaged.
    """

    id: bytes = field(repr=False)
    day: date
    collected: bool
    blobs: tuple[bytes, ...] | None = field(repr=False)


@dataclass(frozen=True)
class Left:
    """A reply that a desk has signed: the id of its row (16 bytes), the desk's name, what it says."""

    id: bytes = field(repr=False)
    desk: str
    reply: Reply


@dataclass(frozen=True)
class Held:
    """All of it: what was sent, replies that are the team's, and the ids of those that may not be.

    Newest first, as far as days tell.
    """

    sent: tuple[Sent, ...] = ()
    replies: tuple[Left, ...] = ()
    unverified: tuple[bytes, ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return bool(self.sent or self.replies or self.unverified)

    def sent_as(self, name: str) -> Sent | None:
        """Give what was sent whose id, in hexadecimal, is ``name``."""
        return next((sent for sent in self.sent if sent.id.hex() == name), None)

    def left_as(self, name: str) -> Left | None:
        """Give the reply whose id, in hexadecimal, is ``name``."""
        return next((left for left in self.replies if left.id.hex() == name), None)

    def blobs_of(self, sent: Iterable[Sent] = (), replies: Iterable[Left] = ()) -> set[bytes]:
        """Give the files that go when these go: those that nothing else here names.

        What was sent twice names the same files twice.
        """
        gone, left = [*sent], [*replies]
        mine = {blob for each in gone for blob in each.blobs or ()}
        mine |= {file.blob for each in left for file in each.reply.files}
        others = {blob for each in self.sent if each not in gone for blob in each.blobs or ()}
        others |= {file.blob for each in self.replies if each not in left for file in each.reply.files}
        return mine - others


def look(site: Vigil, mailbox: Mailbox) -> Held:
    """Look into a mailbox. What nobody has sent anything to is empty, and costs no key.

    :raises StoreError: the store cannot be read.
    """
    team = site.team_keys
    slots, replies = blocking.run(_rows, site, mailbox, team)
    return Held(tuple(_sent(mailbox, row) for row in slots), *_replies(mailbox, team, replies))


def _rows(site: Vigil, mailbox: Mailbox, team: TeamKeys) -> tuple[list[SlotRow], list[ReplyRow]]:
    ids = [slot for desk in team.desks for slot in mailbox.reply_ids(desk.sign_public)]
    return site.store.slots(mailbox.own_ids), site.store.replies(ids)


def _sent(mailbox: Mailbox, row: SlotRow) -> Sent:
    try:
        blobs = mailbox.open_record(row.id, row.record)
    except BadRecord:
        blobs = None
    return Sent(row.id, row.day, row.state is State.COLLECTED, blobs)


def _replies(
    mailbox: Mailbox, team: TeamKeys, rows: list[ReplyRow]
) -> tuple[tuple[Left, ...], tuple[bytes, ...]]:
    found: list[Left] = []
    unverified: list[bytes] = []
    for row in rows:
        blocking.breathe()
        try:
            opened = mailbox.open_reply(row.id, row.envelope, team)
            found.append(Left(row.id, opened.desk, Reply.read(opened.body)))
        except (BadReply, NotForThisKey, BadPayload, UnknownPayload):
            unverified.append(row.id)
    found.sort(key=lambda left: left.reply.written_on, reverse=True)
    return tuple(found), tuple(unverified)
