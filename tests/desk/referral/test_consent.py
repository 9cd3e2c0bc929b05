"""Only what its source agreed to can be passed on; of several sends the strictest counts."""

import pytest

from desk.packing.consent import Confirm, Consent, Refused, to_confirm

NAME = "The Helpline"


def consent(safe: str = "yes", may: str = "", to: str = "", agencies: str = "") -> Consent:
    return Consent(True, safe, frozenset(may.split()), to, agencies)


def keys(*consents: Consent) -> list[str]:
    return [one.key for one in to_confirm(consents, NAME)]


@pytest.mark.parametrize(
    "agreed",
    [
        consent(),  # nothing ticked, as the form says
        consent(safe=""),
        consent(may="keep investigate pass_without"),
        consent(may="pass_with"),
        consent(may="pass_without", to="any"),
    ],
)
def test_what_was_agreed_to_needs_no_more_than_a_reading(agreed: Consent) -> None:
    assert keys(agreed) == []


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        (consent(to="none"), "to no one"),
        (consent(to="none", may="pass_without"), "to no one"),
        (consent(may="keep"), "not among that"),
        (consent(may="keep investigate", to="any"), "not among that"),
        (consent(to="some"), "named none"),
        (consent(to="some", may="pass_without", agencies=""), "named none"),
        (Consent(asked=False), "did not ask"),
    ],
)
def test_what_was_refused_cannot_be_passed_on(refused: Consent, why: str) -> None:
    with pytest.raises(Refused, match=why):
        to_confirm([refused], NAME)
    # Whatever another send of the case says.
    for both in (
        [refused, consent(may="pass_with", to="any")],
        [consent(may="pass_with", to="any"), refused],
    ):
        with pytest.raises(Refused, match=why):
            to_confirm(both, NAME)


def test_an_agency_must_be_one_of_those_named() -> None:
    (asked,) = to_confirm([consent(may="pass_without", to="some", agencies="the Helpline, not police")], NAME)
    assert asked.key == "named"
    assert "is one of those" in asked.says
    assert asked.about == "the Helpline, not police"


@pytest.mark.parametrize("to", ["any", ""])
def test_words_on_who_must_not_get_it_are_shown_whatever_was_chosen(to: str) -> None:
    (asked,) = to_confirm([consent(to=to, agencies="not the local police")], NAME)
    assert asked.about == "not the local police"
    # Where no choice was made the names may be the only ones that it may go to.
    assert ("is one of those" in asked.says) == (to == "")


@pytest.mark.parametrize(
    ("safe", "why"), [("no", "could point to them"), ("unknown", "does not know whether")]
)
def test_a_risk_is_confirmed_with_a_reason(safe: str, why: str) -> None:
    (asked,) = to_confirm([consent(safe=safe)], NAME)
    assert (asked.key, asked.because) == ("risk", True)
    assert why in asked.why


def test_the_graver_answer_counts_and_all_words_are_shown() -> None:
    asked: dict[str, Confirm] = {
        one.key: one
        for one in to_confirm(
            [
                consent(safe="unknown", agencies="Unseen"),
                consent(safe="no", to="some", agencies="Crimestoppers"),
            ],
            NAME,
        )
    }
    assert "could point to them" in asked["risk"].why
    assert asked["named"].about == "Unseen\nCrimestoppers"
    assert "is one of those" in asked["named"].says


def test_consent_is_read_from_its_section() -> None:
    entry = {"safe": "no", "may": ("keep", "pass_without"), "to": "some", "agencies": " Unseen "}
    assert Consent.of([entry]) == Consent(True, "no", frozenset({"keep", "pass_without"}), "some", "Unseen")
    assert Consent.of([]) == Consent(asked=True)
