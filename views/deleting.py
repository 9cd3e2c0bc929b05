"""What goes when a source deletes something: rows, files, and the words that say exactly what is gone."""

from dataclasses import dataclass, field
from typing import Self

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from store import NotScrubbed
from views.held import Held, Left, Sent
from views.shared import Vigil
from web import blocking

ALL = "all"


@dataclass(frozen=True)
class Going:
    """What is to go: things sent that wait for the team, others that it has, replies, and unverified ones."""

    waiting: tuple[Sent, ...] = ()
    collected: tuple[Sent, ...] = ()
    replies: tuple[Left, ...] = ()
    unverified: tuple[bytes, ...] = field(default=(), repr=False)
    blobs: frozenset[bytes] = field(default=frozenset(), repr=False)

    @classmethod
    def of(cls, held: Held, name: str) -> Self | None:
        """Give what ``name`` means: everything, or the id of one thing here; None where nothing is here."""

        def meant(row: bytes) -> bool:
            return name in (ALL, row.hex())

        sent = [each for each in held.sent if meant(each.id)]
        replies = tuple(left for left in held.replies if meant(left.id))
        going = cls(
            tuple(each for each in sent if not each.collected),
            tuple(each for each in sent if each.collected),
            replies,
            tuple(row for row in held.unverified if meant(row)),
            frozenset(held.blobs_of(sent, replies)),
        )
        return going if going.waiting or going.collected or going.replies or going.unverified else None

    def erase(self, site: Vigil) -> bool:
        """Delete it for good; say whether no trace is left in the database's log either.

        :raises StoreError: the store could not do it; what it did is done, and may be asked for again.
        """
        slots = [sent.id for sent in (*self.waiting, *self.collected)]
        replies = [*(left.id for left in self.replies), *self.unverified]
        try:
            blocking.run(site.store.delete, slots, replies, sorted(self.blobs))
        except NotScrubbed:
            site.soon.touch()
            return False
        return True

    @property
    def listed(self) -> list[str]:
        """Name each thing, as it is listed before and after."""
        return [
            *(_sent(sent) for sent in self.waiting),
            *(
                _("The note that the team has collected what you sent on %(day)s", day=_day(sent.day))
                for sent in self.collected
            ),
            *(_reply(left) for left in self.replies),
            *(_("A message that could not be checked") for _row in self.unverified),
        ]

    @property
    def kept(self) -> list[str]:
        """Say what stays elsewhere."""
        said = []
        if self.waiting:
            said.append(_("A copy may be on its way to the team already. We cannot call it back from here."))
        if self.collected:
            said.append(
                _("The team keeps what it has collected. If it shall delete that too, write so to them.")
            )
        if any(sent.blobs is None for sent in self.waiting):
            said.append(
                _(
                    "Which files came with it cannot be told any more. They stay here, sealed, "
                    "and their keys go with what you delete."
                )
            )
        if self.replies:
            said.append(_("The team keeps its own copy of what it wrote to you."))
        if self.waiting or self.collected:
            said.append(
                _(
                    "A backup may still hold what you sent, sealed. "
                    "Nobody can open that once the team has destroyed the keys of its month."
                )
            )
        if self.replies:
            said.append(_("A backup may still hold the reply, sealed. Only your twelve words open it there."))
        return [str(each) for each in said]

    def told(self, *, whole: bool) -> list[str]:
        """Say what is gone and what is not; ``whole``: no trace of it is left on the disk."""
        said = [_("Gone from this server: %(what)s.", what="; ".join(self.listed)), *self.kept]
        if not whole:
            said.append(
                _(
                    "The server was busy. Remains of it may stay on its disk, sealed, "
                    "until tonight at the latest."
                )
            )
        return [str(each) for each in said]


def _day(day: object) -> str:
    return str(format_date(day, "d MMMM y"))


def _sent(sent: Sent) -> str:
    if not sent.blobs:
        return str(_("What you sent on %(day)s", day=_day(sent.day)))
    said: str = ngettext(
        "What you sent on %(day)s, with %(num)s file",
        "What you sent on %(day)s, with %(num)s files",
        len(sent.blobs),
        day=_day(sent.day),
    )
    return said


def _reply(left: Left) -> str:
    day, count = _day(left.reply.written_on), len(left.reply.files)
    if not count:
        return str(_("The reply of %(day)s", day=day))
    said: str = ngettext(
        "The reply of %(day)s, with %(num)s file", "The reply of %(day)s, with %(num)s files", count, day=day
    )
    return said
