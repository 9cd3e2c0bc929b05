"""E-mail, sites, handles, addresses, premises and names are found in words and in answers."""

import pytest

from desk.connections.mention import Kind
from tests.desk.connections.cases import report, said, values


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("write to Rico.77@gmail.com", Kind.EMAIL, "rico77@gmail.com"),
        ("rico77 at gmail dot com", Kind.EMAIL, "rico77@gmail.com"),
        ("rico77 [at] googlemail [dot] com", Kind.EMAIL, "rico77@gmail.com"),
        ("rico77@gmial.com", Kind.EMAIL, "rico77@gmail.com"),
        ("jobs@pinewood-labour.co.uk", Kind.WEB, "pinewood-labour.co.uk"),
        ("hxxps://www.pinewood-labour.co.uk/jobs?x=1", Kind.WEB, "pinewood-labour.co.uk"),
        ("pinewood-labour dot co dot uk", Kind.WEB, "pinewood-labour.co.uk"),
        ("pinewood-labour[.]co[.]uk", Kind.WEB, "pinewood-labour.co.uk"),
        ("the ad vivastreet.co.uk/leeds/998877.", Kind.WEB, "vivastreet.co.uk/leeds/998877"),
        ("insta: rico.77x", Kind.SOCIAL, "instagram:rico.77x"),
        ("https://instagram.com/rico.77x?hl=en", Kind.SOCIAL, "instagram:rico.77x"),
        ("snapchat name is ricoplug", Kind.SOCIAL, "snapchat:ricoplug"),
        ("@rico_77x on telegram", Kind.SOCIAL, "telegram:rico_77x"),
        ("t.me/rico_77x", Kind.SOCIAL, "telegram:rico_77x"),
        ("message @rico_77x", Kind.SOCIAL, "?:rico_77x"),
        ("12 Fernhill Road", Kind.ADDRESS, "12|fernhill|road"),
        ("12 fernhill rd", Kind.ADDRESS, "12|fernhill|road"),
        ("No. 12, Fernhill Rd.", Kind.ADDRESS, "12|fernhill|road"),
        ("flat 3b, 12 Fernhill Road", Kind.ADDRESS, "3b/12|fernhill|road"),
        ("Fernhill Road number 12", Kind.ADDRESS, "12|fernhill|road"),
        ("12a St Peter's Ave", Kind.ADDRESS, "12a|st peters|avenue"),
        ("at Willow Cottage", Kind.ADDRESS, "willow cottage"),
        ("zz99 but ls8 5qt", Kind.POSTCODE, "LS8 5QT"),
        ("LS85QT", Kind.POSTCODE, "LS8 5QT"),
        ("LS8 SQT or LS8 5QT", Kind.POSTCODE, "LS8 5QT"),
        ("Lotus Nail Bar", Kind.PREMISES, "lotus nails"),
        ("Lotus's nails on the corner", Kind.PREMISES, "lotus nails"),
        ("Pinewood Labour Solutions Ltd", Kind.PREMISES, "pinewood recruitment"),
        ("a car wash called Bubbles", Kind.PREMISES, "bubble car wash"),
        ("the Red Lion Inn", Kind.PREMISES, "red lion pub"),
        ("w3w: filled.count.soap", Kind.WHAT3WORDS, "///filled.count.soap"),
    ],
)
def test_it_is_found_in_words(text: str, kind: Kind, value: str) -> None:
    assert value in values(text, kind)


@pytest.mark.parametrize(
    ("text", "value", "form"),
    [
        ("a man called Smokey", "smokey", "nick"),
        ("a man called smokey", "smokey", "nick"),
        ("they call him \u201cTwo Bob\u201d", "two bob", "nick"),
        ("Big Tone runs it", "big tone", "nick"),
        ("goes by Trigz", "trigz", "nick"),
        ("Dariusz Wilczek drives", "dariusz wilczek", "full"),
        ("DARIUSZ WILCZEK DRIVES THE VAN", "dariusz wilczek", "full"),
        ("dariusz wilczek drives the van", "dariusz wilczek", "full"),
        ("Mr Wilczek", "wilczek", "surname"),
        ("Darek W. collects", "darek w", "initial"),
        ("W\u0142adys\u0142aw, that is Rados\u0142aw Wilczek", "radoslaw wilczek", "full"),
        ("his mate is called Dave", "dave", "first"),
    ],
)
def test_a_name_is_found(text: str, value: str, form: str) -> None:
    assert (value, form) in {(one.value, one.more["form"]) for one in said(text) if one.kind is Kind.NAME}


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Dariusz Wilczek aka Darek", ["dariusz wilczek", "darek"]),
        ("\u201cTrigz\u201d, real name maybe Tyler Marsh", ["trigz", "tyler marsh"]),
        ("Smokey (Jamaican guy)", ["smokey"]),
        ("unknown", []),
        ("not sure, something like Rico", ["rico"]),
        ("Mo and Abdi", ["mo", "abdi"]),
    ],
)
def test_an_answer_about_names_is_taken_apart(typed: str, names: list[str]) -> None:
    assert values(report(people={"names": typed}), Kind.NAME) == names


@pytest.mark.parametrize(
    "text",
    [
        "I saw it in the morning.It was dark",
        "5 men live in the house on the road, 2 doors down the street",
        "the local nail bar and a car wash, some takeaway",
        "they called me at night and named a price, known to everyone",
        "see https://www.gov.uk/report and bbc.co.uk or facebook.com",
        "next to Tesco Express",
        "he will mark the bill in may",
        "at 3 pm I can park in the drive",
    ],
)
def test_plain_words_hold_no_mention_that_links(text: str) -> None:
    assert [one for one in said(text) if one.kind is not Kind.PLACE] == []


def test_answers_that_ask_for_one_thing_hold_nothing_else() -> None:
    asked = report(
        people={"accounts": "rico_77x (insta), snap ricoplug", "hair": "Mr Wilczek like"},
        organisation={"name": "Pinewood"},
        travel={"flight": "BA123 ABC"},
    )
    found = sorted((one.kind.value, one.value) for one in said(asked))
    assert found == [
        ("premises", "pinewood"),
        ("social", "instagram:rico_77x"),
        ("social", "snapchat:ricoplug"),
    ]
