"""A reply's file on its way to the source: checked whole before the first byte goes out, then streamed."""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack
from io import BufferedReader
from pathlib import PurePosixPath
from typing import BinaryIO, cast
from urllib.parse import quote

from flask import Response
from werkzeug.http import dump_options_header

from crypto.errors import BadAttachment
from crypto.open_attachment import opened
from crypto.secret import AttachmentKey
from payload import AttachedFile
from views.shared import Vigil
from web import blocking, pages

MOST_NAME = 100  # characters
_FORBIDDEN = frozenset('/\\:*?"<>|%')


class NotWhole(Exception):  # noqa: N818 - says what is the case
    """The file is gone, or is not the one that was sent."""


def answer(site: Vigil, file: AttachedFile) -> Response:
    """Give a file to be saved, and never shown.

    :raises NotWhole: it is not here, or not as the reply says: then nothing of it goes out.
    :raises StoreError: the store cannot be read.
    """
    source = blocking.run(_checked, site, file)
    response = Response(_pieces(site, source, file), content_type="application/octet-stream")
    response.headers["Content-Length"] = str(file.size)
    response.headers["Cache-Control"] = pages.NO_STORE
    response.headers["Content-Disposition"] = disposition(safe_name(file.name))
    # Also where nobody reads any of it.
    response.call_on_close(source.close)
    return response


def safe_name(name: str) -> str:
    """Give a name that says no path, shows no false ending, and is no longer than file systems take."""
    seen = unicodedata.normalize("NFC", name)
    kept = "".join(
        letter if letter == " " or (not _hidden(letter) and letter not in _FORBIDDEN) else "_"
        for letter in seen
    )
    kept = kept.strip(" .")
    ending = PurePosixPath(kept).suffix[:20]
    return kept.removesuffix(ending)[: MOST_NAME - len(ending)].strip(" .") + ending if kept else "file"


def disposition(name: str) -> str:
    """Give the header that names a file to be saved (RFC 6266), in ASCII; other letters are escaped."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().strip(" .")
    if plain == name:
        return dump_options_header("attachment", {"filename": name})
    kept = PurePosixPath(plain)
    alike = kept.suffix == PurePosixPath(name).suffix and kept.stem
    whole = f"UTF-8''{quote(name, safe='')}"
    return f"{dump_options_header('attachment', {'filename': plain if alike else 'file'})}; filename*={whole}"


def _hidden(letter: str) -> bool:
    """Say whether it shows nothing: a control, a mark of direction, a blank."""
    return unicodedata.category(letter)[0] in "CZ"


class _Hashed:
    """Reads through, and knows the hash of what was read."""

    def __init__(self, source: BufferedReader) -> None:
        self._source = source
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.hash.update(data)
        return data


def _checked(site: Vigil, file: AttachedFile) -> BufferedReader:
    try:
        source = site.store.open_blob(file.blob)
    except FileNotFoundError:
        raise NotWhole from None
    with ExitStack() as undo:
        undo.callback(source.close)
        sealed, plain = _Hashed(source), hashlib.sha256()
        try:
            for piece in _opened(cast(BinaryIO, sealed), file):
                plain.update(piece)
        except BadAttachment:
            raise NotWhole from None
        same = hmac.compare_digest(sealed.hash.digest(), file.sealed_sha256)
        if not same or not hmac.compare_digest(plain.digest(), file.sha256):
            raise NotWhole
        source.seek(0)
        undo.pop_all()
    return source


def _pieces(site: Vigil, source: BufferedReader, file: AttachedFile) -> Iterator[bytes]:
    try:
        for piece in _opened(source, file):
            yield piece
            blocking.breathe()
    except (OSError, BadAttachment) as error:
        # It was whole a moment ago: the disk fails. What is cut off here, the browser calls incomplete.
        site.failed(error)
        raise
    finally:
        source.close()


def _opened(source: BinaryIO, file: AttachedFile) -> Iterator[bytes]:
    return opened(source, AttachmentKey(file.key), file.size)
