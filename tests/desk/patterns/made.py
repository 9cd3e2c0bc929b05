"""Facts and mentions for tests of patterns, made without a report."""

from datetime import date, timedelta

from desk.connections.mention import Kind, Mention
from desk.patterns import Facts

START = date(2026, 1, 5)  # a Monday


def day(week: int) -> date:
    """Give the Monday of a week, the first one 0."""
    return START + timedelta(weeks=week)


def fact(case: str, week: int = 0, **changed: object) -> Facts:
    """Give facts of a case of which nothing is known but when it came, with ``changed`` fields."""
    usual: dict[str, object] = {
        "case": case,
        "received_on": day(week),
        "danger": False,
        "kinds": (),
        "premises": (),
        "districts": (),
        "areas": (),
        "in_need": (),
        "suspects": (),
        "ports": (),
        "legs": (),
        "found": (),
    }
    return Facts(**{**usual, **changed})  # type: ignore[arg-type]  # a test changes any field


def mention(kind: Kind, value: str, **more: str) -> Mention:
    """Give a mention of the case "here"."""
    return Mention("here", kind, value, "report.what_happened", value, more)
