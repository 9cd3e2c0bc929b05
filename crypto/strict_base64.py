"""Base64 with one spelling for each value, so that no bit of a signed text changes unseen."""

import base64
import binascii


class Base64Error(ValueError):
    """The text is not the one base64 spelling of any bytes."""


def decoded(text: bytes, *, url: bool = False) -> bytes:
    """Read standard base64 with its padding or, with ``url``, the URL alphabet without it.

    :raises Base64Error: another alphabet, white space, wrong padding, or stray bits in the last character.
    """
    # Python's decoder lets stray bits pass, and so would give two spellings for one value: write it again.
    try:
        if url:
            value = binascii.a2b_base64(text.translate(_FROM_URL) + b"=" * (-len(text) % 4), strict_mode=True)
        else:
            value = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        raise Base64Error("not base64") from None
    if encoded(value, url=url) != text:
        raise Base64Error("not base64")
    return value


def encoded(value: bytes, *, url: bool = False) -> bytes:
    """Write standard base64 with its padding or, with ``url``, the URL alphabet without it."""
    if url:
        return base64.urlsafe_b64encode(value).rstrip(b"=")
    return binascii.b2a_base64(value, newline=False)


_FROM_URL = bytes.maketrans(b"-_", b"+/")
