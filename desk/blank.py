"""Characters that show nothing: behind enough of them a file's ending, or a whole line, goes unseen."""

import re

# Characters that programs ignore when they do not know them (Default_Ignorable_Code_Point, Unicode 16), with
# the selectors of variants; then those that have a picture, an empty one.
_IGNORED = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_EMPTY = "\u2800\u303f\ufffc\U00013441\U00013442\U00016fe4\U0001d159"
_SPACE = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"

BLANK = re.compile(f"[{_IGNORED}{_EMPTY}]")
_SPACES = re.compile(f"[{_SPACE}]{{2,}}")


def is_blank(char: str) -> bool:
    """Tell whether a character, other than a space, shows nothing."""
    return BLANK.match(char) is not None


def one_space(text: str) -> str:
    """Give ``text`` with one space for each run of them, of whatever width."""
    return _SPACES.sub(" ", text)
