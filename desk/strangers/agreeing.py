"""Where a file from a stranger would be opened under limits alone, somebody agrees to that first."""

from desk.errors import DeskError
from desk.strangers.isolation import Isolation, isolation

WITHOUT = "bubblewrap is missing here, or not permitted: a file would be opened under limits alone"
COULD = "what opens it could read your files and use a network"


def needs_agreement() -> bool:
    """Tell whether this machine has nothing but limits for a file from a stranger."""
    return isolation() is Isolation.LIMITS


def check_agreed(*, agreed: bool, how: str) -> None:
    """Stop before a file is opened under limits alone; ``how`` says how to agree to it.

    :raises DeskError: nobody agreed to it.
    """
    if needs_agreement() and not agreed:
        raise DeskError(f"{WITHOUT}, and {COULD}", f"open it on a desk that has bubblewrap, or {how}")
