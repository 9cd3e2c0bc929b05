"""Which files are locked: a lock is on what is in a file, however often it was sent and in whatever case.

The same file sent twice is sealed twice, and has two hashes sealed, but one of its own.
"""

from collections.abc import Iterable

from desk.book.casefile import CaseFile
from payload import AttachedFile


def locked_contents(files: Iterable[CaseFile]) -> frozenset[bytes]:
    """Give the SHA-256 of each file that is locked in one of these cases, or with a whole case."""
    return frozenset(
        one.sha256
        for file in files
        if file.held_notes and file.work.locks
        for one in file.attachments
        if file.work.is_locked(one.sealed_sha256.hex())
    )


def is_locked(files: Iterable[CaseFile], file: CaseFile, one: AttachedFile) -> bool:
    """Tell whether a file of a case must not be shown, saved or passed on, by the locks of all ``files``."""
    sealed = one.sealed_sha256.hex()
    return file.work.is_locked(sealed) or one.sha256 in locked_contents(files)
