"""What one report gives as an answer is found in what another only writes of; what stands in ways that
machines do not expect is read all the same, and what many say by chance links nobody."""

import pytest

from desk.connections.match_online import webs
from desk.connections.match_places import premises
from desk.connections.matching import DEFAULT_MIN, NOTHING_BESIDES, score
from desk.connections.mention import Kind, Mention
from tests.desk.connections.cases import Said, best, linked, report, said, values

_MATCHERS = {Kind.PREMISES: premises, Kind.WEB: webs}


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (report(people={"names": "Dr Ifunanya Obi-Mbeki"}), "My agent is Ifunanya Obi Mbeki.", "name"),
        (report(people={"names": "Zofia Wr\u00f3bel-Kr\u00f3l"}), "it was zofia wrobel krol again", "name"),
        (report(people={"names": "Captain Brock"}), "I paid captain brock twice", "name"),
        (
            report(organisation={"name": "Amber & Pearl Nails Ltd"}),
            "amber and pearl nails, again",
            "premises",
        ),
        (
            report(organisation={"name": "Kestrel Fish & Chips Limited, Selby"}),
            "at the KESTREL FISH AND CHIPS",
            "premises",
        ),
        (report(people={"accounts": "q1nto_88"}), "He is q1nto_88 there", "social"),
        (
            report(places={"address": "The Old Tannery, Reed Lane, Marsham"}),
            "Old Tannery on Reed Lane",
            "address",
        ),
    ],
)
def test_what_somebody_was_asked_for_is_found_in_free_words(one: Said, other: Said, kind: str) -> None:
    assert best(one, other, kind) >= 0.7


def test_what_the_source_says_of_themselves_is_not_looked_for() -> None:
    mine = report("I am q1nto_88 there", contact={"how": "q1nto_88 on snap"})
    assert linked({"a": report(people={"accounts": "q1nto_88"}), "b": mine}, 0.0) == []


def test_words_of_every_day_are_no_names() -> None:
    others = {"b": "he works at a car wash", "c": "a hand car wash on the corner", "d": "home office letter"}
    told = report(organisation={"name": "Hand Car Wash"}, people={"names": "the boss"})
    assert linked({"a": told, **others}, 0.3) == []


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (
            report(people={"names": "Yermolai Stepchenko"}),
            report(people={"names": "Yermolay Stepcenko"}),
            "name",
        ),
        (
            report(people={"names": "Dag 'Ripper' Sandoval"}),
            report(people={"names": "Ripper Sandoval"}),
            "name",
        ),
        (report(people={"names": "Bao Anh Tuyet"}), report(people={"names": "Tuyet Bao Anh"}), "name"),
        (
            report(people={"names": "Jurgis, surname like Balkus"}),
            report(people={"names": "Jurgis Balkus"}),
            "name",
        ),
        (
            "Flat 7 Marlin House, off Dock St",
            report(places={"address": "7 Marlin House, Dock Street"}),
            "address",
        ),
        ("number twelve Fernhill Road", "12 Fernhill Road", "address"),
        ("9-11 Fernhill Mews", "11 Fernhill Mews", "address"),
        ("Rose Cottage, Marl Lane, Holme", "Rose Cottage on Marl Ln", "address"),
        ("57 Nettleham Rw, Newport", "57 Nettleham Row, Newport", "address"),
        ("Apartment 1407, Skyline Tower", "apt 1407 at Skyline Tower", "address"),
    ],
)
def test_one_thing_told_in_two_ways_is_one(one: Said, other: Said, kind: str) -> None:
    assert best(one, other, kind) >= 0.7


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("ring 7911123456 for it", Kind.TELEPHONE, "+447911123456"),
        ("it was 0 7 9 1 1 1 2 3 4 5 6", Kind.TELEPHONE, "+447911123456"),
        ("it was 0-7-9-1-1-1-2-3-4-5-6", Kind.TELEPHONE, "+447911123456"),
        ("wa.me/447911123456", Kind.TELEPHONE, "+447911123456"),
        ("https://api.whatsapp.com/send?phone=447911123456&text=hi", Kind.TELEPHONE, "+447911123456"),
        ("text 447911123456", Kind.TELEPHONE, "+447911123456"),
        ("07911/123/456", Kind.TELEPHONE, "+447911123456"),
        ("07911123455/56", Kind.TELEPHONE, "+447911123456"),
        ("It is LS9 7QN. A man came", Kind.POSTCODE, "LS9 7QN"),
        ("It is PE1 2BN. I went in", Kind.POSTCODE, "PE1 2BN"),
        ("LS9 7QN I saw it", Kind.POSTCODE, "LS9 7QN"),
        ("grey caddy reg BX2I 0RK parked", Kind.REGISTRATION, "BX21ORK"),
        ("private reg B16 TRK on it", Kind.REGISTRATION, "B16TRK"),
        ("reg:BX14RKO.White", Kind.REGISTRATION, "BX14RKO"),
        ("plate B 114 TKL, a lorry", Kind.REGISTRATION, "B114TKL"),
        ("plate 191-D-24863", Kind.REGISTRATION, "191D24863"),
        ("facebook.com/profile.php?id=100044455566", Kind.SOCIAL, "facebook:id100044455566"),
        ("tiktok @some.one.ldn", Kind.SOCIAL, "tiktok:some.one.ldn"),
        ("on discord ricoplug#1234", Kind.SOCIAL, "discord:ricoplug#1234"),
        ("3EPsboEZcq7uXemTNHkD\u2026", Kind.WALLET, "3EPsboEZcq7uXemTNHkD\u2026"),
        ("filled.count.soap on what three words", Kind.WHAT3WORDS, "///filled.count.soap"),
    ],
)
def test_it_is_read_however_it_is_written(text: str, kind: Kind, value: str) -> None:
    assert value in values(text, kind)


def test_a_small_l_in_a_postcode_is_a_one() -> None:
    assert values(report(places={"postcode": "IG1l 8DN"}), Kind.POSTCODE) == ["IG11 8DN"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (report(places={"address": "29 Fern Street, Marlow"}), "29 Fern St in Ambleton"),
        (report(places={"address": "14 High Street"}), report(places={"address": "14 High Street"})),
        (
            report(places={"address": "Holly Farm, Surfleet"}),
            report(places={"address": "Holly Farm, Ashbourne"}),
        ),
        ("a car in Kings Lynn", "another in Kings Lynn"),
        ("St Mary's Hospital told me", "at St Mary's Hospital"),
        ("plate AB12 CDE", "plate AB1? C?E"),
        ("seen on @bbcnews", "instagram @bbcnews"),
        ("ring 0808 800 4444", "I rang 0808 800 4444"),
        ("facebook.com/profile.php", "facebook.com/profile.php"),
        ("Elf Bar boxes", "Elf Bar on the window"),
        (report(organisation={"name": "WhatsApp group"}), report(organisation={"name": "whatsapp group"})),
        (report(organisation={"name": "Magic Wave Massage, Exeter"}), "the Magic Wave Nail Bar, Exeter"),
        (report(organisation={"name": "Lotus Nails"}), "the Magic Lotus Nails"),
        ("Copper House Mini Market", "Copper House Vapes"),
        ("plate seen from the 23 bus", "I wrote the plate down on the 23 bus"),
        (
            report(people={"accounts": "mailto:rico77@gmail.com"}),
            report(people={"accounts": "mailto:bob99@gmail.com"}),
        ),
        (
            report(places={"address": "Blue Lagoon, Plymouth"}),
            report(places={"address": "Blue Lagoon, Plymouth"}),
        ),
        (
            report(places={"address": "Holly House, Surfleet"}),
            report(places={"address": "Holly House, Surfleet"}),
        ),
        (
            report(places={"address": "Lotus Takeaway, Mill Lane, Plymouth"}),
            report(places={"address": "Lotus Garage, Mill Lane, Plymouth"}),
        ),
        (report(places={"address": "Saltergate Court, Durham"}), "124 Saltergate Court, Durham"),
        (
            report(places={"address": "Nettleham Rw, Newport"}),
            report(places={"address": "Nettleham Rw, Newport"}),
        ),
    ],
)
def test_what_many_say_by_chance_links_nobody(one: Said, other: Said) -> None:
    assert linked({"a": one, "b": other}) == []


def test_premises_and_streets_are_no_houses() -> None:
    for typed in ("Lotus Takeaway, Mill Lane, Hull", "Blue Lagoon, Hull", "Nettleham Rw, Hull"):
        assert values(report(places={"address": typed}), Kind.ADDRESS) == []
    assert values("128 Saltergate Court", Kind.ADDRESS) == ["128|saltergate|court"]


def test_a_town_that_two_premises_share_counts_once() -> None:
    behind = best("Lotus Nails in Hull", "Lotus Nails, Hull", "premises")
    assert behind == best("In Hull I saw Lotus Nails", "Hull. It is Lotus Nails", "premises")


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Quarry Lantern Nails", "the Quarry Lantern Nails", Kind.PREMISES),
        ("quarrylantern.com", "quarrylantern.co.uk", Kind.WEB),
    ],
)
def test_a_name_alone_says_less_among_very_many_cases(one: str, other: str, kind: Kind) -> None:
    found: dict[str, dict[str, Mention]] = {}
    for mention in (*said(one, "a"), *said(other, "b")):
        if mention.kind is kind:
            found.setdefault(mention.value, {})[mention.case] = mention
    (few,), (many,) = (_MATCHERS[kind](found, cases) for cases in (100, 100_000))
    assert score(few, NOTHING_BESIDES, 1.0) >= DEFAULT_MIN > score(many, NOTHING_BESIDES, 1.0)


def test_no_half_bracket_is_quoted() -> None:
    (link,) = linked({"a": "(07911) 123456", "b": "+44 7911 123456"})
    assert link.why.count("(") == link.why.count(")")
