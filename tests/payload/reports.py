"""Reports for tests: any report and any answers that the limits and the outline allow, and one plain one."""

from datetime import date
from hashlib import sha256

from hypothesis import strategies as st

from payload import Answers, AttachedFile, Mailbox, Report
from payload.answers import Answer, Entry
from payload.limits import MAX_FILE_SIZE, MAX_NAME, MAX_TYPE
from payload.outline import SECTIONS, Field, Kind, Section

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
said = texts.filter(str.strip)


def _answer(field: Field) -> st.SearchStrategy[Answer]:
    values = [choice.value for choice in field.choices]
    if field.kind is Kind.ONE:
        return st.sampled_from(values)
    if field.kind is Kind.SEVERAL:
        some = st.lists(st.sampled_from(values), min_size=1, unique=True)
        return some.map(lambda picked: tuple(sorted(picked, key=values.index)))
    return said


def _entries(section: Section) -> st.SearchStrategy[tuple[Entry, ...]]:
    entry = st.fixed_dictionaries({}, optional={field.name: _answer(field) for field in section.fields})
    return st.lists(entry.filter(bool), min_size=1, max_size=min(section.most, 3)).map(tuple)


answers = (
    st.lists(st.sampled_from(SECTIONS), max_size=5, unique=True)
    .flatmap(lambda picked: st.fixed_dictionaries({section.name: _entries(section) for section in picked}))
    .map(Answers)
)

files = st.builds(
    AttachedFile,
    blob=st.binary(min_size=16, max_size=16),
    key=st.binary(min_size=32, max_size=32),
    name=texts.map(lambda name: name[:MAX_NAME]),
    type=texts.map(lambda name: name[:MAX_TYPE]),
    size=st.integers(0, MAX_FILE_SIZE),
    sha256=st.binary(min_size=32, max_size=32),
    sealed_sha256=st.binary(min_size=32, max_size=32),
    caption=st.just("") | said,
)

# Not drawn byte by byte: a key's bytes are of no interest, and there are many of them.
mailboxes = st.builds(
    lambda byte, reply: Mailbox((byte * 1216)[:1216], reply),
    st.binary(min_size=1, max_size=4),
    st.binary(min_size=32, max_size=32),
)

reports = st.builds(
    Report,
    draft=st.binary(min_size=16, max_size=16),
    received_on=st.dates(),
    language=st.sampled_from(["en", "en-GB", "zh-Hant-TW", "x-1"]),
    what_happened=texts,
    files=st.lists(files, max_size=4, unique_by=lambda file: file.blob).map(tuple),
    answers=answers,
    mailbox=st.none() | mailboxes,
)


def plain_file(**changed: object) -> AttachedFile:
    """Give a file of five bytes, with ``changed`` fields."""
    usual: dict[str, object] = {
        "blob": b"b" * 16,
        "key": b"k" * 32,
        "name": "photo.jpg",
        "type": "image/jpeg",
        "size": 5,
        "sha256": b"s" * 32,
        "sealed_sha256": b"q" * 32,
    }
    return AttachedFile(**{**usual, **changed})  # type: ignore[arg-type]  # a test changes any field to anything


def mailbox_of(seed: bytes) -> Mailbox:
    """Give a mailbox that is another for another seed; nothing can be sealed to it."""
    digest = sha256(seed).digest()
    return Mailbox(digest * 38, digest)


PLAIN_MAILBOX = mailbox_of(b"d" * 16)  # that of `plain_report`


def plain_report(**changed: object) -> Report:
    """Give a short report with one file, with ``changed`` fields."""
    usual: dict[str, object] = {
        "draft": b"d" * 16,
        "received_on": date(2026, 11, 22),
        "language": "en",
        "what_happened": "A van at the yard again.",
        "files": (plain_file(),),
        "mailbox": mailbox_of(draft if isinstance(draft := changed.get("draft"), bytes) else b"d" * 16),
    }
    return Report(**{**usual, **changed})  # type: ignore[arg-type]  # a test changes any field to anything
