"""Postcodes of the United Kingdom, in capitals with one space ("SW1A 1AA"), or their first half alone.

The formats and the letters at each place are Royal Mail's (Programmers' Guide to the Postcode Address File,
"Postcode format"); the areas are the 124 that it lists.
"""

import re
from collections.abc import Iterator

from desk.normalise.found import Found, Kind, Reading, gathered
from desk.normalise.signs import DIGITS, LETTERS, UNSEEN, Layout, Layouts, by_length, fits, folded

WHOLE, DISTRICT = "whole", "district"
_INWARD = 3  # signs of the second half

_LISTED = """
    AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC
    EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS
    LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR
    SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
"""
_AREAS = frozenset(_LISTED.split())
_NAMED = {
    "A": LETTERS - set("QVX"),
    "B": LETTERS - set("IJZ"),
    "T": frozenset("ABCDEFGHJKPSTUW"),  # after one letter and a figure: W1A
    "F": frozenset("ABEHMNPRVWXY"),  # after two: EC1A
    "U": LETTERS - set("CIKMOV"),
    "#": DIGITS,
    "N": DIGITS - {"0"},
}


def _layouts(districts: tuple[str, ...]) -> Layouts:
    written = [(WHOLE, f"{district}#UU") for district in districts]
    written += [(DISTRICT, district) for district in districts]
    return by_length(Layout.of(form, names, _NAMED) for form, names in written)


# By the number of letters in the area.
_LAYOUTS = {1: _layouts(("A#", "AN#", "A#T")), 2: _layouts(("AB#", "ABN#", "AB#F"))}
_SEVERAL = re.compile(r"[,;/&|\n]|\b(?:or|and)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s.\-]+")
_POSTCODE = re.compile(
    r"(?<![\w?@#./-])[A-Z01]{1,2}[0-9OI][0-9A-Z]?[ \u00a0]{0,2}[0-9OI][A-Z]{2}(?![\w@])(?![./-]\w)"
)


def readings(signs: str) -> tuple[Reading, ...]:
    """Give the ways to read ``signs`` (upper-case letters, digits and ?), none if they are no postcode."""
    found = [
        fit
        for letters, layouts in _LAYOUTS.items()
        for fit in fits(signs, layouts)
        if _is_area(fit.value[:letters])
    ]
    found.sort(key=lambda fit: fit.mended)
    return gathered(Reading(_spaced(fit.value, fit.layout.form), (fit.layout.form,)) for fit in found)


def in_field(text: str, where: str) -> Iterator[Found]:
    """Find the postcodes in an answer that should be one, or several, or the first half of one."""
    for piece in _SEVERAL.split(text):
        typed = piece.strip()
        signs = _BETWEEN.sub("", typed)
        # A small l stands for 1, as it looks; no district ends with the letter.
        read = readings(folded(signs)) or readings(folded(signs.replace("l", "1").replace("|", "1")))
        if read:
            yield Found(Kind.POSTCODE, where, typed, read)
        else:
            yield from in_text(typed, where)


def in_text(text: str, where: str) -> Iterator[Found]:
    """Find whole postcodes in running words: with a figure typed as one, for "going" is no G0 1NG."""
    for match in _POSTCODE.finditer(folded(text)):
        signs = _BETWEEN.sub("", match[0])
        if not DIGITS.isdisjoint(signs) and (read := readings(signs)):
            yield Found(Kind.POSTCODE, where, text[match.start() : match.end()], read)


def _is_area(area: str) -> bool:
    if UNSEEN not in area:
        return area in _AREAS
    return any(
        len(known) == len(area) and all(sign in (UNSEEN, one) for sign, one in zip(area, known, strict=True))
        for known in _AREAS
    )


def _spaced(value: str, form: str) -> str:
    return f"{value[:-_INWARD]} {value[-_INWARD:]}" if form == WHOLE else value
