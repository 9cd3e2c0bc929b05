"""The words of a source on who may get it: an agency that they name is found, and no other passes lightly."""

import pytest

from desk.packing.agencies import listed
from desk.packing.consent import Confirm, Consent, Refused, to_confirm
from desk.packing.naming import names, rules_out
from desk.referral import Decisions, decided
from tests.desk.referral.cases import all_decided, draft_of, helpline, told_of

POLICE = ("Police, when it is not an emergency", "police-101")


def found(words: str) -> set[str]:
    return {one.id for one in listed() if names(words, (one.name, one.id))}


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("The Modern Slavery Helpline", {"modern-slavery-helpline"}),
        ("the modern slavrey helpline", {"modern-slavery-helpline"}),
        ("moderm slavery", {"modern-slavery-helpline"}),
        ("Crime Stoppers", {"crimestoppers"}),
        ("NSPCC or childline", {"nspcc", "childline"}),
        ("the police", {"999", "police-101", "police-scotland", "psni"}),
        ("the PSNI", {"psni"}),
        ("the rape line of Northern Ireland", set()),
        ("Crimestoppers, not the police", {"crimestoppers"}),
        ("not the police but Crimestoppers", {"crimestoppers"}),
        ("anyone but the police", set()),
        ("nobody at the police, the council", set()),
        ("a helpline", set()),
        ("you decide", set()),
        ("", set()),
    ],
)
def test_an_agency_is_found_by_its_name_and_not_where_it_is_ruled_out(words: str, ids: set[str]) -> None:
    assert found(words) == ids


@pytest.mark.parametrize(
    ("words", "out"),
    [
        ("not the police", True),
        ("anyone but the police", True),
        ("Crimestoppers; never tell police", True),
        ("the police, not Crimestoppers", False),
        ("Not the local station", False),
    ],
)
def test_a_name_among_what_is_ruled_out_is_seen(words: str, out: bool) -> None:
    assert rules_out(words, POLICE) == out


def asked(to: str, agencies: str) -> Confirm:
    (one,) = to_confirm([Consent(True, "yes", frozenset({"pass_without"}), to, agencies)], *POLICE)
    return one


@pytest.mark.parametrize(
    ("to", "words", "careful"),
    [
        ("some", "the police", False),
        ("some", "The Modern Slavery Helpline", True),
        ("some", "anyone but the police", True),
        ("any", "Not the local station", True),
        ("any", "the police are fine", False),
        ("", "Not the local station", True),
    ],
)
def test_another_than_those_named_needs_a_sentence_and_a_second_person(
    to: str, words: str, careful: bool
) -> None:
    one = asked(to, words)
    assert one.about == words
    assert (one.because, one.second, one.fewest > 1) == (careful, careful, careful)


@pytest.mark.parametrize(
    ("because", "second", "why"),
    [
        ("", "Ben", "no reason is given"),
        ("ok", "Ben", "too short"),
        ("It is the same agency today.", " ", "nobody else agrees"),
    ],
)
def test_ok_is_no_reason_and_one_person_is_not_enough(because: str, second: str, why: str) -> None:
    draft = draft_of(told_of("They wait."), None, Consent(True, to="some", agencies="Unseen"))
    assert helpline().name in draft.confirms[0].says
    decisions = all_decided(draft)
    decided(draft, decisions)
    spoilt = Decisions(
        decisions.of, decisions.marks, {**decisions.confirms, "named": because}, {"named": second}
    )
    with pytest.raises(Refused, match=why):
        decided(draft, spoilt)
