"""What a report can tell, section by section: the table that the schema, its reader, the form, the desk's
pages and the docs are all made from.

Every answer is optional. A section of the part ``source`` says who the source is or how to reach them, or
could point to them: what writes a referral is handed the part ``report`` alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from payload.choices import (
    AGES,
    AGREES,
    CONDUCT,
    DANGER,
    KNOWS,
    PASS_TO,
    PREMISES,
    RISK,
    TIMING,
    Choice,
    words,
)
from payload.limits import MAX_ENTRIES, MAX_LONG, MAX_SHORT


class Part(StrEnum):
    """The two members of a payload that answers stand in."""

    REPORT = "report"
    SOURCE = "source"


class Kind(StrEnum):
    """What an answer is: text in one line, text in several, one choice, or several."""

    SHORT = "short"
    LONG = "long"
    ONE = "one"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Field:
    """One question. ``label`` asks it, ``hint`` helps; ``choices`` are those of ONE and SEVERAL."""

    name: str
    label: str
    kind: Kind = Kind.SHORT
    choices: tuple[Choice, ...] = ()
    hint: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it is answered in words."""
        return self.kind in (Kind.SHORT, Kind.LONG)

    @property
    def most(self) -> int:
        """The most characters of a text."""
        return MAX_LONG if self.kind is Kind.LONG else MAX_SHORT

    def label_of(self, value: str) -> str:
        """Give the words of a choice.

        :raises KeyError: it is none of this question's.
        """
        return {choice.value: choice.label for choice in self.choices}[value]


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together.

    With ``one`` ("Person") there can be several entries, up to ``MAX_ENTRIES``. ``note`` is said before the
    questions, ``add`` on the button for another entry.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    part: Part = Part.REPORT
    note: str = ""
    one: str = ""
    add: str = ""

    @property
    def most(self) -> int:
        """The most entries."""
        return MAX_ENTRIES if self.one else 1

    def field(self, name: str) -> Field:
        """Give the question of a name.

        :raises KeyError: there is none.
        """
        return {field.name: field for field in self.fields}[name]


def _short(name: str, label: str, hint: str = "") -> Field:
    return Field(name, label, Kind.SHORT, hint=hint)


def _long(name: str, label: str, hint: str = "") -> Field:
    return Field(name, label, Kind.LONG, hint=hint)


def _one(name: str, label: str, choices: tuple[Choice, ...], hint: str = "") -> Field:
    return Field(name, label, Kind.ONE, choices, hint)


def _several(name: str, label: str, choices: tuple[Choice, ...], hint: str = "") -> Field:
    return Field(name, label, Kind.SEVERAL, choices, hint)


SECTIONS: tuple[Section, ...] = (
    Section("danger", words("Danger now"), (_one("now", words("Is someone in danger now?"), DANGER),)),
    Section(
        "you",
        words("How you know"),
        (
            _several("part", words("How do you know about it?"), KNOWS, words("Tick all that fit.")),
            _long("how_known", words("Tell us more about how you know")),
            _long(
                "who_else",
                words("Who else knows what you know?"),
                words("We ask because it could point to you if few people know."),
            ),
        ),
        Part.SOURCE,
    ),
    Section(
        "what",
        words("Kind of harm or crime"),
        (_several("kinds", words("What is it about?"), CONDUCT, words("Tick all that fit.")),),
    ),
    Section(
        "when",
        words("When"),
        (
            _one("timing", words("When does it happen?"), TIMING),
            _short(
                "date",
                words("Day, month or year"),
                words("Such as “around May 2026”."),
            ),
            _short("pattern", words("Days or times when it happens"), words("Such as “every Friday night”.")),
        ),
    ),
    Section(
        "places",
        words("Where"),
        (
            _short("address", words("Address, or part of it")),
            _short("postcode", words("Postcode")),
            _short("landmark", words("What is near it?")),
            _short("what3words", words("what3words address")),
            _short("map_reference", words("Map reference or link")),
            _short("online", words("If online: web address, app or group")),
            _one("premises", words("Kind of place"), PREMISES),
            _long("what_happens", words("What happens there?")),
        ),
        one=words("Place"),
        add=words("Add another place"),
    ),
    Section(
        "people",
        words("People you suspect"),
        (
            _short("names", words("Names and nicknames")),
            _one("age", words("About how old?"), AGES),
            _short("build", words("Build, such as slim or strong")),
            _short("height", words("Height")),
            _short("hair", words("Hair")),
            _short("face", words("Face, beard or glasses")),
            _short("marks", words("Tattoos, scars or rings")),
            _short("clothing", words("Clothes")),
            _short("speech", words("Accent, or languages they speak")),
            _short("telephone", words("Phone numbers")),
            _short("accounts", words("Names they use online")),
            _short("address", words("Where they live or stay")),
            _short("work", words("Their job")),
            _short("role", words("Their part in it, such as driver or boss")),
            _short("weapons", words("Weapons")),
            _short("dogs", words("Dogs")),
            _short("company", words("Who they are with")),
        ),
        note=words("Tell us what they look like and what they do. Do not go near them to find out more."),
        one=words("Person"),
        add=words("Add another person you suspect"),
    ),
    Section(
        "in_need",
        words("People who may need help"),
        (
            _short("how_many", words("How many people?")),
            _several("ages", words("About how old are they?"), AGES),
            _long("condition", words("How are they?"), words("Such as hurt, ill, hungry or afraid.")),
            _long(
                "may_not",
                words("What are they not allowed to do?"),
                words("Such as leave, rest or use a phone."),
            ),
            _short("papers", words("Who keeps their passports, papers or pay?")),
            _short("languages", words("What languages do they speak?")),
            _short(
                "needs",
                words("What do they need?"),
                words("Such as a doctor, food, or someone who speaks their language."),
            ),
        ),
        note=words("Do not give their names if that could harm them."),
        one=words("Person or group"),
        add=words("Add more people who need help"),
    ),
    Section(
        "vehicles",
        words("Vehicles"),
        (
            _short(
                "registration",
                words("Number plate"),
                words("Put ? for each letter or number you did not see, such as “AB1? C?E”."),
            ),
            _short("make", words("Make, such as Ford")),
            _short("model", words("Model or type, such as van")),
            _short("colour", words("Colour")),
            _short("marks", words("Signs, dents or stickers")),
            _short("direction", words("Where it came from and went to")),
            _short("occupants", words("Who was in it?")),
        ),
        one=words("Vehicle"),
        add=words("Add another vehicle"),
    ),
    Section(
        "organisation",
        words("A company or group"),
        (
            _short("name", words("Name of the company or group")),
            _long("does", words("What does it do, and who runs it?")),
            _short("reached", words("Its website, phone or address")),
        ),
    ),
    Section(
        "money",
        words("Money"),
        (
            _short("accounts", words("Bank accounts")),
            _short("wallets", words("Crypto wallets")),
            _short("shops", words("Shops or companies the money goes through")),
            _short(
                "transfers",
                words("How is the money sent?"),
                words("Such as a money transfer shop, an app, or by hand."),
            ),
        ),
    ),
    Section(
        "travel",
        words("Travel"),
        (
            _short("route", words("From where to where, and how?")),
            _short("port", words("Port, airport or station")),
            _short("flight", words("Flight, train or coach")),
            _short("boat", words("Boat or ship")),
        ),
    ),
    Section(
        "evidence",
        words("Where your files come from"),
        (
            _short(
                "originals",
                words("Where is the first copy?"),
                words("Such as “on the phone that took it”. Keep it if that is safe."),
            ),
        ),
        Part.SOURCE,
    ),
    Section(
        "consent",
        words("What we may do with it"),
        (
            _one("safe", words("Can we act on this without putting you at risk?"), RISK),
            _several("may", words("What may we do?"), AGREES, words("Tick all that you agree to.")),
            _one("to", words("Who may we pass it to?"), PASS_TO),
            _short("agencies", words("Name who may get it, or who must not")),
        ),
        Part.SOURCE,
        note=words(
            "If you tick nothing, we may keep it, look into it, and pass it on without who you are. "
            "If it could point to you, tick only what you are sure of."
        ),
    ),
    Section(
        "contact",
        words("How to reach you, if you want that"),
        (
            _short("how", words("A safe way to reach you")),
            _short("when", words("When it is safe, and when it is not")),
        ),
        Part.SOURCE,
        note=words("Only if you want us to reach you. We do not pass this on unless you agreed above."),
    ),
)

SECTION: Mapping[str, Section] = MappingProxyType({section.name: section for section in SECTIONS})


def sections(part: Part) -> Iterator[Section]:
    """Give the sections of one part, in order."""
    return (section for section in SECTIONS if section.part is part)
