"""What stands in the box at the top of a referral: that somebody is in danger now, and children."""

from collections.abc import Collection, Iterator

from desk.packing.told import Sending, Told, month_or_day
from payload.outline import SECTION

DANGER = "The source says that someone is in danger now."
_UNDER_18 = ("0-9", "10-15", "16-17")


def first(told: Told, left_out: Collection[str] = ()) -> tuple[str, ...]:
    """Give the lines of the box, or none; ``left_out`` are the places of answers that do not go out."""
    found: list[str] = []
    for number, sending in enumerate(told.sendings):
        base = f"report[{number}]"
        lines = [*_danger(sending, base, left_out), *_children(sending, base, left_out)]
        if lines:
            exact = "on" if told.exact_days else "in"
            came = f"Received {exact} {month_or_day(sending.received_on, exact=told.exact_days)}."
            found += [*lines, came]
    return tuple(dict.fromkeys(found))


def is_danger(told: Told) -> bool:
    """Tell whether one of the reports says that somebody is in danger now."""
    return any(tuple(_danger(sending, "", ())) for sending in told.sendings)


def _danger(sending: Sending, base: str, left_out: Collection[str]) -> Iterator[str]:
    for number, entry in enumerate(sending.answers.get("danger", ())):
        if entry.get("now") == "yes" and f"{base}.danger[{number}].now" not in left_out:
            yield DANGER


def _children(sending: Sending, base: str, left_out: Collection[str]) -> Iterator[str]:
    ages: list[str] = []
    for number, entry in enumerate(sending.answers.get("in_need", ())):
        told = entry.get("ages", ())
        if isinstance(told, tuple) and f"{base}.in_need[{number}].ages" not in left_out:
            ages += [age for age in told if age in _UNDER_18]
    if ages:
        label = SECTION["in_need"].field("ages").label_of
        said = ", ".join(label(age) for age in _UNDER_18 if age in ages)
        yield f"Children who may need help. Ages, as the source says: {said}."
        return
    for number, entry in enumerate(sending.answers.get("what", ())):
        kinds = entry.get("kinds", ())
        if "child" in kinds and f"{base}.what[{number}].kinds" not in left_out:
            yield "It is about harm to children. The source does not say how old they are."
