"""The chosen files of a referral: cleaned copies with names that say nothing, or originals if asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from desk.book import CaseFile
from desk.casebook import Casebook
from desk.errors import DeskError
from desk.packing.told import Enclosed
from desk.pointing_values import Guarded, reaches_in
from desk.strangers.cleaning import cleaned
from desk.strangers.opened import opened_file
from payload import AttachedFile

MOST_TEXT = 400_000  # characters of a file that are searched for what points to somebody
# Of an original's name only an ending that is known goes along: any other could be a word.
_KNOWN = """
3gp aac aiff amr avi bmp caf csv doc docx eml flac flv gif heic heif jpeg jpg m4a m4v mkv mov mp3 mp4
odp ods odt ogg opus pdf png ppt pptx rtf tif tiff ts txt wav webm webp xls xlsx
"""
_ENDINGS = frozenset(_KNOWN.split())
_TEXT = "text/plain"
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
    casebook: Casebook, file: CaseFile, numbers: Sequence[int], originals: frozenset[int], guarded: Guarded
) -> tuple[Copy, ...]:
    """Make the copies of the files of these numbers, in memory.

    :raises DeskError: one is locked, missing or damaged, has no cleaned copy, or is none of the case.
    """
    all_ = file.attachments
    found = []
    for at, number in enumerate(dict.fromkeys(numbers), 1):
        if not 1 <= number <= len(all_):
            raise DeskError(f"there is no file {number} in this case", f"it has {len(all_)}")
        found.append(_copy(casebook, file, (number, at), all_[number - 1], guarded, number in originals))
    return tuple(found)


def _copy(
    casebook: Casebook,
    file: CaseFile,
    numbers: tuple[int, int],
    attached: AttachedFile,
    guarded: Guarded,
    original: bool,
) -> Copy:
    number, at = numbers
    sealed = attached.sealed_sha256.hex()
    locked = file.work.is_locked(sealed)
    if original:
        with opened_file(casebook, attached, locked=locked) as opened:
            if not opened.whole:
                raise DeskError(f"file {number} is too large to be passed on here", "leave it out")
            name, type_, data, note = attached.name.lower(), _ANY, opened.source.read(), ""
    else:
        made = cleaned(casebook, attached, locked=locked)
        if made.why_not:
            raise DeskError(f"file {number} has no cleaned copy: {made.why_not}", "leave it out")
        name, type_, data, note = made.name, made.type, made.data, made.note
    ending = name.rpartition(".")[2]
    ending = ending if ending in _ENDINGS else "bin"
    text = _text(number, type_, data, guarded)
    enclosed = Enclosed(number, f"file-{at}.{ending}", attached.caption, attached.name, text, original)
    return Copy(enclosed, type_, data, sealed, note)


def _text(number: int, type_: str, data: bytes, guarded: Guarded) -> str:
    """Give the text that is in a file, or what of the source stands in the bytes of another."""
    if type_.startswith(_TEXT):
        text = data.decode("utf-8", "replace")
    else:
        text = _as_text(data)
        if not text:
            return reaches_in(data, guarded.reach)
    if len(text) > MOST_TEXT:
        raise DeskError(f"file {number} is too long to be searched", "leave it out, or pass on parts of it")
    return text


def _as_text(data: bytes) -> str:
    """Give an original as text where it is nothing else."""
    if len(data) > 4 * MOST_TEXT or b"\0" in data:
        return ""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
