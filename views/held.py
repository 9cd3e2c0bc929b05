"""What a mailbox holds, as far as its source may see it. Looking writes nothing."""

from collections.abc import Collection, Iterator
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
    """All of it: what was sent, replies that are the team's, and the ids of those that are not shown.

    ``unverified`` may not be the team's; ``former`` lie where a desk wrote that the team no longer lists.
    Newest first, as far as days tell.
    """

    sent: tuple[Sent, ...] = ()
    replies: tuple[Left, ...] = ()
    unverified: tuple[bytes, ...] = field(default=(), repr=False)
    former: tuple[bytes, ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return len(self) > 0

    def __len__(self) -> int:
        return len(self.sent) + len(self.replies) + len(self.unverified) + len(self.former)

    def sent_as(self, name: str) -> Sent | None:
        """Give what was sent whose id, in hexadecimal, is ``name``."""
        return next((sent for sent in self.sent if sent.id.hex() == name), None)

    def left_as(self, name: str) -> Left | None:
        """Give the reply whose id, in hexadecimal, is ``name``."""
        return next((left for left in self.replies if left.id.hex() == name), None)


def look(site: Vigil, mailbox: Mailbox) -> Held:
    """Look into a mailbox. What nobody has sent anything to is empty, and costs no key.

    :raises StoreError: the store cannot be read.
    """
    team = site.team_keys
    slots, first, replies, listed = blocking.look(_rows, site, mailbox, team)
    return Held(tuple(_sent(mailbox, row) for row in slots), *_replies(mailbox, team, first, replies, listed))


def _rows(
    site: Vigil, mailbox: Mailbox, team: TeamKeys
) -> tuple[list[SlotRow], ReplyRow | None, Iterator[ReplyRow], Collection[bytes]]:
    """Give what was sent, the first answer and those after it, and the ids that desks listed now write to."""
    now = [desk.sign_public for desk in team.desks]
    listed = {slot for sign in now for slot in mailbox.reply_ids(sign)}
    # Of desks that are listed no more too: what they wrote is here, and can be deleted.
    former = [slot for sign in site.signers(team) if sign not in now for slot in mailbox.reply_ids(sign)]
    replies = site.store.replies([*listed, *former])
    # The first at once: where there is none, no other thread is asked again.
    return site.store.slots(mailbox.own_ids), next(replies, None), replies, listed


def _sent(mailbox: Mailbox, row: SlotRow) -> Sent:
    try:
        blobs = mailbox.open_record(row.id, row.record)
    except BadRecord:
        blobs = None
    return Sent(row.id, row.day, row.state is State.COLLECTED, blobs)


def _replies(
    mailbox: Mailbox,
    team: TeamKeys,
    row: ReplyRow | None,
    rows: Iterator[ReplyRow],
    listed: Collection[bytes],
) -> tuple[tuple[Left, ...], tuple[bytes, ...], tuple[bytes, ...]]:
    found: list[Left] = []
    unverified: list[bytes] = []
    former: list[bytes] = []
    while row is not None:
        blocking.breathe()
        if row.id in listed:
            try:
                opened = mailbox.open_reply(row.id, row.envelope, team)
                found.append(Left(row.id, opened.desk, Reply.read(opened.body)))
            except (BadReply, NotForThisKey, BadPayload, UnknownPayload):
                unverified.append(row.id)
        else:
            former.append(row.id)
        # One at a time: each may have megabytes.
        row = blocking.look(next, rows, None)
    found.sort(key=lambda left: left.reply.written_on, reverse=True)
    return tuple(found), tuple(unverified), tuple(former)
