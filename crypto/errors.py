"""What can go wrong, said so that the caller knows what to do next.

Every error that this package raises because of the bytes it was given is a CryptoError. Its text names a
reason from FORMAT.md and never holds a key, a passphrase or any byte that was opened. A mistake of the
caller's own (a negative size, a sealer used after its end) is a ValueError or a RuntimeError instead.
"""

# ruff: noqa: N818 - each name says what is the case; "Error" behind every one of them would add nothing


class CryptoError(Exception):
    """The root: bytes were refused."""


class BadEnvelope(CryptoError):
    """The envelope is damaged, forged or of an unknown version: keep its bytes, and say so."""


class NotForThisKey(CryptoError):
    """None of the keys given opens this envelope: try others. It need not be broken."""


class BadAttachment(CryptoError):
    """The attachment is damaged, forged, or is not the one that its report names."""


class BadTeamKeys(CryptoError):
    """The list of the team's public keys is not signed, not well formed or not allowed here."""


class BadKeyFile(CryptoError):
    """The desk's key file is damaged or of an unknown version: use the copy that was put away."""


class WrongPassphrase(CryptoError):
    """The passphrase does not open the key file (or the file was changed: the two look alike)."""


class BadToken(CryptoError):
    """A sealed form field is not one of ours, is of another form, or its key is gone."""


class BadBundle(CryptoError):
    """The bundle is damaged from here on; what was read before and checked is whole."""


class UnsafeKey(CryptoError):
    """A public key that would protect nothing: never seal to it."""


class Refused(CryptoError):
    """A library refused its input; callers inside this package turn it into one of the errors above."""
