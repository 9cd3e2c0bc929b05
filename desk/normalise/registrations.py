"""Registration marks of vehicles, as the plates show them: in capitals, without spaces.

The layouts are those of the Road Vehicles (Display of Registration Marks) Regulations 2001 (SI 2001/561),
schedule 3, part 1, table A; each is written below with its row there. The letters are those of DVLA's leaflet
INF104 and of its help on styles (dvlaregistrations.direct.gov.uk, question "style_reg", as DVLA explained it
to the authors of github.com/ZionFox/DVLARegCheck):

- current, from September 2001 (INF104, section 3): two letters, the memory tag, two figures, the age, and
  three letters. Tags have no I, Q or Z, the last three no I or Q. The age is not checked.
- prefix (1983 to 2001) and suffix (1963 to 1983): the year's letter is never I, O, Q, U or Z, the other
  letters never I, Q or Z.
- Q: a prefix for vehicles whose age or identity cannot be told (GOV.UK, "Radically altered vehicles").
- dateless: from before 1963; no I, Q or Z.
- Northern Ireland: two letters for the county, one of them I or Z, alone or after a serial letter, which is
  neither. The Republic of Ireland's old plates had the other letters with I.
- diplomatic (DVLA's leaflet INF267): three figures, D or X, three figures. Plates of the Republic can look
  the same.

No number begins with 0. Neither the forces' marks nor trade plates are in that table: they are kept as
"other", as foreign ones are (a trade plate of three figures and two letters reads as dateless).
"""

import re
from collections.abc import Iterator

from desk.normalise.found import Found, Kind, Reading, gathered
from desk.normalise.signs import DIGITS, LETTERS, UNSEEN, Layout, by_length, fits, folded

CURRENT, PREFIX, SUFFIX, Q = "current", "prefix", "suffix", "Q"
DATELESS, NORTHERN_IRELAND, DIPLOMATIC = "dateless", "Northern Ireland", "diplomatic"
NOT_ISSUED = "not issued"  # laid out as a current one, with letters that none has
OTHER = "other"

LONGEST = 12  # signs of any plate: longer pieces are words
_WORD = 4  # letters in a row from which a piece that fits no layout is words

# What a layout below calls the signs of a place.
_NAMED = {
    "L": LETTERS,
    "G": LETTERS - set("IQZ"),
    "R": LETTERS - set("IQ"),
    "Y": LETTERS - set("IOQUZ"),
    "#": DIGITS,
    "N": DIGITS - {"0"},
    "Q": frozenset("Q"),
    "D": frozenset("DX"),
    "Z": frozenset("Z"),
    "I": frozenset("I"),
    # IA Antrim, IB Armagh, IG and IL Fermanagh, IJ Down, IW Londonderry
    "A": frozenset("ABGJLW"),
    # JI Tyrone, OI and XI Belfast, UI Londonderry
    "J": frozenset("JOUX"),
}
_COUNTIES = ("GZ", "IA", "JI")


def _numbers(most: int) -> tuple[str, ...]:
    return tuple("N" + "#" * more for more in range(most))


def _written() -> Iterator[tuple[str, str]]:
    yield CURRENT, "GG## RRR"  # row 1
    for number in _numbers(3):
        yield PREFIX, f"Y{number} GGG"  # row 2
        yield Q, f"Q{number} GGG"  # row 2
        yield SUFFIX, f"GGG {number}Y"  # row 3
    for letters, most in (("G", 4), ("GG", 4), ("GGG", 3)):
        for number in _numbers(most):
            yield DATELESS, f"{letters} {number}"  # rows 6 and 7
            yield DATELESS, f"{number} {letters}"  # rows 4 and 5
    for county in _COUNTIES:
        for number in _numbers(4):
            for letters in (county, f"G{county}"):
                yield NORTHERN_IRELAND, f"{letters} {number}"  # rows 6 to 8
                yield NORTHERN_IRELAND, f"{number} {letters}"  # rows 4, 5 and 9
    yield DIPLOMATIC, "### D ###"


_ISSUED = by_length(Layout.of(form, written, _NAMED) for form, written in _written())
# A plate that was misread, or is false.
_NEVER_ISSUED = by_length([Layout.of(NOT_ISSUED, "LL## LLL", _NAMED)])
_SEVERAL = re.compile(r"[,;/&|\n]|\b(?:or|and)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s.\-\u2010-\u2015\u00b7'\"\u2018-\u201f]+")
_UNSEEN_TOO = str.maketrans("*_", UNSEEN * 2)
_LONG_WORD = re.compile(rf"[^\W\d_]{{{_WORD}}}")

# Marks in running words: those layouts only that little else has.
_SURE = frozenset({CURRENT, PREFIX, SUFFIX, Q, NORTHERN_IRELAND})
_MARK = re.compile(
    r"(?<![\w?@#./-])"
    r"(?:[A-Z?]{2}[0-9OI?]{2}[ -]?[A-Z?][A-Z0?]{2}"
    r"|[A-Z?][0-9OI?]{1,3}[ -]?[A-Z?][A-Z0?]{2}"
    r"|[A-Z0?]{3}[ -]?[0-9OI?]{1,3}[A-Z?]"
    r"|[A-Z?][A-Z01?]{2}[ -]?[0-9OI?]{3,4})"
    r"(?![\w@])(?!\?[\w?])(?![./-]\w)"
)
_FEWEST_IN_WORDS = 5  # signs seen
# "at10 and" is laid out as a mark, where somebody left a space out.
_LISTED = "am an as at be by cm do ft go he kg km lb me mk ml mm mr my no of on or pm so st to up us we"
_SHORT_WORDS = frozenset(_LISTED.split())
_CAR_NAMES = ("BMW",)  # "BMW 320d" is a model


def readings(signs: str, gap: int = 0) -> tuple[Reading, ...]:
    """Give the ways to read ``signs`` (capitals, digits and ?), none if they fit no layout.

    ``gap`` says after how many of them there was a gap, 0 where nobody knows: with it 123 OAB is not 1230 AB.
    """
    issued = fits(signs, _ISSUED)
    parted = [fit for fit in issued if fit.layout.gap == gap != 0]
    found = parted or issued or fits(signs, _NEVER_ISSUED)
    return gathered(Reading(fit.value, (fit.layout.form,), valid=bool(issued)) for fit in found)


def in_field(text: str, where: str) -> Iterator[Found]:
    """Find the marks in an answer that should be one, or several of them; what fits nothing is kept."""
    for piece in _SEVERAL.split(text):
        typed = piece.strip()
        first, *after = _BETWEEN.split(folded(typed).translate(_UNSEEN_TOO))
        signs = first + "".join(after)
        read = _whole(signs, len(first) if len(after) == 1 else 0)
        if read:
            yield Found(Kind.REGISTRATION, where, typed, read)
        elif inside := list(_marks(typed, where)):
            yield from inside
        elif _is_other(typed, signs):
            yield Found(Kind.REGISTRATION, where, typed, (Reading(signs, (OTHER,), valid=False),))


def in_text(text: str, where: str) -> Iterator[Found]:
    """Find marks in running words, with care: what could as well be a word or a number is left."""
    shouted = text.upper() == text
    return (found for found in _marks(text, where) if _is_sure(found, shouted=shouted))


def _is_sure(found: Found, *, shouted: bool) -> bool:
    first = found.readings[0]
    if not _SURE.intersection(first.forms) or first.value.startswith(_CAR_NAMES):
        return False
    typed = found.as_typed
    parted = len(typed) > len(first.value)
    if CURRENT in first.forms:
        plain = shouted or typed != typed.upper()
        return not (parted and plain and typed[:2].lower() in _SHORT_WORDS)
    if parted and (shouted or _is_road(first)):
        return False
    return typed == typed.upper()


def _whole(signs: str, gap: int) -> tuple[Reading, ...]:
    if len(signs) > LONGEST:
        return ()
    # "AB12 CDE ?": the last one asks.
    return readings(signs, gap) or readings(signs.rstrip(UNSEEN))


def _marks(text: str, where: str) -> Iterator[Found]:
    for match in _MARK.finditer(folded(text)):
        first, *after = re.split("[ -]", match[0])
        signs = first + "".join(after)
        seen = sum(sign != UNSEEN for sign in signs)
        if seen < _FEWEST_IN_WORDS or not DIGITS.intersection(signs):
            continue
        if read := readings(signs, len(first) if after else 0):
            yield Found(Kind.REGISTRATION, where, text[match.start() : match.end()], read)


def _is_road(reading: Reading) -> bool:
    # "on the M25 BMW ...": a road and a word look as a short prefix mark does.
    return reading.forms[0] in (PREFIX, Q) and len(reading.value) < 7


def _is_other(typed: str, signs: str) -> bool:
    if not 2 <= len(signs) <= LONGEST or _LONG_WORD.search(typed):
        return False
    known = signs.replace(UNSEEN, "")
    return known.isalnum() and any(sign in DIGITS for sign in known)
