"""One article: its file read, checked and rendered. A worker process does this: all of it can be pickled."""

import datetime as dt
import json
from dataclasses import dataclass, replace
from pathlib import Path

from publishing import matter, rows, sources
from publishing.errors import Problem
from publishing.images import BadImage, Picture, look
from publishing.markdown import Text, render
from publishing.model import Heading, Image, Note, Source
from publishing.slugs import slug

FOLDER = "articles"
MAX_TITLE = 120
MAX_SUMMARY = 300
MAX_BYLINES = 6
MAX_NAME = 80
MAX_REASON = 500
MAX_ADDRESS = 500
WORDS_A_MINUTE = 220
# A shorter piece is seen at a glance, and needs no list of its contents.
CONTENTS_FROM_WORDS = 600
CONTENTS_FROM_HEADINGS = 3
# What to do where there is no source.
NEEDED = "add [[sources]] with title, publisher, url and date_read, or draft = true"

KEYS = (
    "title",
    "byline",
    "date",
    "updated",
    "topic",
    "summary",
    "draft",
    "withdrawn",
    "image",
    "sources",
    "corrections",
)


@dataclass(frozen=True)
class Edition:
    """What is being published, and when: what the checks of every text share."""

    content: Path
    topics: tuple[str, ...]
    today: dt.date
    drafts: bool

    def look(self, file: str) -> Picture:
        """Say what a picture will become; see images.look."""
        return look(self.content, file)


@dataclass(frozen=True)
class Piece:
    """An article ready to be put into site.db.

    ``byline`` is of (name, slug); ``updated`` the day of the newest change. ``plain`` and ``notes`` are its
    words for the search, ``addresses`` what it links to on this site, with lines.
    """

    file: str
    slug: str
    title: str
    byline: tuple[tuple[str, str], ...]
    byline_line: int
    date: dt.date
    updated: dt.date | None
    topic: str
    summary: str
    image: Image | None
    draft: bool
    withdrawn: str | None
    minutes: int
    html: str
    toc: tuple[Heading, ...]
    sources: tuple[Source, ...]
    corrections: tuple[Note, ...]
    plain: str
    notes: str
    addresses: tuple[tuple[str, int], ...]
    pictures: tuple[str, ...]

    @property
    def body(self) -> tuple[str, str, str, str]:
        """Its long parts as site.db keeps them: html, toc, sources, corrections."""
        return (
            self.html,
            json.dumps([[one.level, one.id, one.text] for one in self.toc]),
            json.dumps([source.to_json() for source in self.sources]),
            json.dumps([[note.date.isoformat(), note.text] for note in self.corrections]),
        )

    def without_text(self) -> "Piece":
        """Give it without its long parts, to keep many in memory."""
        return replace(self, html="", toc=(), sources=(), plain="", notes="")

    @property
    def picture(self) -> str | None:
        """Its picture as site.db keeps it."""
        return rows.image_json(self.image)


@dataclass(frozen=True)
class Read:
    """What became of one file: a Piece, or none where it is a draft left out or has ``problems``."""

    slug: str
    piece: Piece | None
    problems: tuple[Problem, ...]
    left_out: bool = False


def read(edition: Edition, file: str) -> Read:
    """Read, check and render ``file`` ("articles/….md")."""
    problems: list[Problem] = []
    name = matter.name_of(file, problems)
    split = matter.read(edition.content, file, problems)
    if split is None:
        return Read(name, None, tuple(problems))
    draft = split.values.flag("draft")
    if draft and not edition.drafts:
        return Read(name, None, (), left_out=True)
    piece = _piece(edition, name, draft, split)
    return Read(name, None if problems else piece, tuple(problems))


def _piece(edition: Edition, name: str, draft: bool, split: matter.Split) -> Piece | None:
    values = split.values
    values.only(KEYS)
    withdrawn = values.text("withdrawn", MAX_REASON) if "withdrawn" in values.found else None
    if draft and withdrawn is not None:
        values.wrong("withdrawn", "a draft that is withdrawn", "delete draft = true, or the line withdrawn")
    title, names = values.text("title", MAX_TITLE), values.texts("byline", MAX_BYLINES, MAX_NAME)
    day, updated = _days(edition, values)
    topic = _topic(edition, values)
    summary = values.text("summary", MAX_SUMMARY, required=not draft)
    image, pictures = _image(edition, values)
    named = sources.read(values, edition.today, "" if draft or withdrawn is not None else NEEDED)
    corrections = _corrections(edition, values, day)
    text = Text(values.file, split.line, values.problems, edition.look)
    if withdrawn is None:
        render(split.text, text)
        if not split.text.strip() and not draft:
            values.problems.append(
                Problem(values.file, split.line, "there is no text", "write it below the +++")
            )
    if day is None:
        return None
    words = _words(text)
    changed = max([one for one in (updated, *(note.date for note in corrections)) if one], default=None)
    gone = withdrawn is not None
    return Piece(
        file=values.file,
        slug=name,
        title=title,
        byline=tuple((one, slug(one)) for one in names),
        byline_line=values.line("byline"),
        date=day,
        updated=changed,
        topic=topic,
        summary="" if gone else summary,
        image=None if gone else image,
        draft=draft,
        withdrawn=withdrawn,
        minutes=max(1, round(words / WORDS_A_MINUTE)),
        html=text.html,
        toc=_contents(text, words),
        sources=() if gone else named,
        corrections=corrections,
        plain=" ".join(text.plain),
        notes=" ".join(text.notes),
        addresses=tuple(text.addresses),
        pictures=() if gone else (*pictures, *text.pictures),
    )


def _words(text: Text) -> int:
    return sum(len(part.split()) for part in text.plain)


def _days(edition: Edition, values: matter.Values) -> tuple[dt.date | None, dt.date | None]:
    day = values.day("date", edition.today)
    updated = values.day("updated", edition.today, required=False)
    if day and updated and updated < day:
        values.wrong("updated", f"updated {updated} lies before its date {day}", "correct one of the two")
    return day, updated


def _topic(edition: Edition, values: matter.Values) -> str:
    topic = values.text("topic", MAX_NAME)
    if topic and topic not in edition.topics:
        known = ", ".join(edition.topics) or "none yet"
        values.wrong("topic", f"no topic {topic!r}", f"the topics of site.toml are {known}")
    return topic


def _image(edition: Edition, values: matter.Values) -> tuple[Image | None, tuple[str, ...]]:
    path = values.table("image", ("file", "alt", "credit"))
    if path is None:
        return None, ()
    file = values.text((*path, "file"), MAX_ADDRESS)
    alt = values.text((*path, "alt"), MAX_SUMMARY)
    credit = values.text((*path, "credit"), MAX_TITLE, required=False)
    if not file:
        return None, ()
    try:
        picture = edition.look(file)
    except BadImage as error:
        values.wrong((*path, "file"), error.what, error.hint)
        return None, ()
    largest = picture.largest
    image = Image(largest.path, largest.width, largest.height, alt, credit, picture.variants, picture.card)
    return image, (file,)


def _corrections(edition: Edition, values: matter.Values, day: dt.date | None) -> tuple[Note, ...]:
    found: list[Note] = []
    for path in values.tables("corrections", ("date", "text")):
        on, text = values.day((*path, "date"), edition.today), values.text((*path, "text"), MAX_REASON)
        if on and day and on < day:
            values.wrong(
                (*path, "date"), f"a correction on {on}, before the article of {day}", "correct the day"
            )
        if on:
            found.append(Note(on, text))
    return tuple(sorted(found, key=lambda note: note.date, reverse=True))


def _contents(text: Text, words: int) -> tuple[Heading, ...]:
    shown = tuple(one for one in text.headings if one.level <= 3)
    long = words >= CONTENTS_FROM_WORDS and sum(one.level == 2 for one in shown) >= CONTENTS_FROM_HEADINGS
    return shown if long else ()
