"""Form tokens: sealed, bound to their form, opened under the key they name and no other."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import strict_base64, tokens
from crypto.errors import BadToken
from crypto.primitives import aead_seal
from crypto.secret import AttachmentKey, FormKey
from crypto.tokens import Draft, FileToken, Form, FormKeys
from tests.counts import count

YESTERDAY, TODAY, TOMORROW = FormKey.new(), FormKey.new(), FormKey.new()
KEYS = FormKeys(newest=7, keys={6: YESTERDAY, 7: TODAY})
DRAFT = Draft(bytes(range(16)), 1_795_000_000)
FILE = FileToken(
    draft=DRAFT.id,
    blob=b"blob" * 4,
    key=AttachmentKey.new(),
    size=50_000_000,
    sha256=b"h" * 32,
    sealed_sha256=b"s" * 32,
    name="IMG 0001.jpg",
    type="image/jpeg",
)
DRAFT_TOKEN = tokens.seal_draft(KEYS, DRAFT)
FILE_TOKEN = tokens.seal_file(KEYS, FILE)
ALPHABET = string.ascii_letters + string.digits + "-_"


def but(**changed: object) -> FileToken:
    """Give the file with other values."""
    values = {name: getattr(FILE, name) for name in FileToken.__slots__} | changed
    return FileToken(**values)


def test_a_sealed_draft_opens_to_the_same_draft() -> None:
    assert tokens.open_draft(KEYS, DRAFT_TOKEN) == DRAFT


def test_a_sealed_file_opens_to_the_same_file() -> None:
    assert tokens.open_file(KEYS, FILE_TOKEN) == FILE
    assert tokens.open_file(KEYS, FILE_TOKEN, draft=DRAFT.id) == FILE


@given(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=1000),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=255),
    st.integers(0, 2**64 - 1),
    st.sampled_from(Form),
)
def test_any_name_type_and_size_come_back_as_they_were(name: str, kind: str, size: int, form: Form) -> None:
    file = but(name=name, type=kind, size=size)
    assert tokens.open_file(KEYS, tokens.seal_file(KEYS, file, form), form) == file


def test_the_longest_name_fits() -> None:
    file = but(name="\U0001f40e" * 1000, type="\U0001f40e" * 255)
    assert tokens.open_file(KEYS, tokens.seal_file(KEYS, file)) == file


def test_a_token_is_text_for_a_hidden_field() -> None:
    for token in (DRAFT_TOKEN, FILE_TOKEN):
        assert set(token) <= set(ALPHABET)


def test_forty_files_weigh_little() -> None:
    assert 40 * len(FILE_TOKEN) < 17_000


def test_two_tokens_of_one_thing_have_nothing_in_common() -> None:
    again = tokens.seal_draft(KEYS, DRAFT)
    assert again != DRAFT_TOKEN
    # All but the key number, which is the first byte.
    assert again[2:20] != DRAFT_TOKEN[2:20]


def test_nothing_of_what_is_inside_can_be_read() -> None:
    raw = strict_base64.decoded(FILE_TOKEN.encode(), url=True)
    for secret in (FILE.key.reveal(), FILE.name.encode(), FILE.blob, FILE.draft, FILE.sha256):
        assert secret not in raw
    assert DRAFT.id not in strict_base64.decoded(DRAFT_TOKEN.encode(), url=True)


def test_no_name_and_no_key_shows_in_a_repr() -> None:
    assert FILE.name not in repr(FILE)
    assert FILE.key.reveal().hex() not in repr(FILE)
    assert repr(FILE.key.reveal()) not in repr(FILE)


def test_a_token_of_one_form_does_not_open_as_another_forms() -> None:
    with pytest.raises(BadToken):
        tokens.open_draft(KEYS, DRAFT_TOKEN, Form.CONTACT)
    with pytest.raises(BadToken):
        tokens.open_file(KEYS, FILE_TOKEN, Form.CONTACT)
    contact = tokens.seal_draft(KEYS, DRAFT, Form.CONTACT)
    assert tokens.open_draft(KEYS, contact, Form.CONTACT) == DRAFT
    with pytest.raises(BadToken):
        tokens.open_draft(KEYS, contact)


def test_a_draft_is_no_file_nor_the_reverse() -> None:
    with pytest.raises(BadToken):
        tokens.open_file(KEYS, DRAFT_TOKEN)
    with pytest.raises(BadToken):
        tokens.open_draft(KEYS, FILE_TOKEN)


def test_a_file_of_another_draft_is_refused_when_the_draft_is_given() -> None:
    with pytest.raises(BadToken, match="another draft"):
        tokens.open_file(KEYS, FILE_TOKEN, draft=bytes(16))


def test_yesterdays_token_opens_under_yesterdays_key() -> None:
    token = tokens.seal_draft(FormKeys(6, {6: YESTERDAY}), DRAFT)
    assert tokens.open_draft(KEYS, token) == DRAFT


def test_a_token_whose_key_is_gone_is_refused() -> None:
    later = FormKeys(8, {7: TODAY, 8: TOMORROW})
    assert tokens.open_draft(later, DRAFT_TOKEN) == DRAFT
    with pytest.raises(BadToken, match="gone"):
        tokens.open_draft(FormKeys(9, {9: TODAY}), DRAFT_TOKEN)


def test_only_the_key_that_is_named_is_tried() -> None:
    raw = bytearray(strict_base64.decoded(DRAFT_TOKEN.encode(), url=True))
    raw[0] = 6
    with pytest.raises(BadToken, match="does not open"):
        tokens.open_draft(KEYS, strict_base64.encoded(bytes(raw), url=True).decode())


def test_another_key_of_the_same_number_does_not_open_it() -> None:
    with pytest.raises(BadToken, match="does not open"):
        tokens.open_draft(FormKeys(7, {7: TOMORROW}), DRAFT_TOKEN)


@pytest.mark.parametrize("token", [DRAFT_TOKEN, FILE_TOKEN], ids=["draft", "file"])
def test_a_changed_token_is_always_refused(token: str) -> None:
    dice = random.Random(13)
    for _ in range(count(2_000, 50_000)):
        changed = list(token)
        for _ in range(dice.choice((1, 1, 1, 2, 5))):
            place = dice.randrange(len(changed))
            match dice.randrange(3):
                case 0:
                    changed[place] = dice.choice([each for each in ALPHABET if each != changed[place]])
                case 1:
                    changed.insert(place, dice.choice(ALPHABET + "=+/ \n\0é"))
                case _:
                    del changed[place]
        if "".join(changed) != token:
            with pytest.raises(BadToken):
                tokens.open_draft(KEYS, "".join(changed))
            with pytest.raises(BadToken):
                tokens.open_file(KEYS, "".join(changed))


@pytest.mark.parametrize("token", [DRAFT_TOKEN, FILE_TOKEN], ids=["draft", "file"])
def test_every_other_last_character_is_refused(token: str) -> None:
    """Base64 spells some values in several ways; only one of them is ours."""
    for last in ALPHABET.replace(token[-1], ""):
        with pytest.raises(BadToken):
            tokens.open_draft(KEYS, token[:-1] + last)
        with pytest.raises(BadToken):
            tokens.open_file(KEYS, token[:-1] + last)


@given(st.one_of(st.text(max_size=200), st.text(ALPHABET, max_size=400)))
def test_any_text_is_refused_and_crashes_nothing(text: str) -> None:
    with pytest.raises(BadToken):
        tokens.open_draft(KEYS, text)
    with pytest.raises(BadToken):
        tokens.open_file(KEYS, text)


@pytest.mark.parametrize(
    "text",
    ["", "=", "\ud83d", DRAFT_TOKEN + "=", DRAFT_TOKEN + "\n", "A" * 1_000_000],
    ids=["empty", "padding", "surrogate", "padded", "line break", "long"],
)
def test_text_that_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(BadToken):
        tokens.open_draft(KEYS, text)


FIXED = 16 + 16 + 32 + 8 + 32 + 32


@pytest.mark.parametrize("inside", [b"", bytes(19), bytes(21), bytes(FIXED + 2)])
def test_a_draft_of_another_length_is_refused_though_it_was_sealed(inside: bytes) -> None:
    aad = b"vigil/v1/draft-token\0report\0"
    token = strict_base64.encoded(b"\7" + aead_seal(TODAY.reveal(), inside, aad), url=True).decode()
    with pytest.raises(BadToken, match="length"):
        tokens.open_draft(KEYS, token)


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        (b"", "length"),
        (bytes(FIXED), "length"),
        (bytes(FIXED) + b"\0\1", "length"),
        (bytes(FIXED) + b"\0\3ab", "length"),
        (bytes(FIXED) + b"\0\1\xff", "no text"),
        (bytes(FIXED) + b"\0\0\xff", "no text"),
        (bytes(FIXED) + b"\0\3\xed\xa0\x80", "no text"),
    ],
)
def test_a_file_of_another_shape_is_refused_though_it_was_sealed(inside: bytes, reason: str) -> None:
    aad = b"vigil/v1/file-token\0report\0"
    token = strict_base64.encoded(b"\7" + aead_seal(TODAY.reveal(), inside, aad), url=True).decode()
    with pytest.raises(BadToken, match=reason):
        tokens.open_file(KEYS, token)


@pytest.mark.parametrize(
    "file",
    [
        but(draft=b"short"),
        but(blob=b"short"),
        but(sha256=b"short"),
        but(sealed_sha256=b"short"),
        but(size=-1),
        but(size=2**64),
        but(name="x" * 70_000),
        but(name="x" * 20_000),
        but(name="\ud83d"),
        but(type="x" * 20_000),
    ],
)
def test_a_file_that_does_not_fit_is_the_callers_mistake(file: FileToken) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the kind is what counts: no BadToken
        tokens.seal_file(KEYS, file)


@pytest.mark.parametrize("draft", [Draft(b"short", 5), Draft(bytes(16), -1), Draft(bytes(16), 2**32)])
def test_a_draft_that_does_not_fit_is_the_callers_mistake(draft: Draft) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - as above
        tokens.seal_draft(KEYS, draft)


def test_form_keys_need_the_newest_and_numbers_of_one_byte() -> None:
    with pytest.raises(ValueError, match="newest"):
        FormKeys(8, {7: TODAY})
    with pytest.raises(ValueError, match="0 to 255"):
        FormKeys(7, {7: TODAY, 256: TOMORROW})
    assert "FormKey>" in repr(KEYS)
    assert TODAY.reveal().hex() not in repr(KEYS)
