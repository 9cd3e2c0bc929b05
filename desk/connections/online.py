"""E-mail addresses, web addresses and hosts in normal form."""

import re
from collections.abc import Iterator

from desk.connections import common
from desk.connections.mention import Hit, Kind
from desk.connections.pieces import Piece
from desk.connections.wordlists import words

_EMAIL = re.compile(
    r"(?<![\w.+@/])([a-z0-9][a-z0-9._%+'\-]{0,63}(?: dot [a-z0-9][a-z0-9._-]{0,40}){0,2})"
    r"( ?@ ?| ?[\[({<] ?(?:at|@) ?[\])}>] ?| at )"
    r"([a-z0-9][a-z0-9\-]{0,62}(?:(?:\.| ?[\[({<] ?(?:dot|\.) ?[\])}>] ?| dot | ?\. ?(?=(?:com|"
    r"co|uk|net|org)\b))[a-z0-9\-]{2,24}){1,4})(?![\w@])",
    re.IGNORECASE,
)
_SPELT_DOT = re.compile(r" ?[\[({<] ?(?:dot|\.) ?[\])}>] ?| dot | ?\. ?", re.IGNORECASE)
_MISTYPED = {
    "gmial.com": "gmail.com", "gmai.com": "gmail.com", "gmal.com": "gmail.com", "gamil.com": "gmail.com",
    "gmail.co": "gmail.com", "gmail.con": "gmail.com", "gmail.co.uk": "gmail.com",
    "googlemail.com": "gmail.com",
    "gmaill.com": "gmail.com", "gnail.com": "gmail.com", "gmail.cm": "gmail.com",
    "googlemail.co.uk": "gmail.com",
    "hotmial.com": "hotmail.com", "hotmal.com": "hotmail.com", "hotmai.com": "hotmail.com",
    "hotmail.con": "hotmail.com", "hotmial.co.uk": "hotmail.co.uk", "outlok.com": "outlook.com",
    "outlook.con": "outlook.com", "yaho.com": "yahoo.com", "yahoo.con": "yahoo.com",
    "yaho.co.uk": "yahoo.co.uk",
    "iclod.com": "icloud.com", "icloud.co": "icloud.com", "icloud.con": "icloud.com", "pm.me": "proton.me",
    "protonmail.com": "proton.me", "protonmail.ch": "proton.me",
}  # fmt: skip
_PROVIDERS = """
    gmail.com hotmail.com hotmail.co.uk outlook.com yahoo.com yahoo.co.uk icloud.com me.com live.com
    live.co.uk msn.com aol.com btinternet.com sky.com virginmedia.com ntlworld.com talktalk.net
    blueyonder.co.uk proton.me mail.com gmx.com gmx.co.uk tutanota.com tuta.io yandex.ru yandex.com
    mail.ru ymail.com rocketmail.com tiscali.co.uk o2.co.uk outlook.co.uk zoho.com fastmail.com
    hushmail.com qq.com 163.com wp.pl o2.pl onet.pl abv.bg seznam.cz
"""
PROVIDERS = frozenset(_PROVIDERS.split())
_ENDS = (
    "com|uk|org|net|info|biz|eu|shop|store|online|site|xyz|club|vip|top|live|app|io|me"
    "|tv|cc|to|ru|ro|pl|al|vn|cn|in|pk|ie|scot|wales|london|onion|co|ly|gg|group|agency|jobs|work|escort|sex|xxx|link"
    "|website|space|bet|casino|pro|mobi|su|ws|gl|fr|de|it|es|nl|be|bg|lt|lv|gr|tr"
)
_KNOWN_ENDS = frozenset(_ENDS.split("|"))
_SITES = words(
    "instagram insta ig snapchat snap sc telegram tg facebook fb tiktok twitter x discord kik on at by via"
)
_PATH = r"(?:[:][0-9]{2,5})?(?:[/?#][^\s<>\"'|\u201c\u201d\u2018\u2019]*)?"
_WEB = re.compile(
    r"(?<![\w@.\-/])(?:(?:hxxps?|https?|htp|http)(?::|\[:\]|;) ?/{1,2} ?)?(?:www\d?(?:\.|\[\.\]| dot ))?"
    rf"((?:[a-z0-9](?:[a-z0-9\-]{{0,61}}[a-z0-9])?(?:\.|\[\.\]|\(\.\)|\[dot\]|\(dot\))){{1,5}}(?:{_ENDS}))"
    rf"(?![\w@\-])(?!\.\w)({_PATH})",
    re.IGNORECASE,
)
_SPELT_WEB = re.compile(
    r"(?<![\w@.\-/])(?:www(?: dot |\.| ))?([a-z0-9\-]{3,62})(?: dot | \. ?|\. )((?:co(?: dot |"
    r"\.| \. ?)uk|com|org|net|onion|uk|info|shop|online))(?![\w@\-])",
    re.IGNORECASE,
)
# Words too: "saw it.In the morning" is no site, unless www or a path says that it is.
_WORDS_TOO = words(
    """
    in to it me is io be live work top group link pro app club vip store shop online site club agency
    jobs sex space bet casino at fr de es no so us gg co pk
    """
)
_GENERIC_PATH = frozenset(
    {"", "home", "index.html", "contact", "about", "contact-us", "about-us", "login", "en"}
)
_ASKING_PATH = frozenset(
    {"watch", "send", "search", "share", "sharer", "groups", "events", "story", "p", "reel"}
)
_MAILBOXES = words(
    """
    info office admin contact accounts sales bookings booking hello enquiries enquiry jobs hr manager
    payments pay mail
    """
)
_DOTTED = re.compile(r"[.](?:(?<=\w.)[A-Za-z]|(?<=[\[(].)[\])])")
_ENDINGS = frozenset({"dot", "com", "uk", "net", "org"})
_SENTENCE = ".,;:!?)]}>'\""


def emails(piece: Piece) -> Iterator[Hit]:
    """Find e-mail addresses, also "name at gmail dot com"; a host of its own is found with it."""
    text = piece.text
    if "@" not in text and not ("at" in piece.known and _ENDINGS & piece.known):
        return
    for match in _EMAIL.finditer(text):
        spelt = "@" not in match[2]
        host = _SPELT_DOT.sub(".", match[3]).lower().strip(".-")
        end = host.rpartition(".")[2]
        # "meet at sunnynails.co.uk" is no address; "tone88 at gmail.com" is.
        half = spelt and match[2].strip().lower() == "at" and " dot " not in match[3].lower()
        if half and _known(host) not in PROVIDERS and not _mailbox_word(match[1]):
            continue
        if not end.isalpha() or (" @" in match[2] and (match[1].lower() in _SITES or end not in _KNOWN_ENDS)):
            continue  # "tiktok @some.one"
        host = _known(host)
        name = _SPELT_DOT.sub(".", match[1]).lower().strip(".'-")
        if name in ("me", "him", "her", "us") and spelt:
            continue
        if common.is_public(host) and host not in PROVIDERS:
            continue
        name = _mailbox(name, host)
        if not name:
            continue
        yield Hit(Kind.EMAIL, f"{name}@{host}", match.start(), match.end())
        if host not in PROVIDERS and host not in common.SHARED_HOSTS:
            yield Hit(Kind.WEB, host, match.start(), match.end(), {"of": "email"})


def _mailbox_word(name: str) -> bool:
    """Tell whether a word before "at" is more likely a mailbox than a word of a sentence."""
    return name.lower() in _MAILBOXES or any(sign.isdigit() or sign in "._" for sign in name)


def webs(piece: Piece) -> Iterator[Hit]:
    """Find web addresses: the host where it is somebody's own, else host and path."""
    text = piece.text
    spelt = bool({"dot", "www"} & piece.known)
    if not spelt and not _DOTTED.search(text):
        return
    taken: list[tuple[int, int]] = []
    for match in _WEB.finditer(text):
        host = re.sub(r"\[\.\]|\(\.\)|\[dot\]|\(dot\)", ".", match[1].lower()).removeprefix("www.")
        bare = not match[2] and match[0].lower().startswith(match[1].lower())
        if (
            bare
            and host.rpartition(".")[2] in _WORDS_TOO
            and (match[1] != match[1].lower() or host.count(".") > 1)
        ):
            continue
        if bare and host.rpartition(".")[2] in {"in", "to", "it", "is", "me", "be", "at", "no", "so", "us"}:
            continue
        if (hit := _web(host, match[2], match.start(), match.end())) is not None:
            taken.append(match.span())
            yield hit
    for match in _SPELT_WEB.finditer(text) if spelt else ():
        host = f"{match[1].lower()}.{re.sub(r'[ .]*(?:dot|[.])[ .]*', '.', match[2].lower())}"
        if any(match.start() < last and first < match.end() for first, last in taken):
            continue
        if " dot " not in match[0].lower() and not match[0].lower().startswith("www"):
            continue
        if (hit := _web(host, "", match.start(), match.end())) is not None:
            yield hit


def _web(host: str, path: str, start: int, end: int) -> Hit | None:
    while host.startswith(("www.", "m.")):
        host = host.partition(".")[2]
    if common.is_public(host) or host in PROVIDERS or "." not in host:
        return None
    rest = path.lstrip(":0123456789").partition("#")[0].rstrip(_SENTENCE).strip("/")
    if host in common.SHARED_HOSTS:
        plain = rest.partition("?")[0].strip("/") or rest
        if plain.lower().endswith((".php", ".html", ".aspx")) or plain.lower() in _ASKING_PATH:
            asked = re.search(r"[?&](?:id|v|u|story_fbid|phone|text|q)=([\w\-]{4,40})", rest)
            if asked is None:
                return None
            plain = f"{plain}?{asked[1]}"
        if plain.lower() in _GENERIC_PATH:
            return None
        return Hit(Kind.WEB, f"{host}/{plain}", start, end, {"shared": "yes"})
    return Hit(Kind.WEB, host, start, end)


def _known(host: str) -> str:
    return _MISTYPED.get(host, host)


def _mailbox(name: str, host: str) -> str:
    if host == "gmail.com":
        return name.partition("+")[0].replace(".", "")
    return name.partition("+")[0]
