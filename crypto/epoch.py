"""Epochs: the UTC months by which the team's keys are made, used and destroyed."""

from dataclasses import dataclass
from datetime import date
from typing import Self


@dataclass(frozen=True, order=True, slots=True)
class Epoch:
    """One month, as a number YYYYMM from 000101 to 999912.

    :raises ValueError: no such month.
    """

    number: int

    def __post_init__(self) -> None:
        year, month = divmod(self.number, 100)
        if not (1 <= year <= 9999 and 1 <= month <= 12):
            raise ValueError("an epoch is a month, YYYYMM")

    @classmethod
    def of(cls, day: date) -> Self:
        """Give the month that a day lies in; the day must be of UTC."""
        return cls(day.year * 100 + day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what ``str()`` writes.

        :raises ValueError: anything but six ASCII digits that name a month.
        """
        if len(text) != 6 or not (text.isascii() and text.isdigit()):
            raise ValueError("an epoch is six digits, YYYYMM")
        return cls(int(text))

    def next(self) -> Self:
        """Give the month after this one."""
        year, month = divmod(self.number, 100)
        return type(self)(self.number + 1 if month < 12 else (year + 1) * 100 + 1)

    def clamp(self, oldest: Self, newest: Self) -> Self:
        """Give the month nearest to this one of those from oldest to newest.

        :raises ValueError: oldest is later than newest.
        """
        if oldest > newest:
            raise ValueError("the oldest epoch is later than the newest")
        return min(max(self, oldest), newest)

    def __str__(self) -> str:
        return f"{self.number:06d}"
