"""One person's report: facts told in the fields they belong in, in others, and in sentences."""

import random
from dataclasses import dataclass, field
from datetime import date

from payload import Answers, AttachedFile, FollowUp, Mailbox, Report

from . import numbers, online, people, places, plates, sayings
from .facts import Fact
from .slips import careless
from .world import Affair, Car, Person, Place

Entry = dict[str, str | tuple[str, ...]]
DAY = date(2026, 11, 1)


@dataclass(slots=True)
class Story:
    """What is being written: sentences, entries by section, and the facts that are told in them."""

    rng: random.Random
    town: str
    sentences: list[str] = field(default_factory=list)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)

    def say(self, sayings_: tuple[str, ...], it: str, **more: str) -> None:
        """Tell it in a sentence."""
        self.sentences.append(self.rng.choice(sayings_).format(it, it=it, **more))

    def put(self, section: str, entry: Entry, *, alone: bool = False) -> None:
        """Tell it in fields: as another entry, or ``alone`` in the one that the section has."""
        there = self.entries.setdefault(section, [])
        if alone and there:
            for name, answer in entry.items():
                before = there[0].get(name)
                there[0][name] = f"{before}, {answer}"[:300] if isinstance(before, str) else answer
        else:
            there.append(entry)

    def tell(
        self, fact: Fact, sayings_: tuple[str, ...], section: str, name: str, strange: tuple[str, str]
    ) -> None:
        """Tell a fact in its field, in a sentence, in both, or in a strange field."""
        self.facts.append(fact)
        way = self.rng.random()
        if way < 0.42:
            self.put(section, {name: fact.text[:300]}, alone=True)
        elif way < 0.88:
            self.say(sayings_, fact.text)
        elif way < 0.95:
            self.put(section, {name: fact.text[:300]}, alone=True)
            self.say(sayings_, fact.text)
        else:
            self.put(strange[0], {strange[1]: fact.text[:300]}, alone=True)


def written(
    rng: random.Random, affair: Affair, draft: bytes, fresh: int
) -> tuple[tuple[Report | FollowUp, ...], list[Fact]]:
    """Write what one person sends of an affair; ``fresh`` is a number for what is nobody else's."""
    story = Story(rng, affair.town if rng.random() < 0.75 else "")
    if story.town:
        story.say(sayings.TOWNS, story.town)
    for car in affair.cars:
        if rng.random() < 0.75:
            _car(story, car)
    for person in affair.people:
        if rng.random() < 0.75:
            _person(story, person)
    for place in affair.places:
        if rng.random() < 0.75:
            _place(story, place)
    for kind, thing, value in affair.means:
        if rng.random() < 0.65:
            _means(story, kind, thing, value)
    _noise(story, fresh)
    return _sent(story, draft), story.facts


def _car(story: Story, car: Car) -> None:
    rng = story.rng
    make = plates.make_said(rng, car.make) if rng.random() < 0.65 else ""
    colour = car.colour if rng.random() < 0.75 else ""
    signs = {"make": car.make if make else "", "colour": colour, "town": story.town}
    fact = plates.told(rng, car.thing, car.plate, signs)
    story.facts.append(fact)
    model = car.model if make and rng.random() < 0.6 else ""
    looks = " ".join(part for part in (colour, make, model) if part)
    way = rng.random()
    if way < 0.5:
        entry: Entry = {"registration": fact.text}
        told = (("make", make), ("colour", colour), ("model", model or rng.choice(("van", "car", ""))))
        story.put("vehicles", entry | {name: value for name, value in told if value})
    elif way < 0.92:
        story.say(sayings.CARS, fact.text, car=f"a {looks}" if looks else rng.choice(("a car", "a van")))
    else:
        name = rng.choice(("marks", "occupants", "model"))
        story.put("vehicles", {name: f"{looks} {fact.text}".strip()})


def _person(story: Story, person: Person) -> None:
    rng = story.rng
    names = [people.told(rng, person.thing, person.name, story.town)] if rng.random() < 0.8 else []
    aliases = (
        [people.alias_told(rng, person.thing, person.alias, story.town)]
        if person.alias and rng.random() < 0.6
        else []
    )
    calls = []
    if person.telephone is not None and rng.random() < 0.75:
        calls = [numbers.telephone_told(rng, *person.telephone)]
    accounts = []
    if person.social is not None and rng.random() < 0.75:
        accounts = [online.social_told(rng, *person.social)]
    if rng.random() < 0.5:
        story.facts += [*names, *aliases, *calls, *accounts]
        _person_fields(story, names, aliases, calls, accounts)
        return
    for facts, sayings_, name in (
        (names, sayings.NAMES, "names"), (aliases, sayings.CALLED, "names"),
        (calls, sayings.TELEPHONES, "telephone"), (accounts, sayings.SOCIALS, "accounts"),
    ):  # fmt: skip
        for fact in facts:
            story.tell(fact, sayings_, "people", name, ("organisation", "does"))


def _person_fields(
    story: Story, names: list[Fact], aliases: list[Fact], calls: list[Fact], accounts: list[Fact]
) -> None:
    rng = story.rng
    entry: Entry = {}
    called = [fact.text for fact in (*names, *aliases)]
    if called:
        entry["names"] = rng.choice((" aka ", ", ", " / ", " known as ", " or ")).join(called)
    # Somebody who is in a hurry writes all of it into the first field.
    together = rng.random() < 0.12
    for name, facts in (("telephone", calls), ("accounts", accounts)):
        for fact in facts:
            if together:
                entry["names"] = f"{entry.get('names', '')} {fact.text}".strip()
            else:
                entry[name] = fact.text
    if entry:
        entry["role"] = rng.choice(("boss", "driver", "collects", "opens the door", "not sure"))
        story.put("people", entry)


def _place(story: Story, place: Place) -> None:
    rng, spot = story.rng, place.spot
    facts = []
    if spot.sign and rng.random() < 0.75:
        facts.append((places.premises_told(rng, place.thing, spot, story.town), sayings.PREMISES, "landmark"))
    if not facts or rng.random() < 0.5:
        told = places.address_told(rng, place.thing, spot)
        facts.append((told[0], sayings.ADDRESSES, "address"))
        facts += [(code, sayings.POSTCODES, "postcode") for code in told[1:]]
    if spot.words and rng.random() < 0.06:
        facts.append((places.words_told(rng, place.thing, spot.words), sayings.WORDS, "what3words"))
    if rng.random() < 0.55:
        entry: Entry = {}
        for fact, _, name in facts:
            # The sign is written where there is room for it, before the address or beside it.
            where = "address" if name == "landmark" and rng.random() < 0.6 else name
            before = entry.get(where)
            entry[where] = f"{before}, {fact.text}" if before else fact.text
        story.put("places", entry)
        story.facts += [fact for fact, _, _ in facts]
        return
    for fact, sayings_, name in facts:
        story.tell(fact, sayings_, "places", name, ("people", "address"))


_MEANS = {
    "web": (sayings.WEBS, "organisation", "reached", ("places", "online")),
    "email": (sayings.EMAILS, "organisation", "reached", ("people", "accounts")),
    "account": (sayings.ACCOUNTS, "money", "accounts", ("money", "transfers")),
    "wallet": (sayings.WALLETS, "money", "wallets", ("money", "accounts")),
}


def _means(story: Story, kind: str, thing: int, value: str) -> None:
    tellers = {
        "web": online.web_told,
        "email": online.email_told,
        "account": numbers.account_told,
        "wallet": numbers.wallet_told,
    }
    story.tell(tellers[kind](story.rng, thing, value), *_MEANS[kind])


def _noise(story: Story, fresh: int) -> None:
    rng = story.rng
    for chance, sayings_, values in (
        (0.15, sayings.AGENCY, numbers.AGENCIES),
        (0.08, sayings.PLATFORM, online.PLATFORMS), (0.02, sayings.BANK, ("",)),
    ):  # fmt: skip
        if rng.random() < chance:
            story.say(sayings_, rng.choice(values))
    if rng.random() < 0.12:
        fact = places.chain_told(-fresh, rng.choice(places.CHAINS), story.town)
        story.facts.append(fact)
        story.say(sayings.CHAIN, fact.text)
    if rng.random() < 0.10:
        fact = people.street_told(-fresh, people.street_name(rng), story.town)
        story.facts.append(fact)
        story.say(sayings.STREET, fact.text)
    if rng.random() < 0.2:
        figures = {
            "a": rng.randrange(1000, 99999),
            "b": rng.randrange(1000, 99999),
            "c": rng.randrange(1, 30),
        }
        figures |= {
            "d": rng.randrange(100, 999),
            "e": rng.randrange(10, 28),
            "f": rng.randrange(2, 11),
            "g": rng.randrange(16, 60),
        }
        story.say(sayings.FIGURES, "", **{name: str(value) for name, value in figures.items()})
    story.sentences += rng.sample(sayings.FILLER, rng.randrange(1, 6))


def _sent(story: Story, draft: bytes) -> tuple[Report | FollowUp, ...]:
    rng = story.rng
    # What is where comes first, the rest in any order; careless people are careless throughout.
    much = rng.choice((0.0, 0.0, 0.1, 0.3, 0.7))
    sentences = [
        careless(rng, sentence, much) if "://" not in sentence else sentence for sentence in story.sentences
    ]
    rng.shuffle(sentences)
    if rng.random() < 0.3:
        sentences = [f"{sentence.removesuffix('.')}," for sentence in sentences]
    if rng.random() < 0.35 and len(sentences) > 3:
        between = rng.choice((" and ", " - ", "; ", " but also ", ". ", ", "))
        sentences[:2] = [
            between.join(sentence.removesuffix(",").removesuffix(".") for sentence in sentences[:2])
        ]
    later: list[str] = []
    files: tuple[AttachedFile, ...] = ()
    if rng.random() < 0.08 and len(sentences) > 2:
        later, sentences = sentences[:1], sentences[1:]
    elif rng.random() < 0.05:
        caption, sentences = sentences[0][:300], sentences[1:]
        files = (AttachedFile(draft, bytes(32), "IMG_1.jpg", "image/jpeg", 1, bytes(32), bytes(32), caption),)
    if rng.random() < 0.2:
        story.put("contact", {"how": rng.choice((numbers.telephone(rng), online.email(rng), _SOURCE))})
    entries = {name: tuple(told) for name, told in story.entries.items()}
    mailbox = Mailbox(draft * 76, draft * 2)
    report = Report(
        draft, DAY, "en", rng.choice((" ", " ", "\n")).join(sentences), files, Answers(entries), mailbox
    )
    if not later:
        return (report,)
    return report, FollowUp(bytes(reversed(draft)), DAY, "en", mailbox, later[0])


# One source who reports again and again and says each time how to reach them: no link may come of it.
_SOURCE = "07700 900461, practice.source@example.org"
