"""What is wrong with the newsroom's files, said so that a journalist can mend it."""

# ruff: noqa: N818 - each name says what is the case; "Error" behind every one of them would add nothing

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one file.

    ``file`` is relative to the content folder; ``line`` counts from 1, None where no line is to blame;
    ``what`` says what is wrong and ``hint`` what to do, in lower case, without a full stop.
    """

    file: str
    line: int | None
    what: str
    hint: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.what}"


class PublishingError(Exception):
    """The root of what this room raises."""


class Broken(PublishingError):
    """The content cannot be published as it is: ``problems`` lists all that was found, in order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems, key=lambda p: (p.file, p.line or 0, p.what))
        super().__init__("; ".join(str(problem) for problem in self.problems))


class NotPublished(PublishingError):
    """There is no published site yet, or the file of it cannot be read."""


class NotWritten(PublishingError):
    """The published site could not be written; the one before is as it was. ``what`` and ``hint`` say why."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
