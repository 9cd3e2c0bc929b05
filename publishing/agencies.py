"""agencies.toml: whom a reader can turn to, each fact with the page that it was read on.

Somebody in danger dials what stands here, so nothing is guessed: a number and the link that dials it must
agree, and an entry says when a person last rang it or read it live.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from publishing import links
from publishing.errors import Problem
from publishing.matter import Values, read_text, read_toml
from publishing.slugs import is_slug

FILE = "agencies.toml"
NATIONS = ("england", "wales", "scotland", "northern-ireland")
# What somebody may have seen or lived through. ANY stands for all of them, and comes after who knows one.
KINDS = (
    "county-lines",
    "trafficking",
    "work",
    "child",
    "images",
    "abuse",
    "sexual",
    "missing",
    "crime",
    "fraud",
    "border",
    "asylum",
    "talk",
)
ANY = "any"
CHECKED_FOR_DAYS = 365

LONGEST_NAME = 80
LONGEST_TEXT = 400
MOST_SOURCES = 6
# These stand in every entry, so that none is forgotten; "" says that the agency does not tell.
_TOLD = ("hours", "languages", "anonymous", "tracing", "cost")
_KEYS = (
    "id", "name", "what_for", "phone", "phone_href", "text", "textphone", "bsl", "web", "nations", *_TOLD,
    "note", "urgent", "for", "checked_on", "source",
)  # fmt: skip
# 999, 101 and the like; 116 123; 0800 1111 and longer; or with the country's code.
_NUMBER = re.compile(r"1\d\d|999|116\d{3}|0[1-9]\d{6,9}|\+[1-9]\d{7,14}")
_PHONE = re.compile(r"\+?[0-9]+(?: [0-9]+)*")
# Numbers within a sentence: 999 and 101 (not 55), 18000, 18001 and another, 116 123, 0800 1111 and longer.
_WITHIN = re.compile(
    r"(?<![\d.,])(?:999|101|18000|18001 \d{3}|116 ?\d{3}|0[1-9]\d{2,4}(?: ?\d){4,7})(?![.,]?\w)"
)


@dataclass(frozen=True)
class Agency:
    """One agency or helpline. A text that is empty says that nothing of it could be found.

    ``phone_href`` is what dials ``phone``. ``text``, ``textphone`` and ``bsl`` say how to reach them by
    message, by textphone and in sign language. ``anonymous``: whether one can stay so; ``tracing``: what they
    say of tracing calls. ``urgent``: for those in danger now. ``kinds``, of KINDS or ANY, begins with what it
    is best for. ``checked_on``: when a person rang it or read it live, None where nobody has. ``sources``:
    where the facts were read.
    """

    id: str
    name: str
    what_for: str
    phone: str
    phone_href: str
    text: str
    textphone: str
    bsl: str
    web: str
    nations: tuple[str, ...]
    hours: str
    languages: str
    anonymous: str
    tracing: str
    cost: str
    note: str
    urgent: bool
    kinds: tuple[str, ...]
    checked_on: date | None
    sources: tuple[str, ...]

    @property
    def host(self) -> str:
        """The name of the site behind ``web``, as people say it."""
        return (urlsplit(self.web).hostname or "").removeprefix("www.")

    def stale(self, today: date) -> bool:
        """Whether nobody has checked it, or not for a year."""
        return self.checked_on is None or (today - self.checked_on).days > CHECKED_FOR_DAYS

    def to_json(self) -> dict[str, Any]:
        """Give it as what json.dumps takes."""
        day = self.checked_on.isoformat() if self.checked_on else None
        return {**asdict(self), "checked_on": day}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Take what `to_json` gave."""
        values = {field.name: found[field.name] for field in fields(cls)}
        for key in ("nations", "kinds", "sources"):
            values[key] = tuple(values[key])
        day = values["checked_on"]
        return cls(**{**values, "checked_on": date.fromisoformat(day) if day else None})


def stale(agencies: Iterable[Agency], today: date) -> list[Agency]:
    """Give those that nobody has checked for a year, or ever."""
    return [agency for agency in agencies if agency.stale(today)]


def chosen(agencies: Iterable[Agency], kind: str | None = None, nation: str | None = None) -> list[Agency]:
    """Give those for a kind of trouble in a nation, who knows it best first; None asks for all."""
    found = [agency for agency in agencies if nation is None or nation in agency.nations]
    if kind is None:
        return found
    fit = [agency for agency in found if kind in agency.kinds or ANY in agency.kinds]
    # Sorting is stable: among equals the order of the file holds, which the newsroom chose.
    return sorted(fit, key=lambda agency: agency.kinds.index(kind) if kind in agency.kinds else len(KINDS))


def pieces(text: str, scheme: str = "tel") -> list[tuple[str, str]]:
    """Cut a sentence at its phone numbers: (words, address that dials them or "")."""
    cut: list[tuple[str, str]] = []
    end = 0
    for match in _WITHIN.finditer(text):
        cut.append((text[end : match.start()], ""))
        cut.append((match[0], f"{scheme}:{match[0].replace(' ', '')}"))
        end = match.end()
    cut.append((text[end:], ""))
    return [piece for piece in cut if piece[0]]


def read(folder: Path, problems: list[Problem], today: date | None = None) -> list[Agency]:
    """Read ``folder``/agencies.toml; what is wrong is added to ``problems``, and the entry left out."""
    today = today or datetime.now(UTC).date()
    text = read_text(folder, FILE, problems)
    values = None if text is None else read_toml(FILE, text, problems)
    if values is None:
        return []
    values.only(["agency"])
    tables = values.found.get("agency")
    if not isinstance(tables, list) or not tables or not all(isinstance(one, dict) for one in tables):
        values.wrong("agency", "there is no agency", "begin each with a line of [[agency]]")
        return []
    found = []
    ids: dict[str, int] = {}
    for number, table in enumerate(tables):
        base = ("agency", number)
        head = values.line(base)
        lines = {path[2:]: line - head for path, line in values.lines.items() if path[:2] == base}
        # The line before the first is its [[agency]], which is to blame for what is not there.
        one = Values(FILE, table, problems, lines, first=head + 1)
        before = len(problems)
        agency = _agency(one, today)
        if agency.id in ids:
            one.wrong("id", f"the id {agency.id!r} is taken by line {ids[agency.id]}", "give it another id")
        ids.setdefault(agency.id, one.line("id"))
        if len(problems) == before:
            found.append(agency)
    return found


def _agency(one: Values, today: date) -> Agency:
    one.only(_KEYS)
    for key in (*_TOLD, "checked_on"):
        if key not in one.found:
            one.wrong(key, f"{key} is missing", f'add {key} = "", and fill it in once it is known')
    texts = {
        key: one.text(key, LONGEST_TEXT, required=False)
        for key in (*_TOLD, "text", "textphone", "bsl", "note")
    }
    return Agency(
        id=_id(one),
        name=one.text("name", LONGEST_NAME),
        what_for=one.text("what_for", LONGEST_TEXT),
        **_number(one),
        web=_web(one),
        nations=_listed(one, "nations", NATIONS),
        urgent=one.flag("urgent"),
        kinds=_listed(one, "for", (*KINDS, ANY)),
        checked_on=_checked_on(one, today),
        sources=_sources(one),
        **texts,
    )


def _id(one: Values) -> str:
    found = one.text("id", LONGEST_NAME)
    if found and not is_slug(found):
        one.wrong(
            "id", f"the id {found!r} cannot stand in an address", "use small letters, digits and hyphens"
        )
    return found


def _number(one: Values) -> dict[str, str]:
    phone = one.text("phone", LONGEST_NAME, required=False)
    href = one.text("phone_href", LONGEST_NAME, required=False)
    if not phone and not href:
        if not one.text("web", LONGEST_TEXT, required=False):
            one.wrong("id", "it has neither a phone nor a web address", "add one of them")
        return {"phone": "", "phone_href": ""}
    digits = phone.replace(" ", "")
    if not _PHONE.fullmatch(phone) or not _NUMBER.fullmatch(digits):
        one.wrong(
            "phone", f"{phone!r} is not a phone number", 'write it as people read it: phone = "0800 555 111"'
        )
    elif href != f"tel:{digits}":
        one.wrong("phone_href", "phone_href does not dial the phone", f'write phone_href = "tel:{digits}"')
    return {"phone": phone, "phone_href": href}


def _web(one: Values) -> str:
    web = one.text("web", LONGEST_TEXT, required=False)
    if web and (links.kind(web) != "web" or not web.startswith("https://")):
        one.wrong("web", f"{web!r} is not a web address", 'write it whole: web = "https://www.example.org/"')
    return web


def _listed(one: Values, key: str, known: Sequence[str]) -> tuple[str, ...]:
    if key not in one.found:
        one.wrong(key, f"{key} is missing", f'add {key} = ["{known[0]}", …]')
        return ()
    texts = one.texts(key, len(known), LONGEST_NAME)
    for text in texts:
        if text not in known:
            one.wrong(key, f"{text!r} is none of {key}", f"they are {', '.join(known)}")
    return tuple(texts)


def _checked_on(one: Values, today: date) -> date | None:
    found = one.found.get("checked_on", "")
    if isinstance(found, str):
        if not found.strip():
            return None
        # The empty one stands in quotes, so a day that is put between them is meant as one.
        try:
            one.found["checked_on"] = date.fromisoformat(found.strip())
        except ValueError:
            one.wrong(
                "checked_on", f"checked_on {found!r} is not a day", f"write checked_on = {today.isoformat()}"
            )
            return None
    return one.day("checked_on", today)


def _sources(one: Values) -> tuple[str, ...]:
    if "source" not in one.found:
        one.wrong("source", "source is missing", "add the address of the page where the facts were read")
        return ()
    found = one.texts("source", MOST_SOURCES, LONGEST_TEXT)
    for address in found:
        if links.kind(address) != "web":
            one.wrong("source", f"{address!r} is not a web address", "write it whole, with https://")
    return tuple(found)
