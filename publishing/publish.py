"""Publish: read every file of the content folder, check it, and write the site as a whole."""

import functools
import multiprocessing
import os
import secrets
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from publishing import agencies, articles, attack, checks, images, letters, matter, pages, topics
from publishing.articles import Edition, Piece, Read
from publishing.errors import Broken, Problem
from publishing.images import BadImage, Made
from publishing.site_file import replacing
from publishing.writing import Writer

# Starting other processes takes longer than reading this many files.
FEW = 150
CHUNK = 25
MOST_PROCESSES = 4


@dataclass(frozen=True)
class Published:
    """What stands on the site now, in numbers. ``articles`` are those in lists; ``left_out`` are drafts.

    ``attack``: the site says that it is under attack, and takes no files.
    """

    articles: int
    drafts: int
    left_out: int
    withdrawn: int
    topics: int
    bylines: int
    agencies: int
    letters: int
    pages: int
    images: int
    version: str
    attack: bool


def publish(content: Path, target: Path, *, drafts: bool = False, today: date | None = None) -> Published:
    """Publish the folder ``content`` as the file ``target``; with ``drafts``, the drafts too.

    :raises Broken: something in the folder is wrong; it lists all that is. ``target`` is as it was.
    :raises NotWritten: ``target`` cannot be written.
    """
    # British summer time is an hour ahead of UTC: what is dated today there is not in the future here.
    day = today or (datetime.now(UTC) + timedelta(hours=1)).date()
    problems: list[Problem] = []
    images.look.cache_clear()
    named = topics.read(content, problems)
    attacked = attack.read(content, problems)
    edition = Edition(content, tuple(named), day, drafts)
    own = [
        page
        for file in matter.listed(content, pages.FOLDER, problems)
        if (page := pages.read(edition, file, problems))
    ]
    called = agencies.read(content, problems, day)
    written = letters.read(content, problems, day)
    files = matter.listed(content, articles.FOLDER, problems)
    with replacing(target) as database:
        writer = Writer(database, named)
        found, left_out, broken = _articles(edition, files, writer, problems)
        pieces = list(found.values())
        problems += checks.bylines(pieces)
        slugs = [letter.slug for letter in written]
        problems += checks.addresses([*pieces, *own], pieces, named, slugs, left_out, broken)
        pictures = sorted(
            {file for piece in pieces for file in piece.pictures} | {f for p in own for f in p.pictures}
        )
        for made in _made(content, pictures, problems):
            writer.image(*made)
        if problems:
            raise Broken(problems)
        writer.articles(found)
        writer.pages(own)
        writer.agencies(called)
        writer.letters(written)
        version = secrets.token_hex(8)
        writer.about(version, attack=attacked)
    gone = sum(piece.withdrawn is not None for piece in pieces)
    return Published(
        articles=len(pieces) - gone,
        drafts=sum(piece.draft for piece in pieces),
        left_out=len(left_out),
        withdrawn=gone,
        topics=len(named),
        bylines=len({slug for piece in pieces for _, slug in piece.byline}),
        agencies=len(called),
        letters=len(written),
        pages=len(own),
        images=len(pictures),
        version=version,
        attack=attacked,
    )


def _articles(
    edition: Edition, files: list[str], writer: Writer, problems: list[Problem]
) -> tuple[dict[int, Piece], list[str], list[str]]:
    """Write the texts of all articles: (the articles by number, slugs of drafts, slugs of broken ones)."""
    found: dict[int, Piece] = {}
    left_out, broken = [], []
    for number, read in enumerate(_read(edition, files), 1):
        problems += read.problems
        if read.left_out:
            left_out.append(read.slug)
        elif read.piece is None:
            broken.append(read.slug)
        else:
            writer.text(number, read.piece)
            found[number] = read.piece.without_text()
    return found, left_out, broken


def _read(edition: Edition, files: list[str]) -> Iterator[Read]:
    read = functools.partial(articles.read, edition)
    if len(files) < FEW:
        yield from map(read, files)
        return
    # Not forked: what publishes may have threads and open files that a copy of it must not have.
    with multiprocessing.get_context("spawn").Pool(min(os.cpu_count() or 1, MOST_PROCESSES)) as pool:
        yield from pool.imap(read, files, CHUNK)


def _made(content: Path, files: Iterable[str], problems: list[Problem]) -> Iterator[Made]:
    def make(file: str) -> list[Made] | BadImage:
        try:
            return images.make(content, file)
        except BadImage as error:
            return error

    # Pillow lets go of Python while it works, so threads are enough; few, for each holds a whole picture.
    with images.quiet(), ThreadPoolExecutor(2) as pool:
        for file, made in zip(files, pool.map(make, files), strict=True):
            if isinstance(made, BadImage):
                problems.append(Problem(file, None, made.what, made.hint))
            else:
                yield from made
