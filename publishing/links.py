"""Where a link may lead: to the web, a mailbox, a telephone, or a page of this site that exists."""

import re

# The pages that are there whatever is published. `published` says what else there is.
PAGES = frozenset(
    [
        "/",
        "/.well-known/security.txt",
        "/about",
        "/accessibility",
        "/agencies/",
        "/articles/",
        "/contact",
        "/corrections",
        "/feed.atom",
        "/keys",
        "/letter",
        "/mailbox",
        "/privacy",
        "/report",
        "/safety",
        "/search",
    ]
)
# Names that say nothing to who hears a list of links, nor to search engines.
EMPTY_NAMES = frozenset(
    [
        "click here",
        "click this",
        "go",
        "here",
        "learn more",
        "link",
        "more",
        "page",
        "read more",
        "this",
        "this link",
    ]
)

_WEB = re.compile(
    r"https?://(?:[^/?#@\s\\]+\.[^/?#@\s\\.:]+|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#][^\s\\]*)?", re.IGNORECASE
)
_MAIL = re.compile(r"mailto:[^\s@/\\?&]+@[^\s@/\\?&]+\.[^\s@/\\?&]+(?:\?subject=[^\s&]*)?", re.IGNORECASE)
_CALL = re.compile(r"tel:\+?[0-9]{3,15}", re.IGNORECASE)
_OWN = re.compile(r"/(?![/\\])[^\s\\]*")


def kind(address: str) -> str | None:
    """Say what an address is: "web", "mail", "call", "own" (this site), "here" (#…); None: refused."""
    for name, pattern in (("web", _WEB), ("mail", _MAIL), ("call", _CALL), ("own", _OWN)):
        if pattern.fullmatch(address):
            return name
    return "here" if address.startswith("#") and len(address) > 1 else None


def path(address: str) -> str:
    """The path of an address on this site, without what stands behind ? or #."""
    return re.split(r"[?#]", address, maxsplit=1)[0]
