"""Follow-ups, replies and the desk's copies of them for tests: any that the limits allow, and plain ones."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from payload import FollowUp, Reply, SentReply
from tests.payload.reports import PLAIN_MAILBOX, files, mailboxes, said, texts

LANGUAGES = st.sampled_from(["en", "en-GB", "zh-Hant-TW", "x-1"])
_ids = st.binary(min_size=16, max_size=16)

follow_ups = st.builds(
    FollowUp,
    draft=_ids,
    received_on=st.dates(),
    language=LANGUAGES,
    mailbox=mailboxes,
    text=texts,
    files=st.lists(files, max_size=2, unique_by=lambda file: file.blob).map(tuple),
)

replies = st.builds(
    Reply,
    written_on=st.dates(),
    language=LANGUAGES,
    text=said,
    files=st.lists(
        files.map(lambda file: replace(file, caption="")), max_size=2, unique_by=lambda file: file.blob
    ).map(tuple),
)

sent_replies = st.builds(
    SentReply,
    reply=replies,
    desk=texts.map(lambda name: name[:64]),
    slot=_ids,
    mailbox=mailboxes,
    case_draft=_ids,
    reply_id=_ids,
)


def plain_follow_up(**changed: object) -> FollowUp:
    """Give a short follow-up without files, with ``changed`` fields."""
    usual: dict[str, object] = {
        "draft": b"f" * 16,
        "received_on": date(2026, 11, 24),
        "language": "en",
        "mailbox": PLAIN_MAILBOX,
        "text": "The van came back.",
    }
    return FollowUp(**{**usual, **changed})  # type: ignore[arg-type]  # a test changes any field to anything


def plain_reply(**changed: object) -> Reply:
    """Give a short reply without files, with ``changed`` fields."""
    usual: dict[str, object] = {
        "written_on": date(2026, 11, 23),
        "language": "en",
        "text": "Thank you. Which yard is it?",
    }
    return Reply(**{**usual, **changed})  # type: ignore[arg-type]  # a test changes any field to anything


def plain_sent_reply(**changed: object) -> SentReply:
    """Give the desk's copy of a short reply, with ``changed`` fields."""
    usual: dict[str, object] = {
        "reply": plain_reply(),
        "desk": "newsroom",
        "slot": b"s" * 16,
        "mailbox": PLAIN_MAILBOX,
        "case_draft": b"d" * 16,
        "reply_id": b"i" * 16,
    }
    return SentReply(**{**usual, **changed})  # type: ignore[arg-type]  # a test changes any field to anything
