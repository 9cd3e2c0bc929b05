"""Telephone numbers in E.164 ("+447700900123"), by the library phonenumbers; British without a country.

Candidates are cut out here and not by the library's own search: that takes two numbers with a space between
for one, and passes over numbers of ranges that nobody uses, such as those set apart for films.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType, ValidationResult

from desk.normalise.found import Found, Kind, Reading
from desk.normalise.signs import folded

REGION = "GB"
_BRITISH = 44  # shared with Guernsey, Jersey and the Isle of Man
_FEWEST, _MOST = 8, 16  # digits of a number with its country: at most 15, and the 0 of "+44 (0)20"
_NATIONAL = (10, 11)  # digits, the 0 in front included
_EIGHT = re.compile(r"08001111|0845464[0-9]")  # the two British numbers that are shorter
_BARE = range(9, 14)  # digits, where somebody left the 0 or the + out
_FULL = re.compile(r"[123789][0-9]{9}")  # a British number of no range in use may still be one that is told
_SHORTEST_CODE = 3  # digits, as 020
_MOST_GROUPS = 7  # of digits in one number
MOST_TRIES = 2_000  # groups of digits that begin no number, after which an answer is not read on

_ABROAD = re.compile(r"(?:\+|00)(?=[1-9])")
_DIGITS = re.compile(r"\+?[0-9]+")
_BETWEEN = re.compile(r"[ \u00a0]{1,2}|\.|[ \u00a0]?[()\-\u2010-\u2015]{1,2}[ \u00a0]?")
_BEFORE = re.compile(r"(?<![\w@#\u00a3$\u20ac])")
_AFTER = re.compile(r"(?![\w@%])")

_FORMS = {
    PhoneNumberType.FIXED_LINE: "fixed line",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed line or mobile",
    PhoneNumberType.TOLL_FREE: "free to call",
    PhoneNumberType.PREMIUM_RATE: "premium rate",
    PhoneNumberType.SHARED_COST: "shared cost",
    PhoneNumberType.VOIP: "internet",
    PhoneNumberType.PERSONAL_NUMBER: "personal number",
    PhoneNumberType.PAGER: "pager",
    PhoneNumberType.UAN: "company",
    PhoneNumberType.VOICEMAIL: "voicemail",
}
UNKNOWN = "unknown"


class _Group(NamedTuple):
    """Digits without anything between, and where they stand."""

    digits: str
    start: int
    end: int


class _Candidate(NamedTuple):
    """What may be a number: the place of its last group in the run, the first group's digits, and all."""

    last: int
    first: str
    digits: str


def in_field(text: str, where: str) -> Iterator[Found]:
    """Find the numbers in an answer that should be one, or several of them."""
    return _found(text, where, careful=False)


def in_text(text: str, where: str) -> Iterator[Found]:
    """Find numbers in running words: those that begin with 0 or +, and are as long as a number."""
    return _found(text, where, careful=True)


def _found(text: str, where: str, *, careful: bool) -> Iterator[Found]:
    tries = 0
    for run in _runs(folded(text)):
        at = 0
        while at < len(run) and tries < MOST_TRIES:
            candidates = list(_candidates(text, run, at, careful=careful))
            read = _longest(candidates, careful=careful)
            if read is None:
                at += 1
                tries += bool(candidates)
                continue
            found, reading = read
            start, end = run[at].start, run[found.last].end
            if text[start - 1 : start] == "(" and ")" in text[start:end]:
                start -= 1
            yield Found(Kind.TELEPHONE, where, text[start:end], (reading,))
            at = found.last + 1


def _runs(text: str) -> Iterator[list[_Group]]:
    """Give the groups of digits that could be one number, with little between them, run by run."""
    run: list[_Group] = []
    for match in _DIGITS.finditer(text):
        if run and (match[0][0] == "+" or not _BETWEEN.fullmatch(text, run[-1].end, match.start())):
            yield run
            run = []
        run.append(_Group(match[0], match.start(), match.end()))
    if run:
        yield run


def _candidates(text: str, run: list[_Group], at: int, *, careful: bool) -> Iterator[_Candidate]:
    """Give what could be a number and begins with group ``at``, the shortest first."""
    first = run[at]
    if careful and not (first.digits[0] in "+0" and _BEFORE.match(text, first.start)):
        return
    digits = ""
    for last in range(at, min(len(run), at + _MOST_GROUPS)):
        digits += run[last].digits
        if len(digits) > _MOST + 2:
            return
        if _has_a_length(digits) and (not careful or _AFTER.match(text, run[last].end)):
            yield _Candidate(last, first.digits, digits)


def _has_a_length(digits: str) -> bool:
    if abroad := _ABROAD.match(digits):
        return _FEWEST <= len(digits) - abroad.end() <= _MOST
    if digits[0] == "0":
        return digits[1:2] != "0" and (len(digits) in _NATIONAL or bool(_EIGHT.fullmatch(digits)))
    return len(digits) in _BARE


def _longest(candidates: Sequence[_Candidate], *, careful: bool) -> tuple[_Candidate, Reading] | None:
    """Read the longest candidate of a range in use, or else the longest that could be a number."""
    possible = None
    for candidate in reversed(candidates):
        number = _parsed(candidate.digits)
        if number is None:
            continue
        # Its type tells whether it is valid too: to ask for both takes twice as long.
        kind = phonenumbers.number_type(number)
        if kind != PhoneNumberType.UNKNOWN:
            return candidate, _reading(number, kind)
        if possible is None and _could_be(number, candidate, careful=careful):
            possible = candidate, _reading(number, kind)
    return possible


def _parsed(digits: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(digits, REGION)
    except NumberParseException:
        return None


def _could_be(number: PhoneNumber, candidate: _Candidate, *, careful: bool) -> bool:
    if number.country_code == _BRITISH:
        # A day and a time have as many digits; no area code is as short as their first group.
        parted = len(candidate.first) < _SHORTEST_CODE and not _ABROAD.match(candidate.digits)
        return bool(_FULL.fullmatch(str(number.national_number))) and not parted
    possible = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    return possible and not careful


def _reading(number: PhoneNumber, kind: int) -> Reading:
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Reading(value, (_FORMS.get(kind, UNKNOWN),), kind != PhoneNumberType.UNKNOWN)
