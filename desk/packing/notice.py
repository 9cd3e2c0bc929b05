"""What every referral says of itself: what it is, that nobody is to look for its source, and its grade."""

from payload.changes import HANDLING, INFORMATION, SOURCES, Grade

TITLE = "Information passed on by a newsroom"
WHAT = (
    "This is what somebody told a newsroom, in their own words. The newsroom has not proved it. "
    "Where it says [left out], something was taken out to protect somebody; whole answers may be missing too."
)
SOURCE = (
    "You are not told who the source is. Do not try to find out, and do not ask others to. "
    "They could be hurt if it became known."
)
NO_DUTY = (
    "Neither the newsroom nor the source takes on any duty by this, such as to say more or to be a witness. "
    "The newsroom may have no way to reach the source."
)
ANSWER = "Questions and answers go to: {}"
NOBODY_NAMED = "whoever handed you this"
COPIES = "Files are copies that were made anew, without what was hidden in them, unless it says otherwise."


def notice(answer_to: str) -> tuple[str, ...]:
    """Give the paragraphs that every referral begins with."""
    return WHAT, SOURCE, NO_DUTY, ANSWER.format(answer_to.strip() or NOBODY_NAMED)


def grading(grade: Grade) -> tuple[tuple[str, str], ...]:
    """Give the grading of the UK police's 3x5x2 scheme in words, row by row."""
    rows = [
        ("Grade (3x5x2)", grade.code),
        ("Source", f"{grade.source}: {SOURCES[grade.source]}"),
        ("Information", f"{grade.information}: {INFORMATION[grade.information]}"),
        ("Handling", f"{grade.handling}: {HANDLING[grade.handling]}"),
    ]
    if grade.conditions.strip():
        rows.append(("Conditions", grade.conditions.strip()))
    return tuple(rows)
