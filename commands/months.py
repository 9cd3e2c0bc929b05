"""How long the team's keys last: the operator is told 60, 30 and 7 days before they run out."""

import calendar
from datetime import date

from commands.output import counted, say_aside
from crypto.epoch import Epoch
from crypto.teamkeys import TeamKeys

# Fewer days than these are left: what to do about it.
STEPS = (
    (7, "do it now: at the desk `python -m desk keys make` and `renew`, then export, and import that here"),
    (30, "do it this week: at the desk `python -m desk keys make` and `renew`, then export, and import here"),
    (
        60,
        "plan a day for it: at the desk `python -m desk keys make` and `renew`, then export, and import here",
    ),
)


def warn_of_the_end(team: TeamKeys, today: date) -> None:
    """Say on standard error when the last month that has keys ends soon, or has ended."""
    last = last_day(team.newest)
    left = (last - today).days
    if left < 0:
        say_aside(
            f"the team's keys ended on {day_of(last)}; reports are still sealed, to the keys of that month",
            "at the desk `python -m desk keys make` and `renew`, then export, and import that here; until "
            "then let no desk destroy the keys of that month",
        )
        return
    for days, hint in STEPS:
        if left < days:
            when = f"in {counted(left, 'day', 'days')}" if left else "today"
            say_aside(f"the team's keys end {when}, on {day_of(last)}", hint)
            return


def last_day(month: Epoch) -> date:
    """Give a month's last day."""
    year, number = divmod(month.number, 100)
    return date(year, number, calendar.monthrange(year, number)[1])


def day_of(day: date) -> str:
    """Give a day as people write it."""
    return f"{day.day} {day:%B} {day.year}"
