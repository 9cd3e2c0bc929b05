"""The vectors of words on paper: identities and recovery secrets as people type them, whole and in shares."""

from typing import Any

from crypto.paper import words_of
from crypto.secret import Secret
from tests.vectors.build import fixed_bytes

ABOUT = (
    "Words on paper. bases[base] is base64 of what was typed, in UTF-8; shares stand one on a line. as is "
    "'words' or 'shares'. outcome is 'opens' (and secret, in hex) or an error and its reason; then count is "
    "how many words were typed, and wrong the places, from 1, of those that are not in the list."
)
SECRET = fixed_bytes("a secret on paper")
WORDS = words_of(Secret(SECRET))
TYPED = " ".join(WORDS)
# Cut once, 2 of 3; the third is left out.
SHARES: tuple[str, str] = (
    (
        "voter pregnant academic acid acquire magazine careful nail slavery axle corner gross evening "
        "spew vitamins reject employer literary chemical payment spend meaning username length parcel "
        "domain daughter alien jump weapon envy flavor superior"
    ),
    (
        "voter pregnant academic agency artwork thorn story webcam fantasy orbit axis debut paces arena "
        "fake cubic salary yelp prize warmth climate argue involve staff starting recall wrote amazing "
        "grumpy scene jury sprinkle cover"
    ),
)
OTHER = (
    "scout manual academic agency august criminal dough smug deal dryer unusual pregnant reward "
    "promise voter gravity fiber album omit traffic dish dish faint counter orange stilt shaped "
    "simple game email clay paper traveler"
)

TOGETHER = "BadWords: the words do not belong together: one is wrong, or two changed places"
UNLIKE = "BadWords: these shares do not belong together"

Case = tuple[str, str, int, list[int]]

GOOD_WORDS: dict[str, tuple[str, str]] = {
    "a secret of zeros": ("abandon " * 23 + "art", "00" * 32),
    "a secret of ones": ("zoo " * 23 + "vote", "ff" * 32),
    "as it is shown": (TYPED, SECRET.hex()),
    "first four letters, capitals": (" ".join(word[:4].upper() for word in WORDS), SECRET.hex()),
    "numbered lines": ("\n".join(f"{at}. {word}" for at, word in enumerate(WORDS, 1)), SECRET.hex()),
}
BAD_WORDS: dict[str, Case] = {
    "nothing": ("", "BadWords: these are 0 words, not 24", 0, []),
    "a word too few": (" ".join(WORDS[1:]), "BadWords: these are 23 words, not 24", 23, []),
    "a word too many": (TYPED + " zoo", "BadWords: these are 25 words, not 24", 25, []),
    "two words in no list": (
        " ".join(["xyzzy", *WORDS[1:23], "qqqq"]),
        "BadWords: 2 of 24 words are not in the list",
        24,
        [1, 24],
    ),
    "a wrong listed word": ("abandon " * 24, TOGETHER, 24, []),
    "two words changed places": (" ".join([WORDS[1], WORDS[0], *WORDS[2:]]), TOGETHER, 24, []),
    "longer than any": (TYPED.ljust(4097), "BadWords: this is longer than any such words", 0, []),
}
GOOD_SHARES = {
    "two shares of three": ("\n".join(SHARES), SECRET.hex()),
    "in the other order, one twice": ("\n".join([SHARES[1], SHARES[0], SHARES[1]]), SECRET.hex()),
}
BAD_SHARES: dict[str, Case] = {
    "one share of two": (SHARES[0], "TooFewShares: 1 more share is needed", 0, []),
    "one share twice": ("\n".join([SHARES[0]] * 2), "TooFewShares: 1 more share is needed", 0, []),
    "a share of another split": ("\n".join([SHARES[0], OTHER]), UNLIKE, 0, []),
    "a share without its last word": (
        SHARES[0].rpartition(" ")[0],
        "BadWords: these are 32 words, not 33",
        32,
        [],
    ),
    "a share with a word in no list": (
        "xyzzy" + SHARES[0][SHARES[0].index(" ") :],
        "BadWords: 1 of 33 words are not in the list",
        33,
        [1],
    ),
    "a share with a wrong word": (SHARES[0].rpartition(" ")[0] + " academic", TOGETHER, 33, []),
}

BASES = {
    name: typed[0].encode()
    for some in (GOOD_WORDS, BAD_WORDS, GOOD_SHARES, BAD_SHARES)
    for name, typed in some.items()
}


def found() -> list[dict[str, Any]]:
    """Give the vectors."""
    vectors: list[dict[str, Any]] = []
    for kind, good, bad in (("words", GOOD_WORDS, BAD_WORDS), ("shares", GOOD_SHARES, BAD_SHARES)):
        for name, (_, secret) in good.items():
            vectors.append(_entry(name, kind) | {"outcome": "opens", "secret": secret})
        for name, (_, outcome, count, wrong) in bad.items():
            vectors.append(_entry(name, kind) | {"outcome": outcome, "count": count, "wrong": wrong})
    return vectors


def _entry(name: str, kind: str) -> dict[str, Any]:
    return {"name": name, "base": name, "changes": [], "as": kind}
