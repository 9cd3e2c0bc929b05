"""What `show` prints of a case, for people and as JSON: what is known of it, its files, all that was said."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from desk import normalise
from desk.cases import Case
from desk.columns import beside, columns, quoted
from desk.harmless import harmless, harmless_lines, harmless_name
from desk.mail.addressees import addressees, choice_lines
from desk.mail.answered import Answered
from desk.opening import Sent, mailbox_name
from desk.report import alarm_lines, report_lines, words_read
from desk.showing import count_text, file_lines, files_of
from payload import AttachedFile, Contact, FollowUp, Report
from payload.contact import LABELS


def case_lines(
    case: Case,
    sends: Sequence[Sent],
    replies: Sequence[Answered],
    blobs: frozenset[str],
    work: Iterable[str],
    notes: Iterable[str],
) -> Iterator[str]:
    """Give a case as it is read: what is known of it, what staff made of it (``work``), its files, the words
    of each send that differs, then by day what the source added and what the team answered, and ``notes``."""
    reports = [sent.content for sent in sends if isinstance(sent.content, Report)]
    yield from alarm_lines(reports, columns())
    files = files_of(sends)
    yield from _known_lines(case, sends, replies)
    yield from work
    if files:
        yield f"files     {len(files)} (save them with: files {case.name} --out FOLDER)"
        yield from _files_lines(files, sends, blobs)
    found = addressees(sends)
    mailboxes = {mailbox_name(one.mailbox): one.number for one in found} if len(found) > 1 else {}
    told: set[tuple[str, ...]] = set()
    for sent in sends:
        if not isinstance(sent.content, FollowUp):
            yield from _send_lines(sent, told, mailboxes)
    yield from _later_lines(sends, replies, files, mailboxes)
    yield from notes


def _known_lines(case: Case, sends: Sequence[Sent], replies: Sequence[Answered]) -> Iterator[str]:
    content = sends[0].content if sends else None
    yield f"case      {case.name}"
    yield f"kind      {case.kind}"
    yield f"received  {case.received_on or '-'}"
    if content is not None:
        yield f"language  {content.language}"
    yield f"state     {case.state}"
    if len(case.reports) > 1:
        yield f"sent      {len(case.reports)} times"
    if case.follow_ups:
        yield f"added     {count_text(len(case.follow_ups), 'follow-up')}, the last one {case.latest_on}"
    if case.mailboxes:
        yield f"to answer reply {case.name}"
    elif content is not None and not isinstance(content, Contact):
        yield "to answer it has no mailbox"
    yield from choice_lines(addressees(sends))
    if replies:
        yield f"answered  {count_text(len(replies), 'reply', 'replies')}"


def _later_lines(
    sends: Sequence[Sent],
    replies: Sequence[Answered],
    files: Sequence[AttachedFile],
    mailboxes: Mapping[bytes, int],
) -> Iterator[str]:
    """Give follow-ups and replies by day; which of one day was first, nobody knows."""
    numbers = {(file.sealed_sha256, file.name): number for number, file in enumerate(files, 1)}
    follow_ups = [sent.content for sent in sends if isinstance(sent.content, FollowUp)]
    rows = [
        *(
            (
                one.received_on.isoformat(),
                tuple(_follow_up_lines(one, numbers, mailboxes.get(mailbox_name(one.mailbox)))),
            )
            for one in follow_ups
        ),
        *((reply.written_on, tuple(reply.lines())) for reply in replies),
    ]
    # A follow-up that was sent twice is shown once.
    for _, lines in sorted(dict.fromkeys(rows), key=lambda row: row[0]):
        yield from lines


def _follow_up_lines(
    content: FollowUp, numbers: Mapping[tuple[bytes, str], int], mailbox: int | None
) -> Iterator[str]:
    yield ""
    mine = [str(numbers[file.sealed_sha256, file.name]) for file in content.files]
    files = f", with {'file' if len(mine) == 1 else 'files'} {', '.join(mine)}" if mine else ""
    from_ = f", from mailbox {mailbox}" if mailbox else ""
    yield f"follow-up of {content.received_on}, in {content.language}{from_}{files}"
    for line in harmless_lines(content.text) if content.text else ():
        yield from quoted(line, "  ")


def _files_lines(
    files: Sequence[AttachedFile], sends: Sequence[Sent], blobs: frozenset[str]
) -> Iterator[str]:
    captions = _captions(sends)
    for number, file in enumerate(files, 1):
        yield from file_lines(file.name, file.size, f"  {number:>2}  ", file.type)
        for caption in captions[file.sealed_sha256, file.name]:
            for place, line in enumerate(harmless_lines(caption)):
                yield from quoted(line, f"      {'' if place else 'shows':8}  ")
            if read := words_read(normalise.in_text(caption, "")):
                yield from beside("", read, 14, columns())
        if file.sealed_sha256.hex() not in blobs:
            yield "      MISSING: not in any bundle imported so far"


def _captions(sends: Sequence[Sent]) -> dict[tuple[bytes, str], list[str]]:
    """Give what each file is said to show: in a second send it may be put in other words."""
    found: dict[tuple[bytes, str], list[str]] = {}
    for sent in sends:
        for file in sent.content.files if sent.content is not None else ():
            captions = found.setdefault((file.sealed_sha256, file.name), [])
            if file.caption and file.caption not in captions:
                captions.append(file.caption)
    return found


def _send_lines(sent: Sent, told: set[tuple[str, ...]], mailboxes: Mapping[bytes, int]) -> Iterator[str]:
    if sent.content is None:
        yield ""
        yield f"envelope {sent.digest} is not shown: {sent.state}: {harmless(sent.why)}"
        return
    lines = tuple(_content_lines(sent))
    if lines in told:
        return
    if told:
        yield ""
        mailbox = sent.content.mailbox
        number = None if mailbox is None else mailboxes.get(mailbox_name(mailbox))
        which = f", mailbox {number}" if number else ""
        yield f"sent again, with other words ({sent.content.received_on}{which}):"
    told.add(lines)
    yield from lines


def _content_lines(sent: Sent) -> Iterator[str]:
    # The bar in front keeps what was sent from passing for the desk's own lines.
    content = sent.content
    if isinstance(content, Report) and sent.schema != 1:
        yield from report_lines(content, columns())
    elif content is not None:
        yield ""
        if isinstance(content, Contact):
            yield from _contact_lines(content)
        for line in harmless_lines(content.words):
            yield from quoted(line, "  ")


def _contact_lines(contact: Contact) -> Iterator[str]:
    yield f"to        {LABELS[contact.to]}"
    if contact.topic:
        yield from quoted(harmless_name(contact.topic), "topic     ")
    for place, line in enumerate(harmless_lines(contact.reach) if contact.reach else []):
        yield from quoted(line, f"{'' if place else 'answer':10}")
    if not contact.reach:
        yield "answer    no way to reach the sender"
    yield ""


def case_json(
    case: Case, sends: Sequence[Sent], replies: Sequence[Answered], blobs: frozenset[str]
) -> dict[str, object]:
    """Give the object that `show --json` prints."""
    return {
        **case.as_json(),
        "answered_to": [
            {"number": one.number, "received_on": one.received_on, "begins": one.begins}
            for one in addressees(sends)
        ],
        "payload": sends[0].as_sent() if sends else None,
        "normalised": _normalised(sends[0]) if sends else None,
        "attachments": [
            {
                "name": file.name,
                "type": file.type,
                "size": file.size,
                "sha256": file.sha256.hex(),
                "caption": file.caption,
                "here": file.sealed_sha256.hex() in blobs,
            }
            for file in files_of(sends)
        ],
        "sends": [
            {
                "envelope": sent.digest,
                "kind": sent.kind,
                "epoch": None if sent.epoch is None else str(sent.epoch),
                "state": sent.state.value,
                "why": sent.why,
                "payload": sent.as_sent(),
                "normalised": _normalised(sent),
            }
            for sent in sends
        ],
        "replies": [reply.as_json() for reply in replies],
    }


def _normalised(sent: Sent) -> dict[str, list[dict[str, object]]] | None:
    """Give what the desk made of a report's words, or None: a message to the team is nobody's evidence."""
    return normalise.as_json(normalise.normalised(sent.content)) if isinstance(sent.content, Report) else None
