"""The choices that a report's questions offer. Values are for ever; labels may be put better."""

from typing import NamedTuple


def words(text: str) -> str:
    """Mark English words that pages translate when they show them; `make messages` collects them."""
    return text


class Choice(NamedTuple):
    """One choice: what the payload says, and the words for people."""

    value: str
    label: str


UNKNOWN = Choice("unknown", words("I don’t know"))

DANGER = (
    Choice("yes", words("Yes")),
    Choice("no", words("No")),
    UNKNOWN,
)

KNOWS = (
    Choice("saw", words("I saw it")),
    Choice("heard", words("I heard it, or was told")),
    Choice("happened", words("It happened to me")),
    Choice("work", words("I work there")),
    Choice("professional", words("I found out in my job, such as nurse or teacher")),
)

CONDUCT = (
    Choice("labour", words("People forced to work")),
    Choice("sexual", words("People forced to have or sell sex")),
    Choice("domestic", words("Someone forced to work in a home")),
    Choice("county_lines", words("People forced into crime, such as county lines")),
    Choice("cuckooing", words("A home taken over by a gang")),
    Choice("begging", words("People forced to beg")),
    Choice("wages", words("Pay, passport or papers taken")),
    Choice("organ", words("Organs taken or sold")),
    Choice("child", words("A child used or harmed")),
    Choice("drugs", words("Drugs")),
    Choice("weapons", words("Weapons")),
    Choice("violence", words("Violence or threats")),
    Choice("fraud", words("Fraud or scams")),
    Choice("smuggling", words("People or goods smuggled")),
    Choice("laundering", words("Dirty money made to look clean")),
    Choice("corruption", words("Bribes, or officials who help")),
    Choice("other", words("Something else")),
    UNKNOWN,
)

TIMING = (
    Choice("now", words("Right now")),
    Choice("ongoing", words("Again and again")),
    Choice("once", words("It happened once")),
    Choice("coming", words("It has not happened yet")),
    UNKNOWN,
)

PREMISES = (
    Choice("home", words("House or flat")),
    Choice("farm", words("Farm")),
    Choice("factory", words("Factory or warehouse")),
    Choice("building_site", words("Building site")),
    Choice("car_wash", words("Car wash")),
    Choice("salon", words("Nail bar, hair or massage shop")),
    Choice("food", words("Takeaway, cafe or pub")),
    Choice("shop", words("Shop or market")),
    Choice("hotel", words("Hotel or holiday let")),
    Choice("care", words("Care home or hospital")),
    Choice("school", words("School or youth club")),
    Choice("street", words("Street, park or station")),
    Choice("transport", words("Vehicle, boat or caravan")),
    Choice("online", words("Online only")),
    Choice("other", words("Somewhere else")),
    UNKNOWN,
)

AGES = (
    Choice("0-9", words("Under 10")),
    Choice("10-15", words("10 to 15")),
    Choice("16-17", words("16 or 17")),
    Choice("18-24", words("18 to 24")),
    Choice("25-34", words("25 to 34")),
    Choice("35-49", words("35 to 49")),
    Choice("50-64", words("50 to 64")),
    Choice("65", words("65 or over")),
    UNKNOWN,
)

RISK = (
    Choice("yes", words("Yes")),
    Choice("no", words("No, it could point to me")),
    UNKNOWN,
)

AGREES = (
    Choice("keep", words("Keep it with the team")),
    Choice("investigate", words("Look into it")),
    Choice("pass_without", words("Pass it on, but not who I am or how to reach me")),
    Choice("pass_with", words("Pass it on with who I am and how to reach me")),
)

PASS_TO = (
    Choice("any", words("Any agency that the team thinks can help")),
    Choice("some", words("Only those I name")),
    Choice("none", words("No one")),
)
