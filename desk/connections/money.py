"""Bank accounts and crypto wallets.

A British account is written as its sort code and number, "123456-12345678"; a British IBAN says the same and
is read as such. Of a wallet that somebody shortened ("bc1q4…xyz9") both ends are kept.
"""

import hashlib
import re
from collections.abc import Iterator

from desk.connections.mention import Hit, Kind
from desk.connections.pieces import Piece

# A sign that tells comes first, what may not stand before it after: so it is looked for at few places.
_SORT_GOES_ON = r"[ \u00a0\-\u2010-\u2015./]{0,3}(\d{2})[ \u00a0\-\u2010-\u2015./]{0,3}(\d{2})"
_SORT = rf"(\d(?<![\w\-+].)\d){_SORT_GOES_ON}"
_NUMBER = (
    r"(\d{8}|\d{4}[ -]\d{4}|\d{2} \d{2} \d{2} \d{2}|\d{2} \d{3} \d{3}|\d{3} \d{3} \d{2}|\d{7})(?![\w])(?!-\d)"
)
_FILLER = r"[^\d\n]{0,40}?\n?[^\d\n]{0,24}?"
_BOTH = re.compile(rf"{_SORT}(?P<between>{_FILLER}){_NUMBER}")
_TURNED = re.compile(
    rf"(?<![\w\-+]){_NUMBER}(?P<between>[^\d\n]{{0,12}}\b(?:sort|s/c|sc)"
    rf"\b[^\d\n]{{0,14}})(\d{{2}}){_SORT_GOES_ON}(?![\w])",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\b(?:acc(?:ount|t|nt)?s?|a/c|ac)\b\.?[^\d\n]{0,24}?(\d{8}|\d{4}[ -]\d{4})(?![\w])(?![ -]\d)",
    re.IGNORECASE,
)
_SAYS_BANK = re.compile(
    r"\b(?:sort|s/c|sc|acc(?:ount|t|nt)?s?|a/c|bank\w*|barclays|hsbc|lloyds|natwest|santander|monzo|starling|halifax"
    r"|nationwide|tsb|revolut|transfer\w*|paid|pay|payee|bacs)\b",
    re.IGNORECASE,
)
_IBAN = re.compile(
    r"(?<![\w])([A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?)(?![\w])", re.IGNORECASE
)
_IBAN_LONG = {
    "AL": 28, "AD": 24, "AT": 20, "BE": 16, "BG": 22, "HR": 21, "CY": 28, "CZ": 24, "DK": 18, "EE": 20,
    "FI": 18,
    "FR": 27, "DE": 22, "GB": 22, "GR": 27, "HU": 28, "IE": 22, "IT": 27, "LV": 21, "LT": 20, "LU": 20,
    "MT": 31,
    "MD": 24, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SK": 24, "SI": 19, "ES": 24,
    "SE": 24,
    "CH": 21, "TR": 26, "UA": 29, "AE": 23, "PK": 24, "XK": 20, "MK": 19, "GI": 23, "IL": 23, "SA": 24,
    "GE": 22,
}  # fmt: skip
_BRITISH = re.compile(r"GB\d{2}[A-Z]{4}(\d{6})(\d{8})")

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_WALLET = re.compile(
    r"(?<![\w])(?:0x[0-9a-f]{38,42}|(?i:(?:bc1|ltc1|tb1)[qpzry9x8gf2tvdw0s3jn54khce6mua7lbio1]{20,87})"
    r"|[13LMDTr4X][1-9A-Za-z0OIl]{25,34}|[48][1-9A-Za-z]{94})(?![\w])",
)
_ETHEREUM = re.compile(r"0(?<!\w.)[xX][0-9a-fA-F]{38,42}(?!\w)")
_SHORT = re.compile(
    r"(?<![\w])((?:0x|bc1|ltc1|tb1|[13LMDT4])[0-9A-Za-z]{2,12}) ?(?:\.{2,6}|\u2026|\*{2,8}|"
    r"_{2,8}|-{2,4}|xxx+|\[\.\.\.\]) ?"
    r"([0-9A-Za-z]{3,10})(?![\w])"
)
_BEGUN = re.compile(
    r"(?<!\w)((?:0x|bc1|ltc1|tb1|[13LMDT])[0-9A-Za-z]{9,40}) ?(?:\.{2,6}|\u2026|\*{2,8}|_{2,8})(?!\w)"
)
_ENDING = re.compile(
    r"(?:\b(?:wallet|address|bitcoin|btc|eth(?:ereum)?|crypto|usdt)\b[^.\n]{0,30}?)?\b(?:start(?:s|"
    r"ing)?|begin(?:s|ning)?)\b(?: with)? ?"
    r"((?:0x|bc1|ltc1|[13LMDT4])[0-9A-Za-z]{2,12})(?:[^.\n]{0,20}?\bend(?:s|ing)?\b(?: in|"
    r" with)? ?([0-9A-Za-z]{3,10}))?",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    r"(?<!\w)(?:0[xX][0-9a-fA-F]{6,34} [0-9a-fA-F]{6,34}|(?i:bc1[a-z0-9]{8,50} [a-z0-9]{6,50})"
    r"|[13][1-9A-HJ-NP-Za-km-z]{8,26} [1-9A-HJ-NP-Za-km-z]{6,26})(?!\w)"
)
_LONG_WORD, _LONG_PIECE = 23, 16  # signs of the shortest wallet, and of its longer piece where it is broken
_ETHEREUM_LONG, _BECH32_LONG, _BASE58_LONG = 42, (42, 62), (33, 34)  # signs
_CUTS = ("..", "\u2026", "**", "__", "--", "xxx")
_SORTS = ("ort", "/c", "sc")
_ABOUT_WALLETS = frozenset(
    {"wallet", "bitcoin", "btc", "eth", "ethereum", "crypto", "usdt", "start", "starts", "begins"}
)
GAP = "\u2026"


def banks(piece: Piece, *, asked: bool = False) -> Iterator[Hit]:
    """Find bank accounts; in an answer that was ``asked`` for them they need no words that say so."""
    text = piece.text
    if sum(map(text.count, "0123456789")) < 8:
        return
    taken: list[tuple[int, int]] = []
    for match in _IBAN.finditer(text):
        if (value := _iban(match[1])) is not None:
            taken.append(match.span())
            yield Hit(Kind.ACCOUNT, value[0], match.start(), match.end(), {"valid": value[1]})
    for match in _BOTH.finditer(text):
        if _covers(taken, match) or not (asked or _is_bank(text, match)):
            continue
        number = re.sub(r"\D", "", match[5]).rjust(8, "0")
        taken.append(match.span())
        yield Hit(Kind.ACCOUNT, f"{match[1]}{match[2]}{match[3]}-{number}", match.start(), match.end())
    turned = any(map(text.casefold().__contains__, _SORTS))
    for match in _TURNED.finditer(text) if turned else ():
        if _covers(taken, match):
            continue
        number = re.sub(r"\D", "", match[1]).rjust(8, "0")
        taken.append(match.span())
        yield Hit(Kind.ACCOUNT, f"{match[3]}{match[4]}{match[5]}-{number}", match.start(), match.end())
    for match in _ALONE.finditer(f"account {text}" if asked else text):
        shift = len("account ") if asked else 0
        start, end = match.start(1) - shift, match.end(1) - shift
        if any(start < last and first < end for first, last in taken):
            continue
        yield Hit(Kind.ACCOUNT, re.sub(r"\D", "", match[1]), start, end, {"no sort code": "yes"})


def wallets(piece: Piece) -> Iterator[Hit]:
    """Find wallets, whole or shortened."""
    text = piece.text
    longest = max(map(len, piece.known), default=0)
    for match in _WALLET.finditer(text) if longest >= _LONG_WORD else ():
        if (value := _wallet(match[0])) is not None:
            yield Hit(
                Kind.WALLET, value[0], match.start(), match.end(), {"valid": value[1]} if value[1] else {}
            )
    for match in _ETHEREUM.finditer(text) if longest >= _LONG_WORD else ():
        if match[0] != match[0].lower():
            yield Hit(Kind.WALLET, match[0].lower(), match.start(), match.end())
    for match in _BROKEN.finditer(text) if longest >= _LONG_PIECE else ():
        if (whole := _mended(match[0])) is not None:
            yield Hit(Kind.WALLET, whole, match.start(), match.end())
    yield from _cut_short(piece)


def _cut_short(piece: Piece) -> Iterator[Hit]:
    """Find what is told of wallets by their ends."""
    text = piece.text
    cut = any(map(text.__contains__, _CUTS))
    for match in _SHORT.finditer(text) if cut else ():
        if any(char.isdigit() for char in match[1] + match[2]):
            yield _shortened(match[1], match[2], match)
    for match in _BEGUN.finditer(text) if cut else ():
        if sum(map(str.isdigit, match[1])) > 1 and not match[1].isdigit():
            yield _shortened(match[1], "", match)
    for match in _ENDING.finditer(text) if _ABOUT_WALLETS & piece.known else ():
        yield _shortened(match[1], match[2] or "", match)


def _mended(typed: str) -> str | None:
    """Put a wallet together that was written with a blank in it, where its length says that it is whole."""
    whole = same_case(typed.replace(" ", ""))
    if whole.startswith("0x"):
        return whole if len(whole) == _ETHEREUM_LONG else None
    if whole.startswith("bc1"):
        return whole if len(whole) in _BECH32_LONG else None
    digits = sum(map(str.isdigit, whole))
    mixed = whole.lower() != whole != whole.upper() and digits > 2
    return whole if len(whole) in _BASE58_LONG and mixed and any(map(str.isdigit, typed.split()[1])) else None


def same_case(value: str) -> str:
    """Give a wallet as its kind compares it: only base58 tells capitals apart."""
    return value.lower() if value.lower().startswith(("0x", "bc1", "ltc1", "tb1")) else value


def _shortened(first: str, last: str, match: re.Match[str]) -> Hit:
    head = same_case(first)
    tail = (
        last.lower()
        if head != first or (head == head.lower() and head.startswith(("0x", "bc1", "ltc1")))
        else last
    )
    return Hit(Kind.WALLET, f"{head}{GAP}{tail}", match.start(), match.end(), {"short": "yes"})


def _covers(taken: list[tuple[int, int]], match: re.Match[str]) -> bool:
    return any(match.start() < last and first < match.end() for first, last in taken)


def _is_bank(text: str, match: re.Match[str]) -> bool:
    if _SAYS_BANK.search(text, max(0, match.start() - 60), min(len(text), match.end() + 20)):
        return True
    # "12-34-56 12345678": nothing else is written so.
    return bool(re.fullmatch(r"\d{2}([ \-/]?)\d{2}\1\d{2}[ ,/\-]{1,3}(?:\d{8}|\d{4} \d{4})", match[0]))


def _iban(typed: str) -> tuple[str, str] | None:
    plain = re.sub(r"[ -]", "", typed).upper()
    long = _IBAN_LONG.get(plain[:2])
    if long is None or len(plain) < long:
        return None
    plain = plain[:long]
    digits = "".join(str(int(char, 36)) for char in plain[4:] + plain[:4])
    valid = int(digits) % 97 == 1
    if british := _BRITISH.fullmatch(plain):
        return f"{british[1]}-{british[2]}", "yes" if valid else "no"
    # Without a true check number it may be anything, unless it was written as an IBAN is.
    if not valid and " " not in typed.strip():
        return None
    return plain, "yes" if valid else "no"


def _wallet(typed: str) -> tuple[str, str] | None:
    value = same_case(typed)
    if value.startswith("0x"):
        return value, ""
    if value.startswith(("bc1", "ltc1", "tb1")):
        return value, "yes" if _bech32(value) else "no"
    kinds = (any(char.isdigit() for char in value), value.lower() != value, value.upper() != value)
    if kinds[0] and len(value) in _BASE58_LONG and value == value.lower() and value[0] in "13":
        return value, "no"  # somebody left the capitals out
    if not all(kinds) or sum(char.isdigit() for char in value) < 2:
        return None
    valid = _base58(value)
    if value[0] not in "13" and not valid and len(value) not in (33, 34, 95):
        return None
    return value, "yes" if valid else "no"


def _base58(value: str) -> bool:
    number = 0
    for char in value:
        place = _BASE58.find(char)
        if place < 0:
            return False
        number = number * 58 + place
    if number.bit_length() > 200:
        return False
    raw = number.to_bytes(25, "big")
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


def _bech32(value: str) -> bool:
    prefix, _, data = value.rpartition("1")
    if not prefix or len(data) < 6 or any(char not in _BECH32 for char in data):
        return False
    values = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    values += [_BECH32.index(char) for char in data]
    check = 1
    for one in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ one
        for bit, made in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= made if top >> bit & 1 else 0
    return check in (1, 0x2BC830A3)
