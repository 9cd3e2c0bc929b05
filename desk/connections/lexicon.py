"""Names that somebody was asked for and told, looked for in what everybody else wrote.

A stranger's name in running words is seldom known for one; where another report gives it in the answer that
asks for it, it is. Capitals, accents, hyphens and blanks make no difference. What was found so in a case is
a mention of it like any other, with ``heard`` in its ``more``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from desk.connections.firstnames import FIRST
from desk.connections.mention import Kind, Mention
from desk.connections.pairs import folded
from desk.connections.people_words import STOP
from desk.connections.premises_words import STOP as SHOP_STOP
from desk.connections.premises_words import TYPE_WORDS, is_generic
from desk.connections.standing import around
from desk.connections.streets import HOUSES, KIND_OF
from desk.connections.towns import AREA_OF

_WORD = re.compile(r"[^\W_]+")
_FIELDS = (".names", ".accounts", "organisation.name", ".shops", ".address")
_LTD = frozenset({"ltd", "limited", "llp", "plc", "uk"})
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015_.'\u2019]{1,3}|(?:,? ?(?:&|and|n) )")
_END = re.compile(r"[.!?]\s|\n")
_NICK, _HANDLE = 4, 7  # signs of one word alone that is looked for
_MOST_ALONE = 4  # cases in whose words one word alone may stand: more often it is a word like any other
_LONGEST = 4  # words
_NUMBER = re.compile(r"(?<!\w)\d{1,4}[a-h]?[ ,]{1,2}$", re.IGNORECASE)
_LONGEST_NUMBER = 8  # characters
_PLACE = frozenset({"town", "stated", "street", "postcode", "district"})
_NO_ENTRY: Mapping[str, object] = {}


class _Entry(NamedTuple):
    """Words to look for, and what they mean where they stand."""

    words: tuple[str, ...]
    kind: Kind
    value: str
    more: Mapping[str, str]


def heard(mentions: Sequence[Mention]) -> list[Mention]:
    """Give the mentions of what one case gives as an answer and another only writes of."""
    entries = _entries(mentions)
    if not entries:
        return []
    has = {(one.case, one.kind, one.value) for one in mentions if one.kind in _LOOKED_FOR}
    named = _named(mentions)
    alone: dict[str, list[Mention]] = defaultdict(list)
    found: dict[tuple[str, Kind, str], Mention] = {}
    for text in (one for one in mentions if one.kind is Kind.WORDS):
        for entry, start, end in _in_text(text.as_typed, entries):
            key = (text.case, entry.kind, entry.value)
            if key in has or key in found:
                continue
            if entry.kind is Kind.PREMISES and f" {entry.more['core']} " in named.get(text.case, ""):
                continue
            if entry.kind is Kind.ADDRESS and _is_street(text.as_typed, entry, start):
                continue
            one = _found(text, entry, start, end)
            if len(entry.words) > 1:
                found[key] = one
            elif _stands_out(text.as_typed, start, end) or entry.kind is Kind.SOCIAL:
                alone[entry.words[0]].append(one)
    rare = [each for each in alone.values() if len({one.case for one in each}) <= _MOST_ALONE]
    for one in (one for each in rare for one in each):
        found.setdefault((one.case, one.kind, one.value), one)
    return list(found.values())


_LOOKED_FOR = frozenset({Kind.NAME, Kind.PREMISES, Kind.SOCIAL, Kind.ADDRESS})


def _is_street(text: str, entry: _Entry, start: int) -> bool:
    """Tell whether the name of a house is the street of another here: "12 Willow Court"."""
    before = text[max(0, start - _LONGEST_NUMBER) : start]
    return entry.words[-1] in KIND_OF and _NUMBER.search(before) is not None


def _named(mentions: Iterable[Mention]) -> dict[str, str]:
    """Give the names of premises that each case tells by itself, which are no others': "Pearl Lotus Nails" is
    no "Lotus Nails", and no "Pearl Lotus Car Wash".
    """
    named: dict[str, str] = defaultdict(str)
    for one in mentions:
        if one.kind is Kind.PREMISES and one.more.get("unsure") != "very":
            named[one.case] += f" {one.more['core']} |"
    return dict(named)


def _found(text: Mention, entry: _Entry, start: int, end: int) -> Mention:
    more = entry.more
    if entry.kind in (Kind.ADDRESS, Kind.PREMISES):
        # Where it is said to be is told behind it here too, or not at all.
        own = {key: value for key, value in more.items() if key not in _PLACE}
        more = {**own, **around(text.as_typed, end, _NO_ENTRY)}
    return Mention(text.case, entry.kind, entry.value, text.where, text.as_typed[start:end], more)


def _entries(mentions: Iterable[Mention]) -> dict[str, list[_Entry]]:
    """Give what is to be looked for, by its first word."""
    known: dict[tuple[tuple[str, ...], Kind], _Entry] = {}
    for one in mentions:
        if one.kind in _LOOKED_FOR and one.where.endswith(_FIELDS):
            for entry in _of(one):
                known.setdefault((entry.words, entry.kind), entry)
    entries: dict[str, list[_Entry]] = defaultdict(list)
    for entry in known.values():
        entries[entry.words[0]].append(entry)
    for each in entries.values():
        each.sort(key=lambda entry: (-len(entry.words), entry.kind, entry.value))
    return dict(entries)


def _of(one: Mention) -> Iterator[_Entry]:
    if one.kind is Kind.SOCIAL:
        words = _words(one.value.partition(":")[2])
        if len("".join(words)) >= _HANDLE and (len(words) > 1 or _odd(words[0])):
            more = {"heard": "yes"}
            yield _Entry(words, one.kind, "?:" + one.value.partition(":")[2], more)
        return
    if one.kind is Kind.PREMISES:
        yield from _of_premises(one)
        return
    if one.kind is Kind.ADDRESS:
        words = _words(one.value)
        if one.more.get("named") and 1 < len(words) <= _LONGEST and not is_generic(words):
            yield _Entry(words, one.kind, one.value, {"named": "yes", "heard": "yes"})
        return
    form = one.more.get("form", "")
    if form not in ("full", "nick") or one.more.get("unsure"):
        return
    for words in sorted({_words(one.value), _words(one.as_typed)}):
        if len(words) > 1 and len(words) <= _LONGEST and not _plain(words):
            yield _Entry(words, one.kind, one.value, {"form": form, "heard": "yes"})
        elif form == "nick" and len(words) == 1 and len(words[0]) >= _NICK and not _plain(words):
            yield _Entry(words, one.kind, one.value, {"form": form, "heard": "yes", "alone": "yes"})


def _of_premises(one: Mention) -> Iterator[_Entry]:
    typed = re.sub(r"[&+]", " and ", one.as_typed)
    words = _words(typed)
    while words and words[-1] in _LTD:
        words = words[:-1]
    if words and words[0] == "the":
        words = words[1:]
    less = tuple(word for word in words if word not in ("and", "n"))
    telling = [word for word in less if not (word in SHOP_STOP or word in TYPE_WORDS or word in AREA_OF)]
    if not telling or is_generic(less) or len(less) < 2 or len(words) > _LONGEST + 1:
        return
    for each in sorted({words, less}):
        yield _Entry(each, one.kind, one.value, {**one.more, "heard": "yes"})
    core = _words(one.more["core"])
    if len(core) > 1 and core not in (words, less) and len(set(core) & set(telling)) > 1:
        yield _Entry(core, one.kind, one.value, {**one.more, "heard": "yes", "alone": "yes"})


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(folded(text)))


def _odd(word: str) -> bool:
    return any(map(str.isdigit, word)) and any(map(str.isalpha, word))


def _plain(words: Sequence[str]) -> bool:
    """Tell whether words are of every day, or of every town: found elsewhere, they are no name."""
    if len(words) == 1:
        (word,) = words
        return any(word in those for those in (STOP, SHOP_STOP, TYPE_WORDS, KIND_OF, HOUSES, AREA_OF, FIRST))
    return all(word in STOP or word in SHOP_STOP or word in TYPE_WORDS for word in words) or (
        " ".join(words) in AREA_OF
    )


def _in_text(text: str, entries: Mapping[str, Sequence[_Entry]]) -> Iterator[tuple[_Entry, int, int]]:
    plain = text.lower() if text.isascii() else _same_long(text)
    words = _WORD.findall(plain)
    if entries.keys().isdisjoint(words):
        return
    places = list(_WORD.finditer(plain))
    for at, word in enumerate(words):
        longest: dict[Kind, int] = {}
        for entry in entries.get(word, ()):
            long = len(entry.words)
            if (
                long >= longest.get(entry.kind, 0)
                and tuple(words[at : at + long]) == entry.words
                and _together(text, places[at : at + long])
            ):
                longest[entry.kind] = long
                yield entry, places[at].start(), places[at + long - 1].end()


def _same_long(text: str) -> str:
    """Fold a text sign by sign, so that every place in it stays."""
    return "".join(_sign(char) for char in text)


def _together(text: str, places: Sequence[re.Match[str]]) -> bool:
    for one, other in pairwise(places):
        between = text[one.end() : other.start()]
        if not _BETWEEN.fullmatch(between) or _END.search(between):
            return False
    return True


def _stands_out(text: str, start: int, end: int) -> bool:
    """Tell whether a word has a capital where no other word would."""
    before = text[:start].rstrip(" \"'\u201c\u2018(")
    return (
        text[start].isupper()
        and before[-1:] not in ("", ".", "!", "?", "\n", ":")
        and not text[:end].isupper()
    )


def _sign(char: str) -> str:
    plain = char.lower() if char.isascii() else folded(char)
    return plain if len(plain) == 1 else char
