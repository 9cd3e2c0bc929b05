"""What there is in the invented world: affairs, each with people, vehicles, places and means of its own.

Some affairs share a vehicle, a number or an account with another; some have what looks like another's and is
not: a plate with one other letter, a telephone with one other digit, the house next door.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from . import numbers, online, people, places, plates
from .places import Spot


@dataclass(frozen=True, slots=True)
class Car:
    """A vehicle."""

    thing: int
    plate: str
    make: str
    model: str
    colour: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is suspected. What is "" or None they do not have."""

    thing: int
    name: tuple[str, str]
    alias: str
    telephone: tuple[int, str] | None
    social: tuple[int, str, str] | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place, with the numbers of its address, its sign and its three words as things."""

    thing: int
    spot: Spot


@dataclass(slots=True)
class Affair:
    """What one or several reports are about."""

    town: str
    cars: list[Car] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    means: list[tuple[str, int, str]] = field(default_factory=list)  # kind, thing, as it is


class World:
    """Affairs, drawn one after the other from a seed."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._things: Iterator[int] = count(1)
        self._past: list[Affair] = []

    def affair(self) -> Affair:
        """Draw the next affair."""
        rng = self._rng
        town = rng.choice(list(places.TOWNS))
        new = Affair(town)
        other = rng.choice(self._past) if self._past else None
        # What is shared with another affair, or looks as if it were.
        share, look = rng.random() < 0.05, rng.random() < 0.15
        for _ in range(rng.choice((0, 1, 1, 1, 2))):
            new.cars.append(self._car(other if look else None))
        for _ in range(rng.choice((0, 1, 1, 2, 3))):
            new.people.append(self._person(other if look else None))
        for _ in range(rng.choice((0, 1, 1, 2))):
            new.places.append(self._place(town, other if look else None))
        if rng.random() < 0.3:
            new.means += self._means()
        if other is not None and share:
            self._shared(new, other)
        self._past.append(new)
        if len(self._past) > 2_000:
            self._past[rng.randrange(1_000)] = self._past.pop()
        return new

    def _shared(self, new: Affair, other: Affair) -> None:
        own: list[Callable[[], None]] = []
        if other.cars:
            own.append(lambda: new.cars.append(other.cars[0]))
        if other.people:
            own.append(lambda: new.people.append(other.people[0]))
        if other.means:
            own.append(lambda: new.means.append(other.means[0]))
        if own:
            self._rng.choice(own)()

    def _car(self, like: Affair | None) -> Car:
        rng = self._rng
        make = rng.choice(list(plates.MAKES))
        plate = plates.plate(rng)
        if like is not None and like.cars:
            plate = plates.near(rng, like.cars[0].plate)
        return Car(
            next(self._things), plate, make, rng.choice(plates.MAKES[make]), rng.choice(plates.COLOURS)
        )

    def _person(self, like: Affair | None) -> Person:
        rng = self._rng
        name = people.full(rng, common=rng.random() < 0.12)
        telephone: tuple[int, str] | None = None
        social: tuple[int, str, str] | None = None
        if rng.random() < 0.5:
            digits = numbers.telephone(rng)
            if like is not None and like.people and like.people[0].telephone is not None:
                digits = numbers.near_number(rng, like.people[0].telephone[1])
            telephone = next(self._things), digits
        if rng.random() < 0.35:
            handle = online.handle(rng)
            if like is not None and like.people and like.people[0].social is not None:
                handle = online.near_handle(rng, like.people[0].social[1])
            social = next(self._things), handle, rng.choice(online.NETWORKS)
        alias = people.alias(rng) if rng.random() < 0.3 else ""
        return Person(next(self._things), name, alias, telephone, social)

    def _place(self, town: str, like: Affair | None) -> Place:
        rng = self._rng
        if like is not None and like.places:
            return Place(next(self._things), places.neighbour(rng, like.places[0].spot))
        return Place(next(self._things), places.spot(rng, town, business=rng.random() < 0.5))

    def _means(self) -> list[tuple[str, int, str]]:
        rng = self._rng
        host = online.domain(rng)
        every = [
            ("web", host),
            ("email", online.email(rng, host if rng.random() < 0.4 else "")),
            ("account", numbers.account(rng)),
            ("wallet", numbers.wallet(rng)),
        ]
        return [(kind, next(self._things), value) for kind, value in rng.sample(every, rng.randrange(1, 4))]
