"""Static files under names that change with their content, so that browsers may keep them for a year."""

import gzip
import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import rcssmin
import rjsmin
from flask import Flask, Response, abort, request

from web.cached import FOREVER
from web.request import current_request
from web.setup import SetUpError

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
# What lies beside a file of another's under its name and this is that file, gzipped by zopfli.
PACKED = ".gz"
_COMPRESSED = frozenset({".css", ".js", ".txt"})
# What takes comments and blanks out; comments that begin with "!", as licences do, stay.
_SHORTENED = {
    ".css": partial(rcssmin.cssmin, keep_bang_comments=True),
    ".js": partial(rjsmin.jsmin, keep_bang_comments=True),
}
_SHORT_ALREADY = (".min.css", ".min.js")
# Files that are sent as one, in this order, under the name of one of them: the page needs them all.
BUNDLES = {
    "contact.js": ("exit.js", "send.js", "contact.js"),
    "report.js": ("exit.js", "send.js", "report.js"),
    "mailbox.js": ("exit.js", "send.js", "mailbox.js", "report.js"),
}


@dataclass(frozen=True)
class Asset:
    """One file: its bytes, also gzipped where that is shorter, its media type and its tag."""

    data: bytes
    packed: bytes | None
    type: str
    tag: str


class Assets:
    """The static files, read once into memory.

    :raises SetUpError: a file of a kind that the site does not serve, or one missing from a bundle.
    """

    def __init__(self, folder: Path) -> None:
        self._by_path: dict[str, Asset] = {}
        self._paths: dict[str, str] = {}
        for file in sorted(folder.rglob("*")):
            hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
            if file.is_file() and not hidden and file.suffix != PACKED:
                self._add(file.relative_to(folder).as_posix(), file)

    def url(self, name: str) -> str:
        """Give the address of a file, named relative to the static folder.

        :raises LookupError: there is no such file.
        """
        return f"/static/{self._paths[name]}"

    def get(self, path: str) -> Asset | None:
        """Give the file at a fingerprinted path, None for any other name."""
        return self._by_path.get(path)

    @property
    def digest(self) -> bytes:
        """Give 32 bytes that are the same wherever the same files are served."""
        return hashlib.sha256("\n".join(sorted(self._by_path)).encode()).digest()

    def items(self) -> Iterable[tuple[str, Asset]]:
        """Give every file with its fingerprinted path."""
        return self._by_path.items()

    def _add(self, name: str, file: Path) -> None:
        media_type = TYPES.get(file.suffix)
        if media_type is None:
            raise SetUpError(
                f"static/{name} is of a kind that the site does not serve",
                f"move it elsewhere, or use one of {', '.join(TYPES)}",
            )
        data = _bundled(name, file)
        tag = hashlib.sha256(data).hexdigest()[:16]
        packed = _packed(data, file) if file.suffix in _COMPRESSED else data
        path = f"{name.removesuffix(file.suffix)}.{tag}{file.suffix}"
        self._paths[name] = path
        self._by_path[path] = Asset(data, packed if len(packed) < len(data) else None, media_type, tag)


def _packed(data: bytes, file: Path) -> bytes:
    """Give ``data`` gzipped: as it lies beside its file where that was packed better than zlib can."""
    ready = file.with_name(file.name + PACKED)
    if not ready.exists():
        return gzip.compress(data, 9, mtime=0)
    packed = ready.read_bytes()
    try:
        same = gzip.decompress(packed) == data
    except (OSError, EOFError, zlib.error):
        same = False
    if not same:
        raise SetUpError(
            f"static/{ready.name} is not {file.name} packed",
            "delete it; the site then packs the file itself",
        )
    return packed


def _bundled(name: str, file: Path) -> bytes:
    """Give what is sent under ``name``: its file, after those that it is bundled with."""
    folder = file.parent
    try:
        return b"\n".join(_shortened(folder / part) for part in BUNDLES.get(name, (file.name,)))
    except OSError as error:
        raise SetUpError(
            f"static/{name} cannot be put together: {(error.strerror or 'no reason given').lower()}",
            f"it is made of {', '.join(BUNDLES.get(name, (file.name,)))}; take these from the release again",
        ) from None


def _shortened(file: Path) -> bytes:
    data = file.read_bytes()
    shorten = _SHORTENED.get(file.suffix)
    if shorten is None or file.name.endswith(_SHORT_ALREADY):
        return data
    return bytes(shorten(data))


def _answer(asset: Asset) -> Response:
    packed = asset.packed if current_request().takes_gzip else None
    response = Response(packed or asset.data, content_type=asset.type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if asset.packed:
        response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOREVER
    response.set_etag(asset.tag + ("-gz" if packed else ""))
    response.make_conditional(request)
    return response


def register(app: Flask, folder: Path) -> Assets:
    """Serve the files in ``folder`` under /static/, and let templates name them by ``asset("site.css")``.

    Their digest is in the application's extensions as `vigil.static`.

    :raises SetUpError: as Assets.
    """
    assets = Assets(folder)

    def static(path: str) -> Response:
        return _answer(assets.get(path) or abort(404))

    app.add_url_rule("/static/<path:path>", "static", static, methods=["GET"])
    app.jinja_env.globals["asset"] = assets.url
    app.extensions["vigil.static"] = assets.digest
    return assets
