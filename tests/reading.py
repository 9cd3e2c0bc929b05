"""How hard a text is to read: the Flesch-Kincaid grade, as an age.

Kincaid, Fishburne, Rogers and Chissom, "Derivation of New Readability Formulas for Navy Enlisted Personnel",
Research Branch Report 8-75 (1975):

    grade = 0.39 * words / sentences + 11.8 * syllables / words - 15.59

A pupil of a US grade is that grade plus five years old when its year begins, so grade 6 is age 11 to 12.
"""

import re
from collections.abc import Iterable

from pyphen import Pyphen

YEARS_BEFORE_SCHOOL = 5

# An apostrophe or a hyphen joins; a figure is a word.
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# A sentence ends with its mark, outside a number or an address, or with its string.
END = re.compile(r"(?:(?<=[.?!…])|(?<=[.?!…][”)]))(?:\s+|$)")

VOWELS = re.compile(r"[aeiouy]+")
SILENT = re.compile(r"(?:[^aeiouyl]|[aeiouy]l)e$|[^aeiouy]es$|[^aeiouytd]ed$")
HISSING = re.compile(r"(?:[sxz]|[cs]h|[cg]e|se|ze)s$")
SPLITS = Pyphen(lang="en_US")


def syllables(word: str) -> int:
    """Count a word's syllables, rather one too many than one too few.

    Hyphenation knows that "violence" has three, but never splits off one letter ("a-bout"); groups of
    vowels know that one, and not the other. The higher count is taken.
    """
    return sum(map(_syllables, re.split(r"['’-]", word.lower())))


def _syllables(word: str) -> int:
    groups = len(VOWELS.findall(word))
    if groups > 1 and SILENT.search(word) and not HISSING.search(word):
        groups -= 1
    return max(groups, len(SPLITS.positions(word)) + 1)


def words(text: str) -> list[str]:
    """Give the words of a text."""
    return WORD.findall(text)


def sentences(text: str) -> list[str]:
    """Give the sentences of a text; a label or a heading is one, though no full stop ends it."""
    return [piece for piece in END.split(text) if words(piece)]


def grade(texts: Iterable[str]) -> float:
    """Give the Flesch-Kincaid grade of texts, read one after another."""
    said = [sentence for text in texts for sentence in sentences(text)]
    each = [word for sentence in said for word in words(sentence)]
    return 0.39 * len(each) / len(said) + 11.8 * sum(map(syllables, each)) / len(each) - 15.59


def age(texts: Iterable[str]) -> float:
    """Give the age, in years, of who can read texts with ease."""
    return grade(texts) + YEARS_BEFORE_SCHOOL
