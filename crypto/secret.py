"""Secrets that do not end up where they do not belong: in a log, a set, a pickle, a traceback."""

import hmac
import secrets
from typing import ClassVar, NoReturn, Self


class Secret:
    """Secret bytes, 32 unless ``SIZE`` says otherwise. ``reveal()`` gives them; nothing else does.

    Two of one class compare in constant time; a secret has no hash, is not copied and is not pickled.

    :raises ValueError: another number of bytes.
    :raises TypeError: not bytes.
    """

    SIZE: ClassVar[int] = 32
    __slots__ = ("_value",)
    _value: bytes

    def __init__(self, value: bytes) -> None:
        if not isinstance(value, bytes):
            raise TypeError(f"a {type(self).__name__} is made from bytes")
        if len(value) != self.SIZE:
            raise ValueError(f"a {type(self).__name__} has {self.SIZE} bytes")
        object.__setattr__(self, "_value", value)

    @classmethod
    def new(cls) -> Self:
        """Draw a random one."""
        return cls(secrets.token_bytes(cls.SIZE))

    def reveal(self) -> bytes:
        """Give the bytes themselves: keep them in no attribute and put them in no message."""
        return self._value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret) or type(other) is not type(self):
            return NotImplemented
        return hmac.compare_digest(self._value, other._value)

    # A hash is not constant-time, and would keep a trace of the secret in every set or dict.
    __hash__ = None  # type: ignore[assignment]  # typeshed has no way to say "unhashable"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} does not change")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} is neither copied nor pickled")


class FileKey(Secret):
    """The key of one envelope, wrapped for each desk."""

    __slots__ = ()


class AttachmentKey(Secret):
    """The key of one attachment; it lives in the report's envelope only."""

    __slots__ = ()


class XWingSeed(Secret):
    """The private half of an X-Wing key; what it is the key of, its subclasses say."""

    __slots__ = ()


class EpochSeed(XWingSeed):
    """The private half of one desk's key for one month: once destroyed, that month's reports are too."""

    __slots__ = ()


class BoxSeed(XWingSeed):
    """The private half of a mailbox's key: it opens the replies to one return code."""

    __slots__ = ()


class ReturnCode(Secret):
    """What a source's twelve words say: 16 random bytes. Whoever has them is the source."""

    SIZE: ClassVar[int] = 16
    __slots__ = ()


class MailboxRoot(Secret):
    """What all keys and ids of one mailbox come from; a return code gives it."""

    __slots__ = ()


class ReplyKey(Secret):
    """What the ids of a mailbox's replies come from: the source and the desks know it, nobody else."""

    __slots__ = ()


class RecoverySecret(Secret):
    """What opens a desk's backup: on paper only, whole or in shares."""

    __slots__ = ()


class SigningSeed(Secret):
    """The private half of an Ed25519 key: the team's identity or a desk's."""

    __slots__ = ()


class OnionKey(Secret):
    """The expanded secret key of an onion service, as tor keeps it: whoever has it is that service."""

    SIZE: ClassVar[int] = 64
    __slots__ = ()


class FormKey(Secret):
    """The server's key of a few days, under which form fields are sealed."""

    __slots__ = ()
