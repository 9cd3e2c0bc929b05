"""Addresses, postcodes, premises and what3words, as people give them."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from .facts import Clarity, Fact, Verdict
from .slips import slip

TOWNS = {
    "Leeds": "LS", "Hull": "HU", "Bradford": "BD", "Preston": "PR", "Blackpool": "FY", "Bolton": "BL",
    "Derby": "DE", "Leicester": "LE", "Lincoln": "LN", "Norwich": "NR", "Ipswich": "IP", "Luton": "LU",
    "Reading": "RG", "Swindon": "SN", "Exeter": "EX", "Plymouth": "PL", "Torquay": "TQ", "Swansea": "SA",
    "Newport": "NP", "Cardiff": "CF", "Stoke": "ST", "Telford": "TF", "Coventry": "CV", "Walsall": "WS",
    "Dudley": "DY", "Oldham": "OL", "Rochdale": "OL", "Warrington": "WA", "Durham": "DH", "Sunderland": "SR",
    "Carlisle": "CA", "Dundee": "DD", "Paisley": "PA", "Perth": "PH", "Hastings": "TN", "Margate": "CT",
    "Southend": "SS", "Portsmouth": "PO", "Crewe": "CW", "Wakefield": "WF",
}  # fmt: skip
COMMON = ("High", "Station", "Church", "Victoria", "Park", "London", "Mill", "Queens", "Kings", "Albert")
RARE = (
    "Cutler's", "Fellmonger", "Saltergate", "Ropery", "Tenter", "Lamplighter", "Thistlewood", "Hawkshead",
    "Pelham", "Quarrybank", "Wexford", "Larkmead", "Inkerman", "Balaclava", "Tollgate", "Cinder", "Ashgrove",
    "Beckside", "Ravensworth", "Marlborough", "Sebastopol", "Gasworks", "Kilnhurst", "Priory", "Bellfield",
    "Wharfedale", "Orchardleigh", "Nettleham", "Stanhope", "Redruth", "Coldharbour", "Brickfield", "Fulwood",
    "Dovecote",
)  # fmt: skip
WAYS = {
    "Road": ("Rd", "rd"), "Street": ("St", "st"), "Avenue": ("Ave", "Av"), "Lane": ("Ln", "ln"),
    "Close": ("Cl",), "Drive": ("Dr",), "Crescent": ("Cres",), "Terrace": ("Tce", "Terr"),
    "Gardens": ("Gdns",), "Place": ("Pl",), "Row": ("Rw",), "Court": ("Ct",), "Square": ("Sq",),
    "Grove": ("Gr",),
}  # fmt: skip
_CALLED = (
    "Golden", "Pearl", "Lucky", "Sparkle", "Bella", "Royal", "Blue Lagoon", "Crystal", "Diamond",
    "Bright Arch", "Jade", "Crown", "Star", "Sunrise", "Rainbow", "Magic", "Phoenix", "Oasis", "Venus",
    "Emerald", "Top Gear", "Kings", "Velvet", "Ruby", "Orchid", "Lotus", "Anchor", "Swan", "Copper", "Ivy",
)  # fmt: skip
_SECOND = ("", "", "Lotus", "Coral", "Touch", "Shine", "Palace", "Garden", "Moon", "Wave", "House", "Spring")
# Several names of one trade: what stands on the sign, and what people call it.
TRADES = (
    ("Nails", "nail bar", "Nail Bar", "nails"), ("Hand Car Wash", "car wash", "hand carwash", "Car Wash"),
    ("Takeaway", "takeaway", "take away"), ("Barbers", "barber shop", "barbers", "Barber"),
    ("Massage", "massage parlour", "massage"), ("Recruitment", "recruitment agency", "recruitment"),
    ("Mini Market", "minimarket", "Minimarket"), ("Vapes", "vape shop", "vapes"),
)  # fmt: skip
# What stands in every town.
CHAINS = (
    "Tesco", "McDonald's", "Premier Inn", "Lidl", "Greggs", "B&M", "Wetherspoons", "Travelodge",
    "the Post Office", "Asda",
)  # fmt: skip
_CHAIN = "chain"
_THREE = (
    "filled", "count", "soap", "table", "lamp", "spoon", "brave", "cider", "plank", "otter", "melt", "rope",
    "candle", "shift", "noble", "paint", "crane", "lunch", "quiz", "hint", "bowls", "tiger", "sage", "robin",
    "glue", "pines", "chess", "vase", "moss", "flute", "drums", "cakes", "haven", "jolly", "kites", "lemon",
    "mango", "nylon",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the world: ``flat`` and ``sign`` may be empty."""

    town: str
    postcode: str
    house: int
    street: str
    way: str
    flat: str
    sign: str
    trade: tuple[str, ...]
    words: str


def spot(rng: random.Random, town: str, *, business: bool) -> Spot:
    """Draw a place in a town."""
    inward = f"{rng.randrange(10)}{''.join(rng.choices('ABDEFGHJLNPQRSTUWXYZ', k=2))}"
    sign = f"{rng.choice(_CALLED)} {rng.choice(_SECOND)}".strip() if business else ""
    return Spot(
        town,
        f"{TOWNS[town]}{rng.randrange(1, 20)} {inward}",
        rng.randrange(1, 190),
        rng.choice(COMMON if rng.random() < 0.25 else RARE),
        rng.choice(list(WAYS)),
        f"Flat {rng.randrange(1, 30)}" if not business and rng.random() < 0.25 else "",
        sign,
        rng.choice(TRADES) if business else (),
        ".".join(rng.sample(_THREE, 3)),
    )


def neighbour(rng: random.Random, other: Spot) -> Spot:
    """Give another house of the same street and postcode."""
    house = other.house + rng.choice((-4, -2, 2, 4, 10))
    return Spot(
        other.town,
        other.postcode,
        house if house > 0 else other.house + 20,
        other.street,
        other.way,
        "",
        "",
        (),
        "",
    )


def _street(rng: random.Random, place: Spot) -> tuple[str, str]:
    way = rng.choice((place.way, place.way, *WAYS[place.way]))
    name = place.street
    if rng.random() < 0.3:
        name = name.replace("'", "")
    slipped = rng.random() < 0.08 and place.street in RARE
    if slipped:
        name = slip(rng, name)
    text = f"{name} {way}"
    return text.lower() if rng.random() < 0.3 else text, "yes" if slipped else ""


def address_told(rng: random.Random, thing: int, place: Spot) -> list[Fact]:
    """Tell where it is, with or without its town and postcode: one fact, or two with a postcode."""
    number = rng.choice(("{}", "{}", "{},", "no {}", "no. {}", "number {}")).format(place.house)
    flat = f"{place.flat}, " if place.flat and rng.random() < 0.6 else ""
    street, slipped = _street(rng, place)
    whole, clarity = f"{flat}{number} {street}", Clarity.WHOLE
    if rng.random() < 0.12:
        whole, clarity = street, Clarity.HINT
    town = place.town if rng.random() < 0.75 else ""
    signs = {
        "town": town,
        "flat": flat,
        "house": str(place.house) if clarity is Clarity.WHOLE else "",
        "common": "yes" if place.street in COMMON else "",
        "postcode": "",
        "slipped": slipped,
    }
    facts = []
    if rng.random() < 0.45:
        code = postcode_told(rng, thing, place.postcode)
        facts.append(code)
        signs["postcode"] = code.norm
    text = ", ".join(part for part in (whole, town) if part)
    return [Fact("address", thing, text, f"{place.street} {place.way}".casefold(), clarity, signs), *facts]


def postcode_told(rng: random.Random, thing: int, code: str) -> Fact:
    """Tell a postcode."""
    way = rng.random()
    if way < 0.6:
        text = code
    elif way < 0.9:
        text = code.replace(" ", "")
    else:
        text = code.replace("0", "O")
    return Fact("postcode", thing, text.lower() if rng.random() < 0.25 else text, code)


def premises_told(rng: random.Random, thing: int, place: Spot, town: str) -> Fact:
    """Tell what the sign says, and what it is."""
    slipped = rng.random() < 0.08
    sign = slip(rng, place.sign) if slipped else place.sign
    trade = rng.choice((place.trade[0], place.trade[0], *place.trade))
    way = rng.random()
    clarity = Clarity.WHOLE
    if way < 0.8:
        text = f"{sign} {trade}"
    elif way < 0.9:
        text = f"the {sign} {trade}"
    else:
        text, clarity = sign, Clarity.PART
    told_trade = place.trade[0] if clarity is Clarity.WHOLE else ""
    signs = {"town": town, "trade": told_trade, "slipped": "yes" if slipped else ""}
    return Fact(
        "premises", thing, text.lower() if rng.random() < 0.2 else text, place.sign.casefold(), clarity, signs
    )


def chain_told(thing: int, name: str, town: str) -> Fact:
    """Tell of what stands in every town, as something else is opposite it."""
    signs = {"town": town, "trade": _CHAIN, "slipped": ""}
    return Fact("premises", thing, name, name.casefold(), Clarity.HINT, signs)


def words_told(rng: random.Random, thing: int, words: str) -> Fact:
    """Tell what3words."""
    text = rng.choice((f"///{words}", words, words.upper(), f"what3words {words}"))
    return Fact("what3words", thing, text, words)


def address_judged(one: Fact, other: Fact) -> Verdict:
    """Say what a reader says of two addresses."""
    mine, theirs = one.signs, other.signs
    if one.thing != other.thing:
        other_house = mine["house"] and theirs["house"] and mine["house"] != theirs["house"]
        if (
            one.norm != other.norm
            or other_house
            or one.differs(other, "town")
            or one.differs(other, "postcode")
        ):
            return Verdict.DIFFERENT
        return Verdict.UNSURE
    unclear = one.differs(other, "flat") or one.agrees(other, "slipped")
    if unclear or Clarity.HINT in (one.clarity, other.clarity):
        return Verdict.UNSURE
    if one.agrees(other, "town") or one.agrees(other, "postcode"):
        return Verdict.SAME
    # A house in a street of a rare name, where one of the two names no town.
    return Verdict.UNSURE if _common(mine) else Verdict.SAME


def _common(signs: Mapping[str, str]) -> bool:
    return bool(signs["common"])


def premises_judged(one: Fact, other: Fact) -> Verdict:
    """Say what a reader says of two names of premises."""
    if one.thing != other.thing:
        # One sign in two towns may be a chain. One sign over two trades is two shops.
        same = one.norm == other.norm and not one.differs(other, "trade")
        if one.signs["trade"] == _CHAIN:
            same = same and one.agrees(other, "town")
        return Verdict.UNSURE if same else Verdict.DIFFERENT
    if one.agrees(other, "slipped"):
        return Verdict.UNSURE
    if one.agrees(other, "town") and min(one.clarity, other.clarity) is Clarity.WHOLE:
        return Verdict.SAME
    # Without a town, a name of one word is on many signs.
    both = min(one.clarity, other.clarity) is Clarity.WHOLE
    return Verdict.SAME if both and " " in one.norm and not one.differs(other, "town") else Verdict.UNSURE


def exact_judged(one: Fact, other: Fact) -> Verdict:
    """Say what a reader says of two postcodes, or of two sets of three words."""
    if one.thing == other.thing:
        return Verdict.SAME
    return Verdict.UNSURE if one.norm == other.norm else Verdict.DIFFERENT
