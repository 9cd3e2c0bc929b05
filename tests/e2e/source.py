"""A source whose browser is a few lines of Python: for what needs hundreds of them, or one that misbehaves.

What the page gave is what goes back: every control of the form, in the page's order, as a browser would.
"""

from html.parser import HTMLParser

from tests.e2e.http_client import Address, Answer, Files, multipart, request


class Form(HTMLParser):
    """The controls of the page's report form, with the values they hold."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.controls: list[tuple[str, str]] = []
        self.tokens: list[str] = []
        self.ids: set[str] = set()
        self._text: list[str] | None = None
        self._text_name = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        self.ids.add(at.get("id", ""))
        name = at.get("name", "")
        if tag == "input" and name and at.get("type", "text") not in {"file", "submit"}:
            self.controls.append((name, at.get("value", "")))
            if name == "file":
                self.tokens.append(at.get("value", ""))
        if tag == "textarea":
            self._text, self._text_name = [], name

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None:
            # A browser drops the one line feed that may follow the start tag.
            self.controls.append((self._text_name, "".join(self._text).removeprefix("\n")))
            self._text = None

    def value(self, name: str) -> str:
        return next(value for key, value in self.controls if key == name)


class Source:
    """Somebody at the form: opens it, attaches, sends. ``answer`` is the last page."""

    def __init__(self, address: Address, address_from: str = "", socks: int = 0) -> None:
        self.address, self.address_from, self.socks = address, address_from, socks
        self.answer = self._ask("GET", "/report")
        assert self.answer.status == 200, self.answer

    def _ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Answer:
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
        return request(
            self.address, method, path, body, kind, headers, source=self.address_from, socks=self.socks
        )

    @property
    def form(self) -> Form:
        return Form(self.answer.text)

    def controls(self, text: str | None = None) -> list[tuple[str, str]]:
        """What a browser would send back of the form, with this text in its box."""
        return [
            (name, text if name == "what_happened" and text is not None else value)
            for name, value in self.form.controls
        ]

    def attach(self, *files: tuple[str, bytes], text: str | None = None) -> "Source":
        """Press "attach" with these files picked."""
        fields = [*self.controls(text), ("do", "attach")]
        body, kind = multipart(fields, [("upload", name, content) for name, content in files])
        self.answer = self._ask("POST", "/report/files", body, kind)
        return self

    def send(self, text: str | None = None, files: Files = ()) -> bool:
        """Press "send"; say whether the page that came says received.

        :raises OSError: when no whole page came.
        """
        body, kind = multipart([*self.controls(text), ("do", "send")], files)
        self.answer = self._ask("POST", "/report", body, kind)
        return self.received

    @property
    def received(self) -> bool:
        return self.answer.status == 200 and "received" in self.form.ids
