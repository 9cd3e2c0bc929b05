"""What a report says, a follow-up, a message to the team, its reply, or a note, as the JSON that is sealed.

Each kind has a versioned schema, its limits and a strict reader.

The web server writes payloads, the desk reads them; neither trusts the other to have kept the limits.
Nothing here knows of Flask, keys or files on a disk. No error and no repr holds a word of them.
A new field is a new schema number: an older desk then says so, and keeps the envelope.
"""

from collections.abc import Mapping
from types import MappingProxyType

from payload.answers import Answers
from payload.attached import AttachedFile
from payload.contact import Contact
from payload.errors import BadPayload, UnknownPayload
from payload.follow_up import FollowUp
from payload.mailbox import Mailbox
from payload.note import StaffNote, Subject
from payload.reply import Reply, SentReply
from payload.report import Report
from payload.strict_json import Fields, loads

__all__ = [
    "Answers",
    "Anything",
    "AttachedFile",
    "BadPayload",
    "Contact",
    "FollowUp",
    "Mailbox",
    "Payload",
    "Reply",
    "Report",
    "SentReply",
    "StaffNote",
    "Subject",
    "UnknownPayload",
    "read",
]

Payload = Report | FollowUp | Contact  # what comes from a source
Anything = Payload | Reply | SentReply | StaffNote

KINDS: Mapping[str, type[Anything]] = MappingProxyType(
    {known.kind: known for known in (Report, FollowUp, Contact, Reply, SentReply, StaffNote)}
)
_MOST = 2**31  # a schema number beyond this is damage, not news


def read(kind: str | None, data: bytes) -> Anything:
    """Read the payload in ``data``: of the kind that it says, which must be ``kind`` unless that is None.

    :raises UnknownPayload: it is of a newer schema or of a kind unknown here.
    :raises BadPayload: it breaks its schema, or is of another kind.
    """
    fields = Fields(loads(data))
    schema = fields.number("schema", _MOST)
    newest = max(known.schema for known in KINDS.values())
    if schema > newest:
        # Before the kind is looked for: a schema to come may say it in another way.
        raise UnknownPayload(f"schema {schema}, newer than {newest}", "schema")
    found = fields.text("kind", 100)
    if kind is not None and found != kind:
        raise BadPayload("is not the kind that was expected", "kind")
    known = KINDS.get(found)
    if known is None:
        raise UnknownPayload("a kind that this version does not know", "kind")
    if schema > known.schema:
        raise UnknownPayload(f"schema {schema}, newer than {known.schema}", "schema")
    if not schema:
        raise BadPayload("no schema has this number", "schema")
    return known.taken(fields, schema)
