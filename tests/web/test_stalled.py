"""Where as many uploads are under way as may be, one that stalls goes for one that comes."""

from contextlib import ExitStack

import pytest

from tests.web.test_pressure import FLOODER, SOMEBODY, numbered, refused, uploads
from web.pressure import BUSY, MOST_UPLOADS, STALLED_SECONDS, Pressure


@pytest.fixture
def tried() -> Pressure:
    return Pressure()


class Slow:
    """A line that has kept us waiting for so many seconds."""

    def __init__(self, waited: float) -> None:
        self.waited = waited
        self.ended = False

    def kept_waiting(self) -> float:
        return self.waited

    def holds(self, size: int) -> None:
        raise NotImplementedError

    def shed(self) -> None:
        self.ended = True


@pytest.mark.parametrize("by_tor", [False, True])
def test_where_all_places_are_taken_who_stalls_longest_goes_for_who_comes(
    tried: Pressure, by_tor: bool
) -> None:
    lines = [Slow(number / 10) for number in range(MOST_UPLOADS)]
    with ExitStack() as under_way:
        for number, line in enumerate(lines):
            circuit = numbered(number) if by_tor else None
            under_way.enter_context(tried.upload(circuit, line))
        come = 0
        while refused(tried, SOMEBODY + b"x" if by_tor else None) == "":
            come += 1
            under_way.enter_context(tried.upload(numbered(9_000 + come) if by_tor else None, Slow(0)))
        # Every one of those that stalled has gone, and nobody who sends 64 KiB in that time.
        assert [line.ended for line in lines] == [line.waited > STALLED_SECONDS for line in lines]
        assert come == sum(line.ended for line in lines)
        assert sum(tried._uploads.values()) == MOST_UPLOADS
        assert tried._by_circuit == (MOST_UPLOADS if by_tor else 0)
    assert not tried._uploads
    assert not tried._under_way
    assert tried._by_circuit == 0


def test_who_stalls_stays_while_there_is_room_and_goes_for_nobody_of_another_kind(tried: Pressure) -> None:
    stalled, by_tor = Slow(500), Slow(500)
    with uploads(tried, *[None] * (MOST_UPLOADS - 1)), tried.upload(None, stalled):
        with tried.upload(FLOODER, by_tor):
            assert refused(tried, SOMEBODY) == ""
        assert not stalled.ended
        assert refused(tried, None) == ""
        assert stalled.ended
        assert not by_tor.ended


def test_a_circuit_that_has_its_share_ends_nobody(tried: Pressure) -> None:
    line = Slow(500)
    others = [numbered(5_000 + number) for number in range(MOST_UPLOADS - 1)]
    with uploads(tried, *others), tried.upload(FLOODER, line):
        assert refused(tried, FLOODER) == BUSY
        assert refused(tried, others[3]) == BUSY
        assert not line.ended
