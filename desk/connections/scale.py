"""One scale for how sure a link is, on every page: hundredths, and what they mean in words."""

SURE, LIKELY = 0.9, 0.75  # scores from which a link is so called


def sure(score: float) -> str:
    """Say a score from 0 to 1: "98 of 100, almost sure"."""
    return f"{round(score * 100)} of 100, {word(score)}"


def word(score: float) -> str:
    """Say in a word or two how sure a score is."""
    return "almost sure" if score >= SURE else "likely" if score >= LIKELY else "a guess"
