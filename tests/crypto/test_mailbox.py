"""A mailbox: ids that no two codes share, records that only their row opens, nothing that shows itself."""

import copy
import pickle
import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import mailbox as mailboxes
from crypto import xwing
from crypto.errors import BadRecord
from crypto.mailbox import RECORD, Mailbox, no_record, reply_ids
from crypto.primitives import aead_seal
from crypto.returncode import ReturnCode, root
from crypto.secret import MailboxRoot, ReplyKey
from tests.counts import count
from tests.crypto.mailboxes import ANNA, BERT, OTHER, SOURCE, sign_public

ROW = bytes(range(16))
ids = st.binary(min_size=16, max_size=16)


def test_a_mailbox_has_so_many_ids_of_sixteen_bytes() -> None:
    assert len(set(SOURCE.own_ids)) == 128
    assert len(set(SOURCE.reply_ids(sign_public(ANNA)))) == 32
    assert {len(each) for each in (*SOURCE.own_ids, *SOURCE.reply_ids(sign_public(ANNA)))} == {16}


def test_the_ids_of_two_codes_and_two_desks_never_meet() -> None:
    seen: set[bytes] = set()
    codes = count(50, 2_000)
    for number in range(codes):
        mailbox = Mailbox(root(ReturnCode(number.to_bytes(16, "big"))))
        seen |= {
            *mailbox.own_ids,
            *mailbox.reply_ids(sign_public(ANNA)),
            *mailbox.reply_ids(sign_public(BERT)),
        }
    assert len(seen) == codes * (128 + 32 + 32)


def test_the_ids_of_a_mailbox_are_the_same_each_time_and_from_the_reply_key() -> None:
    again = Mailbox(SOURCE._root)
    assert again.own_ids == SOURCE.own_ids
    assert reply_ids(again.reply_key, sign_public(ANNA)) == SOURCE.reply_ids(sign_public(ANNA))
    assert again.reply_key == SOURCE.reply_key
    assert isinstance(again.reply_key, ReplyKey)
    assert again.public == SOURCE.public


def test_the_reply_key_tells_nothing_of_the_rest() -> None:
    """A desk has it: the source's own rows must stay the source's."""
    assert not {*SOURCE.own_ids} & {*reply_ids(SOURCE.reply_key, sign_public(ANNA))}
    assert Mailbox(MailboxRoot(SOURCE.reply_key.reveal())).own_ids != SOURCE.own_ids


def test_a_signing_key_of_another_length_is_the_callers_mistake() -> None:
    for key in (b"", bytes(31), bytes(33)):
        with pytest.raises(ValueError, match="32 bytes"):
            SOURCE.reply_ids(key)


@given(ids, st.lists(ids, max_size=40))
def test_a_record_always_has_681_bytes_and_opens_for_its_row(row: bytes, blobs: list[bytes]) -> None:
    record = SOURCE.seal_record(row, blobs)
    assert len(record) == RECORD == 681
    assert SOURCE.open_record(row, record) == tuple(blobs)


def test_no_record_looks_like_one_and_opens_for_nobody() -> None:
    made = no_record()
    assert len(made) == len(no_record(ROW)) == 681
    assert made != no_record()
    with pytest.raises(BadRecord, match="does not open"):
        SOURCE.open_record(ROW, made)


@given(ids, ids)
def test_the_record_of_another_row_is_refused(row: bytes, other: bytes) -> None:
    record = SOURCE.seal_record(row, [row])
    if row != other:
        with pytest.raises(BadRecord):
            SOURCE.open_record(other, record)


def test_the_record_of_another_mailbox_is_refused() -> None:
    with pytest.raises(BadRecord):
        OTHER.open_record(ROW, SOURCE.seal_record(ROW, []))


def test_any_flipped_bit_and_any_other_length_of_a_record_is_refused() -> None:
    record = SOURCE.seal_record(ROW, [ROW] * 3)
    for bit in range(len(record) * 8):
        broken = bytearray(record)
        broken[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BadRecord):
            SOURCE.open_record(ROW, bytes(broken))
    for length in range(681):
        with pytest.raises(BadRecord, match="681"):
            SOURCE.open_record(ROW, record[:length])
    with pytest.raises(BadRecord, match="681"):
        SOURCE.open_record(ROW, record + b"\0")


@pytest.mark.parametrize(
    "plain",
    [b"\x29" + bytes(640), b"\xff" + bytes(640), b"\0" + ROW.ljust(640, b"\0"), b"\x01" + bytes(639) + b"\1"],
    ids=["41 ids", "255 ids", "an id too many", "the end not zero"],
)
def test_a_record_of_another_shape_is_refused_though_it_was_sealed(plain: bytes) -> None:
    record = aead_seal(SOURCE._key(b"vigil/v1/record" + b"\0"), plain, ROW)
    with pytest.raises(BadRecord, match="well formed"):
        SOURCE.open_record(ROW, record)


def test_a_record_that_does_not_fit_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="40 blobs"):
        SOURCE.seal_record(ROW, [ROW] * 41)
    for row, blob in ((ROW[:15], ROW), (ROW, ROW[:15]), (ROW + b"\0", ROW), (ROW, b"")):
        with pytest.raises(ValueError, match="16 bytes"):
            SOURCE.seal_record(row, [blob])


def test_looking_up_ids_and_records_makes_no_key_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong code costs the server little: what costs something waits until there is a row."""

    def forbidden(*_: object) -> None:
        raise AssertionError("a key pair was made")

    monkeypatch.setattr(mailboxes.xwing, "public_of", forbidden)
    monkeypatch.setattr(xwing, "expand", forbidden)
    mailbox = Mailbox(root(ReturnCode.new()))
    assert mailbox.own_ids
    assert mailbox.reply_ids(sign_public(ANNA))
    assert mailbox.reply_key
    assert mailbox.open_record(ROW, mailbox.seal_record(ROW, [])) == ()
    with pytest.raises(AssertionError, match="key pair"):
        mailbox.public  # noqa: B018 - asked for, to see that it is made only now


def test_the_public_key_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    public_of = xwing.public_of
    monkeypatch.setattr(mailboxes.xwing, "public_of", lambda seed: made.append(1) or public_of(seed))
    mailbox = Mailbox(MailboxRoot.new())
    assert mailbox.public == mailbox.public
    assert made == [1]


def test_a_mailbox_shows_nothing_and_is_not_copied_or_pickled() -> None:
    mailbox = Mailbox(MailboxRoot(b"\xabroot of a mailbox that no one sees"[:32]))
    assert mailbox.public
    assert mailbox._unsealer
    assert repr(mailbox) == str(mailbox) == f"{mailbox}" == "<Mailbox>"
    for attempt in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            attempt(mailbox)


def test_what_two_mailboxes_make_has_nothing_in_common() -> None:
    dice = random.Random(3)
    one, other = (Mailbox(MailboxRoot(dice.randbytes(32))) for _ in range(2))
    records = {box: box.seal_record(ROW, [ROW] * 40) for box in (one, other)}
    pieces = [{record[at : at + 8] for at in range(681 - 8)} for record in records.values()]
    assert not pieces[0] & pieces[1]
    assert one.public != other.public


def test_the_mailbox_alone_loads_no_web_framework_and_no_key_of_the_teams() -> None:
    program = "import sys; from crypto import mailbox, returncode; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    ).stdout.split()
    never = {"flask", "peewee", "werkzeug", "gevent", "store", "views", "web", "payload", "desk"}
    assert not never & {name.partition(".")[0] for name in loaded}
    assert not {f"crypto.{name}" for name in ("open", "reply", "keyfile", "identity", "passphrase")} & {
        *loaded
    }
