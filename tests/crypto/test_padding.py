"""A length says little of what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.padding import attachment_size, envelope_size, padme

sizes = st.integers(0, 1 << 40)


@pytest.mark.parametrize(
    ("size", "padded"),
    [
        (2, 2),
        (9, 10),
        (1_000, 1_024),
        (65_537, 67_584),
        (131_073, 135_168),
        (1_000_000, 1_015_808),
        (500_000_000, 503_316_480),
    ],
)
def test_padme_rounds_as_its_paper_says(size: int, padded: int) -> None:
    assert padme(size) == padded


@pytest.mark.parametrize(
    ("size", "padded"),
    [(4, 4_096), (4_096, 4_096), (4_097, 16_384), (16_385, 65_536), (65_536, 65_536), (65_537, 67_584)],
)
def test_an_envelope_is_padded_in_steps(size: int, padded: int) -> None:
    assert envelope_size(size) == padded


@pytest.mark.parametrize(("size", "padded"), [(0, 16_384), (16_384, 16_384), (16_385, 17_408)])
def test_an_attachment_is_never_small(size: int, padded: int) -> None:
    assert attachment_size(size) == padded


@given(sizes)
def test_a_padded_size_is_no_smaller_wastes_little_and_stays_as_it_is(size: int) -> None:
    for padded, least in ((envelope_size(size), 65_536), (attachment_size(size), 16_384)):
        assert padded >= size
        assert padded <= max(least, size * 1.12)
    assert envelope_size(envelope_size(size)) == envelope_size(size)
    assert attachment_size(attachment_size(size)) == attachment_size(size)


@given(sizes, sizes)
def test_a_longer_text_is_never_padded_to_less(one: int, other: int) -> None:
    small, big = sorted((one, other))
    assert envelope_size(small) <= envelope_size(big)
    assert attachment_size(small) <= attachment_size(big)


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        attachment_size(-1)
