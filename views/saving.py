"""A reply's file on its way to the source: known to be whole before the first byte goes out, then streamed.

The sealed bytes are hashed first, which is quick: where the hash is the one that the desk has signed, the
disk holds what the desk sealed, bit for bit. They are opened once, on their way out; each piece is authentic
when it comes. Only a desk that described its own file wrongly can still be found out then, by the hash of
what was opened: the last piece is not given, and the browser calls the file incomplete.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack
from io import BufferedReader
from pathlib import PurePosixPath
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

    :raises NotWhole: it is not here, or not what the desk sealed: then nothing of it goes out.
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
    # Made plain, a letter that only looks like a separator is one.
    plain = safe_name(unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode())
    if plain == name:
        return dump_options_header("attachment", {"filename": name})
    kept = PurePosixPath(plain)
    alike = kept.suffix == PurePosixPath(name).suffix and kept.stem
    whole = f"UTF-8''{quote(name, safe='')}"
    return f"{dump_options_header('attachment', {'filename': plain if alike else 'file'})}; filename*={whole}"


def _hidden(letter: str) -> bool:
    """Say whether it shows nothing: a control, a mark of direction, a blank."""
    return unicodedata.category(letter)[0] in "CZ"


def _checked(site: Vigil, file: AttachedFile) -> BufferedReader:
    with ExitStack() as undo:
        try:
            source = site.store.open_blob(file.blob)
            undo.callback(source.close)
            sealed = hashlib.file_digest(source, "sha256").digest()
        except FileNotFoundError:
            # On PostgreSQL a part of it may be what is gone.
            raise NotWhole from None
        if not hmac.compare_digest(sealed, file.sealed_sha256):
            raise NotWhole
        source.seek(0)
        undo.pop_all()
    return source


def _pieces(site: Vigil, source: BufferedReader, file: AttachedFile) -> Iterator[bytes]:
    plain, held_back = hashlib.sha256(), b""
    try:
        for piece in opened(source, AttachmentKey(file.key), file.size):
            plain.update(piece)
            if held_back:
                yield held_back
            held_back = piece
            blocking.breathe()
        if not hmac.compare_digest(plain.digest(), file.sha256):
            raise BadAttachment("not the file that the reply names")
        yield held_back
    except (OSError, BadAttachment) as error:
        # The disk fails, or the desk has sealed another file than it says. What is cut off here, the browser
        # calls incomplete.
        site.failed(error)
        raise
    finally:
        source.close()
