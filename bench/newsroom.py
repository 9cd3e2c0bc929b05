"""A newsroom's folder with as many articles as wanted, no two alike."""

import shutil
from datetime import date, timedelta
from pathlib import Path

from .server import ROOT

SENTENCES = (
    "Children are drawn in with food, money and company, and learn later what it costs.",
    "A neighbour noticed that the curtains were never opened and that strangers had a key.",
    "The court was told that the wages went to another account for two years.",
    "Cash went through three shops whose shelves were empty and whose books were full.",
    "Whoever is held by a debt may not see that it is not theirs to pay.",
    "The council, the police and a charity met every month and shared what they knew.",
    "He slept in the van, woke before five, and was told that the papers would come soon.",
)
# From what every article has to what one alone has, half words and what is nowhere.
SEARCHES = (
    "children",
    "curt",
    "wages account",
    "shops empty",
    "piece4321",
    "council police charity",
    "xylophone",
)
OLDEST = date(2020, 1, 1)
PARTS = 12


def slug(number: int) -> str:
    """The last part of an article's address."""
    return f"case-{number}"


def article(number: int) -> str:
    """Write one article of some seven hundred words, another one for each number."""
    count = len(SENTENCES)
    picked = [SENTENCES[(number + place * (number // count % (count - 1) + 1)) % count] for place in range(5)]
    words = " ".join(picked)
    parts = "\n\n".join(f"## Part {part}\n\n{words} Piece{number} says so.[^1]" for part in range(PARTS))
    return f"""+++
title = "Case {number}: {picked[0][:40]}"
byline = "Writer {number % 40}"
date = {OLDEST + timedelta(days=number % 2000)}
topic = "county-lines"
summary = "{picked[1]}"

[[sources]]
title = "Report {number}"
publisher = "A court"
url = "https://court.example/{number}"
date_read = {OLDEST}
+++

{parts}

[^1]: A court, “Report {number}”, <https://court.example/{number}>.
"""


def write(content: Path, articles: int) -> Path:
    """Write a content folder with so many articles; the rest of it is the starter's."""
    shutil.copytree(ROOT / "content", content)
    shutil.rmtree(content / "articles")
    (content / "articles").mkdir()
    for number in range(articles):
        (content / "articles" / f"{slug(number)}.md").write_text(article(number), encoding="utf-8")
    return content
