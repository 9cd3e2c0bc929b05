"""Who presses hard is slowed, by their circuit; everybody else notices nothing, and little is remembered."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from web import pressure
from web.pressure import (
    BUSY,
    BYTES_OF_A_CIRCUIT,
    CROWDED,
    ENOUGH,
    HOUR,
    LEAST_OF_A_FILE,
    LONGEST_STEP,
    LONGEST_WAIT,
    MOST_UPLOADS,
    UPLOADS_OF_A_CIRCUIT,
    Pressure,
)
from web.refusals import Refused

FLOODER, SOMEBODY = b"\0\0\0\x01", b"\0\0\0\x02"


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tried(clock: Clock) -> Iterator[Pressure]:
    made = Pressure(clock)
    yield made
    made.close()


def numbered(number: int) -> bytes:
    return number.to_bytes(4, "big")


@contextmanager
def uploads(tried: Pressure, *circuits: bytes | None) -> Iterator[None]:
    with ExitStack() as under_way:
        for circuit in circuits:
            under_way.enter_context(tried.upload(circuit))
        yield


def refused(tried: Pressure, circuit: bytes | None) -> str:
    """Say why an upload is refused, "" where it is taken."""
    try:
        with tried.upload(circuit):
            return ""
    except Refused as error:
        return error.why


# ---- uploads


def test_four_hundred_at_once_are_taken_of_as_many_circuits_and_over_the_open_web(tried: Pressure) -> None:
    with uploads(tried, *map(numbered, range(400)), *[None] * 400):
        assert refused(tried, FLOODER) == BUSY
        assert refused(tried, numbered(400)) == ""
        assert refused(tried, None) == ""


def test_a_circuit_has_few_at_once_and_again_when_one_has_ended(tried: Pressure) -> None:
    with uploads(tried, *[FLOODER] * (UPLOADS_OF_A_CIRCUIT - 1)):
        with uploads(tried, FLOODER):
            assert refused(tried, FLOODER) == BUSY
            assert refused(tried, SOMEBODY) == ""
        assert refused(tried, FLOODER) == ""


def test_while_many_are_under_way_a_circuit_has_one(tried: Pressure) -> None:
    with uploads(tried, *map(numbered, range(CROWDED - 1)), SOMEBODY):
        assert refused(tried, SOMEBODY) == BUSY
        assert refused(tried, numbered(9_999)) == ""


def test_a_flood_over_the_open_web_puts_off_nobody_who_comes_by_tor(tried: Pressure) -> None:
    with uploads(tried, *[None] * MOST_UPLOADS):
        assert refused(tried, None) == BUSY
        assert refused(tried, SOMEBODY) == ""


def test_a_flood_by_tor_puts_off_nobody_on_the_open_web(tried: Pressure) -> None:
    with uploads(tried, *map(numbered, range(MOST_UPLOADS))):
        assert refused(tried, numbered(9_999)) == BUSY
        assert refused(tried, None) == ""


def test_an_upload_that_fails_gives_its_place_back(tried: Pressure) -> None:
    for _ in range(MOST_UPLOADS + 1):
        with pytest.raises(OSError, match="broken"), tried.upload(FLOODER):
            raise OSError("broken")
        with pytest.raises(OSError, match="broken"), tried.upload(None):
            raise OSError("broken")
    assert not tried._uploads
    assert tried._by_circuit == 0


def test_a_circuit_that_has_sent_enough_waits_and_what_it_had_begun_goes_on(
    tried: Pressure, clock: Clock
) -> None:
    with tried.upload(FLOODER) as came:
        came(BYTES_OF_A_CIRCUIT)
        assert refused(tried, FLOODER) == ENOUGH
        came(BYTES_OF_A_CIRCUIT)
    assert refused(tried, SOMEBODY) == ""
    assert refused(tried, None) == ""
    clock.now += HOUR / 2
    assert refused(tried, FLOODER) == ENOUGH
    clock.now += HOUR
    assert refused(tried, FLOODER) == ""


def test_the_open_web_has_no_bound_of_bytes(tried: Pressure) -> None:
    with tried.upload(None) as came:
        came(100 * BYTES_OF_A_CIRCUIT)
    assert refused(tried, None) == ""


def test_very_many_tiny_files_are_enough_too(tried: Pressure) -> None:
    most = BYTES_OF_A_CIRCUIT // LEAST_OF_A_FILE
    assert {refused(tried, FLOODER) for _ in range(most)} == {""}
    assert refused(tried, FLOODER) == ENOUGH


# ---- reports


def reported(tried: Pressure, circuit: bytes | None) -> float | str:
    """Give the wait before a report is kept, or why it is to come again."""
    try:
        with tried.report(circuit) as wait:
            return wait
    except Refused as error:
        return error.why


def test_the_first_reports_wait_for_nothing_then_each_twice_as_long_up_to_half_a_minute(
    tried: Pressure, clock: Clock
) -> None:
    waits = []
    for _ in range(12):
        with tried.report(FLOODER) as wait:
            waits.append(wait)
            clock.now += wait
    assert waits[:3] == [0, 0, 0]
    assert waits == sorted(waits)
    assert [round(wait) for wait in waits[3:8]] == [1, 2, 4, 8, 16]
    assert waits[-1] == LONGEST_STEP


def test_reports_that_come_at_once_wait_one_after_the_other_and_the_rest_come_again(
    tried: Pressure, clock: Clock
) -> None:
    waits = [reported(tried, FLOODER) for _ in range(100)]
    assert waits[:8] == [0, 0, 0, 1, 3, 7, 15, 31]
    assert set(waits[8:]) == {BUSY}
    clock.now += 31
    assert reported(tried, FLOODER) == pytest.approx(LONGEST_STEP)
    assert reported(tried, FLOODER) == pytest.approx(2 * LONGEST_STEP)


def test_whoever_always_comes_again_gets_through(tried: Pressure, clock: Clock) -> None:
    for _ in range(100):
        reported(tried, FLOODER)
    for _ in range(50):
        clock.now += LONGEST_WAIT
        assert reported(tried, FLOODER) != BUSY


def test_so_many_wait_and_no_more_and_who_need_not_wait_are_kept(tried: Pressure) -> None:
    with ExitStack() as waiting:
        for number in range(pressure.MOST_WAITING):
            for _ in range(3):
                reported(tried, numbered(number))
            assert waiting.enter_context(tried.report(numbered(number))) > 0
        for _ in range(3):
            assert reported(tried, SOMEBODY + b"x") == 0
        assert reported(tried, SOMEBODY + b"x") == BUSY
        assert reported(tried, None) == 0
    assert reported(tried, SOMEBODY + b"x") == 1


@pytest.mark.parametrize("fakes", [10, 1_000])
def test_fakes_delay_nobody_on_another_circuit_and_nobody_on_none(tried: Pressure, fakes: int) -> None:
    for _ in range(fakes):
        reported(tried, FLOODER)
    assert reported(tried, FLOODER) == BUSY
    assert reported(tried, SOMEBODY) == 0
    assert [reported(tried, None) for _ in range(fakes)] == [0] * fakes


def test_who_has_stopped_waits_less_again(tried: Pressure, clock: Clock) -> None:
    for _ in range(8):
        with tried.report(FLOODER) as wait:
            clock.now += wait
    clock.now += HOUR - 1
    with tried.report(FLOODER) as wait:
        assert wait < 8
    clock.now += HOUR
    assert reported(tried, FLOODER) == 0


# ---- return codes


def looked_for(tried: Pressure, circuit: bytes | None) -> float:
    with tried.guess(circuit) as wait:
        return wait


def test_guessing_is_slowed_by_circuit_and_looking_for_what_is_there_is_not(tried: Pressure) -> None:
    for _ in range(50):
        assert looked_for(tried, SOMEBODY) == 0
        tried.guessed(FLOODER)
        tried.guessed(None)
    assert looked_for(tried, FLOODER) == LONGEST_STEP
    assert looked_for(tried, FLOODER) == 2 * LONGEST_STEP
    with pytest.raises(Refused):
        looked_for(tried, FLOODER)
    assert looked_for(tried, SOMEBODY) == 0
    assert looked_for(tried, None) == 0
    assert reported(tried, FLOODER) == 0


def test_a_few_wrong_codes_cost_nothing(tried: Pressure) -> None:
    for _ in range(5):
        assert looked_for(tried, SOMEBODY) == 0
        tried.guessed(SOMEBODY)
    assert looked_for(tried, SOMEBODY) == 1


# ---- what is remembered


def test_no_more_than_so_many_circuits_are_remembered(
    tried: Pressure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pressure, "MOST_CIRCUITS", 50)
    for number in range(500):
        reported(tried, numbered(number))
        tried.guessed(numbered(number + 1_000))
        with tried.upload(numbered(number + 2_000)) as came:
            came(1)
    assert len(tried) == 50
    assert not tried._uploads


def test_a_circuit_is_forgotten_an_hour_after_its_last_use(tried: Pressure, clock: Clock) -> None:
    reported(tried, FLOODER)
    clock.now += HOUR - 1
    reported(tried, SOMEBODY)
    assert len(tried) == 2
    clock.now += 1
    assert len(tried) == 1
    clock.now += HOUR
    assert len(tried) == 0


def test_it_is_forgotten_too_when_nobody_comes_any_more(tried: Pressure, clock: Clock) -> None:
    reported(tried, FLOODER)
    assert tried._timer
    assert tried._timer.interval == pressure.FORGET_EVERY
    clock.now += HOUR - 1
    tried._due()
    assert tried._timer
    assert len(tried._circuits) == 1
    clock.now += 1
    tried._due()
    assert not tried._circuits
    assert tried._timer is None


def test_that_somebody_looks_into_a_mailbox_is_not_remembered(tried: Pressure) -> None:
    looked_for(tried, SOMEBODY)
    assert len(tried) == 0
    tried.guessed(FLOODER)
    assert len(tried) == 1


def test_what_came_by_no_circuit_is_not_remembered(tried: Pressure) -> None:
    reported(tried, None)
    tried.guessed(None)
    with tried.upload(None) as came:
        came(1)
    assert len(tried) == 0


def test_nothing_of_a_circuit_is_shown(tried: Pressure) -> None:
    reported(tried, FLOODER)
    assert FLOODER.hex() not in repr(tried)
    assert repr(FLOODER) not in repr(tried)
