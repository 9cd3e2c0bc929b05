"""What referrals are tested with: reports told in pieces, an agency, and everything decided one way."""

from datetime import date
from functools import cache

from desk.packing.agencies import agency
from desk.packing.consent import Consent
from desk.packing.told import Addition, Enclosed, Sending, Told, pieces
from desk.pointing import Choice, Guarded, Mark, Nature, Piece, marks
from desk.referral import Decision, Decisions, Draft, drafted
from payload.answers import Entry
from payload.changes import Grade
from publishing.agencies import Agency

DAY = date(2026, 3, 4)
ANY = Consent(asked=True)
GRADE = Grade(2, "B", "P")


@cache
def helpline() -> Agency:
    """Give an agency of the starter content."""
    return agency("modern-slavery-helpline")


def found(text: str, *reach: str, told: tuple[str, ...] = (), nature: Nature = Nature.FREE) -> list[Mark]:
    """Give the marks in a text, for a source who can be reached so, and told so of themselves."""
    return list(marks([Piece("text", "Text", nature, text)], Guarded(reach, told)))


def contacts(text: str, *reach: str) -> list[str]:
    """Give what in a text reaches the source."""
    return [mark.text for mark in found(text, *reach) if mark.severity == "contact"]


def told_of(
    text: str,
    answers: dict[str, tuple[Entry, ...]] | None = None,
    additions: tuple[str, ...] = (),
    files: tuple[Enclosed, ...] = (),
) -> Told:
    """Give what may be passed on: one report, and what was added a month later."""
    added = tuple(Addition(date(2026, 4, 5), each) for each in additions)
    return Told((Sending(DAY, text, answers or {}),), added, files)


def draft_of(told: Told, guarded: Guarded | None = None, *consents: Consent, information: str = "B") -> Draft:
    """Give what is to be decided of it, for the helpline."""
    wanted = marks(pieces(told), guarded or Guarded())
    return drafted((helpline().id, helpline().name), information, told, consents or (ANY,), wanted)


def all_decided(draft: Draft, **because: str) -> Decisions:
    """Decide everything: what can be removed is, and all is confirmed."""

    def decision(mark: Mark) -> Decision:
        if Choice.REMOVE in mark.choices:
            return Decision(Choice.REMOVE)
        return Decision(mark.choices[0])

    return Decisions(
        draft.fingerprint,
        {mark.id: decision(mark) for mark in draft.marks},
        {
            one.key: because.get(one.key, "We asked them first, and they said so." if one.because else "")
            for one in draft.confirms
        },
        {one.key: "Ben" for one in draft.confirms if one.second},
    )
