"""How long sealed things look: a few sizes, so that a length says little of what was written."""

_STEPS = (4_096, 16_384, 65_536)
_SMALLEST_ATTACHMENT = 16_384


def padme(size: int) -> int:
    """Round up so that at most about 12 % is added and a size tells only O(log log size) bits (Padmé).

    ``size`` in bytes, at least 2; a rounded size stays as it is.
    """
    exponent = size.bit_length() - 1
    dropped = exponent - exponent.bit_length()
    mask = (1 << dropped) - 1
    return (size + mask) & ~mask


def envelope_size(size: int) -> int:
    """Give the padded size of an envelope's plain bytes: ``size`` of them, the length prefix included."""
    return next((step for step in _STEPS if size <= step), 0) or padme(size)


def attachment_size(size: int) -> int:
    """Give the padded size of an attachment of ``size`` bytes.

    :raises ValueError: a negative size.
    """
    if size < 0:
        raise ValueError("a size is not negative")
    return padme(max(size, _SMALLEST_ATTACHMENT))
