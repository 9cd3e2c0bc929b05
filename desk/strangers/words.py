"""What the box says by a code, in words for people: none of its own words are shown."""

from desk.strangers.box import BoxFailed
from desk.strangers.inside.kinds import KINDS as TABLE

UNSAFE = "could not be shown safely"
_CANNOT = {
    "damaged": "the file is damaged, or made to look like one of its kind",
    "too-large": "the file is too large, or unpacks to too much",
    "locked": "the file is under a password",
    "no-preview": "there is no preview for this kind of file",
    "no-cleaning": "the desk cannot clean this kind of file",
    "empty": "the file is empty",
    "no-facts": "the desk cannot read what this kind of file carries",
    "no-text": "there is no text in it",
    "no-search": "it holds other files, or is packed or written so that the words in it cannot be searched",
    "too-many-pages": "it has too many pages to be cleaned",
    "no-part": "it has no further part",
    "no-track": "it has no picture and no sound that the desk can copy",
}
_FAILED = {
    "died": "what looked at it gave up",
    "too-slow": "looking at it took too long",
    "too-much": "it gave too much",
    "nonsense": "what looked at it gave nonsense",
}


def cannot(code: object) -> str:
    """Give the reason for which a task says that it cannot."""
    return _CANNOT.get(code, _FAILED["nonsense"]) if isinstance(code, str) else _FAILED["nonsense"]


def failed(failure: BoxFailed) -> str:
    """Give the reason for which a box gave no whole answer."""
    return _FAILED[failure.code]


KINDS = {
    "jpeg": "a picture (JPEG)",
    "png": "a picture (PNG)",
    "gif": "a picture (GIF)",
    "webp": "a picture (WebP)",
    "bmp": "a picture (BMP)",
    "tiff": "a picture (TIFF)",
    "heic": "a picture (HEIC)",
    "avif": "a picture (AVIF)",
    "mp4": "a film (MP4 or QuickTime)",
    "webm": "a film (Matroska or WebM)",
    "avi": "a film (AVI)",
    "mpeg": "a film (MPEG)",
    "ts": "a film (MPEG-TS)",
    "flv": "a film (Flash)",
    "wmv": "a film or sound (Windows Media)",
    "m4a": "sound (M4A)",
    "mp3": "sound (MP3)",
    "aac": "sound (AAC)",
    "ogg": "sound (Ogg)",
    "flac": "sound (FLAC)",
    "wav": "sound (WAV)",
    "amr": "sound (AMR)",
    "aiff": "sound (AIFF)",
    "caf": "sound (CAF)",
    "pdf": "a document (PDF)",
    "docx": "a document (Word)",
    "xlsx": "a spreadsheet (Excel)",
    "pptx": "slides (PowerPoint)",
    "odt": "a document (OpenDocument)",
    "ods": "a spreadsheet (OpenDocument)",
    "odp": "slides (OpenDocument)",
    "old-office": "an Office document of before 2007, or one under a password",
    "rtf": "a document (Rich Text)",
    "text": "text",
    "svg": "a drawing (SVG), shown as text only",
    "html": "a web page (HTML), shown as text only",
    "xml": "data (XML), shown as text only",
    "zip": "an archive (ZIP)",
    "gzip": "something packed (gzip)",
    "7z": "an archive (7-Zip)",
    "rar": "an archive (RAR)",
    "tar": "an archive (tar)",
    "packed": "something packed",
    "windows-program": "a program for Windows",
    "linux-program": "a program for Linux or a browser",
    "mac-program": "a program for macOS",
    "java-program": "a program for Java",
    "android-program": "a program for Android",
    "script": "a script, which is a program",
    "shortcut": "a shortcut for Windows, which can start programs",
    "empty": "an empty file",
    "unknown": "nothing that the desk knows",
}
KIND_BY_ENDING = {ending: code for code, kind in TABLE.items() for ending in kind.endings}

WARNINGS = {
    "also-zip": "an archive hangs at its end: it is two kinds of file at once",
    "also-pdf": "it is a PDF at the same time: it is two kinds of file at once",
    "also-web-page": "it holds parts of a web page: a browser might take it for one",
    "also-script": "it is written so that a browser could run it as a script",
    "before-the-start": "{size} stand before its beginning: it may be two kinds of file at once",
    "after-the-end": "{size} follow after its end: phones keep a short film there, others hide things there",
    "script": "it holds a script, which an ordinary program might run",
    "calls": "it names things elsewhere: an ordinary program would fetch them, and tell that it was opened",
    "entities": "it defines abbreviations of its own, a known way to overload programs",
    "pdf-runs": "it holds actions or scripts, which an ordinary program might run",
    "holds-files": "it holds other files, which are not shown here",
    "locked": "it is under a password, or parts of it are",
    "macros": "it holds macros, which are programs: do not open a copy of it in Office",
    "members": "it is an archive: {parts} in it; nothing was unpacked",
    "unpacks-to": "it unpacks to {size}, by its own word: such files are made to fill a disk",
    "leaves": "{number} of its names lead out of the folder that it is unpacked into",
    "links": "{number} of its parts are links to other places on the computer that unpacks it",
    "programs": "{number} of its parts are programs",
    "odd-zip": "its inside is damaged, or made so that it cannot be looked at",
    "damaged": "it is damaged, or made to look like one of its kind",
}
