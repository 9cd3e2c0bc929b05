"""What was chosen and decided on the pages of a referral, out of the fields of their forms."""

from datetime import datetime

from desk.book import CaseFile
from desk.errors import DeskError
from desk.packing.agencies import agency
from desk.packing.cutting import Cuts, given
from desk.packing.handing import Later, Wish, has_danger, versions
from desk.packing.preparing import Prepared
from desk.packing.told import pieces
from desk.pages.drafts import Typed
from desk.pointing import Choice
from desk.referral import Decision, Decisions, spread
from payload import BadPayload
from payload.changes import Grade

CLEANED, ORIGINAL = "cleaned", "original"


def wished(typed: Typed) -> list[tuple[str, str]]:
    """Give the fields by which the choice is carried on to the form of decisions."""
    names = {
        "agency",
        "send",
        "addition",
        "day",
        "source",
        "information",
        "handling",
        "conditions",
        "answer_to",
        "later",
        "later_quote",
        "later_agencies",
        "later_one",
        "later_two",
    }
    return [
        (name, value)
        for name, value in typed.items(multi=True)
        if name in names or name.removeprefix("file-").removeprefix("sealed-").isdecimal()
    ]


def wish(file: CaseFile, typed: Typed) -> Wish:
    """Give what was chosen.

    :raises DeskError: something is missing, or cannot be.
    """
    if not typed.get("agency"):
        raise DeskError("no agency is chosen", "choose whom it is for")
    # By its hash: its number may have become another file's meanwhile.
    how = {typed.get(f"sealed-{number}", ""): typed[f"file-{number}"] for number in _named(typed)}
    sends = _numbers(typed, "send") or ((1,) if len(versions(file)) == 1 else ())
    if not sends and file.reports:
        raise DeskError("no report is chosen", "its source sent several that differ: choose one, or more")
    return Wish(
        agency=agency(typed["agency"]),
        grade=_grade(typed),
        sends=sends,
        additions=_numbers(typed, "addition"),
        files=tuple(how),
        originals=frozenset(sealed for sealed in how if how[sealed] == ORIGINAL),
        exact_days=typed.get("day", "yes" if has_danger(file) else "no") == "yes",
        answer_to=typed.get("answer_to", "").strip(),
        passed_on=datetime.now().astimezone().date(),
        later=_later(typed),
    )


def _later(typed: Typed) -> Later | None:
    numbers = _numbers(typed, "later")
    if not numbers:
        return None
    people = (typed.get("later_one", ""), typed.get("later_two", ""))
    return Later(numbers[0], typed.get("later_quote", ""), typed.get("later_agencies", ""), people)


def _named(typed: Typed) -> list[int]:
    found = (name.removeprefix("file-") for name, how in typed.items() if how in (CLEANED, ORIGINAL))
    return sorted(int(number) for number in found if number.isascii() and number.isdecimal())


def _numbers(typed: Typed, name: str) -> tuple[int, ...]:
    return tuple(int(text) for text in typed.getlist(name) if text.isascii() and text.isdecimal())


def _grade(typed: Typed) -> Grade:
    source, conditions = typed.get("source", ""), typed.get("conditions", "").strip()
    if typed.get("handling") == "C" and not conditions:
        raise DeskError("the conditions are missing", "write on what conditions it may be shared")
    try:
        return Grade(
            int(source) if source in "123" else 0, typed["information"], typed["handling"], conditions
        )
    except (BadPayload, KeyError, ValueError):
        raise DeskError("the grading is not complete", "choose one of each of the three lists") from None


def decisions(ready: Prepared, typed: Typed) -> Decisions:
    """Give what was decided."""
    draft = ready.draft
    marks = {
        mark.id: Decision(
            Choice(chosen), typed.get(f"words-{mark.id}", "") if chosen == Choice.REPLACE else ""
        )
        for mark in draft.marks
        if (chosen := typed.get(f"mark-{mark.id}", "")) in list(Choice)
    }
    yes = [(n, one) for n, one in enumerate(draft.confirms) if typed.get(f"yes-{n}") == "yes"]
    found = Decisions(
        typed.get("of", ""),
        marks,
        {one.key: typed.get(f"because-{n}", "") for n, one in yes},
        {one.key: typed.get(f"second-{n}", "") for n, one in yes if one.second},
        _cuts(ready, typed),
    )
    return spread(draft, found, {mark.id for mark in draft.marks if typed.get(f"same-{mark.id}") == "yes"})


def _cuts(ready: Prepared, typed: Typed) -> Cuts:
    words = {
        piece.where: found
        for piece in pieces(ready.draft.told)
        if (found := given(piece.text, typed.get(f"more-{piece.where}", "")))
    }
    return Cuts(frozenset(typed.getlist("leave")), frozenset(typed.getlist("sentence")), words)
