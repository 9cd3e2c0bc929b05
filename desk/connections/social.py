"""Accounts on social media: "instagram:bigtone_88", or "?:bigtone_88" where nobody said which site."""

import re
from collections.abc import Iterator

from desk.connections import common
from desk.connections.mention import Hit, Kind
from desk.connections.pieces import Piece
from desk.connections.wordlists import table, words

ANY = "?"
_SITES = """
    instagram: instagram insta ig instagram.com insagram instergram
    snapchat: snapchat snap sc snapchat.com/add snapchat.com snpachat
    telegram: telegram tele tg t.me telegram.me telegramm
    facebook: facebook fb facebook.com fb.com m.facebook.com fb.me
    tiktok: tiktok tik-tok tt tiktok.com
    twitter: twitter twitter.com x.com
    youtube: youtube youtube.com
    discord: discord
    kik: kik kik.me
    wickr: wickr wickrme
    onlyfans: onlyfans onlyfans.com
    signal: signal
    whatsapp: whatsapp
    threema: threema
    linkedin: linkedin
    reddit: reddit
    vk: vk vk.com vkontakte
    steam: steam
    roblox: roblox
    session: session
    cashapp: cashapp
    paypal: paypal paypal.me
    skype: skype
    viber: viber
    wechat: wechat
"""
_SITE_OF = table(_SITES)
_HANDLE = r"[a-z0-9](?:[a-z0-9]|[._\-](?=[a-z0-9_])|_){1,38}_?"
_LINK = re.compile(
    rf"(?<![\w@])(?:https?://)?(?:www\.)?(instagram\.com|snapchat\.com/add|t\.me|telegram\.me|(?:m\.)?facebook\.com|fb\.com|fb\.me|tiktok\.com|twitter\.com|x\.com|youtube\.com|onlyfans\.com|vk\.com|kik\.me|paypal\.me)/(?:c/|user/|s/|joinchat/|\+)?@?({_HANDLE})(?![\w])",
    re.IGNORECASE,
)
_BY_NUMBER = re.compile(
    r"(?<![\w@])(?:https?://)?(?:www\.|m\.|[a-z]{2}-[a-z]{2}\.)?(?:facebook|fb)\.com/(?:profile\.php\?(?:\w+=\w*&)*id=|people/[^/\s]+/)"
    r"(\d{5,20})[^\s,;)]*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?<![\w@.#])([a-z][\w.]{1,31}) ?#(\d{4})(?![\w#])", re.IGNORECASE)
_IN_QUOTES = re.compile(
    r"[\"\u201c\u2018'](?=[^\"\u201d\u2019']*[\d_])(?=[^\"\u201d\u2019']*[a-z]{2})([a-z][a-z\d_.]{4,29})[\"\u201d\u2019'](?!\w)",
    re.IGNORECASE,
)
_WORDS_OF = (
    r"instagram|insta|ig|snapchat|snap|telegram|tele|tg|facebook|fb|tik ?tok|twitter|discord|"
    r"kik|wickr(?: ?me)?|onlyfans|session|vk|threema|youtube|skype|viber|wechat|cash ?app|sc|"
    r"steam|roblox|reddit|linkedin"
)
_SAID = re.compile(
    rf"(?<![\w@./])(?P<site>{_WORDS_OF})\b(?P<mid>(?: ?(?:account|acc|name|user ?name|user|"
    rf"handle|page|profile|id|channel|group|bot|tag|called|named|as|is|was|under|by|on|at|it'?s|"
    rf"the|his|her|their|add|called:|=|:|-|\u2013|\(|,)){{0,4}})"
    rf"[ ]?['\"\u2018\u201c(]?(?P<at>@)?(?P<handle>{_HANDLE})(?![\w@])",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?<![\w@./])(?P<at>@)?(?P<handle>{_HANDLE})['\"\u2019\u201d]? ?(?:\(|on|from|-|"
    rf",)? ?(?:his |her |their |the )?(?P<site>{_WORDS_OF})\b\)?",
    re.IGNORECASE,
)
_AT = re.compile(rf"(?<![\w@./])@ ?({_HANDLE})(?![\w@])", re.IGNORECASE)
_USER = re.compile(
    rf"\b(?:user ?names?|handles?|screen ?names?|gamer ?tag|online(?: name)?(?: is| as)|"
    rf"account name)\b(?: is| was|:|=| called| of)?(?: online)?[ ]['\"\u2018\u201c]?@?({_HANDLE})"
    rf"(?![\w@])",
    re.IGNORECASE,
)
_PIECES = re.compile(r"[,;/|\n&]| and | or ", re.IGNORECASE)
_PATHS = words(
    """
    p reel reels stories explore groups group pages page profile.php share sharer watch events add
    hashtag photo story media marketplace people login home help about channel joinchat s c
    """
)
_NO_HANDLE = words(
    """
    the and was for but his her has had not are you all can one out got that this they them with from
    who she him any now account name user handle page profile group called named is on at it its to in
    of my our your their a an messages message chat chats stories story video videos post posts live dm
    dms pic pics photo photos picture pictures ads advert adverts app apps link links to too where when
    which what and/or or if so as by add added me us we he groups channel channels bot marketplace
    instagram insta ig snapchat snap telegram tele tg facebook fb tiktok twitter discord whatsapp kik
    wickr onlyfans session number numbers sent says said call calls calling about him her selling
    advertising recruiting contact contacts posting posted have using used use every only also then
    there because after before while until all both same names friends followers following account's
    accounts unknown none no yes not sure don't dont know something anything everyone someone people
    girls boys kids young children gang them-selves under different new old fake business owner seller
    dealer dealers plug page. via through gmail hotmail yahoo outlook number: online steam i'm im deal
    deals sell sells buy buys drugs weed coke pay paid pays money work works job jobs thing things meet
    met talk talked talking speak speaks shows show showing offers offering says saying send sends
    sending can't cant would could will should been being were did does do done get gets getting go goes
    going went come comes came see seen saw code password details profile's pages screenshot screenshots
    voice video-call secret private public mailto
    """
)
_SITE_WORDS = frozenset(re.findall(r"[a-z]+", _WORDS_OF)) - {"s", "me", "app", "tok"} | {"tiktok", "cashapp"}
_USER_WORDS = words("user username usernames handle handles screen gamer gamertag online account")
_SIGNS = re.compile(r"[\d_.]")


def from_links(piece: Piece) -> Iterator[Hit]:
    """Find accounts in the addresses of their pages."""
    for match in _BY_NUMBER.finditer(piece.text) if "php" in piece.known else ():
        yield _hit("facebook", f"id{match[1]}", match.start(), match.end())
    for match in _LINK.finditer(piece.text) if "/" in piece.text else ():
        handle = _plain(match[2])
        if handle not in _PATHS and len(handle) > 1 and not common.is_public_handle(handle):
            site = _SITE_OF[match[1].lower().removeprefix("www.")]
            yield _hit(site, handle, match.start(), match.end())


def found_in(piece: Piece, *, asked: bool = False) -> Iterator[Hit]:
    """Find accounts that are told by name; in an answer that was ``asked`` for them every word may be one."""
    taken: list[tuple[int, int]] = []
    for hit in _told(piece, asked=asked):
        if not common.is_public_handle(hit.value.partition(":")[2]) and not any(
            hit.start < last and first < hit.end for first, last in taken
        ):
            taken.append((hit.start, hit.end))
            yield hit


def skeleton(handle: str) -> str:
    """Give a handle without the signs that people forget or add."""
    return re.sub(r"[._\-]", "", handle)


def _told(piece: Piece, *, asked: bool) -> Iterator[Hit]:
    text = piece.text
    named = bool(_SITE_WORDS & piece.known)
    for match in _SAID.finditer(text) if named else ():
        handle = _plain(match["handle"])
        mid = match["mid"].lower()
        sure = (
            match["at"]
            or _SIGNS.search(handle)
            or re.search(r"name|handle|user|called|named|:|=|\bid\b|\btag\b|add", mid)
        )
        if "name" in mid and handle.isalpha() and match["handle"][0].isupper() and not match["at"]:
            continue  # "facebook name Danny Harg": a name
        if (sure or asked) and handle not in _NO_HANDLE and len(handle) > 2 and not handle.isdigit():
            yield _hit(_site(match["site"]), handle, match.start(), match.end())
    for match in _BEFORE.finditer(text) if named else ():
        handle = _plain(match["handle"])
        if (
            (match["at"] or re.search(r"[\d_]", handle))
            and not re.fullmatch(r"[\d.:\-]+(?:st|nd|rd|th|am|pm)?", handle)
            and len(handle) > 2
        ):
            yield _hit(_site(match["site"]), handle, match.start(), match.end())
    yield from _anywhere(piece)
    if asked:
        yield from _pieces(text)


def _anywhere(piece: Piece) -> Iterator[Hit]:
    """Find accounts of which nobody says on what site they are."""
    text = piece.text
    for match in _AT.finditer(text) if "@" in text else ():
        handle = _plain(match[1])
        if len(handle) > 2 and not handle.isdigit() and handle not in _NO_HANDLE:
            yield _hit(ANY, handle, match.start(), match.end())
    for match in _NUMBERED.finditer(text) if "#" in text else ():
        if (name := match[1].lower()) not in _NO_HANDLE:
            yield _hit("discord", f"{name}#{match[2]}", match.start(), match.end())
    for match in _IN_QUOTES.finditer(text) if _SITE_WORDS & piece.known else ():
        if (handle := _plain(match[1])) not in _NO_HANDLE:
            yield _hit(ANY, handle, match.start(), match.end())
    for match in _USER.finditer(text) if _USER_WORDS & piece.known else ():
        handle = _plain(match[1])
        if handle not in _NO_HANDLE and len(handle) > 2 and not handle.isdigit():
            yield _hit(ANY, handle, match.start(), match.end())


def _pieces(text: str) -> Iterator[Hit]:
    """Take the words of an answer apart: "tone_88 (snap), bigtone on insta"."""
    at = 0
    for piece in _PIECES.split(text):
        start = text.find(piece, at)
        at = start + len(piece)
        words = [word for word in re.findall(r"[@\w.\-']+", piece) if _plain(word) not in _NO_HANDLE]
        sites = [_SITE_OF[word.lower()] for word in re.findall(r"[\w.]+", piece) if word.lower() in _SITE_OF]
        rest = [_plain(word) for word in words if word.lower() not in _SITE_OF]
        if len(rest) == 1 and len(rest[0]) > 2 and re.fullmatch(_HANDLE, rest[0]) and not rest[0].isdigit():
            yield _hit(sites[0] if sites else ANY, rest[0], start, at)


def _hit(site: str, handle: str, start: int, end: int) -> Hit:
    return Hit(Kind.SOCIAL, f"{site}:{handle}", start, end)


def _site(word: str) -> str:
    return _SITE_OF.get(re.sub(r"\s", "", word.lower()), ANY)


def _plain(handle: str) -> str:
    return handle.lower().strip("@.-'")
