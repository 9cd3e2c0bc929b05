"""E-mail, pages and accounts on the web, as people pass them on."""

import random

from .facts import Clarity, Fact, Verdict

MAIL = ("gmail.com", "hotmail.co.uk", "outlook.com", "yahoo.co.uk", "proton.me", "icloud.com")
NETWORKS = ("snapchat", "instagram", "telegram", "facebook", "tiktok")
# Addresses that many reports quote, and that say nothing of whom they are about.
PLATFORMS = (
    "www.gov.uk/report-crime", "facebook.com", "https://www.gumtree.com", "google.com",
    "www.crimestoppers-uk.org", "airbnb.co.uk", "whatsapp", "https://www.modernslaveryhelpline.org",
    "booking.com", "rightmove.co.uk",
)  # fmt: skip
_SHORT = {
    "snapchat": ("snap", "sc", "snapchat", "Snapchat"),
    "instagram": ("insta", "ig", "instagram", "Instagram"),
    "telegram": ("telegram", "tele", "Telegram"),
    "facebook": ("facebook", "fb", "Facebook"),
    "tiktok": ("tiktok", "tik tok", "TikTok"),
}
_LINKS = {
    "snapchat": "snapchat.com/add/{}",
    "instagram": "instagram.com/{}",
    "telegram": "t.me/{}",
    "facebook": "https://www.facebook.com/{}",
    "tiktok": "https://www.tiktok.com/@{}",
}
_PIECES = (
    "kez", "ghost", "quick", "lil", "og", "money", "pure", "smoke", "joy", "vip", "lucky", "north", "fresh",
    "boss", "tiny", "rapid", "blue", "ace", "prime", "stacks", "trap", "cash", "star", "queen", "west",
    "gold", "flip", "uno",
)  # fmt: skip
_WORDS = (
    "harbour", "vale", "crest", "sterling", "north", "bridge", "oak", "fair", "prime", "summit", "bright",
    "river", "union", "swift", "clear", "apex", "silver", "first", "green", "anchor", "beacon", "ridge",
    "stone", "park",
)  # fmt: skip
_TRADES = (
    "invest", "staff", "recruit", "carwash", "valeting", "nails", "cleaning", "trading", "lettings",
    "parcels",
)  # fmt: skip


def handle(rng: random.Random) -> str:
    """Draw a name for the web."""
    one, two = rng.sample(_PIECES, 2)
    return rng.choice(
        (
            f"{one}{two}{rng.randrange(100)}",
            f"{one}_{two}{rng.randrange(1000)}",
            f"{one}.{two}{rng.randrange(10, 99)}",
            f"{one}{two}{rng.choice(_PIECES)}",
        )
    )


def near_handle(rng: random.Random, other: str) -> str:
    """Give another name that differs in its number."""
    bare = other.rstrip("0123456789")
    return next(name for name in iter(lambda: f"{bare}{rng.randrange(1000)}", "") if name != other)


def domain(rng: random.Random) -> str:
    """Draw a domain of an organisation's own."""
    one, two = rng.sample(_WORDS, 2)
    dash = rng.choice(("", "-"))
    number = rng.choice(("", "", str(rng.randrange(100))))
    return (
        f"{one}{two}{dash}{rng.choice(_TRADES)}{number}.{rng.choice(('co.uk', 'com', 'uk', 'net', 'org.uk'))}"
    )


def email(rng: random.Random, host: str = "") -> str:
    """Draw an address: at a host, or at one that everybody uses."""
    name = rng.choice(("info", "jobs", "accounts", "office")) if host and rng.random() < 0.5 else handle(rng)
    return f"{name}@{host or rng.choice(MAIL)}"


def email_told(rng: random.Random, thing: int, whole: str) -> Fact:
    """Tell an e-mail address."""
    name, host = whole.split("@")
    dotted = host.replace(".", " dot ")
    text = rng.choice(
        (whole, whole, whole, whole.upper(), whole.capitalize(), f"{name} at {dotted}", f"{name} at {host}",
         f"{name}(at){host}", f"{name} @ {host}", f"{name}[at]{host.replace('.', '[dot]')}",
         f"{name} AT {host.replace('.', ' DOT ')}", f"<{whole}>", f"mailto:{whole}")
    )  # fmt: skip
    if host == "gmail.com" and rng.random() < 0.06:
        text = whole.replace("gmail", rng.choice(("gmial", "gamil", "gmai")))
    return Fact("email", thing, text, whole.lower())


def web_told(rng: random.Random, thing: int, host: str) -> Fact:
    """Tell an address on the web; of one organisation people quote different pages."""
    page = rng.choice(("", "", "/", "/contact", "/jobs?id=4", "/index.html", "/about-us/"))
    text = rng.choice(
        (
            f"https://www.{host}{page}",
            f"www.{host}{page}",
            f"{host}{page}",
            f"http://{host}{page}",
            host.capitalize(),
            host.replace(".", " dot "),
            f"WWW.{host.upper()}",
        )
    )
    return Fact("web", thing, text, host)


def social_told(rng: random.Random, thing: int, name: str, network: str) -> Fact:
    """Tell an account: with its network, mostly, and in many forms."""
    short = rng.choice(_SHORT[network])
    if rng.random() < 0.1:
        name = name.capitalize()
    text = rng.choice(
        (f"@{name}", f"{short} {name}", f"{short}: {name}", f"{short} @{name}", f"@{name} on {short}",
         _LINKS[network].format(name), f"{name} on {short}", f"{short} - {name}", f"{short} name {name}")
    )  # fmt: skip
    return Fact("social", thing, text, name.lower(), signs={"network": network})


def judged(one: Fact, other: Fact) -> Verdict:
    """Say what a reader says of two addresses, or of two accounts, of one kind."""
    if one.thing == other.thing:
        return Verdict.SAME if min(one.clarity, other.clarity) is Clarity.WHOLE else Verdict.UNSURE
    return Verdict.UNSURE if _bare(one) == _bare(other) else Verdict.DIFFERENT


def own_host(fact: Fact) -> str:
    """Give the domain of an organisation's own that an address on the web or of e-mail is at, or nothing."""
    host = fact.norm.rpartition("@")[2]
    return "" if host in MAIL else host


def _bare(fact: Fact) -> str:
    # Of a name under two endings nobody can tell whose the second is.
    norm = fact.norm.split(".")[0] if fact.kind == "web" else fact.norm
    return norm.replace(".", "").replace("_", "").replace("-", "")
