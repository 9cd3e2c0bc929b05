"""A referral from a case to the file that is handed over: prepared, decided, looked through, written."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desk.book import Book, CaseFile
from desk.durable import sync_folder, writing
from desk.errors import DeskError
from desk.packing import handing
from desk.packing.consent import Refused, to_confirm
from desk.packing.copies import Copy, copies
from desk.packing.handing import Wish
from desk.packing.later import Agreed
from desk.packing.pack import Contents, Pack, Packed, packed
from desk.packing.told import Told, pieces
from desk.pointing import Guarded, Nature, Piece, marks, surviving
from desk.referral import READ_WHOLE, Decided, Decisions, Draft, decided, decided_pieces, drafted
from payload.changes import Grade, Referred, Status, Text

PASSED_ON = "referred"


@dataclass(frozen=True, slots=True, repr=False)
class Prepared:
    """A draft with all that it takes to make it a file."""

    wish: Wish
    draft: Draft
    copies: tuple[Copy, ...]
    guarded: Guarded
    later: Agreed | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Made:
    """A pack, what is noted of it, and all that it says, for a last look."""

    pack: Pack
    referred: Referred
    note: Text
    grade: Grade
    contents: Contents


def prepared(book: Book, file: CaseFile, wish: Wish) -> Prepared:
    """Give what would be passed on, with its marks and questions.

    :raises Refused: the case is locked, or its source did not agree.
    :raises DeskError: a choice is none of the case, or a file cannot be passed on.
    """
    handing.check_open(file)
    consents = handing.consents(file)
    later = handing.agreed_later(file, wish.later)
    to_confirm(consents, wish.agency.name, wish.agency.id, later=later)  # before any file is opened
    guarded = handing.guarded(file, wish)
    made = copies(book, file, wish.files, wish.originals, guarded)
    told = Told(
        handing.chosen_sends(file, wish),
        handing.chosen_additions(file, wish),
        tuple(copy.enclosed for copy in made),
        wish.exact_days,
    )
    found = marks(pieces(told), guarded)
    draft = drafted(
        (wish.agency.id, wish.agency.name),
        wish.grade.information,
        told,
        consents,
        found,
        later=later,
        contact=bool(wish.answer_to.strip()),
    )
    return Prepared(wish, draft, made, guarded, later)


def finished(ready: Prepared, decisions: Decisions, by: str = "") -> Made:
    """Make the pack, by what a person decided; ``by`` is their name, which a second person's is not.

    :raises Undecided: something is left to decide.
    :raises Refused: the decisions are about other words, or what reaches the source would still go out.
    """
    passed = decided(ready.draft, decisions)
    _check_second(ready, decisions, by)
    _look_again(ready, passed)
    wish = ready.wish
    files = tuple(_packed(copy, passed) for copy in ready.copies)
    contents = Contents(
        wish.agency, wish.grade, passed.groups, files, wish.answer_to, wish.passed_on, passed.first
    )
    pack = packed(contents)
    sealed = tuple(sorted({copy.sealed for copy in ready.copies}))
    referred = Referred(
        wish.agency.id,
        wish.agency.name,
        pack.sha256,
        sealed,
        wish.grade.code,
        wish.grade.conditions,
        passed.count,
    )
    return Made(pack, referred, Text(_note(ready, decisions, pack)), wish.grade, contents)


def shown_first(ready: Prepared, decisions: Decisions, by: str = "") -> Contents:
    """Give what the pack will say, for a person to read before they say that they have read it.

    :raises Undecided: something else is left to decide.
    :raises Refused: as of `finished`.
    """
    read = {**decisions.confirms, READ_WHOLE.key: ""}
    return finished(ready, replace(decisions, confirms=read), by).contents


def write(book: Book, file: CaseFile, made: Made, out: Path, author: str) -> None:
    """Write the pack to a new file, and note in the case what was passed on.

    The note comes first, and then the file gets its name: there is never a pack that no note knows of.

    :raises DeskError, OSError: no pack is left behind then.
    """
    taken = DeskError("there is a file of that name already", "name a new file")
    if os.path.lexists(out):
        raise taken
    try:
        with writing(out, replace=False) as partial:
            partial.write(made.pack.data)
            # A full disk shows here, before anything is noted.
            partial.flush()
            os.fsync(partial.fileno())
            record(book, file, made, author)
    except FileExistsError:
        raise taken from None
    sync_folder(out.parent)


def record(book: Book, file: CaseFile, made: Made, author: str) -> None:
    """Note in the case what was passed on, to whom, and why where a reason was asked for.

    The case has the grade from then on, and is passed on.

    :raises DeskError, OSError: it could not be noted.
    """
    work = book.case(file.name).work
    book.add(file, made.note, author)
    if work.grade != made.grade:
        book.add(file, made.grade, author)
    if work.status != PASSED_ON:
        book.add(file, Status(PASSED_ON), author)
    book.add(file, made.referred, author)


def _check_second(ready: Prepared, decisions: Decisions, by: str) -> None:
    for one in ready.draft.confirms:
        name = decisions.seconds.get(one.key, "")
        if one.second and " ".join(name.casefold().split()) == " ".join(by.casefold().split()):
            raise Refused(
                f"the second person is the same as the first: {one.says}", "ask somebody else, and write who"
            )


def _look_again(ready: Prepared, passed: Decided) -> None:
    wish = ready.wish
    ours = (
        Piece("conditions", "Conditions", Nature.FREE, wish.grade.conditions),
        Piece("answer to", "Whom to answer", Nature.FREE, wish.answer_to),
    )
    texts = (*decided_pieces(ready.draft.told, passed), *ours)
    if left := surviving(texts, ready.guarded, passed.not_theirs):
        places = ", ".join(dict.fromkeys(mark.where for mark in left))
        raise Refused(
            f"what reaches the source, or is nearly it, would still go out: in {places}",
            "decide anew, and see to the words that were put in: nothing was written",
        )


def _packed(copy: Copy, passed: Decided) -> Packed:
    file = copy.enclosed
    return Packed(file.name, copy.type, passed.captions[file.number], copy.data, file.original)


def _note(ready: Prepared, decisions: Decisions, pack: Pack) -> str:
    reasons = [
        f"{one.says}: {reason}{_second(decisions, one.key)}"
        for one in ready.draft.confirms
        if (reason := decisions.confirms[one.key].strip())
    ]
    return "\n".join(
        [
            f"Decided for referral {pack.reference} to {ready.wish.agency.name}.",
            *([ready.later.noted] if ready.later else []),
            *_shortened(reasons),
        ]
    )


def _second(decisions: Decisions, key: str) -> str:
    name = " ".join(decisions.seconds.get(key, "").split())
    return f" ({name} agrees.)" if name else ""


def _shortened(reasons: Sequence[str]) -> list[str]:
    return [reason[:2_000] for reason in reasons]
