"""All that a case holds that can link it to others, piece by piece of what its source told of others."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from desk.connections import money, online, people, phones, places, plates, premises, social
from desk.connections.mention import NOTHING, Hit, Kind, Mention
from desk.connections.pieces import COVER, Piece, piece_of, pieces
from desk.normalise import threewords
from payload import FollowUp, Report

__all__ = ["Kind", "Mention", "mentions"]

Finder = Callable[[Piece], Iterator[Hit]]

# In this order: what one finder took is covered for the next, so that no number is read as two things.
_ALL: Mapping[str, Finder] = {
    "email": online.emails,
    "social links": lambda piece: _from_links(piece),
    "web": online.webs,
    "three words": lambda piece: _three_words(piece),
    "wallet": money.wallets,
    "account": lambda piece: money.banks(piece, asked=piece.asked == "money.accounts"),
    "telephone": lambda piece: phones.found_in(piece, asked=piece.asked == "people.telephone"),
    "registration": plates.found_in,
    "social": lambda piece: social.found_in(piece, asked=piece.asked in ("people.accounts", "places.online")),
    "first part": places.first_parts_in,
    "address": places.addresses_in,
    "postcode": lambda piece: places.postcodes_in(piece, asked=piece.asked == "places.postcode"),
    "premises": premises.found_in,
    "house": places.houses_in,
    "town": places.towns_in,
    "name": people.found_in,
}
_COVERING = frozenset(
    {
        "email",
        "social links",
        "web",
        "three words",
        "wallet",
        "account",
        "telephone",
        "registration",
        "postcode",
        "address",
        "premises",
        "house",
    }
)
_EVERY = tuple(_ALL)
# Answers that are of one kind only, or of none.
_ONLY: Mapping[str, tuple[str, ...]] = {
    "vehicles.registration": ("registration",),
    "vehicles.make": ("registration",),
    "vehicles.model": ("registration",),
    "vehicles.colour": ("registration",),
    "people.age": (),
    "people.build": ("telephone", "registration", "social"),
    "people.height": ("telephone", "registration", "social"),
    "people.hair": ("telephone", "registration", "social"),
    "people.clothing": ("telephone", "registration", "social"),
    "people.speech": ("telephone", "registration", "social"),
    "people.telephone": ("email", "social links", "web", "telephone", "social"),
    "people.accounts": ("email", "social links", "web", "telephone", "social"),
    "people.names": ("email", "social links", "web", "telephone", "social", "name"),
    "places.postcode": ("postcode", "town"),
    "places.what3words": ("three words",),
    "places.map_reference": ("three words", "postcode"),
    "money.wallets": ("email", "web", "wallet"),
    "money.accounts": ("email", "wallet", "account", "premises", "name"),
    "organisation.name": ("email", "web", "premises", "town"),
    "money.shops": ("email", "web", "address", "postcode", "premises", "house", "town"),
    "travel.flight": (),
    "travel.route": ("telephone", "registration", "address", "postcode", "premises", "house", "town"),
}
_W3W_WORDS = frozenset({"w3w", "what3words", "3", "three"})
_W3W = re.compile(
    r"\b(?:what ?(?:3|three) ?words|w3w)\b[^.\n]{0,24}?(?<![\w.@/])"
    r"([a-z]{3,20}\.[a-z]{3,20}\.[a-z]{3,20})(?!\w|\.\w)",
    re.IGNORECASE,
)
_W3W_BEHIND = re.compile(
    r"(?<![\w.@/])([a-z]{3,20}\.[a-z]{3,20}\.[a-z]{3,20})"
    r"(?= [^.\n]{0,24}?\b(?:what ?(?:3|three) ?words|w3w)\b)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[^\s,;()@]+")
_SHORTEST = 4  # signs of a part of an address that is covered where names are looked for
_MOST = (
    400  # mentions of one piece of text: nobody tells so much, and a list of numbers must not stop the desk
)


def mentions(name: str, contents: Sequence[Report | FollowUp]) -> tuple[Mention, ...]:
    """Take out of what the source of the case ``name`` sent all that can link it, each value once a place."""
    reached = _reached(contents)
    own = _own(reached)
    hidden = _hiding(reached)
    found: dict[tuple[str, str, str], Mention] = {}
    for piece in pieces(contents):
        for hit, typed in _hits(piece):
            if hit.value in own:
                continue
            more = hit.more or NOTHING
            found.setdefault(
                (hit.kind, hit.value, piece.where),
                Mention(name, hit.kind, hit.value, piece.where, typed, more),
            )
        if piece.asked not in _ONLY and len(piece.text) > 2:
            words = Mention(name, Kind.WORDS, "words", piece.where, hidden(piece.text))
            found[Kind.WORDS, "words", piece.where] = words
    return tuple(found.values())


def _hits(piece: Piece) -> Iterator[tuple[Hit, str]]:
    names = _ONLY.get(piece.asked, _EVERY)
    text = piece.text
    left = piece
    count = 0
    for name in names:
        covered: list[tuple[int, int]] = []
        for hit in _ALL[name](left):
            count += 1
            if count > _MOST:
                return
            if hit.more.get("unsure") != "very":
                covered.append((hit.start, hit.end))
            yield hit, text[hit.start : hit.end]
        if covered and name in _COVERING:
            plain = left.text
            for start, end in covered:
                plain = plain[:start] + COVER * (end - start) + plain[end:]
            left = left._replace(text=plain)


def _reached(contents: Sequence[Report | FollowUp]) -> list[str]:
    """Give how the source can be reached, as they told it where they were asked: it links nobody.

    It is read for this alone, and left out wherever else it stands.
    """
    return [
        answer
        for content in contents
        if isinstance(content, Report)
        for entry in content.answers.entries("contact")
        for answer in entry.values()
        if isinstance(answer, str)
    ]


def _hiding(reached: Sequence[str]) -> Callable[[str], str]:
    """Give what covers in a text what the source said of how they can be reached."""
    parts = {part for text in reached for part in _PARTS.findall(text) if len(part) > _SHORTEST}
    if not parts:
        return lambda text: text
    small = [part.lower() for part in parts]
    ascii_only = all(map(str.isascii, parts))

    def hidden(text: str) -> str:
        # To compile an expression takes longer than all the rest here: most often none of it stands there.
        if ascii_only and text.isascii() and not any(map(text.lower().__contains__, small)):
            return text
        pattern = "|".join(map(re.escape, sorted(parts, key=len, reverse=True)))
        return re.sub(pattern, lambda match: COVER * len(match[0]), text, flags=re.IGNORECASE)

    return hidden


def _own(texts: Sequence[str]) -> frozenset[str]:
    found: set[str] = set()
    for text in texts:
        piece = piece_of("", text)
        for name in ("email", "social links", "telephone", "social"):
            found |= {hit.value for hit in _ALL[name](piece)}
    return frozenset(found)


def _from_links(piece: Piece) -> Iterator[Hit]:
    if "/" in piece.text:
        yield from phones.from_links(piece)
        yield from social.from_links(piece)


def _three_words(piece: Piece) -> Iterator[Hit]:
    if "." not in piece.text or not (
        "///" in piece.text or _W3W_WORDS & piece.known or piece.asked == "places.what3words"
    ):
        return
    for match in (*_W3W.finditer(piece.text), *_W3W_BEHIND.finditer(piece.text)):
        yield Hit(Kind.WHAT3WORDS, f"///{match[1].lower()}", match.start(1), match.end(1))
    find = threewords.in_field if piece.asked == "places.what3words" else threewords.in_text
    for one in find(piece.text, ""):
        if re.search(r"\w", one.as_typed):
            start = piece.text.find(one.as_typed)
            yield Hit(Kind.WHAT3WORDS, one.values[0], start, start + len(one.as_typed))
