"""What cannot wait: somebody is in danger now, or there are children in it."""

from payload import Report

DANGER = "danger"
CHILDREN = "children"
UNDER_18 = frozenset({"0-9", "10-15", "16-17"})


def urgent(report: Report) -> tuple[str, ...]:
    """Give what of it holds for a report, by its answers: ``DANGER``, ``CHILDREN``, in that order."""
    answers = report.answers
    found = []
    if any(entry.get("now") == "yes" for entry in answers.entries("danger")):
        found.append(DANGER)
    kinds = [kind for entry in answers.entries("what") for kind in entry.get("kinds", ())]
    ages = [age for entry in answers.entries("in_need") for age in entry.get("ages", ())]
    ages += [str(entry.get("age", "")) for entry in answers.entries("people")]
    if "child" in kinds or UNDER_18.intersection(ages):
        found.append(CHILDREN)
    return tuple(found)
