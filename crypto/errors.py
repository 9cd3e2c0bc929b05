"""What can go wrong, said so that the caller knows what to do next.

Every error that this package raises because of the bytes it was given is a CryptoError. Its text names a
reason from FORMAT.md and never holds a key, a passphrase or any byte that was opened. A mistake of the
caller's own (a negative size, a sealer used after its end) is a ValueError or a RuntimeError instead.
"""

from dataclasses import dataclass, field

# ruff: noqa: N818 - each name says what is the case; "Error" behind every one of them would add nothing


class CryptoError(Exception):
    """The root: bytes were refused."""


class BadEnvelope(CryptoError):
    """The envelope is damaged, forged or of an unknown version: keep its bytes, and say so."""


class NotForThisKey(CryptoError):
    """None of the keys given opens this envelope: try others. It need not be broken."""


class BadReply(CryptoError):
    """The reply is damaged, is not for this place, or no desk of the team vouches for it: never show it."""


class BadRecord(CryptoError):
    """The record was not made for this row by this mailbox, or there never was one in it."""


@dataclass(frozen=True, slots=True)
class WrongWord:
    """One word of a return code that is not in the list: its place (from 1), itself, and listed ones near it.

    ``near`` holds every listed word that one wrong, missing, extra or swapped letter makes of it (never more
    than ten), the likelier ones first.
    """

    position: int
    typed: str = field(repr=False)
    near: tuple[str, ...] = field(repr=False)


class BadReturnCode(CryptoError):
    """The words are not a return code: say which are wrong, or how many there are, and ask again.

    ``wrong`` are the words that are not listed, ``count`` how many were typed (all that matters of a count
    over 18 is that it is too high: then no word is named). ``checksum``: twelve words, all listed, that do
    not belong together.
    """

    def __init__(self, wrong: tuple[WrongWord, ...], count: int, *, checksum: bool = False) -> None:
        super().__init__(_what_is_wrong(wrong, count))
        self.wrong = wrong
        self.count = count
        self.checksum = checksum


def _what_is_wrong(wrong: tuple[WrongWord, ...], count: int) -> str:
    if count != 12:
        return "a return code has twelve words"
    return "a word is not in the list" if wrong else "the words do not belong together"


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


class OtherMachine(BadToken):
    """The mailbox token was made by another web machine, which alone can open it: ask for the words."""


class BadBundle(CryptoError):
    """The bundle is damaged from here on; what was read before and checked is whole."""


class BadArchive(CryptoError):
    """A server's backup is damaged, cut short, of an unknown version, or none at all: restore another."""


class UnsafeKey(CryptoError):
    """A public key that would protect nothing: never seal to it."""


class Refused(CryptoError):
    """A library refused its input; callers inside this package turn it into one of the errors above."""
