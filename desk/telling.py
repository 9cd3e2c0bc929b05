"""What `show` prints of a case, for people and as JSON: what is known of it, its files, and each send."""

from collections.abc import Iterator, Sequence

from desk import normalise
from desk.cases import Case
from desk.columns import beside, columns, quoted
from desk.harmless import harmless, harmless_lines, harmless_name
from desk.opening import Sent
from desk.report import alarm_lines, report_lines, words_read
from desk.showing import file_lines, files_of
from payload import AttachedFile, Contact, Report
from payload.contact import LABELS


def case_lines(
    case: Case, sends: Sequence[Sent], files: Sequence[AttachedFile], blobs: frozenset[str]
) -> Iterator[str]:
    """Give a case as it is read: what is known of it, its files, and the words of each send that differs."""
    reports = [sent.content for sent in sends if isinstance(sent.content, Report)]
    yield from alarm_lines(reports, columns())
    content = sends[0].content
    yield f"case      {case.name}"
    yield f"kind      {case.kind}"
    yield f"received  {case.received_on or '-'}"
    if content is not None:
        yield f"language  {content.language}"
    yield f"state     {case.state}"
    if len(sends) > 1:
        yield f"sent      {len(sends)} times"
    if files:
        yield f"files     {len(files)} (save them with: files {case.name} --out FOLDER)"
        yield from _files_lines(files, sends, blobs)
    told: set[tuple[str, ...]] = set()
    for sent in sends:
        yield from _send_lines(sent, told)


def _files_lines(
    files: Sequence[AttachedFile], sends: Sequence[Sent], blobs: frozenset[str]
) -> Iterator[str]:
    captions = _captions(sends)
    for number, file in enumerate(files, 1):
        yield from file_lines(file.name, file.size, f"  {number:>2}  ", file.type)
        for caption in captions[file.blob, file.name]:
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
            captions = found.setdefault((file.blob, file.name), [])
            if file.caption and file.caption not in captions:
                captions.append(file.caption)
    return found


def _send_lines(sent: Sent, told: set[tuple[str, ...]]) -> Iterator[str]:
    if sent.content is None:
        yield ""
        yield f"envelope {sent.digest} is not shown: {sent.state}: {harmless(sent.why)}"
        return
    lines = tuple(_content_lines(sent))
    if lines in told:
        return
    if told:
        yield ""
        yield f"sent again, with other words ({sent.content.received_on}):"
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


def case_json(case: Case, sends: Sequence[Sent], blobs: frozenset[str]) -> dict[str, object]:
    """Give the object that `show --json` prints."""
    return {
        **case.as_json(),
        "payload": sends[0].as_sent(),
        "normalised": _normalised(sends[0]),
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
                "epoch": None if sent.epoch is None else str(sent.epoch),
                "state": sent.state.value,
                "why": sent.why,
                "payload": sent.as_sent(),
                "normalised": _normalised(sent),
            }
            for sent in sends
        ],
    }


def _normalised(sent: Sent) -> dict[str, list[dict[str, object]]] | None:
    """Give what the desk made of a report's words, or None: a message to the team is nobody's evidence."""
    return normalise.as_json(normalise.normalised(sent.content)) if isinstance(sent.content, Report) else None
