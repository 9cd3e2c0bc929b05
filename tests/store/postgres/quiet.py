"""A PostgreSQL set as the guide asks for it, with a store, and reports that come one after the other."""

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

import psycopg

from bench.postgres import Server, name_of
from store import RECORD_BYTES, Store, open_store
from tests.store.processes import LIMITS

DAY = date(2026, 11, 22)
# As in deploy/cluster/patroni.yml and docs/capacity.md. A test waits for no disk.
SETTINGS = {
    "fsync": "off",
    "archive_mode": "off",
    "wal_recycle": "off",
    "wal_keep_size": "0",
    "min_wal_size": "32MB",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
    # It would clean up at its own times, and a test is to find the same every time.
    "autovacuum": "off",
}
GRANTS = "GRANT pg_checkpoint, pg_monitor TO vigil; GRANT EXECUTE ON FUNCTION pg_switch_wal() TO vigil"


@dataclass
class Report:
    """One report, by random bytes that are found again: its ids, and the beginnings of what is sealed."""

    slot: bytes
    record: bytes
    envelope: bytes
    blobs: dict[bytes, bytes] = field(default_factory=dict)

    @property
    def secrets(self) -> list[bytes]:
        """All of them."""
        return [self.slot, self.record[:32], self.envelope, *self.blobs, *self.blobs.values()]


def database(server: Server) -> str:
    """Make a database on a server; give its URL, and its role the rights that the guide lets it have."""
    url = server.fresh()
    with psycopg.connect(server.url(name_of(url), "postgres"), autocommit=True) as connection:
        connection.execute(GRANTS)
    return url


def opened(folder: Path, url: str) -> Store:
    """Open a store on it, on a day that does not pass."""
    return open_store(folder, database_url=url, limits=LIMITS, today=lambda: DAY)


def kept(store: Store, random: Random, files: int = 1, size: int = 4000) -> Report:
    """Keep a report with so many files."""
    report = Report(random.randbytes(16), random.randbytes(RECORD_BYTES), random.randbytes(32))
    for _ in range(files):
        blob = store.start_blob(None)
        mark = random.randbytes(32)
        blob.write(mark + bytes(size))
        blob.finish()
        report.blobs[blob.id] = mark
    envelope = report.envelope + os.urandom(5000)
    store.keep_report(envelope, list(report.blobs), [report.slot], lambda _: report.record)
    return report
