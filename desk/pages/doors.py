"""How a browser gets in: by an address that is printed once, then by a cookie that this start has drawn.

All of it is drawn before the worker is forked, and what a worker changes is in memory that all of them share:
a new worker, after locking, knows the same browser.

The pages lie below a path that nobody can guess, and the cookie is for that path alone. A browser gives a
cookie to every port of 127.0.0.1; a page that another program serves on another port would be given this
one, too, had it the path.
"""

import hmac
import mmap
import secrets
from dataclasses import dataclass, field

COOKIE = "desk"
START = "/start/"
_MOST_NAME = 4 * 64  # bytes of a name in UTF-8


def _drawn() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Doors:
    """The way in to what listens on ``port`` of 127.0.0.1."""

    port: int
    token: str = field(default_factory=_drawn, repr=False)
    cookie: str = field(default_factory=_drawn, repr=False)
    path: str = field(default_factory=lambda: "/" + secrets.token_urlsafe(16), repr=False)
    _shared: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, 4096), repr=False)

    @property
    def hosts(self) -> tuple[str]:
        """The names that it answers to. No other: a name of somebody's that leads here is an attack.

        Not localhost: a browser may try [::1] first, and somebody else on this computer may listen there.
        """
        return (f"127.0.0.1:{self.port}",)

    @property
    def start(self) -> str:
        """The address that is printed; good for one browser, once."""
        return f"http://127.0.0.1:{self.port}{START}{self.token}"

    @property
    def used(self) -> bool:
        """Whether that address was used."""
        return self._shared[0] == 1

    def take(self, token: str) -> bool:
        """Use the start token: true the first time that it is the right one."""
        if not same(token, self.token) or self.used:
            return False
        self._shared[0] = 1
        return True

    def knows(self, cookie: str) -> bool:
        """Whether this is the cookie of the browser that was let in."""
        return self.used and same(cookie, self.cookie)

    @property
    def name(self) -> str:
        """The name that was typed when the desk was last unlocked; in memory only."""
        size = int.from_bytes(self._shared[1:3], "big")
        return self._shared[3 : 3 + size].decode("utf-8", "ignore")

    def keep_name(self, name: str) -> None:
        """Keep a name, so that it need not be typed again after locking."""
        kept = name.encode("utf-8", "replace")[:_MOST_NAME]
        self._shared[3 : 3 + len(kept)] = kept
        self._shared[1:3] = len(kept).to_bytes(2, "big")


def same(given: str, wanted: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
