"""The key of an open mailbox's page: one for all workers, in memory only, another every half hour."""

import mmap
import os
import threading
from collections.abc import Callable, Iterator

import pytest

from crypto.errors import BadToken
from crypto.secret import MailboxRoot
from web import memory_keys
from web.memory_keys import HALF_HOUR, MemoryKeys


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(clock: Clock) -> Iterator[MemoryKeys]:
    made = MemoryKeys(clock)
    yield made
    made.close()


def begun(work: Callable[[], bytes]) -> Callable[[], bytes]:
    """Do something in a forked process; called, what this gives waits for what that gives."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(into, work())
        finally:
            os._exit(0)
    os.close(into)

    def ended() -> bytes:
        with os.fdopen(out, "rb") as said:
            found = said.read()
        os.waitpid(child, 0)
        return found

    return ended


def in_a_child(work: Callable[[], bytes]) -> bytes:
    """Do something in a forked process, and give what it gives."""
    return begun(work)()


def newest(keys: MemoryKeys) -> bytes:
    return keys().newest.reveal()


def test_every_process_has_the_same_key_whoever_makes_it(keys: MemoryKeys, clock: Clock) -> None:
    made_there = in_a_child(lambda: newest(keys))
    assert len(made_there) == 32
    assert newest(keys) == made_there
    assert in_a_child(lambda: newest(keys)) == made_there
    clock.now += HALF_HOUR
    turned = in_a_child(lambda: newest(keys))
    assert turned != made_there
    assert newest(keys) == turned
    previous = keys().previous
    assert previous is not None
    assert previous.reveal() == made_there


def test_a_token_of_one_worker_opens_in_another(keys: MemoryKeys) -> None:
    root = MailboxRoot.new()
    token = in_a_child(lambda: keys.seal(root).encode()).decode()
    assert keys.open(token) == root


def test_a_page_is_good_for_half_an_hour_at_least_and_an_hour_at_most(keys: MemoryKeys, clock: Clock) -> None:
    root = MailboxRoot.new()
    early = keys.seal(root)
    clock.now += HALF_HOUR - 1
    late = keys.seal(root)
    clock.now += 1
    assert keys.open(early) == keys.open(late) == root
    clock.now += HALF_HOUR - 1
    assert keys.open(early) == root
    clock.now += 1
    for token in (early, late):
        with pytest.raises(BadToken):
            keys.open(token)


def test_nobody_asks_for_an_hour_and_both_keys_are_gone(keys: MemoryKeys, clock: Clock) -> None:
    token = keys.seal(MailboxRoot.new())
    clock.now += 2 * HALF_HOUR
    assert keys().previous is None
    with pytest.raises(BadToken):
        keys.open(token)


def held(keys: MemoryKeys) -> bytes:
    return keys._memory[:]


def test_what_has_outlived_its_time_is_wiped_also_where_nobody_asks(keys: MemoryKeys, clock: Clock) -> None:
    first = newest(keys)
    clock.now += HALF_HOUR
    second = newest(keys)
    assert first in held(keys)
    clock.now += HALF_HOUR
    assert keys.wipe()
    assert first not in held(keys)
    assert second in held(keys)
    clock.now += HALF_HOUR
    assert not keys.wipe()
    assert not any(held(keys))


def test_a_process_that_used_them_looks_again_by_itself(
    keys: MemoryKeys, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    class Timer(threading.Timer):
        def start(self) -> None:
            waits.append(self.interval)

        def is_alive(self) -> bool:
            return True

    monkeypatch.setattr(memory_keys.threading, "Timer", Timer)
    newest(keys)
    newest(keys)
    assert waits == [2 * HALF_HOUR]
    # One that was forked has no timer of its own yet.
    assert in_a_child(lambda: bytes([newest(keys) and len(waits)])) == b"\x02"
    clock.now += HALF_HOUR
    newest(keys)
    clock.now += HALF_HOUR
    keys._due()
    assert waits == [2 * HALF_HOUR] * 2
    clock.now += HALF_HOUR
    keys._due()
    assert len(waits) == 2
    assert not any(held(keys))


def test_a_worker_killed_while_it_holds_the_lock_holds_up_nobody(keys: MemoryKeys) -> None:
    def killed() -> bytes:
        with keys._alone():
            os._exit(9)

    assert in_a_child(killed) == b""
    assert len(newest(keys)) == 32


def test_processes_and_threads_at_once_see_one_key(keys: MemoryKeys) -> None:
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(newest(keys))) for _ in range(8)]
    # Forked first: who forks while a thread holds a lock leaves it locked in the child.
    children = [begun(lambda: newest(keys)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found += [child() for child in children]
    assert len(found) == 12
    assert len(set(found)) == 1


@pytest.mark.parametrize("token", ["", "nonsense", "A" * 100, "ü", "A" * 20_000])
def test_what_is_no_token_opens_nothing(keys: MemoryKeys, token: str) -> None:
    with pytest.raises(BadToken):
        keys.open(token)


def test_a_restart_forgets_them(clock: Clock) -> None:
    one, other = MemoryKeys(clock), MemoryKeys(clock)
    token = one.seal(MailboxRoot.new())
    with pytest.raises(BadToken):
        other.open(token)
    one.close()
    with pytest.raises(BadToken):
        one.open(token)


def test_the_memory_is_nobodys_file_and_in_no_dump(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    class Memory(mmap.mmap):
        def madvise(self, option: int, *_more: int) -> None:
            asked.append(option)

    monkeypatch.setattr(memory_keys.mmap, "mmap", Memory)
    made = MemoryKeys()
    assert asked == [getattr(mmap, "MADV_DONTDUMP", None)] or not hasattr(mmap, "MADV_DONTDUMP")
    assert os.fstat(made._lock_file).st_size == 0
    newest(made)
    assert os.fstat(made._lock_file).st_size == 0
    made.close()


def test_without_memfd_a_nameless_file_serves_as_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "memfd_create", raising=False)
    made = MemoryKeys()
    assert os.fstat(made._lock_file).st_nlink == 0
    assert in_a_child(lambda: newest(made)) == newest(made)
    made.close()
