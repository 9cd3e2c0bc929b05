"""Called by `make new-article`: a new draft in the newsroom's folder, with all that an article needs."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from publishing.articles import FOLDER, MAX_TITLE  # noqa: E402 - the line above has to come first
from publishing.errors import Problem  # noqa: E402 - as above
from publishing.slugs import is_slug, slug  # noqa: E402 - as above
from publishing.topics import read  # noqa: E402 - as above

DRAFT = """\
+++
title = {title}
byline = "Your name"
date = {today}
topic = "{topic}"
summary = ""
# Take the next line out when two people have read the piece and it may be published.
draft = true

# A picture, if there is one: put it into the folder images, and take away the # of the next lines.
# [image]
# file = "images/name.jpg"
# alt = "What is to be seen"
# credit = "Who made it"

# One block for each source. date_read is the day you read it; "" says that nobody has yet.
[[sources]]
title = "Name of the report"
publisher = "Who published it"
url = "https://www.example.org/"
date_read = ""
+++

Begin here. A statement names its source in a note.[^1]

## A heading

More text.

[^1]: Who published it, "Name of the report", https://www.example.org/.
"""


def main() -> None:
    """Write the draft, or say on two lines why not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--content", type=Path, required=True)
    parser.add_argument("--slug", default="")
    parser.add_argument("--title", default="")
    given = parser.parse_args()
    title = " ".join(given.title.split())
    name = given.slug or (slug(title) if title else "")
    usage = 'make new-article SLUG=dirty-cash TITLE="How dirty cash is washed"'
    if not is_slug(name):
        fail(f"{name!r} cannot be part of an address", f"use small letters, digits and hyphens: {usage}")
    if len(title) > MAX_TITLE:
        fail(f"the title has {len(title)} characters", f"shorten it to {MAX_TITLE} at most")
    path: Path = given.content / FOLDER / f"{name}.md"
    problems: list[Problem] = []
    topics = list(read(given.content, problems))
    if problems:
        fail(str(given.content / str(problems[0])), problems[0].hint)
    # JSON writes a text as TOML reads it.
    text = DRAFT.format(
        title=json.dumps(title or "The title", ensure_ascii=False),
        today=datetime.now(UTC).date().isoformat(),
        topic=topics[0],
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        fail(f"{path} is there already", "choose another SLUG, or go on writing that one")
    except OSError as error:
        fail(f"{path} cannot be written: {(error.strerror or '').lower()}", "check the folder")
    print(f"new-article: {path} is begun, as a draft on {topics[0]}; the topics are {', '.join(topics)}")
    print("new-article: `make preview` shows it")


def fail(what: str, hint: str) -> NoReturn:
    """Say what is wrong and what to do, and leave with 1."""
    print(f"new-article: error: {what}", file=sys.stderr)
    print(f"new-article: hint: {hint}", file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
