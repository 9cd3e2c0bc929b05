"""Names and nicknames. "full" is a first and a last name, "nick" what somebody is called, "initial" a first
name and one letter, "surname" what stands after Mr; "first" is a first name alone, which links nothing.
"""

import re
from collections.abc import Iterator

from desk.connections.firstnames import FIRST
from desk.connections.mention import Hit, Kind
from desk.connections.pairs import folded, pairs
from desk.connections.people_words import CUE_WORDS, EPITHETS, INSTITUTIONS, LOOKS, ROLES, STOP, TITLES
from desk.connections.pieces import Piece
from desk.connections.premises_words import TYPE_WORDS
from desk.connections.streets import KIND_OF
from desk.connections.towns import AREA_OF
from desk.connections.wordlists import words

_NAME = r"[^\W\d_][\w'\u2019\-]{0,24}"
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
_BEFORE = 14  # characters before such words that say that they are not of a person
_BUSINESS = re.compile(
    r"\b(?:company|firm|shop|salon|bar|place|wash|restaurant|takeaway|cafe|pub|club|business|agency|site|website|app|group|channel|page|farm|factory"
    r"|warehouse|hotel|garage|barbers?|outfit|village|town|street|road|estate|drug|boat|ship|user|dog|product|area|called)\b",
    re.IGNORECASE,
)
_INITIAL = re.compile(
    r"([A-Z](?<![\w'\u2019].)[a-z]{2,20}) ([A-Z])(?:\.(?= [a-z]|,|$)|(?=[\s,;.!?)]|$))(?! [A-Z])"
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|MR|MRS)\.? ([A-Z][\w'\u2019\-]{2,24})(?: ([A-Z][\w'\u2019\-]{2,24}))?")
_EPITHET = re.compile(
    r"(?<![\w'\u2019])((?:Big|Lil'?|Little|Young|Old|Fat|Mad|Uncle|Aunty|Auntie|King|Papa|Mama|"
    r"Skinny|Crazy|Slim|Tall|Scouse|Ginger|Baby|Tiny|Cousin|Boss|Brother|Captain|Pastor|Doctor|Dr|Madam))"
    r" ([A-Z][a-z'\u2019]{0,20}|[A-Z]{1,8})(?![\w'\u2019])"
)
_QUOTED = re.compile(r"[\"\u201c\u2018']([^\W\d_][\w\u2019\- ]{1,24}?)[\"\u201d\u2019'](?!\w)")
_PERSON_NEAR = re.compile(
    r"\b(?:he|she|him|her|man|bloke|guy|lad|lady|woman|girl|boss|driver|known|called|name|"
    r"person|kid|boy|elder|runner|dealer|they call|everyone calls)\b",
    re.IGNORECASE,
)
_LAST_BEHIND = re.compile(rf" ({_NAME})(?![\w'])")
_SAID_APART = re.compile(
    rf"({_NAME})[,.;]? (?:and )?(?:his |her |the )?(?:sur|last |second |family )name(?: is| was| may be|"
    rf" might be)?(?: something)?(?: like| maybe| possibly| perhaps|:)? ({_NAME})(?![\w'])",
    re.IGNORECASE,
)
_TURNED = re.compile(rf"(?<![\w'])({_NAME}), ({_NAME})(?![\w'])")
_NO_LAST = FIRST | STOP
_TITLE_WORDS = frozenset({"mr", "mrs", "ms"})
_EPITHET_WORDS = words(
    """
    big lil little young old fat mad uncle aunty auntie king papa mama skinny crazy slim tall scouse ginger
    baby tiny cousin boss brother captain pastor doctor dr madam
    """
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


def _hit(form: str, name: str, start: int, end: int, **more: str) -> Hit:
    return Hit(Kind.NAME, folded(name), start, end, {"form": form, **more})


def _asked(text: str) -> Iterator[Hit]:
    for match in _QUOTED.finditer(text):
        if (hit := _name(match[1], match.start(1), quoted=True, surely=True)) is not None:
            yield hit
            if len(match[1].split()) == 1 and (last := _LAST_BEHIND.match(text, match.end())) is not None:
                # "Jermaine 'Tazz' Blackwood": Tazz Blackwood to others.
                yield _hit("full", f"{match[1]} {last[1]}", match.end(), match.end())
    for match in _SAID_APART.finditer(text):
        yield _hit("full", f"{match[1]} {match[2]}", match.start(), match.end())
    plain = _QUOTED.sub(lambda match: " " * len(match[0]), text)
    for match in _TURNED.finditer(plain):
        if folded(match[2]) in FIRST and folded(match[1]) not in _NO_LAST:
            yield _hit("full", f"{match[2]} {match[1]}", match.start(), match.end())
            plain = plain[: match.start()] + " " * len(match[0]) + plain[match.end() :]
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
    while words and (folded(words[0][0]).strip(".'") in STOP and folded(words[0][0]) not in EPITHETS):
        words.pop(0)
    kept: list[tuple[str, int]] = []
    for word, place in words:
        plain = folded(word).strip(".'")
        if plain in STOP and not (plain == "the" and kept) and plain not in EPITHETS:
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
    if words[0] in ROLES and len(words) > 1:
        if len(words) == 2:
            return _hit("nick", " ".join(words), start, end)
        words = words[1:]
    if words[-1] in INSTITUTIONS or " ".join(words) in AREA_OF:
        return None
    if words[0] in TITLES and len(words) > 1:
        return _hit("surname" if len(words) == 2 else "full", " ".join(words[1:]), start, end)
    if len(words) == 1:
        (word,) = words
        if word in FIRST:
            return _hit("first", word, start, end)
        if len(word) < 2 or word in AREA_OF or word in LOOKS or (word in EPITHETS and not quoted):
            return None
        return _hit("nick", word, start, end)
    return _several(words, start, end, quoted=quoted)


def _several(words: list[str], start: int, end: int, *, quoted: bool) -> Hit | None:
    if words[0] in EPITHETS or "the" in words:
        return _hit("nick", " ".join(words), start, end)
    if len(words[-1]) == 1:
        return _hit("initial", " ".join(words), start, end) if words[0] in FIRST else None
    if len(words[0]) == 1:
        return None
    if words[0] in FIRST or words[-1] in FIRST:
        return _full(words, start, end)
    if len(words) > 2 and not quoted:
        return _full(words, start, end)
    return _hit("nick" if quoted else "full", " ".join(words), start, end)


def _full(words: list[str], start: int, end: int) -> Hit:
    name = f"{words[0]} {words[-1]}" if len(words) > 2 else " ".join(words)
    return _hit("full", name, start, end, **({"all": " ".join(words)} if len(words) > 2 else {}))


def _told(piece: Piece) -> Iterator[Hit]:
    text = piece.text
    shouted = len(text) > 20 and text.upper() == text
    shown = text.title() if shouted else text
    if len(shown) != len(text):
        shown = text
    if CUE_WORDS & piece.known:
        yield from _cued(shown)
    yield from _marked(shown, piece)
    for pair in pairs(shown):
        more = {"unsure": pair.unsure} if pair.unsure else {}
        yield _hit("full", pair.name, pair.start, pair.end, **more)
    yield from _lettered(shown)


def _marked(shown: str, piece: Piece) -> Iterator[Hit]:
    """Find names with a title or an epithet before them."""
    for match in () if _TITLE_WORDS.isdisjoint(piece.known) else _TITLED.finditer(shown):
        if match[2] and match[1].lower() not in STOP:
            yield _hit("full", f"{match[1]} {match[2]}", match.start(1), match.end())
        elif match[1].lower() not in STOP:
            yield _hit("surname", match[1], match.start(1), match.end(1))
    for match in () if _EPITHET_WORDS.isdisjoint(piece.known) else _EPITHET.finditer(shown):
        second = match[2].lower()
        if not any(second in those for those in (STOP, TYPE_WORDS, KIND_OF, AREA_OF)):
            yield _hit("nick", match[0].replace("'", ""), match.start(), match.end())


def _lettered(shown: str) -> Iterator[Hit]:
    """Find a first name and a letter, and nicknames in quotation marks."""
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
            and (hit := _name(match[1], match.start(1), quoted=True, surely=False)) is not None
        ):
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
    if first in STOP and first not in EPITHETS:
        return []
    if (
        len(words) > 1
        and words[1] not in STOP
        and (first in EPITHETS or first in FIRST)
        and not words[1].endswith("ing")
    ):
        return words[:2]
    return [first] if first not in EPITHETS or len(words) == 1 else []
