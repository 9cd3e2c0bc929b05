"""What `keys` says: months, days left with warnings in time, the list, the backup, the server's last word."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from crypto.backup import recovery_public
from crypto.epoch import Epoch
from crypto.identity import Identity
from crypto.keyfile import DeskKeys
from crypto.secret import RecoverySecret
from crypto.teamkeys import TeamKeys
from desk.keys import status
from desk.keys.notes import Notes
from desk.keys.status import Status
from desk.server import Server
from tests.desk.conftest import DeskUnderTest

KEYS = DeskKeys.make("newsroom", Epoch(202611), 3)
IDENTITY = Identity.new()
TEAM = TeamKeys.read(IDENTITY.team_keys((KEYS.public(),), version=5, practice=False))
NOTES = Notes((IDENTITY.public,), recovery_public(RecoverySecret.new()), "2of3 shares", "2026-11-22")
SERVER = Server(date(2026, 11, 20), Epoch(202611), (Epoch(202611),), 5, {}, (), 0)
FINE = Status(KEYS, TEAM, NOTES, SERVER, date(2026, 11, 22))


def told(found: Status) -> str:
    return "\n".join(status.lines(found))


def test_all_is_said_when_all_is_well() -> None:
    assert told(FINE).splitlines() == [
        "desk         newsroom",
        f"team's fingerprint  {TEAM.fingerprint}",
        "list         version 5, expires 2027-01-31",
        "desks        newsroom",
        "months held  2026-11 to 2027-01 (3)",
        "days left    70",
        "backup       keys.backup of 2026-11-22; the recovery secret is on paper: 2of3 shares",
        "server       as of 2026-11-20: has list 5, seals to 2026-11, still holds reports of 2026-11",
    ]


@pytest.mark.parametrize(
    ("day", "warning"),
    [
        (date(2026, 12, 1), ""),
        (date(2026, 12, 2), "60 days until the keys run out; soon"),
        (date(2027, 1, 1), "30 days until the keys run out; this month"),
        (date(2027, 1, 24), "7 days until the keys run out; NOW"),
        (date(2027, 1, 31), "0 days until the keys run out; NOW"),
        (date(2027, 2, 1), "the list has expired"),
    ],
    ids=str,
)
def test_a_desk_warns_before_its_keys_run_out(day: date, warning: str) -> None:
    warnings = list(replace(FINE, today=day).warnings())
    assert [one.startswith(warning) for one in warnings] == ([True] if warning else [])


def test_what_the_server_lacks_or_has_already_is_said() -> None:
    behind = replace(FINE, server=replace(SERVER, team_version=4))
    assert "the server had list 4 only: carry the next export to it" in told(behind)
    lost = replace(behind, notes=replace(NOTES, alone=5))
    assert "the server takes no export of the new identity yet: carry team.keys itself" in told(lost)
    assert f"VIGIL_TRUST='{TEAM.fingerprint}'" in told(lost)
    ahead = replace(FINE, server=replace(SERVER, team_version=6))
    assert "the server has list 6 already: keys take FILE" in told(ahead)
    assert "server       nothing imported yet" in told(replace(FINE, server=None))
    assert "holds no reports" in told(replace(FINE, server=replace(SERVER, epochs=())))


def test_a_desk_that_is_not_listed_or_holds_nothing_is_told() -> None:
    other = DeskKeys.make("other", Epoch(202611), 3)
    assert "this desk is not on the list" in told(replace(FINE, keys=other))
    assert "no key of the list's months" in told(replace(FINE, keys=KEYS.without(KEYS.seeds)))


def test_without_a_backup_there_is_a_warning() -> None:
    assert "there is no backup of the keys: keys new-recovery" in told(
        replace(FINE, notes=Notes((IDENTITY.public,)))
    )


def test_months_that_are_listed_and_not_held_are_named() -> None:
    assert "not held     2026-11" in told(replace(FINE, keys=KEYS.without([Epoch(202611)])))


def test_the_json_holds_the_same(desk: DeskUnderTest, tmp_path: Path) -> None:
    found = desk.json("keys")
    assert found == desk.json("keys", "status")
    assert (found["desk"], found["version"], len(found["held"])) == ("practice", 1, 24)
    assert found["held"] == found["listed"]
    assert found["server"] is None
    assert found["warnings"] == []
    assert found["backup"]["kept_as"] == "24 words"
    desk.done("import", desk.parcel().write(tmp_path / "out.tar"))
    assert desk.json("keys")["server"]["team_version"] == 1
