"""A later yes: what a source wrote in a follow-up, by which they agreed to what their report did not."""

from dataclasses import dataclass
from datetime import date

from desk.errors import DeskError

MOST_QUOTED = 1_000  # characters
PEOPLE = 2


@dataclass(frozen=True, slots=True, repr=False)
class Agreed:
    """A later yes: the day of the follow-up, the words in it, the agencies that they agreed to, and the two
    people who read it so.
    """

    received_on: date
    quote: str
    agencies: str
    people: tuple[str, ...]

    @property
    def noted(self) -> str:
        """Give it for the case's notes."""
        people = " and ".join(self.people)
        return (
            f"They agreed later: on {self.received_on} the source wrote “{self.quote}”. "
            f"Agreed to: {self.agencies}. Read so by {people}."
        )


def agreed(follow_up: tuple[date, str], quote: str, agencies: str, people: tuple[str, ...]) -> Agreed:
    """Give a later yes, by the day and the text of the follow-up that it stands in.

    :raises DeskError: the words do not stand there, or something is missing.
    """
    received_on, text = follow_up
    said = " ".join(quote.split())
    who = tuple(dict.fromkeys(name for one in people if (name := " ".join(one.split()))))
    if not said or said.casefold() not in " ".join(text.split()).casefold():
        raise DeskError(
            "the words of the later yes do not stand in what was added",
            "copy them out of it, letter by letter",
        )
    if len(said) > MOST_QUOTED:
        raise DeskError(
            f"the words of the later yes have more than {MOST_QUOTED:,} characters", "copy the yes alone"
        )
    if not agencies.strip():
        raise DeskError("it is not said to whom they agreed later", "write the agencies as the source did")
    if len({name.casefold() for name in who}) < PEOPLE:
        raise DeskError(
            "a later yes must be read by two people", "write the names of both: you and somebody else"
        )
    return Agreed(received_on, said, " ".join(agencies.split()), who)
