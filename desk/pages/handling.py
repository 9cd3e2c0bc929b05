"""The one form by which a case is handled: owner, status, tags, grading. What differs is noted."""

from desk.pages.changing import Typed, change_of
from payload.changes import Change, Owner, Status

GRADING = ("source", "information", "handling", "conditions")


def changes_of(typed: Typed) -> list[Change]:
    """Give a change for each part of the form that says something else than what it said when it was shown.

    :raises DeskError: a grading is begun and not complete.
    :raises BadPayload: a field is too long, or holds what no form of ours sends.
    """
    found: list[Change] = []
    if _differs(typed, "owner"):
        found.append(Owner(typed["owner"].strip()))
    if _differs(typed, "status"):
        found.append(Status(typed["status"]))
    if typed.get("add", "").strip(" ,\n") or typed.getlist("remove"):
        found.append(_of(typed, "tags"))
    if any(_differs(typed, name) for name in GRADING):
        found.append(_of(typed, "grade"))
    return found


def _differs(typed: Typed, name: str) -> bool:
    return name in typed and typed[name].strip() != typed.get(f"was-{name}", "").strip()


def _of(typed: Typed, what: str) -> Change:
    form = typed.copy()
    form["what"] = what
    return change_of(form)
