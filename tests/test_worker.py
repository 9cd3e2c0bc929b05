"""Who leaves when all places are taken or memory runs short: by a clock that nobody waits for."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from deploy import connection, memory, worker
from deploy.connection import PACE_BYTES, Connection
from web import line

KB = 1024
PEOPLE = {"upload of 8 KB/s": 8 * KB, "upload of 12 KB/s": 12 * KB, "upload of 40 KB/s": 40 * KB}


class Clock:
    """Stands in for the module time."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


class Sock:
    """A client that sends ``came`` bytes whenever we wait for it, after ``takes`` seconds, and takes all."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.shut = False
        self.came, self.takes = 1, 0.0
        self.patience: float | None = None

    def settimeout(self, seconds: float | None) -> None:
        self.patience = seconds

    def recv(self, size: int) -> bytes:
        self.clock.now += self.takes
        return bytes(min(size, self.came))

    def sendall(self, _data: object) -> None:
        self.clock.now += self.takes

    def shutdown(self, _how: int) -> None:
        self.shut = True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(connection, "time", made)
    return made


def opened(clock: Clock) -> tuple[Connection, Sock]:
    sock = Sock(clock)
    return Connection(sock, by_nginx=False), sock


def waiting(clock: Clock, phase: int, seconds: float, holds: int = 0) -> Connection:
    """A connection for which we have waited so long."""
    made, _ = opened(clock)
    clock.now -= seconds
    made._phase, made._since, made._holds = phase, clock.now, holds
    made._wait()
    clock.now += seconds
    return made


def going(those: dict[str, Connection], now: float) -> list[str]:
    """Give the names in the order in which they leave."""
    left: list[str] = []
    while found := worker.slowest(those.values(), now):
        worker.shed(found)
        left += [name for name, each in those.items() if each._gone and name not in left]
    return left


def test_how_long_is_waited_for_what_comes_next(clock: Clock) -> None:
    one, sock = opened(clock)
    clock.now += 10
    one.recv(8192)
    assert sock.patience == 20
    one.begin()
    assert len(one.recv(1 << 20)) == 1
    assert sock.patience is None
    one.expect()
    one.recv(8192)
    assert sock.patience == 15


def test_who_has_us_wait_for_least_goes_first_and_who_we_work_for_never(clock: Clock) -> None:
    those = {
        "slow": waiting(clock, connection.BODY, 31),
        "slower": waiting(clock, connection.BODY, 300),
        "a little slow": waiting(clock, connection.BODY, 11),
        "fast": waiting(clock, connection.BODY, 9),
        "old": waiting(clock, connection.HEAD, 9),
        "just come": waiting(clock, connection.HEAD, 1),
        "idle": waiting(clock, connection.IDLE, 0),
        "busy": waiting(clock, connection.BODY, 999),
    }
    those["busy"]._stop_waiting()
    assert going(those, clock.now) == ["idle", "old", "slower", "slow", "a little slow", "just come"]


def test_small_requests_buy_no_time(clock: Clock) -> None:
    holder, sock = opened(clock)
    for _ in range(3):
        sock.takes = 0.0
        holder.recv(8192)
        holder.begin()
        sock.takes = 25.0
        holder.recv(1)
        sock.takes = 0.0
        holder.sendall(b"an answer")
        holder.expect()
    holder.recv(8192)
    holder.begin()
    holder._wait()
    assert holder.place(clock.now, worker.PACE_SECONDS) == (connection.BODY, -75.0)
    assert holder.kept_waiting() == 75.0
    holder.recv(1)
    assert holder.kept_waiting() == 0.0  # nobody waits for it now


def test_a_holder_leaves_within_seconds_of_a_newcomer_also_in_its_first_request(clock: Clock) -> None:
    holders = [waiting(clock, connection.BODY, seconds / 10) for seconds in range(200)]
    newcomer = waiting(clock, connection.HEAD, 0)
    found = worker.slowest([*holders, newcomer], clock.now)
    assert [each for _, each in found] == holders[100:]


@pytest.mark.parametrize("pace", PEOPLE.values(), ids=PEOPLE)
def test_an_honest_upload_never_leaves(clock: Clock, pace: int) -> None:
    upload, sock = opened(clock)
    upload.recv(8192)
    upload.begin()
    sock.came, sock.takes = pace, 1.0
    for _ in range(300):
        upload.recv(1 << 20)
        upload._wait()
        assert worker.slowest([upload], clock.now) == []
        upload._stop_waiting()
        clock.now += 5  # what we take ourselves does not count


def test_an_honest_reader_keeps_its_place_while_we_work_and_while_it_reads(clock: Clock) -> None:
    reader, sock = opened(clock)
    for _ in range(100):
        reader.recv(8192)
        reader.begin()
        clock.now += 40  # a report that waits for its turn
        sock.takes = 0.2
        reader.sendall(bytes(60 * KB))
        reader._wait()
        assert worker.slowest([reader], clock.now) == []
        reader._stop_waiting()
        reader.expect()
        sock.takes = 14.0
        reader.recv(1)
        sock.takes = 0.0
        reader._phase = connection.HEAD


def test_it_is_a_line_as_the_site_knows_one(clock: Clock) -> None:
    one, sock = opened(clock)
    assert isinstance(one, line.Line)
    one.shed()
    assert sock.shut


# ---- memory


def test_those_for_whom_we_hold_most_leave_as_many_as_it_takes(clock: Clock) -> None:
    holding = [waiting(clock, connection.BODY, 1, holds=2_000_000 - number) for number in range(50)]
    slow = [waiting(clock, connection.BODY, 8, holds=90_000) for _ in range(50)]
    mixed = [each for pair in zip(slow, holding, strict=True) for each in pair]
    assert worker.heaviest(mixed, clock.now, 19_900_000) == holding[:10]
    assert worker.heaviest(mixed, clock.now, 1) == holding[:1]
    # Those who are only slow leave too where all that is not enough, but few at once.
    assert worker.heaviest(mixed, clock.now, 1 << 40)[:50] == holding
    assert len(worker.heaviest(mixed, clock.now, 1 << 40)) == 53


def test_nobody_leaves_for_memory_who_holds_little_and_is_not_slow(clock: Clock) -> None:
    those = [
        waiting(clock, connection.BODY, 4, holds=100_000),
        waiting(clock, connection.IDLE, 9, holds=0),
        waiting(clock, connection.HEAD, 9, holds=0),
    ]
    assert worker.heaviest(those, clock.now, 1 << 40) == []


def test_what_an_answer_holds_counts_and_ends_with_the_request(clock: Clock) -> None:
    one, _ = opened(clock)
    one.recv(8192)
    one.begin()
    one.holds(5_000)
    one.sendall(bytes(1_000_000))
    one._wait()
    assert one.burden(clock.now) == 1_000_000
    one._stop_waiting()
    one.expect()
    one.recv(1)
    one.begin()
    one._wait()
    assert one.burden(clock.now) is None


def grouped(tmp_path: Path, said: Iterable[tuple[str, str]], inside: str = "0::/a/b") -> int:
    groups = tmp_path / "groups"
    for folder, limit in said:
        (groups / folder).mkdir(parents=True, exist_ok=True)
        (groups / folder / "memory.max").write_text(limit + "\n")
    own = tmp_path / "own"
    own.write_text(f"1:name=systemd:/x\n{inside}\n")
    return memory.of_machine(own, groups)


@pytest.mark.parametrize(
    ("said", "most"),
    [
        ([("a/b", "1000"), ("a", "max")], 1000),
        ([("a/b", "max"), ("a", "2000")], 2000),
        ([("a/b", "3000"), ("a", "2000"), ("c", "5")], 2000),
    ],
    ids=["its own", "of one above", "the least"],
)
def test_a_group_may_have_less_memory_than_the_machine(
    tmp_path: Path, said: list[tuple[str, str]], most: int
) -> None:
    assert grouped(tmp_path, said) == most


def test_where_no_group_says_anything_it_is_the_machine(tmp_path: Path) -> None:
    whole = memory.of_machine(tmp_path / "none", tmp_path)
    assert whole > 64 << 20
    assert grouped(tmp_path, [("a/b", "max")]) == whole
    assert grouped(tmp_path, [], "0::/") == whole


def test_free_memory_is_given_back_where_the_library_can() -> None:
    memory.trim()
    assert memory.resident() >= 0


def test_64_kb_are_a_new_start(clock: Clock) -> None:
    one, sock = opened(clock)
    one.recv(8192)
    one.begin()
    sock.came, sock.takes = PACE_BYTES - 1, 20.0
    one.recv(1 << 20)
    one._wait()
    assert one.kept_waiting() == 20.0
    one._stop_waiting()
    sock.came = 1
    one.recv(1)
    one._wait()
    assert one.kept_waiting() == 0.0
