"""Whether the words in which a source said who may get it name an agency, or rule one out.

A program's reading of a few words: where it does not find the name, a person must say why it is the same.
"""

import re
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE = re.compile(r"[.;!?\n]+")
_PART = re.compile(r"[:,]")
_NO = """
not no never nor neither except excluding without than apart avoid nobody cannot cant dont wont mustnt isnt
shouldnt unless
"""
# Words that many agencies have in their names, or that name none.
_OFTEN = """
the a an and of for or in on it is to helpline line service national referral support uk england scotland
scotlands wales northern ireland
"""
_NOT, _COMMON = frozenset(_NO.split()), frozenset(_OFTEN.split())
_FUZZY = 5  # letters from which on one may be wrong
_JOINED = 6  # letters of a name that is found written in several words, or in one


def names(words: str, agency: Sequence[str]) -> bool:
    """Tell whether the words name an agency, by one of its names, and do not rule it out there."""
    return any(_is_in(said, agency) for said, ruled_out in _said(words) if not ruled_out)


def rules_out(words: str, agency: Sequence[str]) -> bool:
    """Tell whether an agency's name stands among what the words rule out."""
    return any(_is_in(said, agency) for said, ruled_out in _said(words) if ruled_out)


def _said(words: str) -> Iterator[tuple[list[str], bool]]:
    """Give the words in runs, each with whether it rules out: "police, not the council" has two."""
    for sentence in _SENTENCE.split(words):
        run: list[str] = []
        ruled_out = False
        for word in _words(sentence):
            if word not in _NOT and word not in ("but", "only"):
                run.append(word)
                continue
            yield run, ruled_out
            # "Anyone but them" rules them out; "not them, but the others" does not rule out the others.
            ruled_out = not ruled_out if word == "but" else word in _NOT
            run = []
        yield run, ruled_out


def _is_in(said: Sequence[str], agency: Sequence[str]) -> bool:
    # An id of one word is what people call it, such as nspcc; one of several is ours.
    called = [name for name in agency if "-" not in name or " " in name]
    return any(_part_is_in(said, part) for name in called for part in _PART.split(name))


def _part_is_in(said: Sequence[str], part: str) -> bool:
    all_ = _words(part)
    if not all_ or all_[0] == "when":
        return False
    own = [word for word in all_ if word not in _COMMON] or [word for word in all_ if word != "the"]
    found = sum(any(_is_same(word, other) for other in said) for word in own)
    joined = "".join(own)
    return 2 * found > len(own) or (len(joined) >= _JOINED and joined in "".join(said))


def _is_same(one: str, other: str) -> bool:
    return one == other or (len(one) >= _FUZZY and OSA.distance(one, other, score_cutoff=1) <= 1)


def _words(text: str) -> list[str]:
    return [match[0].replace("'", "").replace("’", "") for match in _WORD.finditer(text.casefold())]
