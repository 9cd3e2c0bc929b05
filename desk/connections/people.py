"""Names and nicknames. "full" is a first and a last name, "nick" what somebody is called, "initial" a first
name and one letter, "surname" what stands after Mr; "first" is a first name alone, which links nothing.
"""

import re
import unicodedata
from collections.abc import Iterator

from desk.connections.firstnames import FIRST, WORDS_TOO
from desk.connections.mention import Hit, Kind
from desk.connections.pieces import Piece
from desk.connections.premises_words import TYPE_WORDS
from desk.connections.streets import KIND_OF
from desk.connections.towns import AREA_OF
from desk.connections.wordlists import words

_PLAIN = str.maketrans(
    {
        "\u0142": "l",
        "\u0111": "d",
        "\u00f8": "o",
        "\u00df": "ss",
        "\u0131": "i",
        "\u0141": "L",
        "\u0110": "D",
        "\u00d8": "O",
        "\u2019": "'",
    }
)
_EPITHETS = words(
    """
    big lil little young old fat mad uncle aunty auntie king papa mama skinny tall crazy dirty slim fast
    two black white polish scouse ginger tiny long lucky bad boss baby gypsy irish scottish turkish
    jamaican one-eyed smiley dr doctor captain brother cousin sister don prince queen lady sir mister ms
    miss mc dj yung chubby bald smelly shifty sticky blind mental
    """
)
_TITLES = words(
    """
    mr mrs ms miss dr mister sir
    """
)
_STOP = words(
    """
    the a an and or but of in on at to for from by with is was are were be been he she it they them his
    her him their our my your i we you me us who which that this these those there here then when where
    what how why not no yes unknown sure know known dont don't think maybe possibly perhaps something
    someone somebody anyone nobody everyone called named name names nickname nicknamed alias aka surname
    first last second middle also goes go going calls call himself herself both all some any none never
    only just other another same different real full proper street local man woman men women guy guys
    bloke lad lads girl girls boy boys kid kids child person people driver boss owner manager landlord
    runner dealer friend brother brothers sister cousin wife husband son father mother mum dad uncle
    partner gang couple group english british romanian albanian polish vietnamese chinese nigerian asian
    african pakistani indian bulgarian turkish russian ukrainian lithuanian latvian kurdish iraqi irish
    scottish welsh european eastern portuguese brazilian spanish young older elderly tall short white
    black male female accent speaks said says told heard spoke like sounds sounding spelt spelled
    spelling n/a na nil tbc does did do has had have can could would will might may but with without
    about around between after before during every each always often usually sometimes into out off over
    up down back away now january february march april june july august september october november
    december jamaican somali eritrean ethiopian afghan iranian syrian sudanese algerian moroccan italian german french greek cypriot hungarian czech slovak slovakian serbian kosovan bosnian croatian moldovan georgian thai filipino ghanaian zimbabwean gambian congolese scouser geordie brummie manc cockney traveller
    monday tuesday wednesday thursday friday saturday sunday police crimestoppers instagram
    facebook snapchat telegram whatsapp house flat car van because if so as than too very really again
    against until while since though although once still even much many more most comes came lives lived
    works worked runs ran owns owned drives drove sells sold took takes gave gives got gets keeps kept
    makes made sees saw seen looks looked wears wearing carries stays stayed left arrived whose dunno
    erm um threatened hit beat beats shouts shouted sits sat stands stood pays paid collects collected
    picks picked brings brought rents rented uses used met meets texted phoned rang messaged recruited
    offered promised forced makes good morning evening night afternoon please help thank thanks dear
    hello hi new
    """
)
_NAME = r"[^\W\d_][\w'\u2019\-]{0,24}"
_STREETS_TOO = words("hill green lane croft vale marsh park banks")  # last names too
_STREET_NAMES = words(
    """
    victoria albert george alexandra charlotte elizabeth edward william james thomas john henry mary anne charles
    francis grace rose may will mark bill arthur clarence frederick
    """
)
_CUE = re.compile(
    r"\b(?P<cue>called|named|names? (?:is|was|are)|nick ?names? (?:is|was|are)|name of|goes by|"
    r"known (?:\w+ ){0,3}?as|knows? (?:him|her|them) as|a\.?k\.?a\.?|alias(?: of)?"
    r"|nick ?named|calls? (?:himself|herself|him|her|themselves|them)|calling (?:himself|"
    r"herself|him|her)|street ?name|nick ?name|surname|first name|answers to|"
    r"refer(?:red)? to as|introduced (?:him|her)self as|name[sd]?:|moniker)"
    r"(?: (?:is|was|the name|of|as|either|maybe|possibly|something like|by|just|only)"
    r"){0,3}[ :,\-]{1,3}(?P<quote>['\"\u2018\u201c(]?)(?P<name>" + _NAME + r"(?: (?:" + _NAME + r")){0,3})",
    re.IGNORECASE,
)
_LOOKS = words(
    "polish irish scottish turkish jamaican gypsy black white ginger tall slim skinny fat young old big dirty long"
)
_CUE_WORDS = words(
    """
    called named name names nickname nicknames nicknamed nick goes known knows know aka k alias calls call calling street
    streetname surname first answers refer referred introduced moniker
    """
)
_BEFORE = 14  # characters before such words that say that they are not of a person
_BUSINESS = re.compile(
    r"\b(?:company|firm|shop|salon|bar|place|wash|restaurant|takeaway|cafe|pub|club|business|agency|site|website|app|group|channel|page|farm|factory"
    r"|warehouse|hotel|garage|barbers?|outfit|village|town|street|road|estate|drug|boat|ship|user|dog|product|area|called)\b",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"(?<![\w'\u2019@/])([^\W\d_][\w'\u2019\-]{1,20})(?: ([A-Z])\.?|"
    r" ([^\W\d_][\w'\u2019\-]{1,20}))? ([^\W\d_][\w'\u2019\-]{1,24})(?![\w@])"
)
_WORD = re.compile(r"[^\W\d_][\w'\u2019\-]*")
_INITIAL = re.compile(
    r"(?<![\w'\u2019])([A-Z][a-z]{2,20}) ([A-Z])(?:\.(?= [a-z]|,|$)|(?=[\s,;.!?)]|$))(?! [A-Z])"
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|MR|MRS)\.? ([A-Z][\w'\u2019\-]{2,24})(?: ([A-Z][\w'\u2019\-]{2,24}))?")
_EPITHET = re.compile(
    r"(?<![\w'\u2019])((?:Big|Lil'?|Little|Young|Old|Fat|Mad|Uncle|Aunty|Auntie|King|Papa|Mama|"
    r"Skinny|Crazy|Slim|Tall|Scouse|Ginger|Baby|Tiny|Cousin|Boss|Brother))"
    r" ([A-Z][a-z'\u2019]{0,20}|[A-Z]{1,8})(?![\w'\u2019])"
)
_QUOTED = re.compile(r"[\"\u201c\u2018']([^\W\d_][\w\u2019\- ]{1,24}?)[\"\u201d\u2019'](?!\w)")
_PERSON_NEAR = re.compile(
    r"\b(?:he|she|him|her|man|bloke|guy|lad|lady|woman|girl|boss|driver|known|called|name|"
    r"person|kid|boy|elder|runner|dealer|they call|everyone calls)\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"[,;/\n&()|]|\b(?:a\.?k\.?a\.?|alias|also known as|known as|also called|"
    r"nick ?named?(?: is)?|or|and|called|goes by|calls himself|maybe|possibly|with|real name|"
    r"street name|was|is|his name|her name|surname|first name)\b[: ]?",
    re.IGNORECASE,
)


def found_in(piece: Piece) -> Iterator[Hit]:
    """Find the names in a piece of text, or in an answer that asks for them."""
    taken: list[tuple[int, int]] = []
    for hit in _asked(piece.text) if piece.asked == "people.names" else _told(piece):
        if not any(hit.start < last and first < hit.end for first, last in taken):
            taken.append((hit.start, hit.end))
            yield hit


def folded(name: str) -> str:
    """Give a name in small letters without accents."""
    plain = name.translate(_PLAIN)
    if not plain.isascii():
        plain = "".join(
            char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char)
        )
    return " ".join(plain.lower().split())


def _hit(form: str, name: str, start: int, end: int, **more: str) -> Hit:
    return Hit(Kind.NAME, folded(name), start, end, {"form": form, **more})


def _asked(text: str) -> Iterator[Hit]:
    for match in _QUOTED.finditer(text):
        if (hit := _name(match[1], match.start(1), quoted=True, surely=True)) is not None:
            yield hit
    plain = _QUOTED.sub(lambda match: " " * len(match[0]), text)
    at = 0
    for part in _SPLIT.split(plain):
        start = plain.find(part, at)
        at = start + len(part)
        before = plain[max(0, start - 14) : start].lower()
        alias = re.search(r"aka|a\.k\.a|alias|known as|nick|called|goes by|calls|\($", before) is not None
        stripped = part.strip(" '\".:-?!")
        if (
            stripped
            and (hit := _name(stripped, plain.find(stripped, start), quoted=alias, surely=True)) is not None
        ):
            yield hit


def _name(typed: str, start: int, *, quoted: bool, surely: bool) -> Hit | None:
    """Read what should be a name: cut the words around it that are none."""
    words = [(match[0], match.start()) for match in re.finditer(_NAME + r"\.?", typed)]
    while words and (folded(words[0][0]).strip(".'") in _STOP and folded(words[0][0]) not in _EPITHETS):
        words.pop(0)
    kept: list[tuple[str, int]] = []
    for word, place in words:
        plain = folded(word).strip(".'")
        if plain in _STOP and not (plain == "the" and kept) and plain not in _EPITHETS:
            break
        if plain in KIND_OF and kept and len(plain) > 3 and plain not in FIRST and not surely:
            return None
        kept.append((word, place))
    while kept and folded(kept[-1][0]) == "the":
        kept.pop()
    if not 1 <= len(kept) <= 4:
        return None
    first, end = start + kept[0][1], start + kept[-1][1] + len(kept[-1][0])
    plain_words = [folded(word).strip(".'\u2019") for word, _ in kept]
    plain_words = [word.removesuffix("'s") for word in plain_words]
    return _formed(plain_words, first, end, quoted=quoted)


def _formed(words: list[str], start: int, end: int, *, quoted: bool) -> Hit | None:
    if words[0] in _TITLES and len(words) > 1:
        return _hit("surname" if len(words) == 2 else "full", " ".join(words[1:]), start, end)
    if len(words) == 1:
        (word,) = words
        if word in FIRST:
            return _hit("first", word, start, end)
        if len(word) < 2 or word in AREA_OF or word in _LOOKS or (word in _EPITHETS and not quoted):
            return None
        return _hit("nick", word, start, end)
    if words[0] in _EPITHETS or "the" in words:
        return _hit("nick", " ".join(words), start, end)
    if len(words[-1]) == 1:
        return _hit("initial", " ".join(words), start, end) if words[0] in FIRST else None
    if len(words[0]) == 1:
        return None
    if words[0] in FIRST or words[-1] in FIRST:
        return _hit("full", f"{words[0]} {words[-1]}" if len(words) > 2 else " ".join(words), start, end)
    return _hit("nick" if quoted else "full", " ".join(words), start, end)


def _told(piece: Piece) -> Iterator[Hit]:
    text = piece.text
    shouted = len(text) > 20 and text.upper() == text
    shown = text.title() if shouted else text
    if len(shown) != len(text):
        shown = text
    small = shown == shown.lower()
    if _CUE_WORDS & piece.known:
        yield from _cued(shown)
    for match in _TITLED.finditer(shown):
        if match[2] and match[1].lower() not in _STOP:
            yield _hit("full", f"{match[1]} {match[2]}", match.start(1), match.end())
        elif match[1].lower() not in _STOP:
            yield _hit("surname", match[1], match.start(1), match.end(1))
    for match in _EPITHET.finditer(shown):
        second = match[2].lower()
        if (
            second not in _STOP
            and second not in TYPE_WORDS
            and second not in KIND_OF
            and second not in AREA_OF
        ):
            yield _hit("nick", match[0].replace("'", ""), match.start(), match.end())
    if FIRST & piece.known or not text.isascii():
        yield from _pairs(shown, small=small)
    for match in _INITIAL.finditer(shown):
        if match[1].lower() in FIRST and match[2] != "I":
            yield _hit("initial", f"{match[1]} {match[2]}", match.start(), match.end(2))
    for match in _QUOTED.finditer(shown):
        around = shown[max(0, match.start() - 50) : match.start()]
        if (
            len(match[1].split()) <= 2
            and match[1][0].isupper()
            and _PERSON_NEAR.search(around)
            and not _BUSINESS.search(around[-25:])
        ):
            if (hit := _name(match[1], match.start(1), quoted=True, surely=False)) is not None:
                yield hit


def _cued(text: str) -> Iterator[Hit]:
    for match in _CUE.finditer(text):
        if _BUSINESS.search(text, max(0, match.start() - _BEFORE), match.start()):
            continue
        typed, start = match["name"], match.start("name")
        words = typed.split()
        alias = (
            re.search(r"nick|street|alias|known|a\.?k\.?a|goes|calls|moniker", match["cue"], re.IGNORECASE)
            is not None
        )
        if words[0][0].isupper():
            kept = [words[0]]
            for word in words[1:]:
                if not word[0].isupper() and word.lower() != "the":
                    break
                kept.append(word)
            while kept[-1].lower() == "the":
                kept.pop()
        elif match["quote"] and match["quote"] != "(":
            closing = re.match(r"[\w'\- ]{1,24}?(?=['\"\u2019\u201d])", text[start:])
            kept = closing[0].split() if closing else words[:1]
        else:
            kept = _small_words([word.lower() for word in words])
        typed = " ".join(kept)
        if not kept or kept[-1].lower() in TYPE_WORDS or (len(kept) > 1 and kept[-1].lower() in KIND_OF):
            continue
        if (hit := _name(typed, start, quoted=alias or bool(match["quote"]), surely=False)) is not None:
            yield hit


def _small_words(words: list[str]) -> list[str]:
    first = words[0]
    if first in _STOP and first not in _EPITHETS:
        return []
    if (
        len(words) > 1
        and words[1] not in _STOP
        and (first in _EPITHETS or first in FIRST)
        and not words[1].endswith("ing")
    ):
        return words[:2]
    return [first] if first not in _EPITHETS or len(words) == 1 else []


def _pairs(text: str, *, small: bool) -> Iterator[Hit]:
    words = list(_WORD.finditer(text))
    names = [folded(match[0]) in FIRST for match in words]
    for at, word in enumerate(words):
        near = names[at] or (at + 1 < len(words) and names[at + 1]) or (at + 2 < len(words) and names[at + 2])
        if not near or not (word[0][0].isupper() or small):
            continue
        match = _PAIR.match(text, word.start())
        if match is None:
            continue
        first, last = match[1], match[4]
        plain, behind = folded(first).strip("'"), folded(last).strip("'").removesuffix("'s")
        middle = match[3]
        if middle is not None:
            middle_plain = folded(middle)
            if not (middle[0].isupper() and last[0].isupper()) or middle_plain in _STOP or small:
                last, behind, middle = middle, middle_plain.removesuffix("'s"), None
            elif behind in _STOP:
                last, behind, middle = middle, middle_plain, None
        if (
            plain not in FIRST
            or len(plain) < 2
            or behind in _STOP
            or (behind in KIND_OF and (behind not in _STREETS_TOO or plain in _STREET_NAMES))
            or behind in TYPE_WORDS
            or len(behind) < 2
        ):
            if not (
                behind in FIRST
                and len(plain) > 1
                and plain not in _STOP
                and first[0].isupper()
                and last[0].isupper()
                and plain not in _EPITHETS
                and _surname_first(plain)
            ):
                continue
        mixed = not small and not last[0].isupper()
        if mixed and (plain in WORDS_TOO or len(behind) < 4 or behind in FIRST or middle is not None):
            continue
        if small and (plain in WORDS_TOO or len(behind) < 4 or behind in FIRST):
            continue
        if behind in AREA_OF and not small and plain in WORDS_TOO:
            continue
        end = match.start() + match[0].rfind(last) + len(last)
        more = {"unsure": "yes"} if small or mixed else {}
        yield _hit("full", f"{plain} {behind}", match.start(), end, **more)


def _surname_first(plain: str) -> bool:
    return (
        plain.isalpha()
        and len(plain) > 3
        and plain not in AREA_OF
        and plain not in TYPE_WORDS
        and plain not in KIND_OF
    )
