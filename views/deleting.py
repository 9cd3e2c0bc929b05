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
    """What is to go: things sent that are still here, others that the team has, replies, unverified ones, and
    what a desk left that is no longer the team's. ``last``: nothing else is in the mailbox.
    """

    waiting: tuple[Sent, ...] = ()
    collected: tuple[Sent, ...] = ()
    replies: tuple[Left, ...] = ()
    unverified: tuple[bytes, ...] = field(default=(), repr=False)
    former: tuple[bytes, ...] = field(default=(), repr=False)
    last: bool = False

    @classmethod
    def of(cls, held: Held, name: str) -> Self | None:
        """Give what ``name`` means: everything, or the id of one thing here; None where nothing is here."""

        def meant(row: bytes) -> bool:
            return name in (ALL, row.hex())

        sent = [each for each in held.sent if meant(each.id)]
        replies = tuple(left for left in held.replies if meant(left.id))
        unverified = tuple(row for row in held.unverified if meant(row))
        former = tuple(row for row in held.former if meant(row))
        count = len(sent) + len(replies) + len(unverified) + len(former)
        if not count:
            return None
        return cls(
            tuple(each for each in sent if not each.collected),
            tuple(each for each in sent if each.collected),
            replies,
            unverified,
            former,
            last=count == len(held),
        )

    def erase(self, site: Vigil) -> bool:
        """Delete it for good; say whether no trace is left on the disk either.

        :raises StoreError: the store could not do it; what it did is done, and may be asked for again.
        """
        slots = {sent.id: sent.blobs or () for sent in (*self.waiting, *self.collected)}
        replies = {left.id: [file.blob for file in left.reply.files] for left in self.replies}
        replies |= {row: [] for row in (*self.unverified, *self.former)}
        try:
            blocking.run(site.store.delete, slots, replies)
        except NotScrubbed:
            site.soon.touch()
            return False
        return site.store.forgets_at_once

    @property
    def listed(self) -> list[str]:
        """Name each thing, as it is listed before and after."""
        return [
            *(_sent(sent) for sent in self.waiting),
            *(
                str(_("The line here that says the team has what you sent on %(day)s", day=_day(sent.day)))
                for sent in self.collected
            ),
            *(_reply(left) for left in self.replies),
            *(str(_("A message that we could not check")) for _row in self.unverified),
            *(str(_("A message from a desk that is no longer the team’s")) for _row in self.former),
        ]

    @property
    def asked(self) -> list[str]:
        """Say what stays elsewhere, and what can be done about it before it is too late."""
        said = self._at_the_team()
        if said:
            said.append(_("Do you want it deleted there too? Go back, and write that to them first."))
            if self.last:
                said[-1] += " " + _("After this you cannot.")
        return [*said, *self._left()]

    @property
    def kept(self) -> list[str]:
        """Say what stays elsewhere."""
        return [*self._at_the_team(), *self._left()]

    def _at_the_team(self) -> list[str]:
        said = []
        if self.waiting:
            said.append(
                str(
                    _(
                        "The team may have it already, or it may be on its way to them. "
                        "Deleting here does not take it back."
                    )
                )
            )
        if self.collected or self.replies:
            said.append(str(_("The team keeps what it has.")))
        return said

    def _left(self) -> list[str]:
        """Say what stays on this server, and in its backups."""
        said = []
        if any(sent.blobs for sent in self.waiting):
            said.append(_("Did you send the same files twice? Then they stay here until both are deleted."))
        if any(sent.blobs is None for sent in self.waiting):
            said.append(
                _("We cannot find its files any more. They stay, but nobody on this server can open them.")
            )
        if self.unverified or self.former:
            said.append(_("If files came with the message, we cannot find them. They go after some weeks."))
        if self.waiting or self.collected:
            said.append(
                _(
                    "The team’s sealed backups may hold it some days longer, "
                    "and only the desk can open those. "
                    "The team destroys the key after some time; then nobody can."
                )
            )
        if self.replies:
            said.append(
                _(
                    "The team’s sealed backups may hold the answer some days longer. "
                    "As long as they do, your words open it."
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
