"""Keep what the server holds: sealed envelopes and sealed files, days instead of times, random ids.

Sealed bytes only: nothing here knows of forms, keys or Flask. `open_store(folder)` gives a process its
Store, on SQLite and a folder of files (sqlite/), or on one PostgreSQL for several machines (postgres/); what
fails raises a StoreError that says what the caller can do next. A report is acknowledged in one order: each
file on disk, its row committed, then the report's own transaction, then the caller's answer. Nothing stored
states which reports share a source, nor which blobs came with which report.
"""

from store import lean  # noqa: F401 - before anything imports peewee
from store.blobs import PendingBlob, ReplyBlob
from store.engine import Pinned, Refill, Snapshot
from store.errors import (
    Busy,
    Closed,
    DiskFailed,
    FormKeysDamaged,
    FutureDatabase,
    MailboxFull,
    MissingBlobs,
    NoRoom,
    NotScrubbed,
    StoreError,
    StoreUnusable,
    Sweeping,
)
from store.looking import Looked
from store.marks import Marked
from store.models import RECORD_BYTES, State
from store.opening import open_store
from store.replies import KeptReply, ReplyRow
from store.reports import SlotRow
from store.retention import Retention
from store.room import Limits
from store.store import Store
from store.sweep import SweepReport

__all__ = [
    "RECORD_BYTES",
    "Busy",
    "Closed",
    "DiskFailed",
    "FormKeysDamaged",
    "FutureDatabase",
    "KeptReply",
    "Limits",
    "Looked",
    "MailboxFull",
    "Marked",
    "MissingBlobs",
    "NoRoom",
    "NotScrubbed",
    "PendingBlob",
    "Pinned",
    "Refill",
    "ReplyBlob",
    "ReplyRow",
    "Retention",
    "SlotRow",
    "Snapshot",
    "State",
    "Store",
    "StoreError",
    "StoreUnusable",
    "SweepReport",
    "Sweeping",
    "open_store",
]
