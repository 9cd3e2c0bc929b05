"""What a source agreed to, and what staff must confirm before a referral may go to an agency."""

from collections.abc import Sequence
from dataclasses import dataclass

from desk.errors import DeskError
from payload.answers import Entry

WITHOUT, WITH = "pass_without", "pass_with"


class Refused(DeskError):  # noqa: N818 - says what is the case
    """It cannot be passed on; no decision of staff changes that."""


@dataclass(frozen=True, slots=True, repr=False)
class Consent:
    """What one send says that may be done with it: the answers of the section ``consent``, as they came.

    ``asked``: its form had these questions. ``safe`` and ``to`` are values of choices or ""; ``may`` is empty
    where nothing was ticked; ``agencies`` are the source's own words.
    """

    asked: bool
    safe: str = ""
    may: frozenset[str] = frozenset()
    to: str = ""
    agencies: str = ""

    @classmethod
    def of(cls, entries: Sequence[Entry], *, asked: bool = True) -> "Consent":
        """Read the entries of the section ``consent``, none or one."""
        entry = entries[0] if entries else {}
        safe, to, agencies = (_text(entry, name) for name in ("safe", "to", "agencies"))
        may = entry.get("may", ())
        return cls(asked, safe, frozenset(may if isinstance(may, tuple) else ()), to, agencies.strip())


@dataclass(frozen=True, slots=True)
class Confirm:
    """What a person must say yes to, in so many words: its key, the statement, why it is asked, and the words
    that it is about. ``because``: they must also write down why they think so.
    """

    key: str
    says: str
    why: str
    about: str = ""
    because: bool = False


def to_confirm(consents: Sequence[Consent], agency_name: str) -> tuple[Confirm, ...]:
    """Give what a person must confirm before it can go to this agency; of several sends the strictest counts.

    :raises Refused: its source did not agree that it be passed on.
    """
    for consent in consents:
        _check_allowed(consent)
    named = "\n".join(dict.fromkeys(consent.agencies for consent in consents if consent.agencies))
    only_named = any(consent.to == "some" or (consent.agencies and not consent.to) for consent in consents)
    asked = []
    if only_named:
        says = f"{agency_name} is one of those that the source named"
        asked.append(
            Confirm("named", says, "the source agreed to those that they named, and no others", named)
        )
    elif named:
        says = f"{agency_name} is none of those that the source ruled out"
        asked.append(Confirm("named", says, "the source wrote who may get it, or who must not", named))
    risk = {consent.safe for consent in consents} & {"no", "unknown"}
    if risk:
        why = "the source says that acting on it could point to them"
        if "no" not in risk:
            why = "the source does not know whether acting on it could point to them"
        says = "It is right to pass it on all the same: what is left in it does not point to the source"
        asked.append(Confirm("risk", says, why, because=True))
    return tuple(asked)


def _check_allowed(consent: Consent) -> None:
    if not consent.asked:
        raise Refused(
            "the form that it came by did not ask its source whether it may be passed on",
            "ask them in a reply, and have them send it again",
        )
    if consent.to == "none":
        raise Refused("its source said that it may be passed to no one", "ask them in a reply, if it matters")
    if consent.may and not consent.may & {WITHOUT, WITH}:
        raise Refused(
            "its source ticked what may be done with it, and passing it on is not among that",
            "ask them in a reply, if it matters",
        )
    if consent.to == "some" and not consent.agencies:
        raise Refused(
            "its source agreed to those that they name, and named none", "ask them in a reply whom they meant"
        )


def _text(entry: Entry, name: str) -> str:
    answer = entry.get(name, "")
    return answer if isinstance(answer, str) else ""
