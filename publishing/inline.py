"""The words of one paragraph: links judged, bare addresses made links, dashes set, pictures looked up."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from publishing import links, matter
from publishing.images import BadImage

if TYPE_CHECKING:
    from publishing.markdown import Text

_BARE = re.compile(r"https?://[^\s<>\"\u2018-\u201f\[\]{}|\\^`]+")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]*>|<!--|<[!?][A-Za-z]")
_NOTE = re.compile(r"\[\^[^\]\s]+\]")
_TRAILING = ".,;:!?'*_~"


def plain(children: Sequence[Token]) -> str:
    """The words of a heading, without their marks."""
    text = "".join(
        child.content if child.type in ("text", "code_inline") else " "
        for child in children
        if child.content or "break" in child.type
    )
    return " ".join(_dashes(text).split())


def note_html(state: StateCore) -> None:
    """Note in each paragraph the tags in it, with the number of their line, for `render` to name them."""
    for token in state.tokens:
        if token.type != "inline" or "<" not in token.content:
            continue
        line, found = 0, []
        for child in token.children or []:
            if child.type == "text":
                found += [(line, match[0]) for match in _TAG.finditer(child.content)]
            line += child.type in ("softbreak", "hardbreak")
        token.meta["html"] = found


def hidden(children: Sequence[Token]) -> list[tuple[int, str]]:
    """Give the invisible characters in words, titles and addresses, each with the number of its line.

    The file itself has none, but &#12; becomes one when Markdown is read.
    """
    line, found = 0, []
    for token in children:
        values = [token.content, *(str(value) for value in token.attrs.values())]
        found += [(line, match[0]) for value in values for match in matter.INVISIBLE.finditer(value)]
        if token.type == "image":
            # Its content is its description as it was written, its children what that says.
            found += [(line, one) for _, one in hidden(token.children or [])]
        line += token.type in ("softbreak", "hardbreak")
    return found


class Walk:
    """One way through the tokens of a paragraph that begins on ``line``; ``ids`` are the headings' ids."""

    def __init__(self, text: "Text", line: int, ids: set[str]) -> None:
        self._text = text
        self._line = line
        self._ids = ids
        self._link: list[str] | None = None
        self.words: list[str] = []

    def done(self, children: Sequence[Token]) -> list[Token]:
        """Give the tokens as they are to be rendered."""
        made: list[Token] = []
        for token in children:
            if token.type == "text":
                made += self._words(token)
            elif token.type in ("softbreak", "hardbreak"):
                self._line += 1
                self.words.append(" ")
                made.append(token)
            else:
                self._other(token)
                made.append(token)
        return made

    def _other(self, token: Token) -> None:
        if token.type == "link_open":
            self._link = []
            self._judge(token)
        elif token.type == "link_close":
            self._name()
        elif token.type == "image":
            self._picture(token)
        elif token.type == "code_inline":
            self._said(token.content)

    def _said(self, words: str) -> None:
        self.words.append(words)
        if self._link is not None:
            self._link.append(words)

    def _words(self, token: Token) -> list[Token]:
        content = token.content
        if self._link is not None or "://" not in content:
            self._check(content)
            token.content = _dashes(content)
            self._said(token.content)
            return [token]
        made: list[Token] = []
        end = 0
        for match in _BARE.finditer(content):
            address = _trimmed(match[0])
            if links.kind(address) != "web":
                continue
            made += self._words(_text(content[end : match.start()]))
            made += _linked(address)
            end = match.start() + len(address)
        if end == 0:
            self._check(content)
            self._said(content)
            return [token]
        rest = content[end:]
        return made + (self._words(_text(rest)) if rest else [])

    def _check(self, content: str) -> None:
        if "[^" in content and (note := _NOTE.search(content)):
            name = note[0]
            self._text.wrong(
                self._line,
                f"note {name} is not written anywhere",
                f"add a line {name}: Publisher, “Title”, address.",
            )
        if "](" in content or "][" in content:
            self._text.wrong(
                self._line, "a link that is not whole", "write [words](address), the address without blanks"
            )

    def _judge(self, token: Token) -> None:
        address = str(token.attrGet("href") or "")
        kind = links.kind(address)
        if kind == "web":
            token.attrSet("rel", "noreferrer")
        elif kind == "own":
            self._text.addresses.append((address, self._line))
        elif kind == "here" and (name := self._anchor(address[1:])):
            token.attrSet("href", f"#{name}")
        elif kind not in ("mail", "call"):
            token.attrs.pop("href", None)
            what = "no heading is called so" if kind == "here" else "no address that may be linked to"
            hint = (
                "link to a heading of this text by its words in small letters, with hyphens"
                if kind == "here"
                else "use https://…, mailto:…, tel:…, or a page of this site such as /report"
            )
            self._text.wrong(self._line, f"{address[:80]!r}: {what}", hint)

    def _anchor(self, name: str) -> str | None:
        return next((one for one in (f"h-{name}", name) if one in self._ids), None)

    def _name(self) -> None:
        name = " ".join("".join(self._link or []).split())
        self._link = None
        if not name:
            self._text.wrong(self._line, "a link without words", "write [words](address)")
        elif name.casefold().strip(".!… ") in links.EMPTY_NAMES:
            self._text.wrong(
                self._line, f"a link that is called {name!r}", "name what it leads to: it is read out alone"
            )

    def _picture(self, token: Token) -> None:
        file = str(token.attrGet("src") or "")
        alt = " ".join(plain(token.children or []).split())
        token.content = alt
        if not alt:
            self._text.wrong(
                self._line, f"the picture {file} has no description", "write ![what is to be seen](images/…)"
            )
        self._said(alt)
        try:
            token.meta["picture"] = self._text.look(file)
        except BadImage as error:
            self._text.wrong(self._line, error.what, error.hint)
        else:
            self._text.pictures.append(file)


def _dashes(text: str) -> str:
    if "--" in text:
        text = re.sub(r"(?<=\d)--(?=\d)", "\u2013", text)
        text = re.sub(r"(?<=\s)-{2,3}(?=\s)", "\u2013", text)
    return re.sub(r"\.{3}(?!\.)", "…", text) if "..." in text else text


def _trimmed(address: str) -> str:
    """Leave out what ends the sentence rather than the address."""
    while address and (
        address[-1] in _TRAILING or (address[-1] == ")" and address.count(")") > address.count("("))
    ):
        address = address[:-1]
    return address


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _linked(address: str) -> list[Token]:
    opening = Token("link_open", "a", 1, attrs={"href": address, "rel": "noreferrer"})
    return [opening, _text(address), Token("link_close", "a", -1)]
