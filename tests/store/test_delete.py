import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from random import Random

from store import RECORD_BYTES, Store
from tests.store.conftest import files, pending
from tests.store.kept import keep
from tests.store.test_replies import attach

ONE, TWO = b"1" * 32, b"2" * 32


@dataclass(frozen=True)
class Things:
    """A report with two files, and a reply with one; every byte of them drawn for the occasion."""

    slot: bytes
    record: bytes
    envelope: bytes
    blobs: tuple[bytes, ...]
    contents: tuple[bytes, ...]
    reply: bytes
    reply_envelope: bytes

    @property
    def secrets(self) -> list[bytes]:
        digest = hashlib.sha256(self.envelope).digest()
        own = [self.slot, self.record, self.envelope, digest, self.reply, self.reply_envelope]
        return [*own, *self.blobs, *self.contents]


def kept(store: Store, random: Random | None = None) -> Things:
    """Keep such things, one envelope marked by a desk."""
    size = (random or Random()).choice([20, 900, 4500, 17_000])
    contents = tuple(os.urandom(3000) for _ in range(3))
    of_reply = os.urandom(16)
    things = Things(
        slot=os.urandom(16),
        record=os.urandom(RECORD_BYTES),
        envelope=os.urandom(size),
        blobs=(pending(store, contents[0]), pending(store, contents[1]), of_reply),
        contents=contents,
        reply=os.urandom(16),
        reply_envelope=os.urandom(size),
    )
    store.keep_report(things.envelope, things.blobs[:2], [things.slot], lambda _: things.record)
    attach(store, of_reply, contents[2])
    store.keep_reply(things.reply, things.reply_envelope)
    store.mark(ONE, [hashlib.sha256(things.envelope).digest()], things.blobs[:1], {ONE, TWO})
    return things


def delete(store: Store, things: Things) -> None:
    store.delete({things.slot: things.blobs[:2]}, {things.reply: things.blobs[2:]})


def gone(store: Store, things: Things) -> bool:
    """Say whether nothing answers for these any more."""
    return not store.slots([things.slot]) and not list(store.replies([things.reply]))


def test_ids_that_are_not_here_are_no_error(store: Store, folder: Path) -> None:
    waiting = store.start_blob(None)
    other = kept(store)
    store.delete()
    store.delete({os.urandom(16): [os.urandom(16), waiting.id]}, {os.urandom(16): [waiting.id]})
    waiting.finish()
    assert files(folder) == {blob.hex() for blob in [*other.blobs, waiting.id]}
    delete(store, other)
    delete(store, other)
    assert gone(store, other)


def test_a_file_goes_with_the_last_report_that_names_it(store: Store, folder: Path) -> None:
    blob, (one, two) = pending(store), (os.urandom(16), os.urandom(16))
    keep(store, b"sent", [blob], [one])
    keep(store, b"sent again", [blob, blob], [two])
    for _ in range(3):
        # What is not here gives up no claim, however often it is asked for.
        store.delete({one: [blob, blob]})
    assert files(folder) == {blob.hex()}
    assert store.missing([blob]) == []
    store.delete({two: [blob]})
    assert files(folder) == set()


def test_a_reply_takes_no_file_of_a_report_and_a_report_none_of_a_reply(store: Store, folder: Path) -> None:
    things, other = kept(store), kept(store)
    store.delete(replies={things.reply: other.blobs[:2]})
    store.delete(slots={things.slot: other.blobs[2:]})
    assert files(folder) >= {blob.hex() for blob in other.blobs}


def test_many_ids_at_once_are_deleted(store: Store, folder: Path) -> None:
    things = kept(store)
    many = [os.urandom(16) for _ in range(2000)]
    slots = dict.fromkeys(many, many[:3]) | {things.slot: things.blobs[:2]}
    store.delete(slots, dict.fromkeys(many[:9], many) | {things.reply: things.blobs[2:]})
    assert gone(store, things)
    assert files(folder) == set()
