"""A newsroom's folder from which every page, in every state that it can be in, can be seen.

The starter's own texts, and beside them: an article with all that one can have, a short one, a withdrawn one
and a draft, so many that lists have two pages, and agencies that were checked lately, long ago and never.
"""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.site import CONTENT
from tests.views import newsroom

# Two topics have articles of the starter and of ours; this one has only the starter's long one.
LONGEST = "organised-crime-in-the-uk"
CORRECTED = "full"  # with a picture, a correction, two bylines and contents
SHORT = "piece-1"
WITHDRAWN = "gone"
DRAFT = "draft"
BYLINE = "vigil-newsroom"
LETTER = "follow-the-money"


def write(folder: Path) -> Path:
    """Write the folder; to be published with its drafts."""
    shutil.copytree(CONTENT, folder)
    (folder / "images").mkdir(exist_ok=True)
    (folder / "images" / "street.png").write_bytes(newsroom.picture())
    for slug, text in newsroom.articles().items():
        (folder / "articles" / f"{slug}.md").write_text(text, encoding="utf-8")
    agencies = folder / "agencies.toml"
    never = 'checked_on = ""\n'
    text = agencies.read_text(encoding="utf-8")
    assert text.count(never) > 2
    for days in (10, 500):
        day = datetime.now(UTC).date() - timedelta(days=days)
        text = text.replace(never, f"checked_on = {day}\n", 1)
    agencies.write_text(text, encoding="utf-8")
    return folder
