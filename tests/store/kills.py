"""Kill a process at any line of one of the store's doings, and look at what it left; test_kills runs this.

It forks for each kill, having no threads and no store open then, which is far quicker than a new process.
"""

import hashlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

import store.marks
from store import RECORD_BYTES, KeptReply, ReplyBlob, State, Store
from tests import engine, inside
from tests.store.processes import LIMITS
from tests.store.traces import traces

DAY = date(2026, 11, 22)
LATER = DAY + timedelta(days=200)
ONE, TWO = b"1" * 32, b"2" * 32


@dataclass
class Things:
    """A report with a file under a slot, and a reply with a file."""

    slot: bytes = field(default_factory=lambda: os.urandom(16))
    record: bytes = field(default_factory=lambda: os.urandom(RECORD_BYTES))
    envelope: bytes = field(default_factory=lambda: os.urandom(5000))
    content: bytes = field(default_factory=lambda: os.urandom(3000))
    reply: bytes = field(default_factory=lambda: os.urandom(16))
    answer: bytes = field(default_factory=lambda: os.urandom(5000))
    attached: bytes = field(default_factory=lambda: os.urandom(16))
    blob: bytes = b""

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.envelope).digest()

    def upload(self, kept: Store) -> None:
        blob = kept.start_blob(None)
        blob.write(self.content)
        blob.finish()
        self.blob = blob.id

    def report(self, kept: Store) -> None:
        kept.keep_report(self.envelope, [self.blob], [self.slot], lambda _: self.record)

    def attach(self, kept: Store) -> None:
        writer = kept.take_blob(self.attached)
        if isinstance(writer, ReplyBlob):
            writer.write(self.content[:1000])
            writer.write(self.content[1000:])
            writer.finish()

    def all_of_it(self, kept: Store) -> None:
        self.upload(kept)
        self.report(kept)
        self.attach(kept)
        kept.keep_reply(self.reply, self.answer)

    def is_here(self, kept: Store) -> bool:
        """Say whether all of it is here; none of it else."""
        slots, replies = kept.slots([self.slot]), list(kept.replies([self.reply]))
        contents = inside.blobs(kept.data)
        if slots or replies:
            assert (slots[0].state, slots[0].record) == (State.KEPT, self.record)
            assert replies[0].envelope == self.answer
            assert kept.envelope(self.digest) == self.envelope
            assert [contents[blob] for blob in (self.blob, self.attached)] == [self.content] * 2
            assert kept.missing([self.blob, self.attached]) == []
            return True
        assert not contents.keys() & {self.blob, self.attached}
        assert kept.missing([self.blob, self.attached]) == [self.blob, self.attached]
        assert self.digest not in dict(kept.envelopes())
        return False


class Keeping:
    """A report is kept: either whole, or its files wait for it."""

    def __init__(self, kept: Store) -> None:
        self.things = Things()
        self.things.upload(kept)

    def act(self, kept: Store) -> None:
        self.things.report(kept)

    def check(self, kept: Store) -> None:
        here = [row.record for row in kept.slots([self.things.slot])]
        assert here in ([], [self.things.record])
        assert [digest for digest, _ in kept.envelopes()] == [self.things.digest] * len(here)
        assert [blob for blob, _ in kept.kept_blobs()] == [self.things.blob] * len(here)
        assert kept.missing([self.things.blob]) == []

    def done(self, kept: Store) -> None:
        assert kept.envelope(self.things.digest) == self.things.envelope


class Deleting:
    """Everything of somebody goes at once, and nothing of anybody else."""

    def __init__(self, kept: Store) -> None:
        self.things, self.others = Things(), Things()
        self.things.all_of_it(kept)
        self.others.all_of_it(kept)

    def act(self, kept: Store) -> None:
        things = self.things
        kept.delete({things.slot: [things.blob]}, {things.reply: [things.attached]})

    def check(self, kept: Store) -> None:
        self.things.is_here(kept)
        assert self.others.is_here(kept)

    def done(self, kept: Store) -> None:
        assert not self.things.is_here(kept)
        things = self.things
        words = [things.slot, things.record, things.envelope, things.digest]
        words += [things.reply, things.answer, things.blob, things.attached]
        # What PostgreSQL keeps of a deleted row goes with its sweep.
        assert engine.is_postgres() or traces(kept.data, words) == []


class Marking:
    """A second desk has two reports of three: these go, one by one; the third, which only one has, stays."""

    def __init__(self, kept: Store) -> None:
        self.three = [Things() for _ in range(3)]
        for things in self.three:
            things.all_of_it(kept)
        kept.mark(TWO, *self._of(self.three[:2]), {ONE, TWO})
        store.marks.AT_ONCE = 1

    @staticmethod
    def _of(some: list[Things]) -> tuple[list[bytes], list[bytes]]:
        return [things.digest for things in some], [things.blob for things in some]

    def act(self, kept: Store) -> None:
        kept.mark(ONE, *self._of(self.three), {ONE, TWO})

    def check(self, kept: Store) -> None:
        envelopes = dict(kept.envelopes())
        for things in self.three:
            (row,) = kept.slots([things.slot])
            assert (row.state is State.KEPT) == (things.digest in envelopes)
            assert row.record == things.record
            assert (kept.missing([things.blob]) == []) == (things.blob in inside.blobs(kept.data))
        assert self.three[2].is_here(kept)

    def done(self, kept: Store) -> None:
        assert list(kept.envelopes()) == [(self.three[2].digest, 5000)]
        assert [blob for blob, _ in kept.kept_blobs()] == [self.three[2].blob]
        marks = inside.run(kept.data, "SELECT thing, desk FROM mark")
        assert {(bytes(thing), bytes(desk)) for thing, desk in marks} == {
            (self.three[2].digest, ONE),
            (self.three[2].blob, ONE),
        }
        assert kept.sweep(LATER).slots == 2
        assert len(list(kept.envelopes())) == 1


class Replying:
    """A reply is kept, or not yet."""

    def __init__(self, kept: Store) -> None:
        self.things = Things()

    def act(self, kept: Store) -> None:
        assert kept.keep_reply(self.things.reply, self.things.answer) is not KeptReply.TAKEN

    def check(self, kept: Store) -> None:
        assert [row.envelope for row in kept.replies([self.things.reply])] in ([], [self.things.answer])

    def done(self, kept: Store) -> None:
        assert len(list(kept.replies([self.things.reply]))) == 1


class Attaching:
    """A reply's file is whole, or nothing of it is left."""

    def __init__(self, kept: Store) -> None:
        self.things = Things()

    def act(self, kept: Store) -> None:
        self.things.attach(kept)

    def check(self, kept: Store) -> None:
        found = inside.blobs(kept.data).get(self.things.attached)
        whole = kept.missing([self.things.attached]) == []
        assert (found is not None) == whole
        assert not whole or found == self.things.content

    def done(self, kept: Store) -> None:
        assert kept.take_blob(self.things.attached) is KeptReply.SAME
        assert inside.arriving(kept.data) == set()


class Expiring:
    """What is collected and what was answered goes when its day is over; what waits stays."""

    def __init__(self, kept: Store) -> None:
        self.old, self.held = Things(), Things()
        self.old.all_of_it(kept)
        kept.mark(ONE, [self.old.digest], [self.old.blob], {ONE})
        self.held.upload(kept)
        self.held.report(kept)

    def act(self, kept: Store) -> None:
        kept.sweep(LATER)

    def check(self, kept: Store) -> None:
        assert kept.slots([self.held.slot])[0].state is State.KEPT
        assert kept.envelope(self.held.digest) == self.held.envelope
        with kept.open_blob(self.held.blob) as file:
            assert file.read() == self.held.content
        assert (kept.missing([self.old.attached]) == []) == (self.old.attached in inside.blobs(kept.data))

    def done(self, kept: Store) -> None:
        assert kept.slots([self.old.slot]) == list(kept.replies([self.old.reply])) == []
        assert self.old.attached not in inside.blobs(kept.data)


DOINGS: dict[str, type[Any]] = {
    doing.__name__.lower(): doing for doing in (Keeping, Deleting, Marking, Replying, Attaching, Expiring)
}


def opened(folder: Path) -> Store:
    return engine.open_store(folder, limits=LIMITS, today=lambda: DAY)


def lines_until_killed(act: Callable[[Store], None], folder: Path, lines: int) -> int:
    """Act in a child that is killed after so many lines of the store's code; give how many it had, or -1."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        kept = opened(folder)
        left = lines

        def count(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal left
            if "/store/" not in frame.f_code.co_filename or "/tests/" in frame.f_code.co_filename:
                return None
            if event == "line":
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return count

        sys.settrace(count)
        act(kept)
        sys.settrace(None)
        os.write(writing, b"%d" % (lines - left))
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        had = pipe.read()
    assert os.waitstatus_to_exitcode(status) in ({0} if had else {-signal.SIGKILL})
    return int(had) if had else -1


def main(name: str, folder: str, turns: str) -> None:
    """Kill at so many lines, drawn at random, or at each of them where there are fewer."""
    base, work = Path(folder) / "base", Path(folder) / "work"
    kept = opened(base)
    doing = DOINGS[name](kept)
    kept.close()
    engine.copied(base, work)
    longest = lines_until_killed(doing.act, work, 10**9)
    assert longest > 10
    for line in Random().sample(range(1, longest + 1), min(int(turns), longest)):
        engine.removed(work)
        engine.copied(base, work)
        # A sweep takes files in random order: it may be through with fewer lines.
        lines_until_killed(doing.act, work, line)
        kept = opened(work)
        doing.check(kept)
        for _ in range(2):
            doing.act(kept)
            doing.check(kept)
        doing.done(kept)
        kept.close()
    engine.end_databases(Path(folder))
    print(longest)


if __name__ == "__main__":
    main(*sys.argv[1:])
