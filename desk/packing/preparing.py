"""A referral from a case to the file that is handed over: prepared, decided, looked through, written."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from desk.book import Book, CaseFile
from desk.durable import write_new
from desk.errors import DeskError
from desk.packing import handing
from desk.packing.consent import Refused, to_confirm
from desk.packing.copies import Copy, copies
from desk.packing.handing import Wish
from desk.packing.pack import Contents, Pack, Packed, packed
from desk.packing.told import Told, pieces
from desk.pointing import Guarded, Nature, Piece, marks, surviving
from desk.referral import Decided, Decisions, Draft, decided, decided_pieces, drafted
from payload.changes import Referred, Text


@dataclass(frozen=True, slots=True, repr=False)
class Prepared:
    """A draft with all that it takes to make it a file."""

    wish: Wish
    draft: Draft
    copies: tuple[Copy, ...]
    guarded: Guarded


@dataclass(frozen=True, slots=True, repr=False)
class Made:
    """A pack, and what is noted of it."""

    pack: Pack
    referred: Referred
    note: Text


def prepared(book: Book, file: CaseFile, wish: Wish) -> Prepared:
    """Give what would be passed on, with its marks and questions.

    :raises Refused: the case is locked, or its source did not agree.
    :raises DeskError: a choice is none of the case, or a file cannot be passed on.
    """
    handing.check_open(file)
    consents = handing.consents(file)
    to_confirm(consents, wish.agency.name)  # before any file is opened
    guarded = handing.guarded(file)
    made = copies(book.casebook, file, wish.files, wish.originals, guarded)
    told = Told(
        handing.chosen_sends(file, wish),
        handing.chosen_additions(file, wish),
        tuple(copy.enclosed for copy in made),
        wish.exact_days,
    )
    found = marks(pieces(told), guarded)
    agency = (wish.agency.id, wish.agency.name)
    return Prepared(wish, drafted(agency, wish.grade.information, told, consents, found), made, guarded)


def finished(ready: Prepared, decisions: Decisions) -> Made:
    """Make the pack, by what a person decided.

    :raises Undecided: something is left to decide.
    :raises Refused: the decisions are about other words, or what reaches the source would still go out.
    """
    passed = decided(ready.draft, decisions)
    _look_again(ready, passed)
    wish = ready.wish
    files = tuple(_packed(copy, passed) for copy in ready.copies)
    pack = packed(Contents(wish.agency, wish.grade, passed.groups, files, wish.answer_to))
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
    return Made(pack, referred, Text(_note(ready, decisions, pack)))


def write(book: Book, file: CaseFile, made: Made, out: Path, author: str) -> None:
    """Write the pack to a new file, and note in the case what was passed on.

    :raises DeskError, OSError: nothing is noted or left behind then.
    """
    try:
        write_new(out, made.pack.data)
    except FileExistsError:
        raise DeskError("there is a file of that name already", "name a new file") from None
    try:
        record(book, file, made, author)
    except BaseException:
        # What is not in the case's notes must not be handed to anybody.
        with suppress(OSError):
            out.unlink()
        raise


def record(book: Book, file: CaseFile, made: Made, author: str) -> None:
    """Note in the case what was passed on, to whom, and why where a reason was asked for.

    :raises DeskError, OSError: it could not be noted.
    """
    book.add(file, made.note, author)
    book.add(file, made.referred, author)


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
        f"{one.says}: {reason}"
        for one in ready.draft.confirms
        if (reason := decisions.confirms[one.key].strip())
    ]
    return "\n".join(
        [f"Decided for referral {pack.reference} to {ready.wish.agency.name}.", *_shortened(reasons)]
    )


def _shortened(reasons: Sequence[str]) -> list[str]:
    return [reason[:2_000] for reason in reasons]
