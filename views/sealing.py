"""A file is sealed while it arrives, straight into its final file: no byte of it lies open anywhere."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace

from crypto.attachment import AttachmentSealer
from payload.limits import MAX_NAME, MAX_TYPE
from store import PendingBlob, StoreError
from views.shared import Vigil
from web import blocking, circuit, line
from web.body import Upload
from web.drafts import FileToken
from web.refusals import Refused

NOT_STORED = "not stored"
UNDER_ATTACK = "under attack"
_NO_DRAFT = bytes(16)
# Bytes of a file that are sealed and written in a thread, while the next ones come in. Fewer take no longer
# than the way to a thread and back.
WORTH_A_THREAD = 32 * 1024


def name_of(upload: Upload) -> str:
    """Give the name of a file, exact and no longer than a report holds.

    Where a browser runs our script it sends one file at a time, and its name beside it: in a multipart header
    some characters are escaped in a way that cannot be told from the name itself.
    """
    said = upload.fields_so_far.get("name") if upload.fields_so_far.get("do") == "upload" else None
    return (upload.name if said is None else said)[:MAX_NAME]


class SealingSink:
    """Where the body reader writes one uploaded file. Abandoned, it leaves nothing behind."""

    def __init__(self, site: Vigil, upload: Upload, expected: int | None) -> None:
        """Begin a blob; ``expected`` is about how many bytes are coming, where the client said so.

        :raises Refused: there is no room for files, or the disk fails; too much comes at once, from this
            circuit or from all; the site is under attack and takes none.
        """
        self._soon = site.soon
        self._name = name_of(upload)
        self._type = upload.type[:MAX_TYPE]
        self._sealer = AttachmentSealer()
        self._beside = blocking.Beside()
        self._sealed: FileToken | None = None
        if site.under_attack:
            raise Refused(UNDER_ATTACK)
        with ExitStack() as place:
            self._came = place.enter_context(site.pressure.upload(circuit.current(), line.current()))
            try:
                self._blob: PendingBlob = blocking.run(site.store.start_blob, expected)
            except StoreError:
                raise Refused(NOT_STORED) from None
            self._place = place.pop_all()

    def write(self, data: bytes) -> None:
        """Seal and write some of the file.

        :raises Refused: there is no room left, or the disk fails.
        """
        self._came(len(data))
        with _refused():
            if len(data) >= WORTH_A_THREAD:
                self._beside.do(self._take, data)
                self._sealer.count(data)
                return
            self._beside.wait()
            # Most often it only joins a chunk that is not full yet.
            if sealed := self._sealer.write(data):
                self._beside.do(self._blob.write, sealed)

    def finish(self) -> None:
        """Pad, write and fsync; the blob is then pending until a report claims it.

        :raises Refused: there is no room left, or the disk fails.
        """
        try:
            with _refused():
                self._beside.do(self._end)
                self._beside.wait()
        finally:
            self._place.close()
            self._soon.touch()
        self._sealed = FileToken(
            draft=_NO_DRAFT,
            blob=self._blob.id,
            key=self._sealer.key,
            size=self._sealer.size,
            sha256=self._sealer.sha256(),
            sealed_sha256=self._sealer.sealed_sha256(),
            name=self._name,
            type=self._type,
        )
        # Its last chunk is of no more use, and forty of them would wait while another file comes.
        del self._sealer

    def abandon(self) -> None:
        """Remove what has been written."""
        try:
            # One thread at a time is at the blob; how what was under way ended is of no interest any more.
            with suppress(StoreError):
                self._beside.wait()
        finally:
            self._leave()

    def _leave(self) -> None:
        try:
            blocking.run(self._blob.abandon)
        finally:
            self._place.close()
            self._soon.touch()

    def token(self, draft: bytes) -> FileToken:
        """Give what the form must carry of this file.

        :raises RuntimeError: before ``finish``.
        """
        if self._sealed is None:
            raise RuntimeError("the file has not ended")
        return replace(self._sealed, draft=draft)

    def _take(self, data: bytes) -> None:
        if sealed := self._sealer.seal(data):
            self._blob.write(sealed)

    def _end(self) -> None:
        for piece in self._sealer.finish():
            self._blob.write(piece)
        self._blob.finish()


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except StoreError:
        raise Refused(NOT_STORED) from None
