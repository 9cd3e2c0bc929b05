"""Signs as they stand on a plate or in a postcode, fitted to layouts that say what can stand at each place.

People take O for 0 and I for 1; on plates they are even cut alike. The place in the layout says which of the
two it is. ``?`` is a sign that was not seen: it fits everywhere, and stays.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

UNSEEN = "?"
LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS = frozenset("0123456789")
FEWEST_SEEN = 2  # signs; with fewer of them nearly every layout fits
_ALIKE: Mapping[str, str] = {"O": "0", "0": "O", "I": "1", "1": "I"}

Places = tuple[frozenset[str], ...]


class Layout(NamedTuple):
    """A layout: its name, the signs that can stand at each place, and how many of these are before the gap, 0
    where there is not one gap.
    """

    form: str
    places: Places
    gap: int = 0
    read: Places = ()  # what is read at each place: what can stand there, what looks like it, and UNSEEN

    @classmethod
    def of(cls, form: str, written: str, named: Mapping[str, frozenset[str]]) -> "Layout":
        """Make one of letters that ``named`` explains, such as "AB #UU"."""
        before, *after = written.split(" ")
        places = tuple(named[name] for name in written if name != " ")
        read = tuple(place | {_ALIKE[sign] for sign in place & _ALIKE.keys()} | {UNSEEN} for place in places)
        return cls(form, places, len(before) if len(after) == 1 else 0, read)


class Fit(NamedTuple):
    """Signs read by a layout: how many were mended (O for 0 and the like), and what they say."""

    mended: int
    value: str
    layout: Layout


Layouts = Mapping[int, Sequence[Layout]]


def by_length(layouts: Iterable[Layout]) -> Layouts:
    """Sort layouts by how many signs they have, as `fits` wants them."""
    found: dict[int, list[Layout]] = defaultdict(list)
    for layout in layouts:
        found[len(layout.places)].append(layout)
    return dict(found)


def fits(signs: str, layouts: Layouts) -> list[Fit]:
    """Read ``signs`` (capitals, digits and ?) by every layout that they fit; the least mended first."""
    if sum(sign != UNSEEN for sign in signs) < FEWEST_SEEN:
        return []
    found = []
    for layout in layouts.get(len(signs), ()):
        for sign, read in zip(signs, layout.read, strict=True):
            if sign not in read:
                break
        else:
            if (fit := _fit(signs, layout)) is not None:
                found.append(fit)
    return sorted(found, key=lambda fit: fit.mended)


def _fit(signs: str, layout: Layout) -> Fit | None:
    read, mended, letters, mended_letters = [], 0, 0, 0
    for sign, place in zip(signs, layout.places, strict=True):
        if sign == UNSEEN or sign in place:
            read.append(sign)
            letters += sign in LETTERS
            continue
        other = _ALIKE.get(sign)
        if other is None or other not in place:
            return None
        read.append(other)
        mended += 1
        mended_letters += other in LETTERS
    # Digits alone are no plate, however many of them could be letters.
    if mended_letters and not letters:
        return None
    return Fit(mended, "".join(read), layout)


def folded(text: str) -> str:
    """Give ``text`` in capitals and plain digits, sign for sign: the same places, whatever it is."""
    return text.upper() if text.isascii() else "".join(map(_folded, text))


def _folded(char: str) -> str:
    if char.isascii():
        return char.upper()
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", char).upper()
    return plain if len(plain) == 1 else char
