"""One article: its file read, checked and rendered. A worker process does this: all of it can be pickled."""

import datetime as dt
import json
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from publishing import matter, rows
from publishing.errors import Problem
from publishing.images import BadImage, Picture, look
from publishing.links import kind
from publishing.markdown import Text, render
from publishing.model import Heading, Image, Note, Source
from publishing.slugs import is_slug, slug

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
class Desk:
    """What the checks of every article share."""

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


def read(desk: Desk, file: str) -> Read:
    """Read, check and render ``file`` ("articles/….md")."""
    problems: list[Problem] = []
    name = PurePosixPath(file).stem
    if not is_slug(name):
        hint = f"call it {slug(name)}.md: small letters, digits and hyphens, at most 80"
        problems.append(Problem(file, None, "the file's name cannot be an address", hint))
    split = matter.read(desk.content, file, problems)
    if split is None:
        return Read(name, None, tuple(problems))
    draft = split.values.flag("draft")
    if draft and not desk.drafts:
        return Read(name, None, (), left_out=True)
    piece = _piece(desk, name, draft, split)
    return Read(name, None if problems else piece, tuple(problems))


def _piece(desk: Desk, name: str, draft: bool, split: matter.Split) -> Piece | None:
    values = split.values
    values.only(KEYS)
    withdrawn = values.text("withdrawn", MAX_REASON) if "withdrawn" in values.found else None
    if draft and withdrawn is not None:
        values.wrong("withdrawn", "a draft that is withdrawn", "delete draft = true, or the line withdrawn")
    title, names = values.text("title", MAX_TITLE), values.texts("byline", MAX_BYLINES, MAX_NAME)
    day, updated = _days(desk, values)
    topic = _topic(desk, values)
    summary = values.text("summary", MAX_SUMMARY, required=not draft)
    image, pictures = _image(desk, values)
    sources = _sources(desk, values, needed=not draft and withdrawn is None)
    corrections = _corrections(desk, values, day)
    text = Text(values.file, split.line, values.problems, desk.look)
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
        sources=() if gone else sources,
        corrections=corrections,
        plain=" ".join(text.plain),
        notes=" ".join(text.notes),
        addresses=tuple(text.addresses),
        pictures=() if gone else (*pictures, *text.pictures),
    )


def _words(text: Text) -> int:
    return sum(len(part.split()) for part in text.plain)


def _days(desk: Desk, values: matter.Values) -> tuple[dt.date | None, dt.date | None]:
    day = values.day("date", desk.today)
    updated = values.day("updated", desk.today, required=False)
    if day and updated and updated < day:
        values.wrong("updated", f"updated {updated} lies before its date {day}", "correct one of the two")
    return day, updated


def _topic(desk: Desk, values: matter.Values) -> str:
    topic = values.text("topic", MAX_NAME)
    if topic and topic not in desk.topics:
        known = ", ".join(desk.topics) or "none yet"
        values.wrong("topic", f"no topic {topic!r}", f"the topics of site.toml are {known}")
    return topic


def _image(desk: Desk, values: matter.Values) -> tuple[Image | None, tuple[str, ...]]:
    path = values.table("image", ("file", "alt", "credit"))
    if path is None:
        return None, ()
    file = values.text((*path, "file"), MAX_ADDRESS)
    alt = values.text((*path, "alt"), MAX_SUMMARY)
    credit = values.text((*path, "credit"), MAX_TITLE, required=False)
    if not file:
        return None, ()
    try:
        picture = desk.look(file)
    except BadImage as error:
        values.wrong((*path, "file"), error.what, error.hint)
        return None, ()
    largest = picture.largest
    image = Image(largest.path, largest.width, largest.height, alt, credit, picture.variants, picture.card)
    return image, (file,)


def _sources(desk: Desk, values: matter.Values, *, needed: bool) -> tuple[Source, ...]:
    found: list[Source] = []
    keys = ("title", "publisher", "url", "date_read")
    if needed and not values.found.get("sources"):
        hint = "add [[sources]] with title, publisher, url and date_read, or draft = true"
        values.wrong("sources", "no sources", hint)
    for path in values.tables("sources", keys):
        title, publisher = (
            values.text((*path, "title"), MAX_SUMMARY),
            values.text((*path, "publisher"), MAX_TITLE),
        )
        url = values.text((*path, "url"), MAX_ADDRESS)
        # Empty says that nobody has opened it yet; left out says nothing.
        read_on = values.day((*path, "date_read"), desk.today, may_be_empty=True)
        if url and kind(url) != "web":
            values.wrong(
                (*path, "url"), f"{url[:80]!r} is not an address on the web", "begin it with https://"
            )
        found.append(Source(title, publisher, url, read_on))
    return tuple(found)


def _corrections(desk: Desk, values: matter.Values, day: dt.date | None) -> tuple[Note, ...]:
    found: list[Note] = []
    for path in values.tables("corrections", ("date", "text")):
        on, text = values.day((*path, "date"), desk.today), values.text((*path, "text"), MAX_REASON)
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
