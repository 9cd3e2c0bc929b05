"""What is passed to an agency: the part of a report that tells what happened, if its source agreed, with
every word that may point to them decided on by a person.

Handed the answers about what happened and the consent, and nothing else of a case: what stands in the part
about the source cannot leave by way of here, for it never comes in. No file, no key, no library.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace

from desk.errors import DeskError
from desk.packing.consent import Confirm, Consent, Refused, to_confirm
from desk.packing.cutting import LEFT_OUT, Cuts, Put, put, taken_out, whole_sentence
from desk.packing.first import first
from desk.packing.later import Agreed
from desk.packing.told import Group, Told, caption_place, file_pieces, laid_out, pieces, row_pieces
from desk.pointing import Choice, Mark, Nature, Piece, Severity

MOST_WORDS = 1_000  # characters of words that take the place of others
AT_FIRST_HAND = Confirm(
    "grade",
    "The agency may know that the source saw it or lived it",
    "grade A says that the source knows it directly",
)
NO_CONTACT = Confirm(
    "contact",
    "The agency gets no way to ask the newsroom anything",
    "nothing is written under whom the agency may ask: write it there, or why it is not to be known",
    because=True,
)
READ_WHOLE = Confirm(
    "read",
    "The whole text was read, and nothing else in it points to its source",
    "no program finds all that points to somebody",
)


class Undecided(DeskError):  # noqa: N818 - says what is the case
    """Something is left to be decided by a person: ``marks`` and ``confirms`` are these."""

    def __init__(self, marks: Sequence[Mark], confirms: Sequence[Confirm]) -> None:
        self.marks, self.confirms = tuple(marks), tuple(confirms)
        left = len(self.marks) + len(self.confirms)
        super().__init__(
            f"{left} thing{'s' if left != 1 else ''} must be decided by a person before it can be passed on",
            "decide each of them, then run it again: nothing was written",
        )


@dataclass(frozen=True, slots=True, repr=False)
class Decision:
    """What a person decided of a mark; ``words`` take the place of its text, where that is replaced."""

    choice: Choice
    words: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Decisions:
    """What a person decided: of each mark by its id, and of each confirmation by its key, the reason or "".

    ``seconds`` are the names of those who agree, by the confirmation's key; ``cuts`` what else is taken out.
    ``of`` is the fingerprint of what they looked at: decisions on other words do not count.
    """

    of: str
    marks: Mapping[str, Decision] = field(default_factory=dict)
    confirms: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, str] = field(default_factory=dict)
    cuts: Cuts = field(default_factory=Cuts)


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """What would be passed on to an agency, by its id, and what is to be decided of it."""

    agency: str
    told: Told
    groups: tuple[Group, ...]
    marks: tuple[Mark, ...]
    confirms: tuple[Confirm, ...]

    @property
    def fingerprint(self) -> str:
        """Give a hash of the words, the marks and the questions: it changes when one of them does."""
        held = [
            self.agency,
            [[row.place, row.label, row.text] for group in self.groups for row in group.rows],
            [[group.level, group.title] for group in self.groups],
            [[mark.id, mark.end, mark.why] for mark in self.marks],
            [[one.key, one.says, one.about] for one in self.confirms],
            [astuple(file) for file in self.told.files],
        ]
        return hashlib.sha256(json.dumps(held).encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True, repr=False)
class Decided:
    """What is passed on, word by word; ``not_theirs`` are marks that a person said are not the source's."""

    first: tuple[str, ...]  # what stands in the box at the top
    groups: tuple[Group, ...]
    captions: Mapping[int, str]  # by the number of the file
    not_theirs: tuple[Mark, ...]
    count: int  # decisions that a person took


def drafted(
    agency: tuple[str, str],
    information: str,
    told: Told,
    consents: Sequence[Consent],
    marks: Sequence[Mark],
    *,
    later: Agreed | None = None,
    contact: bool = True,
) -> Draft:
    """Give what is to be decided before ``told`` may go to an ``agency``, by its id and name.

    ``information`` is its grade, A to E. ``consents`` are those of all that its source sent, passed on or
    not; ``marks`` those of ``pieces(told)``; ``later`` what the source agreed to afterwards; ``contact``:
    the agency is told whom it may ask.

    :raises Refused: its source did not agree that it be passed on, or there is nothing to pass.
    """
    confirms = to_confirm(consents, agency[1], agency[0], later=later)
    if not told.sendings:
        raise Refused("no report is chosen", "choose what was sent first, or one of what was sent again")
    graded = (AT_FIRST_HAND,) if information == "A" else ()
    unasked = () if contact else (NO_CONTACT,)
    asked = (*confirms, *graded, *_of_files(told), *unasked, READ_WHOLE)
    groups = laid_out(told)
    if not any(group.rows for group in groups):
        raise Refused("it tells nothing that could be passed on", "ask its source in a reply what they know")
    return Draft(agency[0], told, groups, tuple(marks), asked)


def decided(draft: Draft, decisions: Decisions) -> Decided:
    """Give what is passed on, by what a person decided.

    :raises Refused: the decisions are about other words, or one of them cannot be.
    :raises Undecided: something is left to decide.
    """
    if decisions.of != draft.fingerprint:
        raise Refused(
            "the decisions were taken on other words: the report, the choice of files, or the marks changed",
            "look at it again and decide anew: nothing was written",
        )
    cuts = decisions.cuts
    _check_places(draft, cuts)
    out = {piece.where: taken_out(piece, cuts) for piece in pieces(draft.told)}
    needed = [mark for mark in draft.marks if mark.where not in cuts.left_out and not _covered(mark, out)]
    left = [mark for mark in needed if mark.id not in decisions.marks]
    open_ = [one for one in draft.confirms if one.key not in decisions.confirms]
    if left or open_:
        raise Undecided(left, open_)
    for mark in needed:
        _check_decision(mark, decisions.marks[mark.id])
    for one in draft.confirms:
        _check_reason(one, decisions)
    texts = {
        piece.where: put(piece.text, (*out[piece.where], *_puts(piece, needed, decisions.marks)))
        for piece in pieces(draft.told)
    }
    groups = _with_rows(_with_texts(group, texts, cuts) for group in draft.groups)
    if not any(group.rows for group in groups):
        raise Refused("all of it is left out: nothing would be passed on", "leave something in")
    return Decided(
        first(draft.told, cuts.left_out),
        groups,
        {file.number: _caption(caption_place(file), texts, cuts) for file in draft.told.files},
        tuple(mark for mark in needed if decisions.marks[mark.id].choice is Choice.NOT_THEIRS),
        len(draft.marks) + len(draft.confirms) + cuts.count,
    )


def decided_pieces(told: Told, passed: Decided) -> tuple[Piece, ...]:
    """Give every text that is passed on, as it was decided: for a last look at what still stands there."""
    found = [*row_pieces(passed.groups)]
    for file in told.files:
        for piece in file_pieces((file,)):
            if piece.nature is Nature.FREE:
                found.append(replace(piece, text=passed.captions[file.number]))
            elif piece.nature is Nature.FILE_TEXT:
                found.append(piece)
    return tuple(found)


def _of_files(told: Told) -> list[Confirm]:
    asked = []
    for file in told.files:
        says = f"File {file.number} was looked at, and nothing seen or heard in it points to its source"
        why = file.unread or "only a person can tell what a picture shows"
        asked.append(Confirm(f"file {file.number}", says, why))
        if file.original:
            says = f"File {file.number} may go as it came, with all that is hidden in it"
            why = "an original may say who made it, when, where and with which camera or computer"
            asked.append(Confirm(f"original {file.number}", says, why, because=True))
    return asked


def _check_decision(mark: Mark, decision: Decision) -> None:
    if decision.choice not in mark.choices:
        if mark.severity is Severity.CONTACT and len(mark.choices) == 1:
            raise Refused(
                f"{mark.where} holds what may reach the source, and cannot be changed here",
                "leave that file out, or say that it is not theirs",
            )
        allowed = ", ".join(mark.choices)
        raise Refused(f"a mark in {mark.where} cannot be decided so: {decision.choice}", f"choose: {allowed}")
    if (decision.choice is Choice.REPLACE) != bool(decision.words.strip()):
        raise Refused(
            f"in {mark.where} words are missing, or stand where none are put in",
            "write them beside replace, and nowhere else",
        )
    if len(decision.words) > MOST_WORDS:
        raise Refused(f"words of more than {MOST_WORDS:,} characters", "write it shorter")


def _check_reason(one: Confirm, decisions: Decisions) -> None:
    reason = decisions.confirms[one.key]
    if len(reason.split()) < one.fewest:
        what = "no reason is given for" if not reason.strip() else "the reason is too short for"
        raise Refused(
            f"{what}: {one.says}", f"write in a sentence, of {one.fewest} words or more, why you think so"
        )
    if one.second and not decisions.seconds.get(one.key, "").strip():
        raise Refused(
            f"nobody else agrees yet to: {one.says}",
            "show it to a second person of the newsroom, and write their name beside it",
        )


def _check_places(draft: Draft, cuts: Cuts) -> None:
    answers = {row.place for group in draft.groups for row in group.rows}
    captions = {caption_place(file) for file in draft.told.files if file.caption}
    texts = {row.where for group in draft.groups for row in group.rows if row.where} | captions
    cut = {*cuts.words, *(named.rpartition("#")[0] for named in cuts.sentences)}
    if strange := (cuts.left_out - answers - captions) | (cut - texts):
        raise Refused(f"nothing can be taken out there: {min(strange)}", "look at it again and decide anew")


def _covered(mark: Mark, out: Mapping[str, Sequence[Put]]) -> bool:
    return bool(mark.text) and any(
        start <= mark.start and mark.end <= end for start, end, _ in out.get(mark.where, ())
    )


def _puts(piece: Piece, needed: Iterable[Mark], chosen: Mapping[str, Decision]) -> Iterator[Put]:
    for mark in needed:
        decision = chosen[mark.id]
        if mark.where != piece.where:
            continue
        if decision.choice is Choice.REPLACE:
            yield mark.start, mark.end, decision.words.strip()
        elif decision.choice is Choice.REMOVE:
            yield mark.start, mark.end, LEFT_OUT
        elif decision.choice is Choice.SENTENCE:
            yield *whole_sentence(piece.text, (mark.start, mark.end)), LEFT_OUT


def _with_texts(group: Group, texts: Mapping[str, str], cuts: Cuts) -> Group:
    rows = (
        replace(row, text=texts[row.where]) if row.where else row
        for row in group.rows
        if row.place not in cuts.left_out
    )
    return replace(group, rows=tuple(rows))


def _with_rows(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Give the groups that say something, and the titles over them."""
    kept: list[Group] = []
    for group in reversed(tuple(groups)):
        if group.rows or (group.level == 1 and kept and kept[-1].level > 1):
            kept.append(group)
    return tuple(reversed(kept))


def _caption(place: str, texts: Mapping[str, str], cuts: Cuts) -> str:
    return "" if place in cuts.left_out else texts.get(place, "")


def alike(draft: Draft, mark: Mark) -> tuple[Mark, ...]:
    """Give the other marks that have the same words, and can be decided the same way."""
    return tuple(
        other
        for other in draft.marks
        if other.id != mark.id
        and other.text
        and other.text.casefold() == mark.text.casefold()
        and other.choices == mark.choices
    )


def spread(draft: Draft, decisions: Decisions, ids: Collection[str]) -> Decisions:
    """Take what was decided of the marks ``ids`` for those alike too, where nothing was decided of these."""
    found = dict(decisions.marks)
    for mark in draft.marks:
        if mark.id in ids and (decision := decisions.marks.get(mark.id)) is not None:
            for other in alike(draft, mark):
                found.setdefault(other.id, decision)
    return replace(decisions, marks=found)
