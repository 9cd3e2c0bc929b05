"""What forms say before anybody writes: who can see that they are here, and that there is an attack."""

from flask import Flask

from views.sending import LEAST_UNDER_ATTACK
from views.shared import vigil
from web import onion
from web.pages import current_request


def over_clearnet() -> bool:
    """Whether this request came over the open web, so that a provider can see that it was made."""
    return not onion.is_onion(current_request().environ)


def named(page: str) -> str:
    """Give the name of a blank page as this visitor gets it: by what it says, not by whom it is for."""
    way = "clearnet" if over_clearnet() else "onion"
    return f"{page}, {way}, attack" if vigil().under_attack else f"{page}, {way}"


def register(app: Flask, address: str | None) -> None:
    """Give templates ``over_clearnet()``, ``under_attack()``, which is the seconds that a form has to be open
    or 0, and ``onion``, the site's own address there or None.
    """
    app.jinja_env.globals.update(
        over_clearnet=over_clearnet,
        under_attack=lambda: LEAST_UNDER_ATTACK if vigil().under_attack else 0,
        onion=address,
    )
