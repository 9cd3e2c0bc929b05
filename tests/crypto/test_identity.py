"""The identity: made offline, kept under a passphrase, signs lists that everyone can check."""

from datetime import date

import pytest

from crypto import identity, keyfile, passphrase
from crypto.envelope import Kind
from crypto.epoch import Epoch
from crypto.errors import BadKeyFile, BadTeamKeys, WrongPassphrase
from crypto.identity import PRACTICE, Identity
from crypto.keyfile import DeskKeys
from crypto.open import opened
from crypto.passphrase import FileKind
from crypto.seal import sealed as seal
from crypto.teamkeys import TeamKeys, fingerprint

FIRST = Epoch(202611)
ANNA, BELA = (DeskKeys.make(name, FIRST, 2) for name in ("Anna", "Béla"))
TEAM = Identity.new()


def test_a_signed_list_is_read_by_everyone() -> None:
    made = TEAM.team_keys((ANNA.public(), BELA.public(collects=False)), version=3, practice=False)
    read = TeamKeys.read(made)
    assert read.raw == made
    assert read.identity == TEAM.public
    assert read.fingerprint == TEAM.fingerprint == fingerprint(TEAM.public)
    assert (read.version, read.practice) == (3, False)
    assert (read.oldest, read.newest) == (FIRST, Epoch(202612))
    assert read.expires == date(2026, 12, 31)
    assert [(desk.name, desk.collects) for desk in read.desks] == [("Anna", True), ("Béla", False)]


def test_the_day_it_expires_can_be_chosen() -> None:
    made = TEAM.team_keys((ANNA.public(),), version=1, practice=True, expires=date(2027, 1, 15))
    assert TeamKeys.read(made).expires == date(2027, 1, 15)


@pytest.mark.parametrize(("month", "last"), [(202702, 28), (202802, 29), (202704, 30)])
def test_by_default_it_expires_on_the_last_day_of_its_last_month(month: int, last: int) -> None:
    desk = DeskKeys.make("Anna", Epoch(month), 1).public()
    expires = TeamKeys.read(TEAM.team_keys((desk,), version=1, practice=True)).expires
    assert (expires.year * 100 + expires.month, expires.day) == (month, last)


def test_what_is_sealed_to_a_list_opens_at_each_of_its_desks() -> None:
    keys = TeamKeys.read(TEAM.team_keys((ANNA.public(), BELA.public()), version=1, practice=True))
    epoch = keys.epoch(date(2026, 12, 3))
    envelope = seal(Kind.INCOMING, epoch, keys.recipients(epoch), b"seen at the station")
    for desk in (ANNA, BELA):
        assert opened(envelope, [desk.seeds[epoch]]).body == b"seen at the station"


def test_a_new_identity_takes_over_when_the_old_one_signs_too() -> None:
    old = TeamKeys.read(TEAM.team_keys((ANNA.public(),), version=1, practice=True))
    heir = Identity.new()
    new = TeamKeys.read(heir.team_keys((ANNA.public(),), version=2, practice=True, previous=TEAM))
    new.check_follows(old)
    assert new.identity == heir.public
    with pytest.raises(BadTeamKeys, match="another identity"):
        TeamKeys.read(heir.team_keys((ANNA.public(),), version=2, practice=True)).check_follows(old)


def test_a_list_that_nobody_would_accept_is_not_signed() -> None:
    later = DeskKeys.make("Late", FIRST.next(), 2).public()
    five = tuple(DeskKeys.make(name, FIRST, 1).public() for name in "abcde")
    for desks, reason in (
        ((ANNA.public(), later), "202611 has no key"),
        ((ANNA.public(), ANNA.public()), "signing key stands twice"),
        (five, "5 desks"),
    ):
        with pytest.raises(BadTeamKeys, match=reason):
            TEAM.team_keys(desks, version=1, practice=True)
    with pytest.raises(BadTeamKeys, match="version"):
        TEAM.team_keys((ANNA.public(),), version=0, practice=True)
    with pytest.raises(BadTeamKeys, match="twice"):
        TEAM.team_keys((ANNA.public(),), version=2, practice=True, previous=TEAM)
    with pytest.raises(BadTeamKeys, match="twice"):
        Identity(ANNA.sign).team_keys((ANNA.public(),), version=1, practice=True)
    with pytest.raises(BadTeamKeys, match="JSON"):
        TEAM.signed(b"not a body")


def test_a_list_of_nobody_is_a_mistake_of_the_callers() -> None:
    for desks in ((), (ANNA.public([]),)):
        with pytest.raises(ValueError, match="needs a desk"):
            TEAM.team_keys(desks, version=1, practice=True)


def test_an_identity_is_kept_under_a_passphrase() -> None:
    kept = identity.locked(TEAM, "practice", PRACTICE)
    assert identity.unlocked(kept, "practice") == TEAM
    with pytest.raises(WrongPassphrase):
        identity.unlocked(kept, "Practice")


def test_an_identity_file_is_no_key_file_nor_the_reverse() -> None:
    with pytest.raises(BadKeyFile, match="another kind"):
        keyfile.unlocked(identity.locked(TEAM, "practice", PRACTICE), "practice")
    with pytest.raises(BadKeyFile, match="another kind"):
        identity.unlocked(keyfile.locked(ANNA, "practice", PRACTICE), "practice")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_an_identity_of_another_length_is_refused(length: int) -> None:
    locked = passphrase.lock(FileKind.IDENTITY, bytes(length), "practice", PRACTICE)
    with pytest.raises(BadKeyFile, match="not an identity"):
        identity.unlocked(locked, "practice")


def test_an_identity_says_nothing_of_its_seed() -> None:
    assert repr(TEAM) == "Identity(seed=<SigningSeed>)"
