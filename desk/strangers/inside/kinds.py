"""What a file is by its content: a table of signatures, and a look into zip files."""

import re
from dataclasses import dataclass
from typing import BinaryIO

HEAD = 64 * 1024  # bytes looked at from the beginning, and from the end
PICTURE, FILM, SOUND, DOCUMENT, TEXT, PAGE = "picture", "film", "sound", "document", "text", "web page"
ARCHIVE, PROGRAM, UNKNOWN = "archive", "program", "unknown"


@dataclass(frozen=True)
class Kind:
    """A kind of file: ``code`` names it here, ``group`` says what can be done with it.

    ``type`` is its media type, ``endings`` what such a file's name ends in, ``reader`` what its reader is
    told that it is, so that no library guesses again.
    """

    code: str
    group: str
    type: str
    endings: tuple[str, ...]
    reader: str = ""


def _kinds(*rows: tuple[str, str, str, str, str]) -> dict[str, Kind]:
    return {
        code: Kind(code, group, type_, tuple(endings.split()), reader)
        for code, group, type_, endings, reader in rows
    }


KINDS = _kinds(
    ("jpeg", PICTURE, "image/jpeg", "jpg jpeg jpe jfif", "JPEG"),
    ("png", PICTURE, "image/png", "png", "PNG"),
    ("gif", PICTURE, "image/gif", "gif", "GIF"),
    ("webp", PICTURE, "image/webp", "webp", "WEBP"),
    ("bmp", PICTURE, "image/bmp", "bmp dib", "BMP"),
    ("tiff", PICTURE, "image/tiff", "tif tiff dng", "TIFF"),
    ("heic", PICTURE, "image/heic", "heic heif hif", "HEIF"),
    ("avif", PICTURE, "image/avif", "avif", "AVIF"),
    ("mp4", FILM, "video/mp4", "mp4 m4v mov 3gp 3g2 qt", "mp4"),
    ("webm", FILM, "video/webm", "webm mkv mka weba", "matroska"),
    ("avi", FILM, "video/x-msvideo", "avi", "avi"),
    ("mpeg", FILM, "video/mpeg", "mpg mpeg vob", "mpeg"),
    ("ts", FILM, "video/mp2t", "ts mts m2ts", "mpegts"),
    ("flv", FILM, "video/x-flv", "flv", "flv"),
    ("wmv", FILM, "video/x-ms-wmv", "wmv asf wma", "asf"),
    ("m4a", SOUND, "audio/mp4", "m4a m4b aac mp4", "mp4"),
    ("mp3", SOUND, "audio/mpeg", "mp3", "mp3"),
    ("aac", SOUND, "audio/aac", "aac", "aac"),
    ("ogg", SOUND, "audio/ogg", "ogg oga opus ogv spx", "ogg"),
    ("flac", SOUND, "audio/flac", "flac", "flac"),
    ("wav", SOUND, "audio/wav", "wav wave", "wav"),
    ("amr", SOUND, "audio/amr", "amr", "amr"),
    ("aiff", SOUND, "audio/aiff", "aif aiff aifc", "aiff"),
    ("caf", SOUND, "audio/x-caf", "caf", "caf"),
    ("pdf", DOCUMENT, "application/pdf", "pdf", "pdf"),
    ("docx", DOCUMENT, "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
     "docx docm dotx dotm", "word"),
    ("xlsx", DOCUMENT, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     "xlsx xlsm xltx xltm", "sheet"),
    ("pptx", DOCUMENT, "application/vnd.openxmlformats-officedocument.presentationml.presentation",
     "pptx pptm ppsx ppsm potx", "slides"),
    ("odt", DOCUMENT, "application/vnd.oasis.opendocument.text", "odt ott", "open"),
    ("ods", DOCUMENT, "application/vnd.oasis.opendocument.spreadsheet", "ods ots", "open"),
    ("odp", DOCUMENT, "application/vnd.oasis.opendocument.presentation", "odp otp", "open"),
    ("old-office", DOCUMENT, "application/x-ole-storage", "doc xls ppt dot xlt pps msg", ""),
    ("rtf", DOCUMENT, "application/rtf", "rtf doc", ""),
    ("text", TEXT, "text/plain", "", ""),
    ("svg", PAGE, "image/svg+xml", "svg", ""),
    ("html", PAGE, "text/html", "html htm xhtml mht", ""),
    ("xml", PAGE, "application/xml", "xml gpx kml plist xmp", ""),
    ("zip", ARCHIVE, "application/zip", "zip epub cbz kmz", ""),
    ("gzip", ARCHIVE, "application/gzip", "gz tgz svgz", ""),
    ("7z", ARCHIVE, "application/x-7z-compressed", "7z", ""),
    ("rar", ARCHIVE, "application/vnd.rar", "rar", ""),
    ("tar", ARCHIVE, "application/x-tar", "tar", ""),
    ("packed", ARCHIVE, "application/octet-stream", "xz bz2 zst cab iso dmg", ""),
    ("windows-program", PROGRAM, "application/x-msdownload", "exe dll scr com sys msi", ""),
    ("linux-program", PROGRAM, "application/x-executable", "so elf bin", ""),
    ("mac-program", PROGRAM, "application/x-mach-binary", "dylib", ""),
    ("java-program", PROGRAM, "application/java-archive", "jar class", ""),
    ("android-program", PROGRAM, "application/vnd.android.package-archive", "apk dex", ""),
    ("script", PROGRAM, "text/x-script", "sh py pl rb bat cmd ps1 vbs js jse wsf hta", ""),
    ("shortcut", PROGRAM, "application/x-ms-shortcut", "lnk url", ""),
    ("empty", UNKNOWN, "application/octet-stream", "", ""),
    ("unknown", UNKNOWN, "application/octet-stream", "", ""),
)  # fmt: skip

# Where it begins, what stands there, which kind that is; the first that fits is taken.
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"II*\0", "tiff"),
    (0, b"MM\0*", "tiff"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-office"),
    (0, b"{\\rtf", "rtf"),
    (0, b"\x1aE\xdf\xa3", "webm"),
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (0, b"ID3", "mp3"),
    (0, b"#!AMR", "amr"),
    (0, b"caff", "caf"),
    (0, b"FLV\x01", "flv"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "wmv"),
    (0, b"\x00\x00\x01\xba", "mpeg"),
    (0, b"\x00\x00\x01\xb3", "mpeg"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"Rar!\x1a\x07", "rar"),
    (257, b"ustar", "tar"),
    (0, b"\xfd7zXZ\0", "packed"),
    (0, b"BZh", "packed"),
    (0, b"\x28\xb5\x2f\xfd", "packed"),
    (0, b"MSCF", "packed"),
    (32769, b"CD001", "packed"),
    (0, b"MZ", "windows-program"),
    (0, b"\x7fELF", "linux-program"),
    (0, b"\xca\xfe\xba\xbe", "java-program"),
    (0, b"\xfe\xed\xfa\xce", "mac-program"),
    (0, b"\xfe\xed\xfa\xcf", "mac-program"),
    (0, b"\xce\xfa\xed\xfe", "mac-program"),
    (0, b"\xcf\xfa\xed\xfe", "mac-program"),
    (0, b"dex\n", "android-program"),
    (0, b"\0asm", "linux-program"),
    (0, b"L\0\0\0\x01\x14\x02\0", "shortcut"),
    (0, b"[InternetShortcut]", "shortcut"),
    (0, b"#!", "script"),
    (0, b"@echo off", "script"),
)
_RIFF = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}
_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_SOUND_BRANDS = (b"M4A ", b"M4B ", b"F4A ")
_MARKUP = re.compile(rb"\s*(?:<\?xml|<!--|<!doctype|<[a-z][a-z0-9:]*[\s>/])", re.IGNORECASE)
_SVG = re.compile(rb"<(?:[a-z]+:)?svg[\s>]", re.IGNORECASE)
_HTML = re.compile(rb"<(?:html|head|body|script|iframe|table|div|meta|style|p|a|img)[\s>]", re.IGNORECASE)
# A program for a shell that says so in no signature; weighed only with an ending that a shell would run.
_PLAIN = frozenset(range(32, 256)) | frozenset(b"\t\n\r\f\b\x1b")


def kind_of(source: BinaryIO) -> Kind:
    """Tell what a file is by what it holds; its name says nothing here."""
    source.seek(0)
    head = source.read(HEAD)
    code = code_of(head)
    if code == "zip":
        from . import zips

        code = zips.code_of(source)
    return KINDS[code]


def code_of(head: bytes) -> str:
    """Tell the kind's code from the first bytes alone; every zip file is a "zip" so far."""
    if not head:
        return "empty"
    for at, sign, code in _SIGNATURES:
        if head.startswith(sign, at):
            return code
    return _boxed(head) or _framed(head) or ("pdf" if b"%PDF-" in head[:1024] else _textual(head))


def _boxed(head: bytes) -> str:
    """RIFF, AIFF, and the boxes of ISO: MP4, QuickTime, HEIF."""
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    if head[:4] == b"FORM" and head[8:11] == b"AIF":
        return "aiff"
    if head[4:8] == b"ftyp":
        brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(head[3], 64), 4))]
        if brands[0] in (b"avif", b"avis") or b"avif" in brands[1:]:
            return "avif"
        if brands[0] in _HEIF:
            return "heic"
        return "m4a" if brands[0] in _SOUND_BRANDS else "mp4"
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return "mp4"
    return ""


def _framed(head: bytes) -> str:
    """Formats that begin with a frame and no name: BMP, MPEG sound, MPEG-TS."""
    if (
        head[:2] == b"BM"
        and len(head) > 26
        and head[14:18] in (b"\x28\0\0\0", b"\x0c\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0")
    ):
        return "bmp"
    if len(head) > 400 and head[0] == head[188] == head[376] == 0x47:
        return "ts"
    if len(head) > 4 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        if head[1] & 0xF6 == 0xF0:
            return "aac"
        if head[1] & 0x06 in (0x02, 0x04) and head[2] & 0xF0 not in (0xF0, 0x00) and head[2] & 0x0C != 0x0C:
            return "mp3"
    return ""


def _textual(head: bytes) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "replace").encode()
    if not frozenset(head) <= _PLAIN:
        return "unknown"
    body = head.removeprefix(b"\xef\xbb\xbf")
    if _MARKUP.match(body):
        if _SVG.search(body):
            return "svg"
        return "html" if _HTML.search(body) else "xml"
    return "text"
