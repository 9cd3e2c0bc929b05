"""What a long number is: a telephone, a bank account, a card, as far as its signs and what stands by it tell.

Whose it is only a person can tell: the reason beside a mark must name the right thing to ask.
"""

import re

BANK = "a bank account. Is it the source’s own, or in their name?"
WALLET = "a crypto wallet. Is it the source’s own, or have they paid into it or from it?"
TELEPHONE = "a telephone number. Is it the source’s own?"
CARD = "as long as the number of a bank card. Is it the source’s own, or in their name?"
NUMBER = "a long number. Is it the source’s own: a telephone, an account, a reference, a membership?"
# Answers that are such a thing as a whole, by the end of their place.
_ASKED = {"accounts": BANK, "wallets": WALLET}
_MONEY = ".money["
_AROUND = 40  # characters before a number, and some behind, that tell what it is
_BEHIND = 15
_OF_BANKS = re.compile(
    r"\b(?:sort[ -]?codes?|s/?c|iban|swift|bic|acc(?:oun)?ts?|acct|a/c|bank|barclays|lloyds|natwest|hsbc"
    r"|halifax|santander|monzo|revolut|starling|nationwide|tsb)\b",
    re.IGNORECASE,
)
_OF_TELEPHONES = re.compile(
    r"\b(?:tele ?phone|phone|mobile|mob|tel|call|ring|rang|dial|text|whats ?app|signal)\b", re.IGNORECASE
)
_DIALLED = re.compile(r"(?:00)?44\d{9,10}|0[1-9]\d{8,9}")
_SORT_AND_ACCOUNT = 14  # digits of a sort code and an account number, written together
_CARD = range(15, 17)


def asked_for(where: str) -> str:
    """Give what an answer is as a whole, by its place, with what to ask of it; "" for most."""
    if _MONEY not in where:
        return ""
    return _ASKED.get(where.rpartition(".")[2], "")


def kind_of(text: str, start: int, end: int, signs: str) -> str:
    """Give what a number of these digits, at this place of a text, seems to be, with what to ask of it."""
    before = text[max(0, start - _AROUND) : start]
    around = f"{before} {text[end : end + _BEHIND]}"
    bank = [match.start() for match in _OF_BANKS.finditer(before)]
    telephone = [match.start() for match in _OF_TELEPHONES.finditer(before)]
    if _DIALLED.fullmatch(signs) and not (bank and max(bank) > max(telephone, default=-1)):
        return TELEPHONE
    if telephone and max(telephone) > max(bank, default=-1):
        return TELEPHONE
    if bank or _OF_BANKS.search(around) or len(signs) == _SORT_AND_ACCOUNT:
        return BANK
    return CARD if len(signs) in _CARD else NUMBER
