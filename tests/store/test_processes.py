import hashlib
import time
from pathlib import Path
from random import Random

import pytest

from store import Store
from tests.counts import count
from tests.engine import open_store
from tests.store.conftest import files, notes
from tests.store.processes import LIMITS, finished, running

pytestmark = pytest.mark.slow


def check_kept(store: Store, line: str) -> None:
    """Everything that a process said it had kept is there, whole and claimed."""
    digest, *words = line.split()
    assert hashlib.sha256(store.envelope(bytes.fromhex(digest))).hexdigest() == digest
    kept = {blob for blob, _ in store.kept_blobs()}
    for name, content in zip(words[::2], words[1::2], strict=True):
        assert bytes.fromhex(name) in kept
        with store.open_blob(bytes.fromhex(name)) as file:
            assert hashlib.file_digest(file, "sha256").hexdigest() == content


def test_what_was_said_to_be_kept_survives_a_kill_at_any_moment(folder: Path) -> None:
    random = Random()
    said: list[str] = []
    for turn in range(count(5, 100)):
        with running("write", folder, turn, 10**6) as process:
            assert process.stdout is not None
            said += [process.stdout.readline() for _ in range(random.randrange(1, 8))]
            time.sleep(random.random() * 0.02)  # so that the kill falls anywhere in a report
            process.kill()
            # The last line may be cut by the kill.
            said += [line for line in process.stdout if line.endswith("\n")]
    store = open_store(folder, limits=LIMITS)
    try:
        for line in said:
            check_kept(store, line)
        whole = {blob.hex() for blob in store._room.pending()} | {
            blob.hex() for blob, _ in store.kept_blobs()
        }
        assert files(folder) == whole
        assert notes(folder) == set()
        assert store.look().sound
    finally:
        store.close()


def test_processes_write_at_once_and_nothing_is_lost(folder: Path) -> None:
    each = count(40, 500)
    with running("write", folder, "a", each) as first, running("write", folder, "b", each) as second:
        said = finished(first) + finished(second)
    store = open_store(folder, limits=LIMITS)
    try:
        assert len(said) == len(list(store.envelopes())) == 2 * each
        for line in said:
            check_kept(store, line)
    finally:
        store.close()


def test_no_connection_is_carried_over_a_fork(folder: Path) -> None:
    with running("fork", folder) as process:
        assert finished(process) == ["0 23"]


def test_gevents_thread_pool_shares_a_few_connections(folder: Path) -> None:
    with running("gevent", folder) as process:
        assert finished(process) == ["60 True"]
