"""The JSON Schemas (draft 2020-12) of all payloads, made from the outline and the limits that the reader has.

`payload.describe` writes them to docs/. Tests hold the reader to them; what they cannot say is in ``BEYOND``.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from payload import mailbox, sending
from payload.attached import RAW
from payload.changes import OF_CASE, OF_INVESTIGATION, Change, Grade, LinkDecision
from payload.contact import Contact, Role
from payload.follow_up import FollowUp
from payload.limits import (
    MAX_AUTHOR,
    MAX_BODY,
    MAX_DESK,
    MAX_FILE_SIZE,
    MAX_FILES,
    MAX_LANGUAGE,
    MAX_LONG,
    MAX_MESSAGE,
    MAX_NAME,
    MAX_REACH,
    MAX_SHORT,
    MAX_TEXT,
    MAX_TOPIC,
    MAX_TYPE,
    MAX_WORDS,
)
from payload.note import NOTE_ID, SUBJECTS, TIME, StaffNote
from payload.outline import Field, Kind, Part, Section, sections
from payload.reply import REPLY_ID, SLOT, Reply, SentReply
from payload.report import Report
from payload.shapes import SAID, MaybeDay
from payload.strict_json import DAY, base64_pattern

JSON = dict[str, Any]

# What the reader refuses and JSON Schema cannot say, by a name for tests.
BEYOND: Mapping[str, str] = MappingProxyType({
    "size": f"The JSON has at most {MAX_BODY:,} bytes.",
    "encoding": "It is UTF-8, without a byte order mark.",
    "keys": "No key stands twice in one object.",
    "numbers": "A number is written in digits alone: not `2.0`, not `2e0`.",
    "surrogates": "No text holds half a surrogate pair.",
    "day": "`received_on`, `written_on`, `written_at`, `due` or `on` is a day or a time of the calendar. "
    "Validators see this only when told to check `format`.",
    "order": "Choices stand in the order in which they are listed below.",
    "words": f"`what_happened` and all answers together have at most {MAX_WORDS:,} characters.",
    "blobs": "No two files have the same `blob`.",
    "link": "Of a decision on a link `a` is before `b`, and `id` follows from them, `kind` and `value`.",
})  # fmt: skip


def schemas() -> dict[str, JSON]:
    """Give every schema that was ever in use, by its name: "report-2"."""
    reports = {f"report-{number}": _report(number) for number in range(1, Report.schema + 1)}
    return {
        **reports,
        "follow-up-1": _follow_up(),
        "contact-1": _contact(),
        "reply-1": _reply(),
        "sent-reply-1": _sent_reply(),
        "note-1": _note(),
    }


def _report(schema: int) -> JSON:
    told = {"what_happened": _text(MAX_TEXT)}
    return _whole(
        f"Report, schema {schema}",
        {
            **_common(Report.kind, schema),
            **({"mailbox": _mailbox()} if schema > 2 else {}),
            "report": _object(told, _answers(Part.REPORT) if schema > 1 else {}),
            "source": _object({}, _answers(Part.SOURCE) if schema > 1 else {}),
            "files": _files(),
        },
        {
            "file": _file(captions=schema > 1),
            **({"short": _answer(MAX_SHORT), "long": _answer(MAX_LONG)} if schema > 1 else {}),
        },
    )


def _contact() -> JSON:
    contact = {
        "to": {"enum": [role.value for role in Role]},
        "topic": _text(MAX_TOPIC),
        "message": _answer(MAX_MESSAGE),
    }
    return _whole(
        f"Message to the team, schema {Contact.schema}",
        {
            **_common(Contact.kind, Contact.schema),
            "contact": _object(contact),
            "source": _object({"reach": _text(MAX_REACH)}),
        },
    )


def _follow_up() -> JSON:
    return _whole(
        f"Follow-up, schema {FollowUp.schema}",
        {
            **_common(FollowUp.kind, FollowUp.schema),
            "mailbox": _mailbox(),
            "follow_up": _object({"text": _text(MAX_TEXT)}),
            "source": _object({}),
            "files": _files(),
        },
        {"file": _file(captions=True), "short": _answer(MAX_SHORT)},
    )


def _reply() -> JSON:
    return _whole(
        f"Reply to a source, schema {Reply.schema}",
        {**_kind(Reply.kind, Reply.schema), **_said()},
        {"file": _file(captions=False)},
    )


def _sent_reply() -> JSON:
    return _whole(
        f"The desk's copy of a reply, schema {SentReply.schema}",
        {
            **_kind(SentReply.kind, SentReply.schema),
            **_said(),
            "desk": _text(MAX_DESK),
            "slot": _raw(SLOT),
            "mailbox": _mailbox(),
            "case_draft": _raw(sending.DRAFT),
            "reply_id": _raw(REPLY_ID),
        },
        {"file": _file(captions=False)},
    )


def _note() -> JSON:
    cases = {"anyOf": [_subject(kind) for kind in ("draft", "mailbox", "envelope")]}
    return {
        **_whole(
            f"A note of staff, schema {StaffNote.schema}",
            {
                **_kind(StaffNote.kind, StaffNote.schema),
                "note_id": _raw(NOTE_ID),
                "written_at": {**_like(TIME.pattern), "format": "date-time"},
                "author": _text(MAX_AUTHOR),
                "desk": _text(MAX_DESK),
                "about": {"type": "object"},
                "change": {"type": "object"},
            },
        ),
        "oneOf": [
            {"properties": {"about": about, "change": {"anyOf": [_change(change) for change in changes]}}}
            for about, changes in (
                (cases, OF_CASE),
                (_subject("investigation"), OF_INVESTIGATION),
                (_subject("link"), (LinkDecision,)),
            )
        ],
    }


def _subject(kind: str) -> JSON:
    return _object({"kind": {"const": kind}, "id": _raw(SUBJECTS[kind])})


def _change(change: type[Change]) -> JSON:
    held = {name: shape.schema() for name, shape in change.shapes.items()}
    optional = {name: held.pop(name) for name, shape in change.shapes.items() if isinstance(shape, MaybeDay)}
    found = _object({"what": {"const": change.what}, **held}, optional)
    if change is not Grade:
        return found
    on_conditions = {"properties": {"handling": {"const": "C"}}}
    return {**found, "if": on_conditions, "then": {"properties": {"conditions": {"pattern": SAID}}}}


def _said() -> JSON:
    return {
        "written_on": _day(),
        "language": _language(),
        "text": _answer(MAX_TEXT),
        "files": _files(),
    }


def _whole(title: str, properties: JSON, definitions: JSON | None = None) -> JSON:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **_object(properties),
        **({"$defs": definitions} if definitions else {}),
    }


def _common(kind: str, schema: int) -> JSON:
    return {
        **_kind(kind, schema),
        "draft": _raw(sending.DRAFT),
        "received_on": _day(),
        "language": _language(),
    }


def _kind(kind: str, schema: int) -> JSON:
    return {"schema": {"const": schema}, "kind": {"const": kind}}


def _day() -> JSON:
    return {**_like(DAY.pattern), "format": "date"}


def _language() -> JSON:
    return {**_like(sending.LANGUAGE.pattern), "maxLength": MAX_LANGUAGE}


def _mailbox() -> JSON:
    return _object({"public": _like(base64_pattern(mailbox.PUBLIC)), "reply": _raw(mailbox.REPLY)})


def _files() -> JSON:
    return {"type": "array", "items": {"$ref": "#/$defs/file"}, "maxItems": MAX_FILES}


def _file(*, captions: bool) -> JSON:
    members = {
        **{name: _raw(length) for name, length in RAW.items()},
        "name": _text(MAX_NAME),
        "type": _text(MAX_TYPE),
        "size": {"type": "integer", "minimum": 0, "maximum": MAX_FILE_SIZE},
    }
    return _object(members, {"caption": {"$ref": "#/$defs/short"}} if captions else {})


def _answers(part: Part) -> JSON:
    return {section.name: _section(section) for section in sections(part)}


def _section(section: Section) -> JSON:
    entry = {**_object({}, {field.name: _field(field) for field in section.fields}), "minProperties": 1}
    if not section.one:
        return {"title": section.title, **entry}
    return {
        "title": section.title,
        "type": "array",
        "items": {"title": section.one, **entry},
        "minItems": 1,
        "maxItems": section.most,
    }


def _field(field: Field) -> JSON:
    found: JSON = {"title": field.label}
    if field.is_text:
        return {**found, "$ref": f"#/$defs/{field.kind}"}
    choices = {"enum": [choice.value for choice in field.choices]}
    if field.kind is Kind.ONE:
        return {**found, **choices}
    return {**found, "type": "array", "items": choices, "minItems": 1, "uniqueItems": True}


def _object(required: JSON, optional: JSON | None = None) -> JSON:
    """Give an object with no other members than these."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        **({"required": list(required)} if required else {}),
        "additionalProperties": False,
    }


def _text(most: int) -> JSON:
    return {"type": "string", "maxLength": most}


def _answer(most: int) -> JSON:
    return {**_text(most), "pattern": SAID}


def _raw(length: int) -> JSON:
    return _like(f"[0-9a-f]{{{2 * length}}}")


def _like(pattern: str) -> JSON:
    # In some engines `$` is also the place before a line end that closes the text.
    return {"type": "string", "pattern": f"^{pattern}$", "not": {"pattern": "\n"}}
