"""Whom a reply goes to: the mailboxes of a case, numbered, with what was first said in each.

What was sent under one draft is one case. That is one source who pressed Send twice, or, on a shared
computer, two people who sent the same form one after the other: only their words tell.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from desk.columns import quoted
from desk.errors import DeskError
from desk.harmless import beginning
from desk.opening import BEGINNING, Sent, mailbox_name
from desk.showing import count_text
from payload import Contact, Mailbox, Payload, Report

MORE_THAN_ONE = "what was sent with them differs: it may be more than one person"


@dataclass(frozen=True)
class Addressee:
    """A mailbox of a case: its ``number`` from 1, the day something first came with it (YYYY-MM-DD), how that
    begins, harmless, and what was ``said`` in the reports that came with it.
    """

    number: int
    mailbox: Mailbox
    received_on: str
    begins: str
    said: frozenset[Hashable]

    def line(self) -> str:
        """Tell which one it is."""
        (row, *_) = quoted(self.begins or "(no words)", f"  {self.number}  {self.received_on}  ")
        return row


class Undecided(DeskError):  # noqa: N818 - the name says what is the case
    """A case may be more than one person's, and nobody chose: ``found`` are its mailboxes."""

    def __init__(self, found: Sequence[Addressee]) -> None:
        super().__init__(
            f"this case has {len(found)} mailboxes, and {MORE_THAN_ONE}",
            "nothing was written; say whom you answer: --mailbox N, or --all if all of it is one person's",
        )
        self.found = found


def addressees(sends: Sequence[Sent]) -> list[Addressee]:
    """Give the mailboxes that a case's source can open, each once: by day, the same at every desk."""
    came: dict[bytes, list[Payload]] = defaultdict(list)
    mailboxes: dict[bytes, Mailbox] = {}
    for sent in sends:
        if sent.content is not None and sent.content.mailbox is not None:
            name = mailbox_name(sent.content.mailbox)
            mailboxes[name] = sent.content.mailbox
            came[name].append(sent.content)
    first = {name: min(with_it, key=_reports_by_day) for name, with_it in came.items()}
    order = sorted(first, key=lambda name: (first[name].received_on, name))
    return [
        Addressee(
            number,
            mailboxes[name],
            first[name].received_on.isoformat(),
            beginning(first[name].words, BEGINNING),
            frozenset((one.what_happened, one.answers) for one in came[name] if isinstance(one, Report)),
        )
        for number, name in enumerate(order, 1)
    ]


def _reports_by_day(content: Payload) -> tuple[bool, str, str]:
    return not isinstance(content, Report), content.received_on.isoformat(), content.words


def differ(found: Sequence[Addressee]) -> bool:
    """See whether the reports of these mailboxes differ, so that it may be more than one person."""
    return len({one.said for one in found}) > 1


def chosen(case: str, sends: Sequence[Sent], number: int | None, *, everyone: bool) -> list[Addressee]:
    """Give the mailboxes that a reply goes to: all, or the one of that ``number``.

    :raises Undecided: they differ, and nobody chose.
    :raises DeskError: there is none, or none of that number.
    """
    found = addressees(sends)
    if not found:
        raise _no_mailbox(sends)
    if number is not None:
        if not 1 <= number <= len(found):
            raise DeskError(
                f"this case has no mailbox {number}",
                f"it has {count_text(len(found), 'mailbox', 'mailboxes')}: `show {case}` lists them",
            )
        return [found[number - 1]]
    if differ(found) and not everyone:
        raise Undecided(found)
    return found


def choice_lines(found: Sequence[Addressee]) -> Iterator[str]:
    """Say what the mailboxes of a case are, where there are several."""
    if len(found) < 2:
        return
    if differ(found):
        yield f"mailboxes {len(found)}: {MORE_THAN_ONE}"
        yield from (one.line() for one in found)
        yield "          answer one by --mailbox N, or all by --all"
    else:
        yield f"mailboxes {len(found)}, each gets it"


def _no_mailbox(sends: Sequence[Sent]) -> DeskError:
    contents = [sent.content for sent in sends if sent.content is not None]
    if not contents:
        return DeskError(
            "this case cannot be answered: nothing in it opens here", "`show` says why it does not open"
        )
    if isinstance(contents[0], Contact):
        return DeskError(
            "a message from the contact form has no mailbox", "`show` says how to reach its sender, if at all"
        )
    return DeskError("this report has no mailbox: it came before there were any", "it cannot be answered")
