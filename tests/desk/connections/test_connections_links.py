"""Which cases are linked, which are not, and how sure the desk says it is."""

import pytest

from desk.connections.matching import DEFAULT_MIN
from tests.desk.connections.cases import Said, best, linked, report

SURE = 0.9
# Cases of other things, so that nothing is rare because there is nothing else.
OTHERS: dict[str, Said] = {
    f"z{number:02}": (
        f"In York {number + 2} men load a blue lorry, {letter}B{number + 51} Z{letter}X,"
        f" 0161 496 01{number:02}"
    )
    for number, letter in enumerate("ABCDEFGHJKLMNOPRSTUVWXY")
}


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("registration", "silver van BX14 RKO", "plate was bx14rko"),
        ("registration", "BX14 RKO", "plate BXI4 RKO"),
        ("registration", "BX14 RKO", "BX14 R?O"),
        ("registration", "BX14 RKO", "BX1? ?KO"),
        ("registration", "grey Transit BX14 RKO", "a grey transit van, reg starts BX14"),
        ("registration", "white VW Caddy BX14 RKO", "white caddy, plate ends in RKO"),
        ("registration", "BX14 RKO", "XB14 RKO"),
        ("registration", "red Golf BX14 RKO", "red golf BX14 RKQ"),
        ("registration", "BX14 RK? red Corsa", "red corsa BX14 ?KO"),
        ("telephone", "07911 123456", "+44 7911 123 456"),
        ("telephone", "07911 123456", "07911 12345?"),
        ("telephone", "07911 123456", "07911 123465"),
        ("telephone", "07911 123456, bx14 rko", "BX14 RKO, 07911 123457"),
        ("telephone", "07911 123456", "phone ending 123456"),
        ("account", "sort code 40-22-19 acc 71625344", "402219 71625344"),
        ("account", "sort code 40-22-19 acc 71625344", "account 71625344"),
        ("account", "60-16-13 31926819", "GB29 NWBK 6016 1331 9268 19"),
        ("wallet", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "btc 1A1zP1...DivfNa"),
        ("wallet", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLnv7DivfNa"),
        ("email", "rico.77@gmail.com", "rico77 at gmail dot com"),
        ("email", "ricothemover@mail.ru", "ricothemovr@mail.ru"),
        ("web", "www.pinewood-labour.co.uk/jobs", "info@pinewood-labour.co.uk"),
        ("web", "pinewood-labour.co.uk", "pinewoodlabour.co.uk"),
        ("social", "insta rico_77x", "instagram.com/rico_77x"),
        ("social", "insta: rico_77x", "@rico77x"),
        ("social", "insta: rico_77x", "snapchat: rico_77x"),
        ("postcode", "LS8 5QT", "ls85qt"),
        ("address", "12 Fernhill Road, Hull", "12 fernhill rd hull"),
        ("address", "12 High Street, Hull", "12 High St, Hull"),
        ("address", "12 High Street, HU1 1AA", "12 High St, HU1 1AA"),
        ("address", "flat 3, 12 Fernhill Road", "12 Fernhill Rd"),
        ("address", "12 Fernhill Road, Hull", "12 Fernhil Road, Hull"),
        ("name", "Dariusz Wilczek", "WILCZEK DARIUSZ DRIVES THE VAN"),
        ("name", "Danny Wilczek", "Daniel Wilczek"),
        ("name", "Mohammed Wilczek", "Muhammad Wilczek"),
        ("name", "Dariusz Wilczek", "Dariusz Wilchek"),
        ("name", "a man called Trigz in Hull", "Hull. They call him Trigz"),
        ("name", "a man called Trigzy in Hull", "Hull. They call him Trigzie"),
        ("premises", "Lotus Nails in Hull", "the Lotus Nail Bar, Hull"),
        ("premises", "Pinewood Labour Ltd", "PINEWOOD LABOUR LIMITED OF HULL"),
        ("what3words", "///filled.count.soap", "w3w filled.count.soap"),
    ],
)
def test_two_ways_of_writing_one_thing_link(kind: str, one: str, other: str) -> None:
    assert best(one, other, kind, OTHERS) >= DEFAULT_MIN


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("white van BX14 RKO", "black BMW BX14 RKQ"),
        ("BX14 RKO", "BX14 RKS"),
        ("BX14 RKO", "a red car, starts BX14 and that is all"),
        ("white Transit BX14 RKO", "black Golf, reg starts BX14"),
        ("plate starts BX14", "the reg starts BX14"),
        ("07911 123456", "07911 123457"),
        ("07911 123456", "his phone ends in 56"),
        ("sort code 40-22-19 acc 71625344", "sort code 40-22-19 acc 71625349"),
        ("sort code 40-22-19 acc 71625344", "sort code 11-22-33 acc 71625344"),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),
        ("rico77@gmail.com", "rico78@gmail.com"),
        ("dave@hotmail.com", "dave@gmail.com"),
        ("insta: rico_77x", "insta: rico_78x"),
        ("facebook.com/groups/1", "facebook.com/groups/2"),
        ("see gov.uk/help and bbc.co.uk", "gov.uk/help, bbc.co.uk"),
        ("LS8 5QT", "LS8 5QU"),
        ("in the LS8 area of Leeds", "in Leeds, LS8"),
        ("12 Fernhill Road LS8 5QT", "14 Fernhill Road LS8 5QT"),
        ("12 High Street, Hull", "12 High Street, Leeds"),
        ("12 Fernhill Road, Hull", "14 Fernhill Road, Hull"),
        ("flat 2, 12 Fernhill Road", "flat 3, 12 Fernhill Road"),
        ("a man called Dave in Hull", "Dave in Hull"),
        ("John Smith", "John Smith"),
        ("a man called Smokey in Leeds", "a man called Smokey in Plymouth"),
        ("Dariusz Wilczek", "Dariusz Kowalski"),
        ("Dariusz Wilczek", "Marta Wilczek"),
        ("Lotus Nails in Hull", "Lotus Nails in Leeds"),
        ("Lotus Nails in Hull", "Lotus Car Wash in Exeter"),
        ("call 101 or Crimestoppers on 0800 555 111", "Crimestoppers 0800 555 111, 101"),
        ("next to Tesco in Hull", "Tesco, Hull"),
    ],
)
def test_what_is_only_alike_does_not_link(one: str, other: str) -> None:
    found = linked({"a": one, "b": other, **OTHERS})
    assert [link.kind for link in found if (link.a, link.b) == ("a", "b")] == []


def test_what_is_the_same_as_typed_is_surer_than_what_is_alike() -> None:
    same = best("BX14 RKO", "bx14 rko", "registration", OTHERS)
    one_unseen = best("BX14 RKO", "BX14 RK?", "registration", OTHERS)
    three_unseen = best("BX14 RKO", "BX14 something", "registration", OTHERS)
    assert SURE < one_unseen < same
    assert three_unseen < one_unseen


def test_a_part_of_a_plate_that_several_fit_links_none_of_them() -> None:
    cases = {"a": "plate starts BX14", "b": "BX14 RKO", "c": "BX14 SLM", "d": "BX14 TVD", **OTHERS}
    assert [link for link in linked(cases) if "a" in (link.a, link.b)] == []


def test_the_colour_says_which_of_several_plates_it_was() -> None:
    cases = {
        "a": "a green Skoda, plate starts BX14",
        "b": "green Skoda BX14 RKO",
        "c": "black Golf BX14 SLM",
        **OTHERS,
    }
    assert [(link.a, link.b) for link in linked(cases)] == [("a", "b")]


def test_numbers_in_a_row_do_not_link() -> None:
    cases: dict[str, Said] = {f"c{at}": f"ring 07911 1234{at:02}" for at in range(10, 40)}
    assert linked(cases) == []


def test_a_number_of_a_gang_links_all_forty_reports_of_it() -> None:
    cases: dict[str, Said] = {f"c{at:02}": f"order on 07911 123456, {at + 2} men" for at in range(40)}
    found = linked(cases)
    assert len(found) == 40 * 39 // 2
    assert {link.score for link in found} == {found[0].score}


def test_a_value_in_very_many_cases_makes_no_square_of_links() -> None:
    cases: dict[str, Said] = {f"c{at:04}": "order on 07911 123456" for at in range(600)}
    assert len(linked(cases, 0.0)) == 599
    assert linked(cases) == []


def test_two_weak_likenesses_bear_each_other_out() -> None:
    plate_alone = best("BX14 RKO", "plate starts BX14", "registration", OTHERS)
    both = best(
        "BX14 RKO, 07911 123456", "plate starts BX14, his number 07911 123456", "registration", OTHERS
    )
    assert both > plate_alone


def test_answers_and_words_link_too() -> None:
    asked = report(vehicles={"registration": "bx14 r?o", "make": "Ford", "colour": "silver"})
    assert best(asked, "silver Ford Transit BX14 RKO", "registration") > SURE
    named = report(people={"names": "Dariusz Wilczek"}, organisation={"name": "Pinewood Labour"})
    assert best(named, "Darius Wilczek of Pinewood Labour Ltd", "premises", OTHERS) >= DEFAULT_MIN


def test_a_link_names_what_was_typed_in_both_cases() -> None:
    (link,) = linked({"b": "plate BX1? RKO", "a": "silver van BX14 RKO"})
    assert (link.a, link.b, link.kind, link.value) == ("a", "b", "registration", "BX14RKO")
    assert link.why == "\u201cBX14 RKO\u201d and \u201cBX1? RKO\u201d: the same plate, one sign unseen."
    assert "BX" not in repr(link)
