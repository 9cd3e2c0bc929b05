"""The newsroom's texts: whether they are published, and its own; whether the site says it is under attack."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from commands.doctor_check import Check, Patient, good, look, unknown, wrong
from publishing.errors import NotPublished
from publishing.reading import SiteDb
from publishing.schema import SITE_DB

TEXTS, ATTACK = "texts", "attack"
STARTER = Path(__file__).parent.parent / "content"
ABOUT, SITE_TOML = "pages/about.md", "site.toml"
# What says who somebody writes to, and what they may expect.
OWN = ("name", "reading", "next")


def checks(patient: Patient) -> list[Check]:
    """Look at what is published, and at the folder that it came from."""
    site_db = SiteDb(patient.settings.data / SITE_DB)
    try:
        version, attacked = site_db.version, site_db.under_attack
    except NotPublished:
        hint = "run `vigil publish`"
        return [
            wrong(TEXTS, "nothing is published yet, or it cannot be read", hint),
            unknown(ATTACK, "nothing is published yet"),
        ]
    return [_texts(patient, version), _attack(attacked=attacked)]


def _texts(patient: Patient, version: str) -> Check:
    told = f"published, as version {version}"
    content = patient.settings.content
    # A site for practice says on every page that it is one.
    found = [] if patient.settings.practice else list(starter_texts(content))
    if found:
        return look(
            TEXTS,
            f"{told}, but not in your own words yet: {', '.join(found)} came with the software",
            f"write your own in {content}, then: vigil publish && systemctl reload vigil",
        )
    return good(TEXTS, told)


def starter_texts(content: Path) -> Iterator[str]:
    """Give the names of texts in a newsroom's folder that are still those of the release."""
    if _same(content / ABOUT, STARTER / ABOUT):
        yield ABOUT
    theirs, ours = _said(content), _said(STARTER)
    for key in OWN:
        if key in ours and theirs.get(key) == ours[key]:
            yield f"{key} in {SITE_TOML}"


def _same(one: Path, other: Path) -> bool:
    try:
        return one.read_bytes() == other.read_bytes()
    except FileNotFoundError:
        return False


def _said(folder: Path) -> dict[str, object]:
    try:
        return tomllib.loads((folder / SITE_TOML).read_text())
    except (FileNotFoundError, ValueError):
        # Whether it can be used, publishing and the start say.
        return {}


def _attack(*, attacked: bool) -> Check:
    if attacked:
        return look(
            ATTACK,
            "the switch for an attack is on: no files are taken",
            "when it is over: on = false below [attack] in site.toml, then vigil publish",
        )
    return good(ATTACK, "the switch for an attack is off: files are taken")
