"""Telephone numbers, bank accounts and wallets, as people copy them down."""

import hashlib
import random

from .facts import Clarity, Fact, Verdict, apart, fits

AREAS = (
    "0113", "0114", "0115", "0116", "0117", "0121", "0151", "0161", "01482", "01522", "01274", "01904",
    "020",
)  # fmt: skip
# Numbers of agencies, which many reports quote: no two of these reports are about one thing for that.
AGENCIES = (
    "101", "999", "0800 555 111", "08000 121 700", "0300 123 2040", "0800 1111", "0808 800 5000",
    "0800 432 0804", "+44 800 0121700", "0800555111", "08000121700", "116 000",
)  # fmt: skip
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def telephone(rng: random.Random) -> str:
    """Draw a number as digits, 0 first: mostly a mobile one."""
    if rng.random() < 0.85:
        return f"07{rng.choice('34578')}{rng.randrange(10**8):08}"
    area = rng.choice(AREAS)
    return area + str(rng.randrange(2, 9)) + "".join(rng.choices("0123456789", k=10 - len(area)))


def near_number(rng: random.Random, other: str) -> str:
    """Give another number that differs in one digit, not among the first five."""
    at = rng.randrange(5, len(other))
    return other[:at] + rng.choice([one for one in "0123456789" if one != other[at]]) + other[at + 1 :]


def telephone_told(rng: random.Random, thing: int, whole: str) -> Fact:
    """Tell a telephone number."""
    rest, cut = whole[1:], 5 if whole.startswith("07") else 4 if whole.startswith("011") else 5
    way = rng.random()
    norm, clarity = whole, Clarity.WHOLE
    if way < 0.30:
        text = whole
    elif way < 0.52:
        text = (
            f"{whole[:cut]} {whole[cut:8]} {whole[8:]}"
            if rng.random() < 0.5
            else f"{whole[:cut]} {whole[cut:]}"
        )
    elif way < 0.72:
        text = rng.choice(
            (
                f"+44{rest}",
                f"+44 {rest[:4]} {rest[4:]}",
                f"+44 (0){rest}",
                f"0044{rest}",
                f"+44 (0) {rest[:4]} {rest[4:7]} {rest[7:]}",
                f"44{rest}",
            )
        )
    elif way < 0.80:
        text = (
            f"{whole[:cut]}-{whole[cut:8]}-{whole[8:]}"
            if rng.random() < 0.5
            else f"({whole[:cut]}) {whole[cut:]}"
        )
    elif way < 0.86:
        text = whole.replace("0", "O") if rng.random() < 0.5 else "O" + whole[1:]
    elif way < 0.90:
        text = " ".join(whole[at : at + 2] for at in range(0, len(whole), 2))
    elif way < 0.95:
        at = rng.randrange(6, len(whole))
        norm = text = whole[:at] + "?" + whole[at + 1 :]
        clarity = Clarity.PART
    else:
        text, norm, clarity = f"ends {whole[-4:]}", "?" * (len(whole) - 4) + whole[-4:], Clarity.HINT
    return Fact("telephone", thing, text, norm, clarity)


def account(rng: random.Random) -> str:
    """Draw a sort code and an account number, 14 digits."""
    bank = rng.choice(("20", "30", "40", "60", "09", "07", "04", "23"))
    return f"{bank}{rng.randrange(10**4):04}{rng.randrange(10**7, 10**8)}"


def account_told(rng: random.Random, thing: int, whole: str) -> Fact:
    """Tell a bank account."""
    sort, number = whole[:6], whole[6:]
    dashed, spaced = "-".join((sort[:2], sort[2:4], sort[4:])), " ".join((sort[:2], sort[2:4], sort[4:]))
    way = rng.random()
    norm, clarity = whole, Clarity.WHOLE
    if way < 0.84:
        text = rng.choice(
            (f"{dashed} {number}", f"{sort} {number}", f"sort code {dashed} account {number}",
             f"sc {spaced} acc {number}", f"acc no {number}, sort code {sort}", f"{dashed} / {number}",
             f"{spaced} {number[:4]} {number[4:]}", f"a/c {number} s/c {dashed}",
             f"sort: {dashed} acct: {number}")
        )  # fmt: skip
    elif way < 0.94:
        text, norm, clarity = f"account number {number}", "?" * 6 + number, Clarity.PART
    else:
        text, norm, clarity = f"account ending {number[-4:]}", "?" * 10 + number[-4:], Clarity.HINT
    return Fact("account", thing, text, norm, clarity)


def wallet(rng: random.Random) -> str:
    """Draw an address of Bitcoin, Ethereum or Tron with a right checksum, where its kind has one."""
    way = rng.random()
    if way < 0.4:
        return _bech32(rng)
    if way < 0.7:
        return "0x" + f"{rng.getrandbits(160):040x}"
    return _base58(rng, rng.choice((b"\x00", b"\x05", b"\x41")))


def wallet_told(rng: random.Random, thing: int, whole: str) -> Fact:
    """Tell a wallet."""
    way = rng.random()
    if way < 0.72:
        return Fact(
            "wallet", thing, whole.upper() if way < 0.06 and whole.startswith("bc1") else whole, whole
        )
    if way < 0.78:
        at = len(whole) // 2
        return Fact("wallet", thing, f"{whole[:at]} {whole[at:]}", whole)
    middle = len(whole) - 12
    if way < 0.90:
        text = rng.choice(
            (
                f"{whole[:8]}...{whole[-4:]}",
                f"{whole[:8]}…{whole[-4:]}",
                f"starts {whole[:8]} ends {whole[-4:]}",
            )
        )
        return Fact("wallet", thing, text, whole[:8] + "?" * middle + whole[-4:], Clarity.WHOLE)
    return Fact("wallet", thing, f"begins {whole[:6]}", whole[:6] + "?" * (len(whole) - 6), Clarity.HINT)


def judged(one: Fact, other: Fact) -> Verdict:
    """Say what a reader says of two numbers of one kind."""
    if one.thing != other.thing:
        return Verdict.UNSURE if fits(one.norm, other.norm) else Verdict.DIFFERENT
    least = min(one.clarity, other.clarity)
    if least is Clarity.HINT:
        return Verdict.UNSURE
    # Two unseen digits in different places leave a hundred numbers; eight digits of an account leave few.
    both = one.clarity is Clarity.PART and other.clarity is Clarity.PART and one.kind == "telephone"
    return (
        Verdict.UNSURE
        if both and apart(one.norm, other.norm) == 0 and one.norm != other.norm
        else Verdict.SAME
    )


def _base58(rng: random.Random, version: bytes) -> str:
    body = version + rng.randbytes(20)
    body += hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
    value, text = int.from_bytes(body, "big"), ""
    while value:
        value, digit = divmod(value, 58)
        text = _BASE58[digit] + text
    return "1" * (len(body) - len(body.lstrip(b"\0"))) + text


def _bech32(rng: random.Random) -> str:
    values = [0, *(rng.randrange(32) for _ in range(32))]
    check = _polymod([3, 3, 0, 2, 3, *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [(check >> 5 * (5 - place)) & 31 for place in range(6)]
    return "bc1" + "".join(_BECH32[value] for value in values)


def _polymod(values: list[int]) -> int:
    generators = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(generators):
            check ^= generator if (top >> place) & 1 else 0
    return check
