"""The token of an open mailbox: its root, sealed under a key of this half hour or the one before."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import strict_base64, tokens
from crypto.errors import BadToken, OtherMachine
from crypto.primitives import aead_seal
from crypto.secret import FormKey, MailboxRoot
from crypto.tokens import Draft, Form, FormKeys, MailboxKeys
from tests.counts import count

BEFORE, NOW, LATER = FormKey.new(), FormKey.new(), FormKey.new()
HERE = tokens.machine_tag("web-1")
KEYS = MailboxKeys(HERE, NOW, BEFORE)
ROOT = MailboxRoot.new()
TOKEN = tokens.seal_root(KEYS, ROOT)
ALPHABET = string.ascii_letters + string.digits + "-_"


def test_a_sealed_root_opens_to_the_same_root() -> None:
    assert tokens.open_root(KEYS, TOKEN) == ROOT
    assert len(TOKEN) == 104
    assert set(TOKEN) <= set(ALPHABET)


def test_a_root_outlives_one_change_of_keys_and_not_two() -> None:
    assert tokens.open_root(MailboxKeys(HERE, LATER, NOW), TOKEN) == ROOT
    for keys in (
        MailboxKeys(HERE, FormKey.new(), LATER),
        MailboxKeys(HERE, LATER),
        MailboxKeys(HERE, BEFORE, LATER),
    ):
        with pytest.raises(BadToken, match="does not open"):
            tokens.open_root(keys, TOKEN)


def test_the_newest_key_seals() -> None:
    assert tokens.open_root(MailboxKeys(HERE, NOW), TOKEN) == ROOT
    with pytest.raises(BadToken):
        tokens.open_root(MailboxKeys(HERE, BEFORE), TOKEN)


def test_two_tokens_of_one_root_have_nothing_in_common_and_show_nothing() -> None:
    again = tokens.seal_root(KEYS, ROOT)
    assert again[:8] == TOKEN[:8]
    assert again[8:40] != TOKEN[8:40]
    assert ROOT.reveal() not in strict_base64.decoded(TOKEN.encode(), url=True)
    assert repr(KEYS) == f"MailboxKeys(machine={HERE!r}, newest=<FormKey>, previous=<FormKey>)"


def test_a_changed_token_is_always_refused() -> None:
    dice = random.Random(17)
    for _ in range(count(1_500, 50_000)):
        changed = list(TOKEN)
        place = dice.randrange(len(changed))
        match dice.randrange(3):
            case 0:
                changed[place] = dice.choice([each for each in ALPHABET if each != changed[place]])
            case 1:
                changed.insert(place, dice.choice(ALPHABET + "=+/ \n\0é"))
            case _:
                del changed[place]
        with pytest.raises(BadToken):
            tokens.open_root(KEYS, "".join(changed))


@given(st.one_of(st.text(max_size=200), st.text(ALPHABET, max_size=400)))
def test_any_text_is_refused_and_crashes_nothing(text: str) -> None:
    with pytest.raises(BadToken):
        tokens.open_root(KEYS, text)


@pytest.mark.parametrize("inside", [b"", bytes(31), bytes(33)], ids=["nothing", "a byte less", "a byte more"])
def test_a_root_of_another_length_is_refused_though_it_was_sealed(inside: bytes) -> None:
    sealed = aead_seal(NOW.reveal(), inside, b"vigil/v1/mailbox-token" + b"\0" + HERE)
    with pytest.raises(BadToken, match="length"):
        tokens.open_root(KEYS, strict_base64.encoded(HERE + sealed, url=True).decode())


def test_a_root_of_another_machine_is_told_apart_from_one_that_is_too_old() -> None:
    there = MailboxKeys(tokens.machine_tag("web-2"), NOW, BEFORE)
    with pytest.raises(OtherMachine):
        tokens.open_root(there, TOKEN)
    # A name put in the place of another does not make it open, whatever the keys.
    body = strict_base64.decoded(TOKEN.encode(), url=True)[len(HERE) :]
    with pytest.raises(BadToken, match="does not open"):
        tokens.open_root(there, strict_base64.encoded(there.machine + body, url=True).decode())


def test_a_token_of_a_form_is_no_root_nor_the_reverse() -> None:
    """Even where one key served for both."""
    form_keys = FormKeys(7, {7: NOW})
    for form in Form:
        draft = tokens.seal_draft(form_keys, Draft(bytes(16), 5), form)
        for token in (draft, draft[2:]):
            with pytest.raises(BadToken):
                tokens.open_root(KEYS, token)
        with pytest.raises(BadToken):
            tokens.open_draft(form_keys, TOKEN, form)
