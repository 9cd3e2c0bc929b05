"""What a source agreed to, and what staff must confirm before a referral may go to an agency."""

from collections.abc import Sequence
from dataclasses import dataclass

from desk.errors import DeskError
from desk.packing.later import Agreed
from desk.packing.naming import names, rules_out
from payload.answers import Entry

WITHOUT, WITH = "pass_without", "pass_with"
REASON, SENTENCE = 3, 5  # words: the fewest of a reason, and of one that somebody else agrees to


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
    that it is about. ``because``: they must also write down why they think so; ``second``: in a sentence,
    and with the name of somebody else who thinks so too.
    """

    key: str
    says: str
    why: str
    about: str = ""
    because: bool = False
    second: bool = False

    @property
    def fewest(self) -> int:
        """The fewest words of the reason; 0 where none is asked for."""
        if not self.because:
            return 0
        return SENTENCE if self.second else REASON


def to_confirm(
    consents: Sequence[Consent], agency_name: str, *other_names: str, later: Agreed | None = None
) -> tuple[Confirm, ...]:
    """Give what a person must confirm before it can go to this agency; of several sends the strictest counts.

    ``later`` is what the source agreed to afterwards: it counts in place of who they said may get it.

    :raises Refused: its source did not agree that it be passed on.
    """
    asked = []
    if later is None:
        for consent in consents:
            _check_allowed(consent)
        asked += _of_names(said_of_agencies(consents), _only_named(consents), (agency_name, *other_names))
    else:
        people = " and ".join(later.people)
        why = f"they wrote it on {later.received_on}, and {people} read it so"
        says = f"The source agreed later that it may go to {agency_name}, knowing what that means"
        asked.append(Confirm("later", says, why, later.quote))
        asked += _of_names(later.agencies, True, (agency_name, *other_names))
    risk = {consent.safe for consent in consents} & {"no", "unknown"}
    if risk:
        why = "the source says that acting on it could point to them"
        if "no" not in risk:
            why = "the source does not know whether acting on it could point to them"
        says = "It is right to pass it on all the same: what is left in it does not point to the source"
        asked.append(Confirm("risk", says, why, because=True))
    return tuple(asked)


def said_of_agencies(consents: Sequence[Consent]) -> str:
    """Give the words of a source on who may get it or must not, those of each send on a line of its own."""
    return "\n".join(dict.fromkeys(consent.agencies for consent in consents if consent.agencies))


def _only_named(consents: Sequence[Consent]) -> bool:
    return any(consent.to == "some" or (consent.agencies and not consent.to) for consent in consents)


def _of_names(words: str, only_named: bool, agency: Sequence[str]) -> list[Confirm]:
    named = names(words, agency)
    ruled_out = rules_out(words, agency)
    if not words and not only_named:
        return []
    if only_named and named and not ruled_out:
        says = f"{agency[0]} is one of those that the source named"
        return [Confirm("named", says, "the source agreed to those that they named, and no others", words)]
    if not only_named and named and not ruled_out:
        says = f"{agency[0]} is none of those that the source ruled out"
        return [Confirm("named", says, "the source wrote who may get it, or who must not", words)]
    if ruled_out:
        why = "its name stands among what the source seems to rule out"
    elif only_named:
        why = "its name does not stand in the source’s words, and they agreed to those that they named alone"
    else:
        why = "the source wrote who may get it, or who must not, and may mean this one by another name"
    if only_named:
        says = f"{agency[0]} is one of those that the source named: this is the same under another name"
    else:
        says = f"{agency[0]} is none of those that the source ruled out, under whatever name"
    return [Confirm("named", says, why, words, because=True, second=True)]


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
