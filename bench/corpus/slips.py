"""How tired thumbs write: slips that a reader sees through."""

import random

NEAR = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo",
    "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "r": "et", "s": "ad",
    "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip
SOUNDS = (
    ("ph", "f"),
    ("ck", "k"),
    ("ie", "ei"),
    ("ll", "l"),
    ("ss", "s"),
    ("ea", "ee"),
    ("y", "ie"),
    ("tt", "t"),
)


def slip(rng: random.Random, word: str) -> str:
    """Misspell a word of five letters or more by one slip, never its first letter; leave a shorter one."""
    if len(word) < 5:
        return word
    at = rng.randrange(1, len(word) - 1)
    way = rng.random()
    if way < 0.25:
        return word[:at] + word[at + 1 :]
    if way < 0.5:
        return word[:at] + word[at] + word[at:]
    if way < 0.7 and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if way < 0.85:
        for sound, other in SOUNDS:
            if sound in word[1:]:
                return word[0] + word[1:].replace(sound, other, 1)
    return word[:at] + rng.choice(NEAR.get(word[at].lower(), word[at])) + word[at + 1 :]


def careless(rng: random.Random, text: str, much: float) -> str:
    """Write a sentence as somebody who is in a hurry, by so much (0 to 1): small letters, no stops."""
    if rng.random() < much:
        text = text.lower() if rng.random() < 0.8 else text.upper()
    if rng.random() < much:
        text = text.removesuffix(".")
    if rng.random() < much:
        text = text.replace("'", "").replace(" you ", " u ").replace(" are ", " r ")
    return text
