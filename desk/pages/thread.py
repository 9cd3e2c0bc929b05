"""What is said in a case, in the pieces that its page shows: sends, files, follow-ups and replies by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desk.book import Book, CaseFile
from desk.book.locks import locked_contents
from desk.harmless import beginning
from desk.mail.addressees import Addressee, addressees, differ
from desk.mail.answered import WORDS, Answered, Fate, answered
from desk.opening import Sent, State, mailbox_name
from desk.outbox import Outbox
from desk.pages.banners import blocked, urgent_lines
from desk.pages.reported import Shown, about_source, told
from desk.server import read_server
from payload import AttachedFile, Contact, FollowUp, Report
from payload.contact import LABELS

MOST_TITLE = 80


@dataclass(frozen=True)
class Send:
    """A report or a message, as it is read. ``again`` is its day and mailbox where it was sent with other
    words before; ``report`` and ``source`` are its two parts; ``text`` is what it says where it has no
    parts."""

    received_on: str
    again: bool
    mailbox: int | None
    report: list[Shown]
    source: list[Shown]
    text: str
    contact: dict[str, str]
    reachable: str


@dataclass(frozen=True)
class Unopened:
    """What did not open, and why."""

    digest: str
    why: str


@dataclass(frozen=True)
class OneFile:
    """A file by its number in the case, with its captions; ``here`` and ``locked`` as they are now."""

    number: int
    file: AttachedFile
    captions: tuple[str, ...]
    here: bool
    locked: bool


@dataclass(frozen=True)
class Line:
    """A follow-up or a reply, by day. ``fates`` say what became of a reply, ``files`` are a follow-up's."""

    day: str
    who: str
    text: str
    ours: bool
    files: tuple[str, ...] = ()
    mailbox: int | None = None
    fates: tuple[str, ...] = ()
    waits: bool = False


@dataclass(frozen=True)
class Thread:
    """All of it."""

    sends: list[Send]
    unopened: list[Unopened]
    files: list[OneFile]
    lines: list[Line]
    addressees: list[Addressee]
    differ: bool


def thread(book: Book, file: CaseFile) -> Thread:
    """Put together what a case's page shows.

    :raises DeskError: what this desk remembers of its replies cannot be read.
    """
    sends = file.sends
    to = addressees(sends)
    numbers = {mailbox_name(one.mailbox): one.number for one in to} if len(to) > 1 else {}
    files = _files(book, file, sends)
    return Thread(
        sends=_sends(sends, numbers),
        unopened=[
            Unopened(one.digest, f"{one.state}: {one.why}") for one in sends if one.state is not State.OPENED
        ],
        files=files,
        lines=_lines(book, file, files, numbers),
        addressees=to,
        differ=differ(to),
    )


def title(file: CaseFile) -> str:
    """Give the first words of a case, or what it is."""
    return file.case.head.begins or file.case.head.why or "(no words)"


def beside(book: Book, file: CaseFile) -> dict[str, Any]:
    """Give what stands beside a box in which staff write to a source or about a case: what cannot wait, how
    the source may be reached, what was said.

    :raises DeskError: as ``thread``.
    """
    told = thread(book, file)
    reaching = [one for send in told.sends for one in send.source if one.name in ("consent", "contact")]
    return {
        "thread": told,
        "urgent": urgent_lines(file),
        "blocked": blocked(file),
        "reaching": list(dict.fromkeys(reaching)),
        "words": [one.words for one in file.contents if not isinstance(one, FollowUp)],
    }


def replies_of(book: Book, file: CaseFile) -> list[Answered]:
    """Give the replies, with what became of each.

    :raises DeskError: what this desk remembers of its replies cannot be read.
    """
    state, server = Outbox(book.home).state(), read_server(book.home.folder)
    refused = server.refused_of(bytes.fromhex(state.sign)) if server else frozenset[str]()
    return answered(file.reply_sends, state, refused)


def _sends(sends: Sequence[Sent], numbers: dict[bytes, int]) -> list[Send]:
    found: list[Send] = []
    known: set[str] = set()
    for sent in sends:
        content = sent.content
        if content is None or isinstance(content, FollowUp):
            continue
        one = _send(sent, content, numbers, again=bool(found))
        said = repr((one.report, one.source, one.text, one.contact))
        if said not in known:
            known.add(said)
            found.append(one)
    return found


def _send(sent: Sent, content: Report | Contact, numbers: dict[bytes, int], *, again: bool) -> Send:
    # The first schema had words and nothing else; what the form asks today, nobody was asked then.
    whole = isinstance(content, Report) and sent.schema != 1
    mailbox = content.mailbox
    contact = {}
    reachable = ""
    if isinstance(content, Contact):
        contact = {"to": LABELS[content.to], "topic": content.topic, "reach": content.reach}
    elif not content.answers.entries("contact"):
        reachable = "No way to reach the source" + (" but their mailbox." if mailbox else ".")
    return Send(
        received_on=content.received_on.isoformat(),
        again=again,
        mailbox=None if mailbox is None else numbers.get(mailbox_name(mailbox)),
        report=told(content) if isinstance(content, Report) and whole else [],
        source=about_source(content) if isinstance(content, Report) and whole else [],
        text="" if whole else content.words,
        contact=contact,
        reachable=reachable,
    )


def _files(book: Book, file: CaseFile, sends: Sequence[Sent]) -> list[OneFile]:
    captions: dict[tuple[bytes, str], list[str]] = {}
    for sent in sends:
        for one in sent.content.files if sent.content is not None else ():
            said = captions.setdefault((one.sealed_sha256, one.name), [])
            if one.caption and one.caption not in said:
                said.append(one.caption)
    blobs, work = book.blobs, file.work
    elsewhere = locked_contents(book.files())
    return [
        OneFile(
            number,
            one,
            tuple(captions.get((one.sealed_sha256, one.name), ())),
            one.sealed_sha256.hex() in blobs,
            work.is_locked(one.sealed_sha256.hex()) or one.sha256 in elsewhere,
        )
        for number, one in enumerate(file.attachments, 1)
    ]


def _lines(book: Book, file: CaseFile, files: Sequence[OneFile], numbers: dict[bytes, int]) -> list[Line]:
    named = {(one.file.sealed_sha256, one.file.name): one.number for one in files}
    lines = [
        Line(
            content.received_on.isoformat(),
            "the source",
            content.text,
            ours=False,
            files=tuple(str(named[each.sealed_sha256, each.name]) for each in content.files),
            mailbox=numbers.get(mailbox_name(content.mailbox)),
        )
        for content in file.contents
        if isinstance(content, FollowUp)
    ]
    lines += [_reply(one) for one in replies_of(book, file)]
    # A follow-up that was sent twice is shown once.
    return sorted(dict.fromkeys(lines), key=lambda line: line.day)


def _reply(one: Answered) -> Line:
    counts = [(fate, one.fates.count(fate)) for fate in Fate if fate in one.fates]
    fates = [WORDS[fate] if len(counts) == 1 else f"{count} {WORDS[fate]}" for fate, count in counts]
    return Line(
        one.written_on,
        one.copy.desk,
        one.copy.reply.text,
        ours=True,
        files=tuple(each.name for each in one.files),
        fates=tuple(fates),
        waits=Fate.WAITING in one.fates,
    )


def short(text: str) -> str:
    """Give the beginning of a text on one line."""
    return beginning(text, MOST_TITLE)
