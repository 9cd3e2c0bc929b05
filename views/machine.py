"""What this web machine tells of itself: the doctor compares it with the others that share the store."""

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from crypto import sharedkeys
from publishing.errors import NotPublished
from store import StoreError
from store.form_keys import prepare
from store.machines import WebMachine, this_host
from web.site import FILE

if TYPE_CHECKING:
    from views.shared import Vigil

ROOT = Path(__file__).parent.parent


def described(site: "Vigil") -> WebMachine:
    """Look at what this machine serves now."""
    return WebMachine(
        name=site.settings.machine,
        host=this_host(),
        day=site.today(),
        release=_release(),
        texts=_texts(site),
        static=site.static,
        form_keys=_form_keys(site),
        team=site.team_keys.version,
    )


def _release() -> str:
    try:
        return (ROOT / "VERSION").read_text().strip()[:80]
    except OSError:
        return ""


def _texts(site: "Vigil") -> bytes:
    """Give a digest of what the newsroom has published, and of its words on every page; b"" without any."""
    try:
        published = site.published.digest
        said = (site.settings.content / FILE).read_bytes()
    except (NotPublished, OSError):
        return b""
    return sha256(bytes.fromhex(published) + sha256(said).digest()).digest() if published else b""


def _form_keys(site: "Vigil") -> bytes:
    today = site.today()
    try:
        living = prepare(site.settings.form_key, today, sharedkeys.following)
    except StoreError:
        # It is told, and counted, where a form is asked for.
        return b""
    return sharedkeys.check(living.seeds(today, sharedkeys.following))
