"""What is said of a vehicle beside its plate: make and colour, each in one word."""

import re
from collections.abc import Callable, Iterator, Mapping

from desk.connections.wordlists import table, words

_MAKES = """
    ford: ford transit fiesta focus mondeo ranger kuga escort galaxy ka connect tourneo puma ecosport
    vauxhall: vauxhall corsa astra vivaro insignia zafira movano mokka combo vectra meriva adam vaux
    volkswagen: volkswagen vw golf polo passat caddy transporter tiguan crafter touareg touran scirocco
        volkswagon t5 t6
    mercedes: mercedes merc benz sprinter vito mercedes-benz merceds citan
    bmw: bmw beamer beemer bimmer
    audi: audi a1 a3 a4 a5 a6 q3 q5 q7 s3 rs3
    toyota: toyota hilux yaris prius corolla rav4 avensis aygo hiace auris
    nissan: nissan qashqai juke micra navara primastar note leaf nv200
    renault: renault clio megane trafic master kangoo scenic traffic twingo captur
    peugeot: peugeot boxer partner expert 206 207 208 306 307 308 3008 107 108 bipper
    citroen: citroen berlingo relay dispatch c1 c3 c4 picasso xsara saxo nemo
    fiat: fiat ducato punto doblo panda fiorino scudo 500
    honda: honda civic jazz accord crv cr-v
    hyundai: hyundai i10 i20 i30 tucson ix35 iload
    kia: kia sportage picanto ceed rio sorento
    skoda: skoda octavia fabia superb yeti kodiaq
    seat: seat leon ibiza ateca alhambra
    land rover: landrover land-rover range rangerover defender discovery evoque freelander
    jaguar: jaguar jag xf xe
    volvo: volvo xc60 xc90 v40 v60
    mini: mini cooper
    mazda: mazda mx5
    suzuki: suzuki swift vitara
    mitsubishi: mitsubishi l200 outlander shogun
    iveco: iveco daily
    daf: daf
    scania: scania
    man: tgx tgl
    isuzu: isuzu
    lexus: lexus
    tesla: tesla
    porsche: porsche cayenne macan
    dacia: dacia duster sandero logan
    smart: smart
    bentley: bentley
    subaru: subaru impreza
    chevrolet: chevrolet chevy
    jeep: jeep
    saab: saab
    rover: rover
    ldv: ldv maxus
"""
_COLOURS = """
    silver: silver metallic chrome
    grey: grey gray gunmetal graphite charcoal
    black: black
    white: white
    cream: cream ivory
    red: red
    maroon: maroon burgundy claret
    blue: blue
    navy: navy
    green: green
    gold: gold golden
    beige: beige tan champagne sand
    bronze: bronze brown copper
    yellow: yellow
    orange: orange
    purple: purple violet
    pink: pink
    turquoise: turquoise teal
"""
# Colours that people take for one another, in the dark or from far away.
_ALIKE = (
    {"silver", "grey"}, {"grey", "black"}, {"black", "navy"}, {"navy", "blue"}, {"white", "cream"},
    {"cream", "beige"},
    {"beige", "gold"}, {"gold", "yellow"}, {"gold", "bronze"}, {"red", "maroon"}, {"red", "orange"},
    {"maroon", "purple"},
    {"maroon", "bronze"}, {"blue", "turquoise"}, {"green", "turquoise"}, {"white", "silver"}, {"beige",
    "silver"},
    {"blue", "purple"}, {"gold", "silver"}, {"beige", "bronze"}, {"orange", "bronze"}, {"orange",
    "yellow"}, {"grey", "navy"},
)  # fmt: skip


_MAKE_OF = table(_MAKES)
_COLOUR_OF = table(_COLOURS)
# Words of other meanings too: they count in an answer about vehicles, not in running words.
_ONLY_ASKED = words(
    """
    note master partner expert relay dispatch accord range discovery leaf focus escort galaxy connect
    smart swift cooper logan rio ranger superb traffic 500 206 207 208 306 307 308 107 108 daily rover
    man seat jazz polo civic boxer puma golden sand tan metallic chrome adam mini a1 a3 a4 a5 a6
    """
)
_WORD = re.compile(r"[a-z0-9][a-z0-9\-]*")
_AROUND, _BEHIND = 100, 70  # characters before and behind a mark in which a vehicle is described
_SENTENCE = re.compile(r"[.;\n!?] |\n")


def make(text: str, *, asked: bool = False) -> str:
    """Give the makes that ``text`` names, or nothing; several are put together."""
    return _found(text, _MAKE_OF, asked=asked)


def colour(text: str, *, asked: bool = False) -> str:
    """Give the colours that ``text`` names, or nothing."""
    return _found(text, _COLOUR_OF, asked=asked)


def _found(text: str, table: Mapping[str, str], *, asked: bool) -> str:
    found = {
        table[word]: None
        for word in _WORD.findall(text.lower())
        if word in table and (asked or word not in _ONLY_ASKED)
    }
    return "/".join(sorted(found))


def is_model(signs: str) -> bool:
    """Tell whether signs that could be a plate are the model of a vehicle: NV200, MX5."""
    return signs.lower() in _MAKE_OF


def agree(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Give what is the same of two vehicles ("make", "colour") and what cannot both be true."""
    same, against = [], []
    for what in ("make", "colour"):
        mine, theirs = set(one.get(what, "").split("/")) - {""}, set(other.get(what, "").split("/")) - {""}
        if mine & theirs:
            same.append(what)
        elif mine and theirs and not (what == "colour" and _alike(mine, theirs)):
            against.append(what)
    return same, against


def _alike(mine: set[str], theirs: set[str]) -> bool:
    return any({one, other} in _ALIKE for one in mine for other in theirs)


def around(text: str, start: int, end: int) -> Mapping[str, str]:
    """Read what stands around a mark: in its sentence, or else in the one before it."""
    *earlier, before = _SENTENCE.split(text[max(0, start - _AROUND) : start])
    after = _SENTENCE.split(text[end : end + _BEHIND])[0]
    sentence_before = earlier[-1] if earlier else ""
    # "black jacket got out of the silver Golf": the colour nearest to the plate.
    return described(
        make(before) or make(after) or make(sentence_before),
        _first_colour(before, reversed)
        or _first_colour(after, iter)
        or _first_colour(sentence_before, reversed),
    )


def described(make: str, colour: str) -> dict[str, str]:
    """Give what is told of a vehicle by its name: "make", "colour", each where there is one."""
    return {**({"make": make} if make else {}), **({"colour": colour} if colour else {})}


def _first_colour(text: str, order: Callable[[list[str]], Iterator[str]]) -> str:
    if not colour(text):
        return ""
    return next((found for word in order(text.split()) if (found := colour(word))), "")
