"""Notes of staff for tests: any that the limits allow, and plain ones."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from payload import StaffNote, Subject
from payload.changes import (
    DECISIONS,
    HANDLING,
    INFORMATION,
    STATUSES,
    Change,
    Event,
    Grade,
    Group,
    Investigation,
    LinkDecision,
    Lock,
    Member,
    Owner,
    Person,
    Read,
    Referred,
    Status,
    Tags,
    Task,
    Text,
)
from tests.payload.reports import said, texts

_ids = st.binary(min_size=16, max_size=16)
_digests = st.binary(min_size=32, max_size=32)
_hashes = _digests.map(bytes.hex)
_short = texts.map(lambda text: text[:64])
_title = said.map(lambda text: text.strip()[:64].strip() or ".")
_names = st.text("abcdefgh234567", min_size=10, max_size=10)
_tags = st.lists(_title, max_size=3, unique=True).map(tuple)
_days = st.one_of(
    st.dates().map(date.isoformat),
    st.dates().map(lambda day: day.isoformat()[:7]),
    st.dates().map(lambda day: day.isoformat()[:4]),
)

of_both: st.SearchStrategy[Change] = st.one_of(
    st.builds(Text, said),
    st.builds(Task, _ids, _title, st.none() | st.dates(), st.booleans()),
    st.builds(Event, _days, _title),
)
of_case: st.SearchStrategy[Change] = st.one_of(
    of_both,
    st.builds(Status, st.sampled_from(sorted(STATUSES))),
    st.builds(Owner, _short),
    st.builds(Tags, _tags, _tags),
    st.builds(
        Grade,
        st.integers(1, 3),
        st.sampled_from(sorted(INFORMATION)),
        st.sampled_from(sorted(HANDLING)),
        _title,
    ),
    st.builds(
        Read, st.booleans(), st.lists(_hashes.map(lambda text: text[:16]), max_size=2, unique=True).map(tuple)
    ),
    st.builds(Lock, st.just("") | _hashes, st.booleans(), _short),
    st.builds(
        Referred,
        _title,
        _title,
        _hashes,
        st.lists(_hashes, max_size=2, unique=True).map(tuple),
        st.from_regex("[123][A-E][PC]", fullmatch=True),
        _short,
        st.integers(0, 100),
    ),
    st.builds(Group, st.sampled_from(["", "spam"]) | _names.map(lambda name: f"same as {name}")),
)
of_investigation: st.SearchStrategy[Change] = st.one_of(
    of_both,
    st.builds(Investigation, _title, texts, st.booleans()),
    st.builds(Member, _names, st.booleans()),
    st.builds(Person, _title, _short, _short, st.booleans()),
)
of_link = (
    st.lists(_names, min_size=2, max_size=2, unique=True)
    .map(sorted)
    .flatmap(
        lambda pair: st.builds(LinkDecision, *map(st.just, pair), _title, _title, st.sampled_from(DECISIONS))
    )
)
_about_cases = st.one_of(
    st.builds(Subject, st.just("draft"), _ids),
    st.builds(Subject, st.sampled_from(["mailbox", "envelope"]), _digests),
)
_about = st.one_of(
    st.tuples(_about_cases, of_case),
    st.tuples(st.builds(Subject, st.just("investigation"), _ids), of_investigation),
    of_link.map(lambda decided: (Subject.of_link(decided), decided)),
)
_times = st.datetimes().map(lambda time: time.replace(microsecond=0, tzinfo=UTC))

notes = st.builds(
    lambda id_, time, author, desk, about: StaffNote(id_, time, author, desk, *about),
    _ids,
    _times,
    _short,
    _short,
    _about,
)


def plain_note(change: Change | None = None, subject: Subject | None = None, **changed: object) -> StaffNote:
    """Give a short note on a case, or another change, with ``changed`` fields."""
    usual: dict[str, object] = {
        "note_id": b"n" * 16,
        "written_at": datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
        "author": "Ann",
        "desk": "newsroom",
        "subject": subject or Subject("draft", b"d" * 16),
        "change": change or Text("Rang the council."),
    }
    return StaffNote(**{**usual, **changed})  # type: ignore[arg-type]  # a test changes any field to anything
