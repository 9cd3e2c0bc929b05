"""Number plates, as seen in passing."""

import random
from collections.abc import Mapping

from .facts import Clarity, Fact, Verdict, apart, fits

FIRST = "ABCDEFGHKLMNOPRSTUVWXY"
LAST = "ABCDEFGHJKLMNOPRSTUVWXYZ"
MAKES = {
    "Ford": ("Transit", "Fiesta", "Focus"), "Vauxhall": ("Vivaro", "Astra", "Corsa"),
    "Volkswagen": ("Golf", "Caddy", "Transporter"), "BMW": ("3 series", "X5"), "Audi": ("A3", "A4", "Q5"),
    "Mercedes": ("Sprinter", "Vito", "C class"), "Toyota": ("Prius", "Aygo"), "Nissan": ("Qashqai", "NV200"),
    "Peugeot": ("Partner", "208"), "Renault": ("Trafic", "Clio"), "Skoda": ("Octavia",),
    "Fiat": ("Ducato", "500"),
}  # fmt: skip
COLOURS = ("black", "white", "silver", "grey", "blue", "red", "dark blue", "green")
_ALSO = {"Volkswagen": ("VW", "vw", "Volkswagon"), "Mercedes": ("Merc", "mercedes"), "Vauxhall": ("Vauxhal",)}
_LIKE = {"0": "O", "1": "I", "5": "S", "8": "B", "O": "0", "I": "1", "S": "5", "B": "8"}


def plate(rng: random.Random) -> str:
    """Draw a plate without its space: mostly of today's style, some older, some Northern Irish."""
    style = rng.random()
    if style < 0.86:
        years = (*range(10, 27), *range(60, 77))
        two, year = rng.choice(FIRST) + rng.choice(FIRST), f"{rng.choice(years):02}"
        return two + year + "".join(rng.choices(LAST, k=3))
    if style < 0.95:
        return f"{rng.choice('NPRSTVWXY')}{rng.randrange(21, 999)}{''.join(rng.choices(LAST, k=3))}"
    return f"{rng.choice('ABCDEF')}{rng.choice('ABEFG')}Z{rng.randrange(1000, 9999)}"


def near(rng: random.Random, other: str) -> str:
    """Give another plate that differs in one letter or digit."""
    at = rng.randrange(len(other))
    sign = other[at]
    signs = "123456789" if sign.isdigit() else LAST
    return other[:at] + rng.choice([one for one in signs if one != sign]) + other[at + 1 :]


def make_said(rng: random.Random, make: str) -> str:
    """Name a make as people do."""
    return rng.choice((make, make, make.lower(), *_ALSO.get(make, ())))


def _spaced(rng: random.Random, whole: str) -> str:
    cut = 4 if len(whole) == 7 and whole[2:4].isdigit() else len(whole) - (4 if whole[-1].isdigit() else 3)
    way = rng.random()
    if way < 0.45:
        return f"{whole[:cut]} {whole[cut:]}"
    if way < 0.85:
        return whole
    if way < 0.93:
        return f"{whole[:cut]}-{whole[cut:]}"
    return f"{whole[:2]} {whole[2:cut]} {whole[cut:]}" if cut == 4 else f"{whole[:cut]}  {whole[cut:]}"


def told(rng: random.Random, thing: int, whole: str, signs: Mapping[str, str]) -> Fact:
    """Tell a plate as somebody saw it: whole, with what looks alike, with some signs unseen, in part."""
    way = rng.random()
    norm, clarity = whole, Clarity.WHOLE
    if way < 0.60:
        text = _spaced(rng, whole)
    elif way < 0.68:
        at = rng.choice([place for place, sign in enumerate(whole) if sign in _LIKE] or [0])
        text = _spaced(rng, whole[:at] + _LIKE.get(whole[at], whole[at]) + whole[at + 1 :])
    elif way < 0.71:
        # Misread in passing, or written down wrongly.
        norm = near(rng, whole)
        text, clarity = _spaced(rng, norm), Clarity.PART
    elif way < 0.90:
        count = rng.choice((1, 1, 1, 2, 2, 3))
        places = (
            rng.sample(range(len(whole)), count)
            if rng.random() < 0.4
            else range(len(whole) - count, len(whole))
        )
        norm = "".join("?" if place in places else sign for place, sign in enumerate(whole))
        text = _spaced(rng, norm)
        if rng.random() < 0.2:
            text = text.replace("?", rng.choice("*_"))
        clarity = Clarity.PART if count < 3 else Clarity.HINT
    elif way < 0.96:
        norm = whole[:4] + "?" * (len(whole) - 4)
        text = rng.choice(
            ("{} something", "starts {}", "{} and I did not get the rest", "begins with {}")
        ).format(whole[:4])
        clarity = Clarity.HINT
    else:
        norm = "?" * (len(whole) - 3) + whole[-3:]
        text = f"ends in {whole[-3:]}"
        clarity = Clarity.HINT
    if rng.random() < 0.3:
        text = text.lower()
    return Fact("registration", thing, text, norm, clarity, signs)


def judged(one: Fact, other: Fact) -> Verdict:
    """Say what a reader says of two plates."""
    if one.thing != other.thing:
        if fits(one.norm, other.norm):
            return Verdict.UNSURE
        alike = one.agrees(other, "make", "colour", "town")
        return Verdict.UNSURE if apart(one.norm, other.norm) == 1 and alike else Verdict.DIFFERENT
    least = min(one.clarity, other.clarity)
    if least is Clarity.WHOLE:
        return Verdict.SAME
    misread = apart(one.norm, other.norm)
    if misread:
        alike = misread == 1 and one.agrees(other, "make", "colour", "town")
        return Verdict.SAME if alike and one.norm[:2] == other.norm[:2] else Verdict.UNSURE
    unseen = sum("?" in pair for pair in zip(one.norm, other.norm, strict=True))
    if least is Clarity.HINT or one.differs(other, "make") or one.differs(other, "colour"):
        return Verdict.UNSURE
    # One sign unseen of seven is one car in some thirty that could be meant: with a make, hardly another.
    signs = [name for name in ("make", "colour", "town") if one.agrees(other, name)]
    return Verdict.SAME if len(signs) >= unseen else Verdict.UNSURE
