"""Whether a text gives away words that somebody has on paper."""

import re
from collections.abc import Collection


def gives_away(shown: str, words: Collection[str]) -> bool:
    """Say whether at least a quarter of these words stand in it.

    What a program says has listed words of its own, such as practice: some of those that were drawn may be
    among them by chance, but never so many.
    """
    said = set(re.findall("[a-z]+", shown.lower()))
    return 4 * len(said.intersection(words)) >= len(set(words))
