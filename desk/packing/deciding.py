"""The file in which a person decides at leisure: JSON with every mark and question, and a gap behind each.

It holds words of the report in the clear: staff ask for it by name, and do away with it afterwards.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desk.errors import DeskError
from desk.packing.cutting import Cuts, given
from desk.packing.pack import Contents
from desk.packing.saying import lines
from desk.packing.told import pieces
from desk.pointing import Choice, Mark, Nature
from desk.referral import Decision, Decisions, Draft
from payload import BadPayload
from payload.strict_json import Fields, loads

HOW = (
    "For each mark write one of its choices as decision; with replace, write the new words too. "
    "For each question write true as yes if it is so, why where it asks for that, and as second the name of "
    "somebody else who agrees where it asks for that. To take out more, see the list more: write: true as "
    "leave_out, for all of it; or words to take out, as they stand there, in the list take_out. "
    "Change nothing else. "
    "With --decisions and --write-decisions together you get a new file that shows what the pack will say."
)
_BOM = b"\xef\xbb\xbf"  # what some editors put in front
AROUND = 60  # characters shown before and behind a mark
_MOST = 4 * 2**20  # bytes
_MOST_MARKS = 100_000
_MOST_TEXT = 100_000


def written(draft: Draft, decisions: Decisions | None = None, contents: Contents | None = None) -> str:
    """Give the file for a draft: undecided, or as decided so far, with what the pack will say."""
    done = decisions or Decisions(draft.fingerprint)
    texts = {piece.where: piece.text for piece in pieces(draft.told)}
    marks = [
        {
            "id": mark.id,
            "where": mark.where,
            "why": mark.why,
            **_around(mark, texts.get(mark.where, "")),
            "choices": [choice.value for choice in mark.choices],
            "decision": chosen.choice.value if (chosen := done.marks.get(mark.id)) else "",
            "words": chosen.words if chosen else "",
        }
        for mark in draft.marks
    ]
    questions = [
        {
            "key": one.key,
            "says": one.says,
            "why": one.why,
            "about": one.about,
            "yes": one.key in done.confirms,
            "because": done.confirms.get(one.key, ""),
            "second_is_asked_for": one.second,
            "second": done.seconds.get(one.key, ""),
        }
        for one in draft.confirms
    ]
    held = {
        "how": HOW,
        "of": draft.fingerprint,
        "marks": marks,
        "questions": questions,
        "more": [*_more(draft, done.cuts)],
        "will_say": list(lines(contents)) if contents else [],
    }
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
    questions = list(_questions(held))
    cuts = _cuts(held)
    held.texts("will_say", _MOST_MARKS, _MOST_TEXT)
    held.done()
    return Decisions(
        of,
        marks,
        {key: because for key, yes, because, _ in questions if yes},
        {key: second for key, yes, _, second in questions if yes and second},
        cuts,
    )


def _decisions(held: Fields) -> Iterator[tuple[str, Decision]]:
    for mark in held.each("marks", _MOST_MARKS):
        choice = mark.text("decision", 20).strip().lower()
        if choice not in ("", *Choice):
            raise BadPayload("is no choice", mark.path("decision"))
        words = mark.text("words", _MOST_TEXT)
        if choice:
            yield mark.text("id", 64), Decision(Choice(choice), words)


def _questions(held: Fields) -> Iterator[tuple[str, bool, str, str]]:
    for question in held.each("questions", _MOST_MARKS):
        said = question.text("because", _MOST_TEXT), question.text("second", _MOST_TEXT).strip()
        yield question.text("key", 64), question.flag("yes"), *said


def _more(draft: Draft, cuts: Cuts) -> Iterator[dict[str, Any]]:
    texts = [(row.place, row.label, row.text) for group in draft.groups for row in group.rows]
    rows = {place for place, _, _ in texts}
    texts += [
        (piece.where, piece.label, piece.text)
        for piece in pieces(draft.told)
        if piece.where not in rows and piece.nature is Nature.FREE
    ]
    for place, label, text in texts:
        yield {
            "where": place,
            "label": label,
            "text": text,
            "leave_out": place in cuts.left_out,
            "take_out": list(cuts.words.get(place, ())),
        }


def _cuts(held: Fields) -> Cuts:
    left_out, words = set(), {}
    for text in held.each("more", _MOST_MARKS):
        where = text.text("where", 200)
        if text.flag("leave_out"):
            left_out.add(where)
        said = text.text("text", _MOST_TEXT)
        found = tuple(
            one for each in text.texts("take_out", _MOST_MARKS, _MOST_TEXT) for one in given(said, each)
        )
        if found:
            words[where] = found
    return Cuts(frozenset(left_out), words=words)


def _around(mark: Mark, text: str) -> dict[str, Any]:
    return {
        "before": text[max(0, mark.start - AROUND) : mark.start],
        "text": mark.text,
        "after": text[mark.end : mark.end + AROUND],
    }
