"""What all that a source sends carries, whatever it says: its schema and kind, draft, day and language."""

import re
from datetime import date
from typing import Any, ClassVar, Protocol, TypedDict

from payload.errors import BadPayload
from payload.limits import MAX_LANGUAGE
from payload.strict_json import Fields

DRAFT = 16  # bytes

LANGUAGE = re.compile(r"[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8})*")


class Sending(Protocol):
    """The shape that all share which comes from a source: reports, contacts, follow-ups."""

    kind: ClassVar[str]

    @property
    def draft(self) -> bytes:
        """16 random bytes, one a form, so that a second send is seen as such."""

    @property
    def received_on(self) -> date:
        """The day it arrived."""

    @property
    def language(self) -> str:
        """The language of the page."""


class Common(TypedDict):
    """These fields, as a constructor takes them."""

    draft: bytes
    received_on: date
    language: str


def check(draft: bytes, language: str) -> None:
    """Check what can be wrong with them.

    :raises BadPayload: something is.
    """
    if len(draft) != DRAFT:
        raise BadPayload(f"must be {DRAFT} bytes", "draft")
    check_language(language)


def check_language(language: str) -> None:
    """Check that it is a language tag.

    :raises BadPayload: it is none.
    """
    if len(language) > MAX_LANGUAGE or not LANGUAGE.fullmatch(language):
        raise BadPayload("must be a language tag", "language")


def as_json(sending: Sending, schema: int) -> dict[str, Any]:
    """Give the members that a payload's JSON begins with, written to the schema of that number."""
    return {
        "schema": schema,
        "kind": sending.kind,
        "draft": sending.draft.hex(),
        "received_on": sending.received_on.isoformat(),
        "language": sending.language,
    }


def taken(fields: Fields) -> Common:
    """Read them, less the schema and the kind, which are taken already.

    :raises BadPayload: one is missing or breaks the schema.
    """
    return {
        "draft": fields.raw("draft", DRAFT),
        "received_on": fields.day("received_on"),
        "language": fields.text("language", MAX_LANGUAGE),
    }
