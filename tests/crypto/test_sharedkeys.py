"""Shared form keys as FORMAT.md has them, reckoned by hand from HMAC alone."""

import hmac
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from crypto import sharedkeys

KEY = st.binary(min_size=32, max_size=32)


def expanded(secret: bytes, label: bytes, length: int) -> bytes:
    """HKDF-Expand of RFC 5869, for no more than one block."""
    return hmac.digest(secret, label + b"\x01", "sha256")[:length]


@given(KEY)
def test_the_next_days_key_is_expanded_from_this_days(key: bytes) -> None:
    # Put together here: a label stands in the code once.
    label = b"vigil/v1/" + b"form-key-next\0"
    assert sharedkeys.following(key) == expanded(key, label, 32)


@given(st.lists(st.tuples(st.integers(1, 3_652_059), KEY), min_size=1, max_size=3))
def test_the_check_is_derived_from_the_seeds(seeds: list[tuple[int, bytes]]) -> None:
    secret = b"".join(ordinal.to_bytes(4, "big") + key for ordinal, key in seeds)
    extracted = hmac.digest(bytes(32), secret, "sha256")
    assert sharedkeys.check(seeds) == expanded(extracted, b"vigil/v1/" + b"form-key-check\0", 16)


def test_a_year_of_keys_has_no_two_alike_and_is_what_it_always_was() -> None:
    key, seen = bytes(range(32)), set()
    for _ in range(366):
        seen.add(key)
        key = sharedkeys.following(key)
    assert len(seen) == 366
    assert sha256(key).hexdigest() == YEAR_ON


# Another value here would have two releases, on two machines, disagree.
YEAR_ON = "566e1575798b3d228d319f8e8f06f4e5faa6ef6f3b30ca90cc41f61205c1f211"
