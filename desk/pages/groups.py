"""Cases that say nearly the same in nearly the same words, found in the background once the book is open."""

import threading
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from desk.book import Book, CaseFile
from desk.book.alike import same_words

Groups = Mapping[str, tuple[str, ...]]  # by a case's name: the names of its group, its own among them


class Alike:
    """Knows the groups of the book as it was a moment ago."""

    def __init__(self) -> None:
        self.groups: Groups = MappingProxyType({})
        self._turn = 0
        self._thread: threading.Thread | None = None

    def renew(self, book: Book) -> None:
        """Look again, in a thread: cases have come in."""
        self._turn += 1
        self._thread = threading.Thread(target=self._look, args=(book, self._turn), daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait until it has looked; ``seconds`` at most."""
        if self._thread is not None:
            self._thread.join(seconds)

    def forget(self) -> None:
        """Know nothing any more."""
        self._turn += 1
        self.groups = MappingProxyType({})

    def _look(self, book: Book, turn: int) -> None:
        found: dict[str, tuple[str, ...]] = {}
        for group in same_words(book.files()):
            names = tuple(file.name for file in group)
            found.update(dict.fromkeys(names, names))
        if turn == self._turn:
            self.groups = MappingProxyType(found)


def collapsed(files: Sequence[CaseFile], groups: Groups) -> list[CaseFile]:
    """Give the first case of each group, and all that are in none."""
    if not groups:
        return list(files)
    shown: list[CaseFile] = []
    told: set[tuple[str, ...]] = set()
    for file in files:
        group = groups.get(file.name)
        if group is None:
            shown.append(file)
        elif group not in told:
            told.add(group)
            shown.append(file)
    return shown


def others(rows: Sequence[CaseFile], groups: Groups, there: Sequence[CaseFile]) -> list[int]:
    """Count for each of ``rows`` the other cases of its group that are ``there`` too."""
    if not any(file.name in groups for file in rows):
        return [0] * len(rows)
    names = {file.name for file in there}
    return [sum(name in names for name in groups.get(file.name, ()) if name != file.name) for file in rows]
