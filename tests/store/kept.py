"""Reports for a store's tests, of sources who do not come back unless ids are given."""

import os
from collections.abc import Sequence
from pathlib import Path

from store import RECORD_BYTES, Store


def keep(store: Store, envelope: bytes, blobs: Sequence[bytes] = (), ids: Sequence[bytes] = ()) -> None:
    """Keep a report under one of ``ids``, or a random id, with a random record."""
    store.keep_report(envelope, blobs, ids or [os.urandom(16)], lambda _: os.urandom(RECORD_BYTES))


def file_of(store: Store, blob: bytes) -> Path:
    """Give the path of a sealed file's bytes, where the store is on SQLite."""
    return store.data / "blobs" / blob.hex()
