"""The chosen files of a referral: cleaned copies with names that say nothing, or originals if asked.

Files are chosen by the hash of the sealed attachment: their numbers change when their source sends more.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from desk.book import Book, CaseFile
from desk.book.locks import is_locked
from desk.casebook import Casebook
from desk.errors import DeskError
from desk.packing.told import Enclosed
from desk.pointing import Nature, Piece, Severity, marks
from desk.pointing_values import Guarded
from desk.strangers.cleaning import ONLY_YOU, Cleaned, cleaned
from desk.strangers.isolation import isolation
from desk.strangers.opened import opened_file
from desk.strangers.searching import Searched, searched
from payload import AttachedFile

MOST_TEXT = 400_000  # characters of a file that are searched for what points to somebody
_WORDY = 40  # characters of a line that is read as a sentence, whatever it is a part of
# Of an original's name only an ending that is known goes along: any other could be a word.
_KNOWN = """
3gp aac aiff amr avi bmp caf csv doc docx eml flac flv gif heic heif jpeg jpg m4a m4v mkv mov mp3 mp4
odp ods odt ogg opus pdf png ppt pptx rtf tif tiff ts txt wav webm webp xls xlsx
"""
_ENDINGS = frozenset(_KNOWN.split())
_ANY = "application/octet-stream"


@dataclass(frozen=True, slots=True, repr=False)
class Copy:
    """A file that goes along: what the referral tells of it, its media type, its bytes, the hash (hex) of the
    sealed attachment that it was made of, and what the copy lacks, in words.
    """

    enclosed: Enclosed
    type: str
    data: bytes
    sealed: str
    note: str


def copies(
    book: Book, file: CaseFile, chosen: Sequence[str], originals: frozenset[str], guarded: Guarded
) -> tuple[Copy, ...]:
    """Make the copies of the files of these hashes (hex, of them sealed), in memory.

    :raises DeskError: one is locked, missing or damaged, has no cleaned copy, or is none of the case.
    """
    all_ = {one.sealed_sha256.hex(): (number, one) for number, one in enumerate(file.attachments, 1)}
    found = []
    for at, sealed in enumerate(dict.fromkeys(chosen), 1):
        if sealed not in all_:
            raise DeskError("a file that was chosen is none of this case", "choose the files anew")
        number, attached = all_[sealed]
        locked = is_locked(book.files(), file, attached)
        make = _original if sealed in originals else _cleaned
        found.append(make(book.casebook, attached, (number, at), guarded, locked=locked))
    return tuple(found)


def _cleaned(
    casebook: Casebook, attached: AttachedFile, numbers: tuple[int, int], _: Guarded, *, locked: bool
) -> Copy:
    number, _at = numbers
    made: Cleaned = cleaned(casebook, attached, locked=locked)
    if made.why_not:
        raise DeskError(f"file {number} has no cleaned copy: {made.why_not}", "leave it out")
    return _copy(attached, numbers, made, made.words, original=False)


def _original(
    casebook: Casebook, attached: AttachedFile, numbers: tuple[int, int], guarded: Guarded, *, locked: bool
) -> Copy:
    number, _at = numbers
    with opened_file(casebook, attached, locked=locked) as opened:
        if not opened.whole:
            raise DeskError(f"file {number} is too large to be passed on here", "leave it out")
        words = searched(opened.source)
        opened.source.seek(0)
        data = opened.source.read()
        made = Cleaned(attached.name.lower(), _ANY, data, "", "", isolation(), unread=ONLY_YOU)
    return _copy(attached, numbers, made, _worth_reading(words, guarded), original=True)


def _copy(
    attached: AttachedFile, numbers: tuple[int, int], made: Cleaned, text: str, *, original: bool
) -> Copy:
    number, at = numbers
    if len(text) > MOST_TEXT:
        raise DeskError(f"file {number} is too long to be searched", "leave it out, or pass on parts of it")
    ending = made.name.rpartition(".")[2]
    ending = ending if ending in _ENDINGS else "bin"
    sealed = attached.sealed_sha256.hex()
    enclosed = Enclosed(
        number,
        f"file-{at}.{ending}",
        attached.caption,
        attached.name,
        text,
        original,
        sealed,
        hashlib.sha256(made.data).hexdigest(),
        made.unread,
    )
    return Copy(enclosed, made.type, made.data, sealed, made.note)


def _worth_reading(words: Searched, guarded: Guarded) -> str:
    """Give what a file tells, and of all else that can be read in it the long lines, and those with a mark:
    in pictures and sound most of the others are chance.
    """
    if len(words.found) > MOST_TEXT:
        raise DeskError(
            "what is hidden in the file is too long to be searched", "choose a cleaned copy, or leave it out"
        )
    reaching = [
        range(mark.start, mark.end + 1)
        for mark in marks([Piece("", "", Nature.ABOUT_OTHERS, words.found)], guarded)
        if mark.severity is Severity.CONTACT
    ]
    lines, at = [], 0
    for line in words.found.split("\n"):
        here = range(at, at + len(line) + 1)
        at += len(line) + 1
        # What the file tells anyway is not shown twice.
        if line not in words.told and (
            len(line) >= _WORDY or any(one.start < here.stop and here.start < one.stop for one in reaching)
        ):
            lines.append(line)
    return "\n".join(filter(None, [words.told, *lines]))
