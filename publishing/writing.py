"""site.db filled: the long texts as they come, then, when all articles are known, what orders them."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from publishing.agencies import Agency
from publishing.articles import Piece
from publishing.digest import of_site
from publishing.letters import Letter
from publishing.pages import OwnPage
from publishing.schema import ATTACK, DIGEST

RELATED = 3
# Excerpts are cut from so many characters of a text, about 7,000 words; all of it is searched. Marking what
# was found takes the square of the length: ten common words in ten texts of 200 KB would take four seconds.
SHOWN = 40_000


class Writer:
    """Writes one site into an empty database that has its tables. ``topics`` are {key: title}, in order."""

    def __init__(self, database: sqlite3.Connection, topics: Mapping[str, str]) -> None:
        self._db = database
        self._topics = topics

    def text(self, number: int, piece: Piece) -> None:
        """Write the long parts of an article, under a number of their own."""
        self._db.execute("INSERT INTO body VALUES (?, ?, ?, ?, ?)", (number, *piece.body))
        if piece.withdrawn is None:
            self._db.execute(
                "INSERT INTO search (rowid, title, summary, text, more, notes) VALUES (?, ?, ?, ?, ?, ?)",
                (number, piece.title, piece.summary, *_shown(piece.plain), piece.notes),
            )

    def articles(self, found: Mapping[int, Piece]) -> None:
        """Write all articles, by the number of their texts, and topics and bylines with what they have."""
        listed = [one for one in found.items() if one[1].withdrawn is None]
        # Newest first; those of one day by their names, so that publishing again changes nothing.
        listed.sort(key=lambda one: one[1].slug)
        listed.sort(key=lambda one: one[1].date, reverse=True)
        gone = sorted(
            (one for one in found.items() if one[1].withdrawn is not None), key=lambda one: one[1].slug
        )
        pieces = [piece for _, piece in listed]
        self._lists(pieces, [piece for _, piece in gone])
        related = _related(pieces)
        for place, (number, piece) in enumerate([*listed, *gone], 1):
            self._article(place, number, piece, related.get(place, []))

    def _article(self, place: int, number: int, piece: Piece, related: Sequence[int]) -> None:
        self._db.execute(
            "INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                place,
                number,
                piece.slug,
                piece.title,
                json.dumps(piece.byline),
                piece.date.isoformat(),
                piece.updated.isoformat() if piece.updated else None,
                piece.topic,
                piece.summary,
                piece.minutes,
                piece.picture,
                piece.draft,
                piece.withdrawn,
                json.dumps(related),
            ),
        )
        written = [(slug, place) for _, slug in piece.byline]
        self._db.executemany("INSERT INTO written VALUES (?, ?)", written)
        notes = [(note.date.isoformat(), note.text, place, False) for note in piece.corrections]
        if piece.withdrawn is not None:
            notes.append(((piece.updated or piece.date).isoformat(), piece.withdrawn, place, True))
        sql = "INSERT INTO correction (date, text, article, withdrawn) VALUES (?, ?, ?, ?)"
        self._db.executemany(sql, notes)

    def _lists(self, listed: Iterable[Piece], gone: Iterable[Piece]) -> None:
        articles: Counter[str] = Counter()
        changed: dict[str, str] = {}
        # The name of somebody whose only article was withdrawn leads to an empty list.
        names = {slug: name for piece in gone for name, slug in piece.byline}
        for piece in listed:
            day = (piece.updated or piece.date).isoformat()
            names.update({slug: name for name, slug in piece.byline})
            for key in (f"topic {piece.topic}", *(f"byline {slug}" for _, slug in piece.byline)):
                articles[key] += 1
                changed[key] = max(day, changed.get(key, ""))
        for place, (key, title) in enumerate(self._topics.items()):
            row = (key, title, place, articles[f"topic {key}"], changed.get(f"topic {key}"))
            self._db.execute("INSERT INTO topic VALUES (?, ?, ?, ?, ?)", row)
        for slug, name in names.items():
            about = (slug, name, articles[f"byline {slug}"], changed.get(f"byline {slug}"))
            self._db.execute("INSERT INTO byline VALUES (?, ?, ?, ?)", about)

    def pages(self, found: Iterable[OwnPage]) -> None:
        """Write the newsroom's own pages."""
        rows = [(page.name, page.title, page.summary, page.html) for page in found]
        self._db.executemany("INSERT INTO page VALUES (?, ?, ?, ?)", rows)

    def agencies(self, found: Iterable[Agency]) -> None:
        """Write the agencies, in their order."""
        self._db.executemany(
            "INSERT INTO agency VALUES (?, ?)", enumerate(json.dumps(agency.to_json()) for agency in found)
        )

    def letters(self, found: Iterable[Letter]) -> None:
        """Write the letters, in their order."""
        rows = [(letter.slug, place, json.dumps(letter.to_json())) for place, letter in enumerate(found)]
        self._db.executemany("INSERT INTO letter VALUES (?, ?, ?)", rows)

    def image(self, path: str, kind: str, data: bytes) -> None:
        """Write one size of a picture."""
        self._db.execute("INSERT OR REPLACE INTO image VALUES (?, ?, ?)", (path, kind, data))

    def about(self, version: str, *, attack: bool) -> None:
        """Write what tells this publishing from all others, and whether it is under attack. Call it last."""
        digest = of_site(self._db, attack=attack)
        rows = [("version", version), (DIGEST, digest), *([(ATTACK, "1")] if attack else [])]
        self._db.executemany("INSERT INTO about VALUES (?, ?)", rows)


def _shown(plain: str) -> tuple[str, str]:
    """Part a text, between two words, into what excerpts are cut from and the rest."""
    if len(plain) <= SHOWN:
        return plain, ""
    blank = plain.rfind(" ", 0, SHOWN)
    end = blank if blank > 0 else SHOWN
    return plain[:end], plain[end:]


def _related(listed: Sequence[Piece]) -> dict[int, list[int]]:
    """For each place (from 1) the nearest of its topic, rather not the two that stand beside it anyway."""
    by_topic: defaultdict[str, list[int]] = defaultdict(list)
    for place, piece in enumerate(listed, 1):
        by_topic[piece.topic].append(place)
    related = {}
    for places in by_topic.values():
        for at, place in enumerate(places):
            near = places[max(0, at - RELATED - 1) : at + RELATED + 2]
            others = sorted((one for one in near if one != place), key=lambda one: (abs(one - place), one))
            beside = (place - 1, place + 1)
            related[place] = sorted(others, key=lambda one: one in beside)[:RELATED]
    return related
