"""What `refer` does: prepare, show what is to be decided, and write the pack when all of it is."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from desk.book import CaseFile, open_book
from desk.columns import quoted
from desk.durable import write_new
from desk.errors import DeskError
from desk.harmless import harmless, harmless_name
from desk.home import Home
from desk.packing import deciding
from desk.packing.agencies import agency
from desk.packing.consent import Confirm
from desk.packing.handing import Later, Wish, additions, has_danger, versions
from desk.packing.preparing import Made, Prepared, finished, prepared, shown_first, write
from desk.pointing import Mark
from desk.referral import Decisions, Undecided
from desk.showing import count_text
from desk.strangers.agreeing import check_agreed
from payload import BadPayload
from payload.changes import Grade

DONE = 0


def run_refer(home: Home, given: argparse.Namespace) -> int:
    """Make the file for an agency, or say what is to be decided first."""
    if (given.out is None) == (given.write_decisions is None):
        raise DeskError("say --out FILE or --write-decisions FILE", "one of them: `refer --help`")
    if given.file or given.original:
        check_agreed(agreed=given.limits_only, how="say --limits-only")
    chosen = agency(given.to, None if given.agencies is None else Path(given.agencies))
    book = open_book(home, home.read_keys())
    file = book.case(given.case)
    ready = prepared(book, file, _wish(file, given, chosen))
    decisions = Decisions(ready.draft.fingerprint)
    if given.decisions is not None:
        decisions = deciding.read(Path(given.decisions))
    by = given.by or book.keys.name
    if given.write_decisions is not None:
        return _write_decisions(ready, decisions, by, given)
    try:
        made = finished(ready, decisions, by)
    except Undecided as undecided:
        _show(undecided, as_json=given.json)
        raise
    write(book, file, made, Path(given.out), by)
    _tell(ready, made, given)
    return DONE


def _wish(file: CaseFile, given: argparse.Namespace, chosen: Any) -> Wish:
    return Wish(
        agency=chosen,
        grade=_grade(file, given),
        sends=_sends(file, given.send),
        additions=_numbers(given.addition, len(additions(file)), "addition"),
        files=tuple(_sealed(file, number) for number in dict.fromkeys((*given.file, *given.original))),
        originals=frozenset(file.attachments[number - 1].sealed_sha256.hex() for number in given.original),
        exact_days=given.day or (has_danger(file) and not given.month),
        answer_to=given.answer_to,
        passed_on=_day(given.passed_on),
        later=_later(given),
    )


def _day(given: str | None) -> date:
    try:
        return datetime.now().astimezone().date() if given is None else date.fromisoformat(given)
    except ValueError:
        raise DeskError(f"{harmless(given or '')!r} is no day", "write it such as 2026-11-23") from None


def _later(given: argparse.Namespace) -> Later | None:
    if given.agreed_later is None:
        return None
    if given.agreed_words is None:
        raise DeskError(
            "the words by which its source agreed later are missing",
            "put them in a file, as they stand in the follow-up, and say --agreed-words FILE",
        )
    words = Path(given.agreed_words).read_text("utf-8", errors="replace")
    return Later(given.agreed_later, words, given.agreed_to, tuple(given.agreed_by))


def _sealed(file: CaseFile, number: int) -> str:
    """Give the hash of the file of this number, and say which it is: it may be another one than before."""
    all_ = file.attachments
    if not 1 <= number <= len(all_):
        raise DeskError(f"there is no file {number} in this case", f"it has {len(all_)}")
    one = all_[number - 1]
    sealed = one.sealed_sha256.hex()
    print(f"file {number}: {harmless_name(one.name or '(no name)')}, sealed {sealed}", file=sys.stderr)
    return sealed


def _grade(file: CaseFile, given: argparse.Namespace) -> Grade:
    if given.grade is None:
        if file.work.grade is None:
            raise DeskError(
                "the case has no grade", "say --grade, such as 2BP: source 1-3, information A-E, P or C"
            )
        return file.work.grade
    code = given.grade.strip().upper()
    try:
        return Grade(int(code[:1]), code[1:2], code[2:], given.conditions)
    except (ValueError, BadPayload):
        raise DeskError(
            f"{harmless(given.grade)!r} is no grade, or its conditions are missing",
            "write source 1-3, information A-E, and P, or C with --conditions: 2BP",
        ) from None


def _sends(file: CaseFile, given: list[str]) -> tuple[int, ...]:
    found = versions(file)
    numbers = _numbers(given, len(found), "send")
    if not given and len(found) > 1:
        raise DeskError(
            f"its source sent {len(found)} reports that differ",
            "say which: --send 1 (as `show` has them), or --send all; the strictest consent counts for all",
        )
    return numbers or tuple(range(1, len(found) + 1))


def _numbers(given: list[str], count: int, what: str) -> tuple[int, ...] | None:
    if not given or given == ["all"]:
        return None
    if given == ["none"] and what == "addition":
        return ()
    if not all(text.isascii() and text.isdecimal() and 1 <= int(text) <= count for text in given):
        raise DeskError(f"--{what} must be a number from 1 to {count}, or all", "see `show`")
    return tuple(map(int, given))


def _write_decisions(ready: Prepared, decisions: Decisions, by: str, given: argparse.Namespace) -> int:
    contents = None
    if given.decisions is not None:
        contents = shown_first(ready, decisions, by)
    try:
        told = deciding.written(ready.draft, decisions, contents)
        write_new(Path(given.write_decisions), told.encode("utf-8"))
    except FileExistsError:
        raise DeskError("there is a file of that name already", "name a new file") from None
    if contents is not None:
        return _say_what_it_will_say(given)
    left = len(ready.draft.marks) + len(ready.draft.confirms)
    if given.json:
        print(json.dumps({"file": given.write_decisions, "to_decide": left}))
        return DONE
    print(f"{count_text(left, 'thing')} to decide, in {harmless(given.write_decisions)}.")
    print("It holds words of the report that anybody can read: delete it when the referral is written.")
    print("Fill it in, then: refer … --decisions FILE --out FILE")
    return DONE


def _say_what_it_will_say(given: argparse.Namespace) -> int:
    if given.json:
        print(json.dumps({"file": given.write_decisions, "to_decide": 0}))
        return DONE
    print(
        f"What the pack will say stands in {harmless(given.write_decisions)}, under will_say. Read all of it."
    )
    print("Take out more there, or write it: refer … --decisions FILE --out FILE")
    return DONE


def _show(undecided: Undecided, *, as_json: bool) -> None:
    if as_json:
        told = {
            "marks": [_mark_json(mark) for mark in undecided.marks],
            "questions": [asdict(one) for one in undecided.confirms],
        }
        print(json.dumps(told, indent=2))
        return
    for mark in undecided.marks:
        for line in _mark_lines(mark):
            print(line)
    for one in undecided.confirms:
        for line in _question_lines(one):
            print(line)
    print("with --write-decisions FILE you get a file to decide in", file=sys.stderr)


def _mark_json(mark: Mark) -> dict[str, Any]:
    return {
        "id": mark.id,
        "where": mark.where,
        "start": mark.start,
        "end": mark.end,
        "text": mark.text,
        "why": mark.why,
        "severity": mark.severity.value,
        "choices": [choice.value for choice in mark.choices],
    }


def _mark_lines(mark: Mark) -> Iterator[str]:
    yield f"{mark.severity.value}: {mark.where}"
    if mark.text:
        yield from quoted(harmless_name(mark.text), "  ")
    yield f"  {mark.why}"
    yield f"  choose: {', '.join(mark.choices)}"


def _question_lines(one: Confirm) -> Iterator[str]:
    yield f"to confirm: {harmless(one.says)}?"
    yield f"  {one.why}"
    if one.about:
        yield from quoted(harmless_name(one.about), "  ")
    if one.second:
        yield "  a sentence why, and the name of a second person, are needed"


def _tell(ready: Prepared, made: Made, given: argparse.Namespace) -> None:
    if given.json:
        told = {"file": given.out, "reference": made.pack.reference, **made.referred.as_json()}
        print(json.dumps(told, indent=2))
        return
    print(f"written: {harmless(given.out)}, reference {made.pack.reference}")
    print(f"SHA-256 {made.pack.sha256}")
    for copy in ready.copies:
        print(f"  {copy.enclosed.name}{f': {copy.note}' if copy.note else ''}")
    print("Look through it before you hand it over. It is noted in the case.")
