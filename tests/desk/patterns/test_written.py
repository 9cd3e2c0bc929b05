"""Places in people's own words: spellings of one are joined, and what only describes a place names none."""

import pytest

from desk.connections.place_table import Place, first_with_rows, places
from desk.connections.written import address_key, readable
from desk.patterns import facts
from payload import Report
from tests.desk.connections.cases import report, said


def _places(**cases: Report) -> list[Place]:
    told = {name: said(one, name) for name, one in cases.items()}
    counted = [found for name, one in cases.items() if (found := facts(name, [one], told[name]))]
    return places(counted, told)


def _heads(by: str, **cases: Report) -> list[tuple[str, int]]:
    return [(one.written, len(one.cases)) for one in _places(**cases) if one.by == by]


def _at(address: str, **more: str) -> Report:
    return report(places={"address": address, **more})


def test_an_address_is_headed_as_most_typed_it_and_rw_is_a_row() -> None:
    found = _heads(
        "address",
        a=_at("12 Cutlers Row, Leeds"),
        b=_at("12 Cutlers Rw, Leeds"),
        c=_at("12 Cutlers Row"),
        d=_at("31 Salt Ln"),
    )
    assert found == [("12 Cutlers Row", 3), ("31 Salt Ln", 1)]
    assert address_key("12|cutlers rw|") == "12|cutlers|row"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("31|salt|lane", "31 Salt Lane"),
        ("4/12|cutlers rw|", "Flat 4, 12 Cutlers Row"),
        ("4/12 cutlers row", "Flat 4, 12 Cutlers Row"),
        ("88a wharf street", "88A Wharf Street"),
        ("larkmead house", "Larkmead House"),
        ("", ""),
    ],
)
def test_an_address_can_be_read_without_anybodys_words(value: str, words: str) -> None:
    assert readable("address", value) == words


def test_premises_are_named_and_not_described() -> None:
    found = _heads(
        "premises",
        a=report("It is by the closed-down bakery. Eight mattresses on the floor."),
        b=report("A bird tattoo.", organisation={"does": "Washes cars"}),
        c=report("They meet in Cloud Nine Vapes every night."),
        d=report("they go to hollow ash farm"),
        e=report("Ask at Hollow Ash Farm."),
    )
    assert found == [("Hollow Ash Farm", 2), ("Cloud Nine Vapes", 1)]


def test_towns_are_those_of_a_place_answer_or_known_ones_behind_in_or_near() -> None:
    found = _heads(
        "place",
        a=report("He pays from Bitcoin, in Year 9, near Pearl.", places={"address": "1 Hill, nr Sallowby"}),
        b=report("We saw them in Sallowby, near Leeds."),
        c=report("Reading the note took long."),
        d=_at("Market Place, Ketterholm, by the clock"),
        e=_at("Old slipway, Esplanade, Dunmarsh"),
    )
    assert found == [("Sallowby", 2), ("Dunmarsh", 1), ("Ketterholm", 1), ("Leeds", 1)]


def test_a_postcode_of_no_known_area_is_listed_as_typed() -> None:
    cases = {"a": report(places={"postcode": "AM7 3QB"}), "b": report(places={"postcode": "am73qb"})}
    assert _heads("unread", **cases) == [("AM7 3QB", 2)]
    assert _heads("unread", a=report(places={"postcode": "LS1 4AP"})) == []
    assert first_with_rows(_places(**cases)) == "unread"
    assert first_with_rows([]) == "area"


def test_an_account_is_written_as_banks_write_it() -> None:
    assert readable("account", "00149212340987") == "00149212340987"
    assert readable("account", "001492-12340987") == "00-14-92 12340987"


def test_a_house_with_a_name_is_an_address_and_a_firm_is_none() -> None:
    found = _heads("address", a=_at("Larkmead House, Priory Hill, Leeds"), b=_at("Old slipway, Hill, Leeds"))
    assert found == [("Larkmead House", 1)]
