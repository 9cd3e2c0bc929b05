"""Some days of a server's life: sources come in sessions, replies in bundles, and every night is swept."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

from crypto.mailbox import Mailbox
from crypto.secret import MailboxRoot
from store import ReplyBlob, Store
from tests.engine import open_store
from tests.store.kept import file_of
from tests.store.processes import LIMITS

START = date(2026, 11, 20)
DAYS = 3
SOURCES = 50
MESSAGES = (4, 9)
# Sealed sizes in bytes, drawn for each thing alone.
ENVELOPES = (3300, 5300, 17_600)
FILES = (16_500, 18_600, 20_600, 24_700)
DESK = bytes(range(32))


@dataclass
class Source:
    """Somebody with a mailbox, and what came of them: the truth that the classifier is to guess."""

    number: int
    mailbox: Mailbox
    slots: list[bytes] = field(default_factory=list)
    blobs: list[bytes] = field(default_factory=list)
    replies: list[bytes] = field(default_factory=list)
    reply_blobs: list[bytes] = field(default_factory=list)


@dataclass
class Habits:
    """How this server does things; a test plants a leak by changing one of them."""

    days: int = DAYS
    swept: bool = True
    ids: Callable[[Source], Sequence[bytes]] = lambda source: source.mailbox.own_ids
    record: Callable[[Source, bytes], bytes] = lambda _, record: record
    file_size: Callable[[Source, int], int] = lambda _, size: size
    after_reading: Callable[[Path], None] = lambda _: None


class Newsroom:
    """One server, from its first day to its seizure."""

    def __init__(self, folder: Path, random: Random, habits: Habits | None = None) -> None:
        self.folder = folder
        self.sources = [Source(number, Mailbox(_root(random))) for number in range(SOURCES)]
        self._random = random
        self._habits = habits or Habits()
        self._day = START
        self._held: list[tuple[bytes, list[bytes]]] = []

    def live(self) -> None:
        """Live through all days."""
        store = open_store(self.folder, limits=LIMITS, today=lambda: self._day)
        store.trust_keys(b"", [DESK])
        try:
            days = self._habits.days
            plan = [(self._random.randrange(days), s) for s in self.sources for _ in self._several(MESSAGES)]
            for day in range(days):
                self._day = START + timedelta(days=day)
                self._one_day(store, [source for which, source in plan if which == day])
                self._a_bundle(store, collects=day == days - 1)
                if self._habits.swept:
                    store.sweep()
                else:
                    store.scrub()
            self._visits(store)
        finally:
            store.close()

    def _several(self, bounds: tuple[int, int]) -> range:
        return range(self._random.randint(*bounds))

    def _one_day(self, store: Store, messages: list[Source]) -> None:
        """Let the sources come one after another, each with all that they send on this day."""
        coming = list({source.number: source for source in messages}.values())
        self._random.shuffle(coming)
        for source in coming:
            for _ in range(messages.count(source)):
                self._message(store, source)

    def _message(self, store: Store, source: Source) -> None:
        blobs = [self._upload(store, source) for _ in self._several((0, 2))]
        envelope = self._random.randbytes(self._random.choice(ENVELOPES))

        def record(row: bytes) -> bytes:
            source.slots.append(row)
            return self._habits.record(source, source.mailbox.seal_record(row, blobs))

        store.keep_report(envelope, blobs, self._habits.ids(source), record)
        source.blobs += blobs
        self._held.append((sha256(envelope).digest(), blobs))

    def _upload(self, store: Store, source: Source) -> bytes:
        blob = store.start_blob(None)
        blob.write(self._random.randbytes(self._habits.file_size(source, self._random.choice(FILES))))
        blob.finish()
        return blob.id

    def _a_bundle(self, store: Store, *, collects: bool) -> None:
        """Bring replies, each with its files: files first, each kind in the order of its ids."""
        files, replies = [], []
        for source in self.sources:
            free = set(source.mailbox.reply_ids(DESK)) - set(source.replies)
            for _ in self._several((0, 4)):
                slot = self._random.choice(sorted(free))
                free.remove(slot)
                source.replies.append(slot)
                replies.append(slot)
                drawn = [self._random.randbytes(16) for _ in self._several((0, 2))]
                source.reply_blobs += drawn
                files += drawn
        for blob in sorted(files):
            writer = store.take_blob(blob)
            assert isinstance(writer, ReplyBlob)
            writer.write(self._random.randbytes(self._random.choice(FILES)))
            writer.finish()
        for slot in sorted(replies):
            store.keep_reply(slot, self._random.randbytes(self._random.choice(ENVELOPES)))
        if collects:
            taken = self._random.sample(self._held, len(self._held) // 3)
            store.mark(DESK, [digest for digest, _ in taken], [b for _, bs in taken[::2] for b in bs], {DESK})

    def _visits(self, store: Store) -> None:
        """Let every source look at what is there, and read the files that came for it."""
        for source in self._random.sample(self.sources, SOURCES):
            assert {row.id for row in store.slots(self._habits.ids(source))} == set(source.slots)
            assert {row.id for row in store.replies(source.mailbox.reply_ids(DESK))} == set(source.replies)
            for blob in source.reply_blobs:
                with store.open_blob(blob) as file:
                    file.read()
                self._habits.after_reading(file_of(store, blob))


def _root(random: Random) -> MailboxRoot:
    return MailboxRoot(random.randbytes(32))


def read_as_usual(path: Path) -> None:
    """Leave on a file what an ordinary read may leave: when it was."""
    os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))
