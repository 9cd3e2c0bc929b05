"""A file is sealed while it arrives, straight into its final file: no byte of it lies open anywhere."""

from crypto.attachment import AttachmentSealer
from payload.limits import MAX_NAME, MAX_TYPE
from store import PendingBlob, Store, StoreError
from web import blocking
from web.body import Upload
from web.drafts import FileToken
from web.refusals import Refused

NOT_STORED = "not stored"


class SealingSink:
    """Where the body reader writes one uploaded file. Abandoned, it leaves nothing behind."""

    def __init__(self, store: Store, upload: Upload, expected: int | None) -> None:
        """Begin a blob; ``expected`` is about how many bytes are coming, where the client said so.

        :raises Refused: there is no room for files, or the disk fails.
        """
        # Where a browser runs our script it sends the name beside the file, exactly: in a multipart
        # header some characters are escaped in a way that cannot be told from the name itself.
        self._name = upload.fields_so_far.get("name", upload.name)[:MAX_NAME]
        self._type = upload.type[:MAX_TYPE]
        self._sealer = AttachmentSealer()
        try:
            self._blob: PendingBlob = blocking.run(store.start_blob, expected)
        except StoreError:
            raise Refused(NOT_STORED) from None

    def write(self, data: bytes) -> None:
        """Seal and write some of the file.

        :raises Refused: there is no room left, or the disk fails.
        """
        self._put(self._sealer.write(data))

    def finish(self) -> None:
        """Pad, write and fsync; the blob is then pending until a report claims it.

        :raises Refused: there is no room left, or the disk fails.
        """
        for piece in self._sealer.finish():
            self._put(piece)
            blocking.breathe()
        try:
            blocking.run(self._blob.finish)
        except StoreError:
            raise Refused(NOT_STORED) from None

    def abandon(self) -> None:
        """Remove what has been written."""
        blocking.run(self._blob.abandon)

    def token(self, draft: bytes) -> FileToken:
        """Give what the form must carry of this file. Only after ``finish``."""
        return FileToken(
            draft=draft,
            blob=self._blob.id,
            key=self._sealer.key,
            size=self._sealer.size,
            sha256=self._sealer.sha256(),
            sealed_sha256=self._sealer.sealed_sha256(),
            name=self._name,
            type=self._type,
        )

    def _put(self, sealed: bytes) -> None:
        try:
            self._blob.write(sealed)
        except StoreError:
            raise Refused(NOT_STORED) from None
