"""The vectors of return codes: what people type, and which code it is or what is wrong with it."""

from hashlib import sha256
from typing import Any

from crypto.mailbox import Mailbox
from crypto.returncode import root
from crypto.secret import ReturnCode
from tests.vectors.build import fixed_bytes

ABOUT = (
    "Return codes. bases[base] is base64 of what a person typed, in UTF-8. outcome is 'opens' (then "
    "entropy is the code's, and what comes of it follows: root, mailbox's public key, ids of the source's"
    " rows, reply key and ids of the replies of the desk that signs with desk; of keys and ids the "
    "SHA-256, of ids all 128 or 32 together) or an error and its reason; then count is how many words "
    "were typed, and wrong the places, from 1, of those that are not listed, with a listed word that must"
    " be among those offered, if any."
)
DESK = fixed_bytes("a desk's signing key")

WORDS = "BadReturnCode: a return code has twelve words"
LISTED = "BadReturnCode: a word is not in the list"
TOGETHER = "BadReturnCode: the words do not belong together"

# From the vectors of BIP39 itself.
ZEROS = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"
SEVENS = "legal winner thank year wave sausage worth useful legal winner thank yellow"
EIGHTS = "letter advice cage absurd amount doctor acoustic avoid letter advice cage above"
ONES = "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong"
OZONE = "ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic"
OZONE_CODE = "9e885d952ad362caeb4efe34a8e91bd2"

LIST = OZONE.split(" ")
GOOD = {
    "all zeros": (ZEROS, "00" * 16),
    "0x7f": (SEVENS, "7f" * 16),
    "0x80": (EIGHTS, "80" * 16),
    "all ones": (ONES, "ff" * 16),
    "as it is shown": (OZONE, OZONE_CODE),
    "first four letters": (" ".join(word[:4] for word in LIST), OZONE_CODE),
    "first five letters": (" ".join(word[:5] for word in LIST), OZONE_CODE),
    "capitals": (OZONE.upper(), OZONE_CODE),
    "capitalised by a telephone": (OZONE.title(), OZONE_CODE),
    "spaces and tabs": ("\t " + OZONE.replace(" ", "   \t") + "  ", OZONE_CODE),
    "no-break spaces": (OZONE.replace(" ", "\u00a0"), OZONE_CODE),
    "one on each line": (OZONE.replace(" ", "\r\n") + "\r\n", OZONE_CODE),
    "commas": (OZONE.replace(" ", ", ") + ".", OZONE_CODE),
    "commas without spaces": (OZONE.replace(" ", ","), OZONE_CODE),
    "hyphens": (OZONE.replace(" ", "-"), OZONE_CODE),
    "dashes": (OZONE.replace(" ", " \u2013 "), OZONE_CODE),
    "low lines": (OZONE.replace(" ", "_"), OZONE_CODE),
    "in quotation marks": ("\u201c" + OZONE + "\u201d", OZONE_CODE),
    "each in inverted commas": (" ".join(f"'{word}'" for word in LIST), OZONE_CODE),
    "bullets": ("\n".join(f"\u2022 {word}" for word in LIST), OZONE_CODE),
    "numbered": ("\n".join(f"{at}. {word}" for at, word in enumerate(LIST, 1)), OZONE_CODE),
    "numbered with brackets": (" ".join(f"({at}) {word}" for at, word in enumerate(LIST, 1)), OZONE_CODE),
    "numbers with a nought": (" ".join(f"{at:02}: {word}" for at, word in enumerate(LIST, 1)), OZONE_CODE),
    "numbers that stick": (" ".join(f"{at}{word}" for at, word in enumerate(LIST, 1)), OZONE_CODE),
    "wide letters": ("".join(chr(ord(c) + 0xFEE0) if c != " " else c for c in OZONE), OZONE_CODE),
    "soft hyphens": (OZONE.replace("rt", "r\u00adt"), OZONE_CODE),
    "a byte order mark": ("\ufeff" + OZONE, OZONE_CODE),
    "an accent": (OZONE.replace("drill", "dr\u00edll"), OZONE_CODE),
}

BAD: dict[str, tuple[str, str, int, dict[int, str]]] = {
    "nothing": ("", WORDS, 0, {}),
    "numbers alone": ("1. 2. 3.", WORDS, 0, {}),
    "eleven words": (" ".join(LIST[1:]), WORDS, 11, {}),
    "thirteen words": (OZONE + " picnic", WORDS, 13, {}),
    "eleven words, one misspelt": (" ".join(["ozon", "dril", "grabb", *LIST[4:]]), WORDS, 11, {3: "grab"}),
    "nineteen words, none named": ("ozzone " * 19, WORDS, 19, {}),
    "1025 characters": (OZONE.ljust(1025), WORDS, 19, {}),
    "a wrong letter": (OZONE.replace("ozone", "ozome"), LISTED, 12, {1: "ozone"}),
    "a missing letter": (OZONE.replace("curtain", "curain"), LISTED, 12, {5: "curtain"}),
    "a letter more": (OZONE.replace("grace", "graace"), LISTED, 12, {6: "grace"}),
    "two letters swapped": (OZONE.replace("picnic", "pincic"), LISTED, 12, {12: "picnic"}),
    "four letters, one wrong": (OZONE.replace("curtain", "cuft"), LISTED, 12, {5: "curtain"}),
    "two words wrong": (" ".join([*LIST[:10], "eigth", "pixnic"]), LISTED, 12, {11: "eight", 12: "picnic"}),
    "two words run together": (OZONE.replace("elder eight", "eldereight"), WORDS, 11, {10: "elder eight"}),
    "three letters of a long word": (OZONE.replace("curtain", "cur"), LISTED, 12, {5: "curtain"}),
    "a nought for an o": (OZONE.replace("ozone", "oz0ne"), LISTED, 12, {1: "ozone"}),
    "another language": (OZONE.replace("ozone", "озон"), LISTED, 12, {1: ""}),
    "a very long word": (OZONE.replace("ozone", "o" * 900), LISTED, 12, {1: ""}),
    "letters after the word": (OZONE.replace("drill", "drillx"), LISTED, 12, {2: "drill"}),
    "a wrong listed word": (OZONE.replace("grab", "grace"), TOGETHER, 12, {}),
    "two words changed places": (OZONE.replace("ozone drill", "drill ozone"), TOGETHER, 12, {}),
    "twelve times the first word": ("abandon " * 12, TOGETHER, 12, {}),
}  # fmt: skip

BASES = {
    **{name: typed.encode() for name, (typed, _) in GOOD.items()},
    **{name: bad[0].encode() for name, bad in BAD.items()},
}


def derived(entropy: str) -> dict[str, str]:
    """Give what comes of a code."""
    from_code = root(ReturnCode(bytes.fromhex(entropy)))
    mailbox = Mailbox(from_code)
    return {
        "entropy": entropy,
        "root": from_code.reveal().hex(),
        "public_sha256": sha256(mailbox.public).hexdigest(),
        "own_ids_sha256": sha256(b"".join(mailbox.own_ids)).hexdigest(),
        "reply_key": mailbox.reply_key.reveal().hex(),
        "reply_ids_sha256": sha256(b"".join(mailbox.reply_ids(DESK))).hexdigest(),
    }


def found() -> list[dict[str, Any]]:
    """Give the vectors."""
    good = [
        {"name": name, "base": name, "changes": [], "outcome": "opens", **derived(entropy)}
        for name, (_, entropy) in GOOD.items()
    ]
    bad = [
        {"name": name, "base": name, "changes": [], "outcome": outcome, "count": count}
        | {"wrong": [[place, word] for place, word in wrong.items()]}
        for name, (_, outcome, count, wrong) in BAD.items()
    ]
    return good + bad
