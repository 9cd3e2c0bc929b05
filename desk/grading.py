"""When to choose which grade of the 3x5x2 scheme: a line for each, in words that need no training."""

from collections.abc import Mapping
from types import MappingProxyType

from payload.changes import HANDLING, INFORMATION, SOURCES

SOURCE_WHEN: Mapping[int, str] = MappingProxyType({
    1: "you know who they are, and what they told you before was right, each time",
    2: "choose this, unless you know them and they were right before",
    3: "they were wrong before, or there is a reason to doubt them",
})  # fmt: skip
INFORMATION_WHEN: Mapping[str, str] = MappingProxyType({
    "A": "they saw it, heard it or lived it themselves",
    "B": "they were told of it, and something else that does not come from them says the same",
    "C": "they were told of it by somebody, and nothing else says so yet",
    "D": "it is not clear how they know",
    "E": "something shows that it may be false, or meant to harm somebody",
})  # fmt: skip
HANDLING_WHEN: Mapping[str, str] = MappingProxyType({
    "P": "the agency may share it with others, as the law lets it",
    "C": "the agency may share it only as your conditions say: write them below",
})  # fmt: skip


def sources() -> list[tuple[str, str]]:
    """Give the grades of a source as a form lists them: value and words."""
    return [(str(key), f"{key}: {words} - {SOURCE_WHEN[key]}") for key, words in SOURCES.items()]


def information() -> list[tuple[str, str]]:
    """Give the grades of information as a form lists them."""
    return [(key, f"{key}: {words} - {INFORMATION_WHEN[key]}") for key, words in INFORMATION.items()]


def handling() -> list[tuple[str, str]]:
    """Give the ways of handling as a form lists them."""
    return [(key, f"{key}: {words} - {HANDLING_WHEN[key]}") for key, words in HANDLING.items()]
