"""Values that so many cases share that they link nothing: agencies' own numbers and sites, the newsroom's
own, sites that everybody uses, brands of every high street.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from desk.connections.wordlists import words
from publishing import agencies
from publishing.errors import Problem
from publishing.matter import read_text, read_toml

CONTENT = Path(__file__).parent.parent.parent / "content"
_SITE = "site.toml"
_DIGITS = re.compile(r"(?<!\d)(?:\+44|0)(?:[ -]?\d){6,10}(?!\d)")

# Helplines and firms that are quoted by reports and are not in agencies.toml, as national numbers.
_OTHERS = """
    08001111 0800555111 08000121700 08082000247 03003031000 08088010327 08088010331 03001231110
    08001116768 03001239999 03456008000 08003895344 03001232040 03004000636 08088005000 08001111060
    08453701999 03301239999 08088004444 08088005000 08088010800 08088021414 08001701888 08088020133
    08001010234 08001077555 08001691119 08000113797 08457909090 08009177650 03457909090 08007311069
    08001388222 08006906906 03000031100 03001231100 08448921111 08081684242 03444111444 08088010677
    08088080000 08088010414 08088082000 08001123133 08088002222 08081964500 03000200111 08007833787
    03001236600 08001691863 08006789999 03002000000 03454504000 08003280006 08088011119 08088000082
    08000684141 08001303140 01142222222 03444775400 08000556112
"""
_PUBLIC_ENDS = (
    "gov.uk", "police.uk", "nhs.uk", "nhs.net", "parliament.uk", "ac.uk", "sch.uk", "mod.uk", "gov.scot",
    "gov.wales",
)  # fmt: skip
_PUBLIC = """
    bbc.co.uk bbc.com sky.com itv.com channel4.com theguardian.com dailymail.co.uk thesun.co.uk
    mirror.co.uk telegraph.co.uk independent.co.uk wikipedia.org google.com google.co.uk maps.google.com
    goo.gl maps.app.goo.gl bing.com yahoo.com yahoo.co.uk amazon.co.uk amazon.com ebay.co.uk ebay.com
    apple.com icloud.com microsoft.com outlook.com hotmail.com live.com gmail.com paypal.com
    airbnb.co.uk airbnb.com booking.com uber.com deliveroo.co.uk just-eat.co.uk tripadvisor.co.uk
    rightmove.co.uk zoopla.co.uk indeed.com indeed.co.uk crimestoppers-uk.org unseenuk.org
    modernslaveryhelpline.org nspcc.org.uk childline.org.uk citizensadvice.org.uk shelter.org.uk
    what3words.com w3w.co torproject.org protonmail.com proton.me westernunion.com moneygram.com
    monzo.com revolut.com barclays.co.uk hsbc.co.uk lloydsbank.com natwest.com santander.co.uk
    nationwide.co.uk starlingbank.com actionfraud.police.uk companieshouse.gov.uk royalmail.com
    dvla.gov.uk gla.gov.uk slack.com zoom.us dropbox.com wetransfer.com coinbase.com binance.com
    kraken.com blockchain.com
"""
# Where a host is everybody's, but an address on it is somebody's.
_SHARED = """
    facebook.com fb.com fb.me m.me instagram.com snapchat.com tiktok.com vm.tiktok.com twitter.com x.com
    t.me telegram.me youtube.com youtu.be wa.me whatsapp.com chat.whatsapp.com api.whatsapp.com
    linkedin.com reddit.com discord.gg discord.com onlyfans.com linktr.ee bit.ly tinyurl.com t.co ow.ly
    is.gd rb.gy cutt.ly gumtree.com vivastreet.co.uk vivastreet.com adultwork.com craigslist.org
    locanto.co.uk friday-ad.co.uk pinterest.com medium.com wordpress.com blogspot.com wixsite.com
    weebly.com github.io docs.google.com forms.gle drive.google.com autotrader.co.uk spareroom.co.uk
    shpock.com preloved.co.uk eventbrite.co.uk eventbrite.com meetup.com vk.com ok.ru twitch.tv
    paypal.me cash.app monzo.me revolut.me gofundme.com justgiving.com checkatrade.com yell.com
    trustpilot.com facebook.co.uk vinted.co.uk depop.com etsy.com kik.me signal.me signal.group
"""
SHARED_HOSTS = frozenset(_SHARED.split())


# Accounts that many follow, and name for what they read there.
_PUBLIC_HANDLES = words(
    """
    bbc bbcnews bbcbreaking bbcworld bbcradio4 bbcpanorama skynews itvnews itv channel4news c4news
    guardian theguardian dailymailuk mailonline thesun dailymirror telegraph thetimes independent
    metrouk ladbible unilad crimestoppers crimestoppersuk crimestoppers_uk nspcc childline
    childline_official unseenuk unseen_uk nca_uk nationalcrimeagency antislavery hopejustice
    ukhomeoffice gangmasters theglaa barnardos shelter samaritans missingpeople refugecharity
    youtube tiktok instagram snapchat telegram whatsapp facebook twitter gmail google bbcone
    reutersuk reuters
    """
)


def is_public_handle(handle: str) -> bool:
    """Whether an account, in small letters, is one of the press, of a charity or of the police."""
    return handle in _PUBLIC_HANDLES or "police" in handle or handle.startswith(("bbcradio", "bbcnews"))


@cache
def numbers() -> frozenset[str]:
    """Give the telephone numbers, in E.164, that agencies answer."""
    found = {_e164(number) for number in _OTHERS.split()}
    for agency in _agencies():
        told = [text for text in asdict(agency).values() if isinstance(text, str)]
        found |= {_e164(match[0]) for text in told for match in _DIGITS.finditer(text)}
    return frozenset(found)


@cache
def hosts() -> frozenset[str]:
    """Give the hosts that link nothing, whatever stands behind them."""
    own = {host for host in map(_host, _own_addresses()) if host}
    sources = {_host(source) for agency in _agencies() for source in agency.sources}
    mine = {agency.host for agency in _agencies() if agency.host}
    return frozenset({*_PUBLIC.split(), *own, *(mine | sources) - {""}} - SHARED_HOSTS)


def is_public(host: str) -> bool:
    """Whether a host is one that everybody uses, or an authority's."""
    return host in hosts() or host.endswith(tuple(f".{end}" for end in _PUBLIC_ENDS)) or host in _PUBLIC_ENDS


@cache
def _agencies() -> tuple[agencies.Agency, ...]:
    # What is wrong with an entry is told by `publish`; here each that can be read counts.
    problems: list[Problem] = []
    return tuple(agencies.read(CONTENT, problems))


def _own_addresses() -> Iterator[str]:
    problems: list[Problem] = []
    text = read_text(CONTENT, _SITE, problems)
    values = None if text is None else read_toml(_SITE, text, problems)
    if values is not None:
        yield from (
            found for key in ("url", "exit", "security") if isinstance(found := values.found.get(key), str)
        )


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _e164(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    return f"+{digits}" if digits.startswith("44") else f"+44{digits.removeprefix('0')}"
