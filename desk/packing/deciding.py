"""The file in which a person decides at leisure: JSON with every mark and question, and a gap behind each.

It holds words of the report in the clear: staff ask for it by name, and do away with it afterwards.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desk.errors import DeskError
from desk.packing.told import pieces
from desk.pointing import Choice, Mark
from desk.referral import Decision, Decisions, Draft
from payload import BadPayload
from payload.strict_json import Fields, loads

HOW = (
    "For each mark write one of its choices as decision; with replace, write the new words too. "
    "For each question write true as yes if it is so, and why where it asks for that. Change nothing else."
)
_BOM = b"\xef\xbb\xbf"  # what some editors put in front
AROUND = 60  # characters shown before and behind a mark
_MOST = 4 * 2**20  # bytes
_MOST_MARKS = 100_000
_MOST_TEXT = 100_000


def written(draft: Draft) -> str:
    """Give the file for a draft, undecided."""
    texts = {piece.where: piece.text for piece in pieces(draft.told)}
    marks = [
        {
            "id": mark.id,
            "where": mark.where,
            "why": mark.why,
            **_around(mark, texts.get(mark.where, "")),
            "choices": [choice.value for choice in mark.choices],
            "decision": "",
            "words": "",
        }
        for mark in draft.marks
    ]
    questions = [
        {"key": one.key, "says": one.says, "why": one.why, "about": one.about, "yes": False, "because": ""}
        for one in draft.confirms
    ]
    held = {"how": HOW, "of": draft.fingerprint, "marks": marks, "questions": questions}
    return json.dumps(held, ensure_ascii=False, indent=2) + "\n"


def read(path: Path) -> Decisions:
    """Read what a person decided; what is left open in the file is left out.

    :raises DeskError: it is no such file, or was changed where it must not be.
    :raises OSError: it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(_MOST + 1)
    try:
        return _taken(data.removeprefix(_BOM))
    except BadPayload as bad:
        raise DeskError(
            f"the file of decisions cannot be read: {bad}",
            "write it anew with --write-decisions, and change only what its first line says",
        ) from None


def _taken(data: bytes) -> Decisions:
    held = Fields(loads(data))
    held.text("how", _MOST_TEXT)
    of = held.text("of", 64)
    marks = dict(_decisions(held))
    confirms = dict(_confirms(held))
    held.done()
    return Decisions(of, marks, confirms)


def _decisions(held: Fields) -> Iterator[tuple[str, Decision]]:
    for mark in held.each("marks", _MOST_MARKS):
        choice = mark.text("decision", 20).strip().lower()
        if choice not in ("", *Choice):
            raise BadPayload("is no choice", mark.path("decision"))
        words = mark.text("words", _MOST_TEXT)
        if choice:
            yield mark.text("id", 64), Decision(Choice(choice), words)


def _confirms(held: Fields) -> Iterator[tuple[str, str]]:
    for question in held.each("questions", _MOST_MARKS):
        because = question.text("because", _MOST_TEXT)
        if question.flag("yes"):
            yield question.text("key", 64), because


def _around(mark: Mark, text: str) -> dict[str, Any]:
    return {
        "before": text[max(0, mark.start - AROUND) : mark.start],
        "text": mark.text,
        "after": text[mark.end : mark.end + AROUND],
    }
