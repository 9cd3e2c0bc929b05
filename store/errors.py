"""What can go wrong while keeping things, named by what the caller can do next."""

# ruff: noqa: N818 - each name says what is the case; "Error" behind every one of them would add nothing

from collections.abc import Iterable


class StoreError(Exception):
    """The root of this room. ``what`` says in one line what is wrong, ``hint`` what to do about it."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


class NoRoom(StoreError):
    """The disk, or the share of it that waiting files may have, is full: send less, or later."""

    def __init__(self, what: str = "there is no room left") -> None:
        super().__init__(what, "free some disk space, or wait until files that no report claimed are swept")


class MissingBlobs(StoreError):
    """The report names files that are no longer here: ask for these again. ``ids`` are their blob ids."""

    def __init__(self, ids: Iterable[bytes]) -> None:
        self.ids = tuple(ids)
        super().__init__(f"{len(self.ids)} of the report's files are no longer here", "attach them again")


class MailboxFull(StoreError):
    """Every id that this mailbox may use is taken: nothing was kept."""

    def __init__(self) -> None:
        super().__init__("this mailbox is full", "delete something from it, or send under a new return code")


class DiskFailed(StoreError):
    """The disk did not take what was written: nothing of it counts as kept."""

    def __init__(self, what: str = "the disk did not take what was written") -> None:
        super().__init__(what, "check the disk and the server's log of its kernel")


class Busy(StoreError):
    """Another process held on for too long: try again."""

    def __init__(self, what: str = "the store is busy") -> None:
        super().__init__(what, "try again in a minute")


class Sweeping(Busy):
    """Another web machine that shares the store is sweeping it: nothing is left to do here."""

    def __init__(self) -> None:
        super().__init__("another web machine is sweeping")


class NotScrubbed(Busy):
    """What was to be deleted is deleted, but the log still holds traces of it: the next scrub cuts it."""

    def __init__(self) -> None:
        super().__init__("everything is deleted, but others keep the database busy: its log could not be cut")


class Closed(StoreError):
    """The store was used after it was closed."""

    def __init__(self) -> None:
        super().__init__("the store is closed")


class StoreUnusable(StoreError):
    """The folder or the database in it cannot be used as it is."""


class FutureDatabase(StoreUnusable):
    """A newer version of the program has changed the database."""


class FormKeysDamaged(StoreError):
    """The file of form keys cannot be read."""
