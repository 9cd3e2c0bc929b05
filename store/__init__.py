"""Keep what the server holds: sealed envelopes and sealed files, days instead of times, random ids.

Sealed bytes only: nothing here knows of forms, keys or Flask. `open_store(folder)` gives a process its
Store; what fails raises a StoreError that says what the caller can do next. A report is acknowledged in one
order: file fsynced, folder fsynced, row committed, then the report's own transaction, then the caller's
answer. Nothing stored states which reports share a source, nor which blobs came with which report.
"""

from store.blobs import PendingBlob
from store.errors import (
    Busy,
    Closed,
    DiskFailed,
    FormKeysDamaged,
    FutureDatabase,
    MissingBlobs,
    NoRoom,
    StoreError,
    StoreUnusable,
)
from store.room import Limits
from store.store import Store, open_store
from store.sweep import SweepReport

__all__ = [
    "Busy",
    "Closed",
    "DiskFailed",
    "FormKeysDamaged",
    "FutureDatabase",
    "Limits",
    "MissingBlobs",
    "NoRoom",
    "PendingBlob",
    "Store",
    "StoreError",
    "StoreUnusable",
    "SweepReport",
    "open_store",
]
