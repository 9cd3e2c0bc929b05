"""What forms say before anybody writes: who can see that they are here, and that there is an attack."""

from flask import Flask, g

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
    return f"{page}, {way}, attack" if under_attack() else f"{page}, {way}"


def under_attack() -> int:
    """Give the seconds for which a form has to be open before it is taken; 0 where there is no attack.

    The same for all of a request: a page is kept under the name that says what stands in it.
    """
    if "attack" not in g:
        g.attack = LEAST_UNDER_ATTACK if vigil().under_attack else 0
    found: int = g.attack
    return found


def register(app: Flask, address: str | None) -> None:
    """Let templates ask ``over_clearnet()`` and ``under_attack()``; ``onion`` is our address, or None."""
    app.jinja_env.globals.update(
        over_clearnet=over_clearnet,
        under_attack=under_attack,
        onion=address,
    )
