"""A reply is opened by its mailbox, and believed when a listed desk signed it for that place."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import open as opening
from crypto import seal, unsealing, xwing
from crypto.envelope import MOST_BODY, Kind, header
from crypto.errors import BadEnvelope, BadReply, CryptoError, NotForThisKey
from crypto.mailbox import Mailbox, OpenedReply
from crypto.reply import seal_reply
from crypto.secret import EpochSeed
from tests.counts import count
from tests.crypto.made import DESKS, NOVEMBER, PUBLIC, envelope, mutated
from tests.crypto.mailboxes import (
    ANNA,
    BERT,
    BODY,
    OTHER,
    REPLY,
    SAID,
    SLOT,
    SOURCE,
    STRANGER,
    TEAM,
    desk,
    resealed,
    sign_public,
    team,
)


def test_a_reply_opens_and_names_its_desk() -> None:
    assert SOURCE.open_reply(SLOT, REPLY, TEAM) == OpenedReply("Anna", sign_public(ANNA), SAID)
    from_bert = seal_reply(SOURCE.public, SLOT, SAID, BERT)
    assert SOURCE.open_reply(SLOT, from_bert, TEAM).desk == "Bert"


@given(st.binary(max_size=6_000), st.binary(min_size=16, max_size=16))
def test_whatever_was_written_comes_back(said: bytes, slot: bytes) -> None:
    assert SOURCE.open_reply(slot, seal_reply(SOURCE.public, slot, said, ANNA), TEAM).body == said


def test_the_longest_reply_opens_and_a_longer_one_is_the_writers_mistake() -> None:
    said = b"z" * (MOST_BODY - 96)
    assert SOURCE.open_reply(SLOT, seal_reply(SOURCE.public, SLOT, said, ANNA), TEAM).body == said
    with pytest.raises(ValueError, match="at most"):
        seal_reply(SOURCE.public, SLOT, said + b"z", ANNA)


def test_an_envelope_of_a_reply_names_no_month_and_one_reader() -> None:
    seen = header(REPLY)
    assert (seen.kind, seen.epoch, seen.recipients) == (Kind.REPLY, None, 1)
    assert REPLY[:13] == b"VIGIL\n\x01\x02\0\0\0\0\x01"


def test_from_outside_a_reply_tells_neither_its_desk_nor_its_mailbox() -> None:
    again = seal_reply(SOURCE.public, SLOT, SAID, BERT)
    assert len(again) == len(REPLY)
    for known in (sign_public(ANNA), SLOT, SOURCE.public[:16], SAID[:16]):
        assert known not in REPLY
    assert not {REPLY[at : at + 16] for at in range(13, 5350)} & {
        again[at : at + 16] for at in range(13, 5350)
    }


def test_another_mailbox_opens_nothing() -> None:
    with pytest.raises(NotForThisKey):
        OTHER.open_reply(SLOT, REPLY, TEAM)


def test_a_reply_in_another_slot_is_refused() -> None:
    for slot in (*SOURCE.reply_ids(sign_public(ANNA)), *SOURCE.own_ids, bytes(16)):
        if slot != SLOT:
            with pytest.raises(BadReply, match="signature"):
                SOURCE.open_reply(slot, REPLY, TEAM)


def test_a_reply_to_another_mailbox_sealed_anew_is_refused() -> None:
    """A desk's word to one source, which whoever learned of it seals to another."""
    stolen = OTHER._unsealer.opened(seal_reply(OTHER.public, SLOT, SAID, ANNA)).body
    with pytest.raises(BadReply, match="signature"):
        SOURCE.open_reply(SLOT, resealed(stolen), TEAM)


def test_a_desk_that_is_not_listed_is_refused() -> None:
    with pytest.raises(BadReply, match="no desk"):
        SOURCE.open_reply(SLOT, seal_reply(SOURCE.public, SLOT, SAID, STRANGER), TEAM)


def test_a_desk_that_was_removed_is_refused_from_then_on() -> None:
    by_bert = seal_reply(SOURCE.public, SLOT, SAID, BERT)
    assert SOURCE.open_reply(SLOT, by_bert, TEAM).desk == "Bert"
    without = team(desk("Anna", ANNA), version=2)
    with pytest.raises(BadReply, match="no desk"):
        SOURCE.open_reply(SLOT, by_bert, without)
    assert SOURCE.open_reply(SLOT, REPLY, without).desk == "Anna"


def test_a_desk_is_named_as_the_list_names_it_now() -> None:
    renamed = team(desk("Anneliese", ANNA), version=2)
    assert SOURCE.open_reply(SLOT, REPLY, renamed).desk == "Anneliese"


def test_a_stranger_cannot_sign_under_a_listed_desks_name() -> None:
    theirs = SOURCE._unsealer.opened(seal_reply(SOURCE.public, SLOT, SAID, STRANGER)).body
    with pytest.raises(BadReply, match="signature"):
        SOURCE.open_reply(SLOT, resealed(sign_public(ANNA) + theirs[32:]), TEAM)


def test_the_signature_is_checked_every_time() -> None:
    """One mailbox, asked again after a good answer, does not take a bad reply for the good one."""
    mailbox = Mailbox(SOURCE._root)
    for _ in range(2):
        assert mailbox.open_reply(SLOT, REPLY, TEAM).body == SAID
        with pytest.raises(BadReply):
            mailbox.open_reply(SLOT, resealed(BODY[:-1] + b" "), TEAM)


def test_any_flipped_bit_of_what_was_signed_is_refused() -> None:
    for bit in range(len(BODY) * 8):
        broken = bytearray(BODY)
        broken[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BadReply):
            SOURCE.open_reply(SLOT, resealed(bytes(broken)), TEAM)


def test_every_truncation_of_what_was_signed_is_refused() -> None:
    for length in range(len(BODY)):
        with pytest.raises(BadReply):
            SOURCE.open_reply(SLOT, resealed(BODY[:length]), TEAM)
    with pytest.raises(BadReply):
        SOURCE.open_reply(SLOT, resealed(BODY + b"\0"), TEAM)


def test_any_flipped_bit_of_the_envelope_is_refused() -> None:
    bits = len(REPLY) * 8
    for bit in [*range(13 * 8), *random.Random(1).sample(range(13 * 8, bits), count(1_000, bits - 13 * 8))]:
        broken = bytearray(REPLY)
        broken[bit // 8] ^= 1 << bit % 8
        with pytest.raises((BadReply, NotForThisKey)):
            SOURCE.open_reply(SLOT, bytes(broken), TEAM)


def test_every_truncation_of_the_envelope_is_refused() -> None:
    for length in range(len(REPLY)):
        with pytest.raises(BadReply):
            SOURCE.open_reply(SLOT, REPLY[:length], TEAM)


@given(st.binary(min_size=1, max_size=20_000))
def test_bytes_after_the_end_are_refused(more: bytes) -> None:
    with pytest.raises(BadReply):
        SOURCE.open_reply(SLOT, REPLY + more, TEAM)


def test_mutated_replies_crash_nothing() -> None:
    for number in range(count(300, 50_000)):
        broken = mutated(REPLY, random.Random(number))
        try:
            opened = SOURCE.open_reply(SLOT, broken, TEAM)
        except CryptoError as error:
            assert isinstance(error, BadReply | NotForThisKey), number  # noqa: PT017 - both are right here
            continue
        assert (broken, opened.body) == (REPLY, SAID), number


@pytest.mark.parametrize(
    "kind", [Kind.INCOMING, Kind.NOTE, Kind.KEPT, Kind.BACKUP], ids=lambda kind: kind.name
)
def test_a_mailbox_takes_no_other_kind(kind: Kind) -> None:
    other = seal.sealed(kind, NOVEMBER if kind.has_epoch else None, [SOURCE.public], BODY)
    with pytest.raises(BadReply, match="kind"):
        SOURCE.open_reply(SLOT, other, TEAM)


@pytest.mark.parametrize("kind", list(Kind), ids=lambda kind: kind.name)
def test_a_desk_opens_what_came_in_notes_and_what_was_kept(kind: Kind) -> None:
    made = seal.sealed(kind, NOVEMBER if kind.has_epoch else None, PUBLIC[:1], BODY)
    if kind in {Kind.INCOMING, Kind.NOTE, Kind.KEPT}:
        assert opening.opened(made, DESKS[:1]) == unsealing.Opened(kind, NOVEMBER, BODY)
    else:
        with pytest.raises(BadEnvelope, match="kind"):
            opening.opened(made, DESKS[:1])


def test_a_reply_that_is_relabelled_opens_nowhere() -> None:
    """The kind is bound to the wrapped key: a report does not become a note, nor a reply a backup."""
    for number, other in ((2, Kind.BACKUP), (5, Kind.REPLY)):
        made = seal.sealed(other, None, PUBLIC[:1], BODY)
        with pytest.raises(NotForThisKey):
            unsealing.Unsealer(DESKS[:1], set(Kind)).opened(made[:7] + bytes((number,)) + made[8:])
    for number in (3, 4):
        made = envelope(BODY)
        with pytest.raises(NotForThisKey):
            opening.opened(made[:7] + bytes((number,)) + made[8:], DESKS[:1])


def test_a_writer_who_errs_is_told_so() -> None:
    for slot in (b"", bytes(15), bytes(17)):
        with pytest.raises(ValueError, match="16 bytes"):
            seal_reply(SOURCE.public, slot, SAID, ANNA)
    with pytest.raises(TypeError, match="PublicKey"):
        seal_reply(bytes(SOURCE.public), SLOT, SAID, ANNA)  # type: ignore[arg-type]  # on purpose
    with pytest.raises(ValueError, match="no epoch"):
        seal.sealed(Kind.REPLY, NOVEMBER, [SOURCE.public], b"")
    with pytest.raises(ValueError, match="no epoch"):
        seal.sealed(Kind.NOTE, None, PUBLIC[:1], b"")
    with pytest.raises(ValueError, match="one key"):
        seal.sealed(Kind.BACKUP, None, PUBLIC[:2], b"")


def test_nothing_of_a_reply_shows_in_a_repr() -> None:
    opened = SOURCE.open_reply(SLOT, REPLY, TEAM)
    assert "Thank" not in repr(opened)
    assert repr(unsealing.Unsealer([EpochSeed.new()], [Kind.REPLY])) == "<Unsealer>"
    assert repr(opening.Opener([])) == "<Opener>"
    assert "PublicKey" in repr(xwing.public_of(EpochSeed.new()))
