"""What a browser without JavaScript sends back of a form: every field, also those left empty."""

from html.parser import HTMLParser

Fields = list[tuple[str, str]]


def fields(page: str, form: str = "report") -> Fields:
    """The fields of the form of this id with what they hold, in order; files and buttons are none."""
    return _Reader(page, form).fields


class _Reader(HTMLParser):
    def __init__(self, page: str, form: str) -> None:
        super().__init__()
        self._form = form
        self.fields: Fields = []
        self._within = False
        self._text: list[str] | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._within = at.get("id") == self._form
        elif self._within and tag == "option" and "selected" in at:
            self.fields[-1] = (self.fields[-1][0], at["value"])
        elif self._within and "name" in at and tag in {"input", "textarea", "select"}:
            kind = at.get("type", "text")
            if kind in {"hidden", "text"} or (kind in {"radio", "checkbox"} and "checked" in at):
                self.fields.append((at["name"], at.get("value", "")))
            if tag == "textarea":
                self._text = []

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._within = False
        elif tag == "textarea" and self._text is not None:
            # A browser drops the one line feed that may follow the start tag.
            self.fields[-1] = (self.fields[-1][0], "".join(self._text).removeprefix("\n"))
            self._text = None
