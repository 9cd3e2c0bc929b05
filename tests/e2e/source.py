"""A source whose browser is a few lines of Python: for what needs hundreds of them, or one that misbehaves.

What the page gave is what goes back: every control of its form in the page's order, the pressed button at its
place, line ends as browsers send them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.e2e.http_client import Address, Answer, Files, Part, multipart, request

Said = Mapping[str, str | Sequence[str]]  # by the name of a field: its text, or the values of its choices
TOKENS = {"draft", "file"}
LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass
class Control:
    """One control of a form. ``on`` says whether it is sent; ``options`` are those of a list."""

    kind: str
    name: str
    value: str = ""
    on: bool = True
    options: list[str] = field(default_factory=list)


class Form(HTMLParser):
    """The form of a page: its controls with what they hold, and the ids of the whole page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.controls: list[Control] = []
        self.ids: set[str] = set()
        self._within = False
        self._text: list[str] | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        self.ids.add(at.get("id", ""))
        if tag == "form":
            self._within = True
        elif self._within and tag == "option":
            self._option(at)
        elif self._within and at.get("name") and tag in {"input", "textarea", "select", "button"}:
            self._control(tag, at)

    def _control(self, tag: str, at: dict[str, str]) -> None:
        kind = at.get("type", "text") if tag == "input" else tag
        value = at.get("value", "")
        if kind == "text":
            # What such a box cannot show, a browser takes out.
            value = value.replace("\r", "").replace("\n", "")
        on = "checked" in at if kind in {"radio", "checkbox"} else kind != "button"
        self.controls.append(Control(kind, at["name"], value, on))
        if kind == "textarea":
            self._text = []

    def _option(self, at: dict[str, str]) -> None:
        control = self.controls[-1]
        if not control.options or "selected" in at:
            control.value = at["value"]
        control.options.append(at["value"])

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._within = False
        elif tag == "textarea" and self._text is not None:
            # A browser drops the one line feed that may follow the start tag.
            self.controls[-1].value = "".join(self._text).removeprefix("\n")
            self._text = None

    def of(self, name: str) -> list[Control]:
        """The controls of this name."""
        return [control for control in self.controls if control.name == name]

    def value(self, name: str) -> str:
        """What the first control of this name holds."""
        return self.of(name)[0].value

    @property
    def tokens(self) -> list[str]:
        """The tokens of the attached files."""
        return [control.value for control in self.of("file")]

    @property
    def said(self) -> dict[str, list[str]]:
        """All that was typed or chosen, by the names of the fields."""
        found: dict[str, list[str]] = {}
        for control in self.controls:
            if control.on and control.value and control.name not in TOKENS and control.kind != "file":
                found.setdefault(control.name, []).append(control.value)
        return found

    def fill(self, name: str, said: str | Sequence[str]) -> None:
        """Type a text into a field, or choose these values.

        :raises AssertionError: the page has no such field or choice.
        """
        controls, wanted = self.of(name), [said] if isinstance(said, str) else list(said)
        assert controls, f"no field is called {name}"
        if controls[0].kind in {"radio", "checkbox"}:
            assert set(wanted) <= {control.value for control in controls}, (name, wanted)
            for control in controls:
                control.on = control.value in wanted
        else:
            (control,), (value,) = controls, wanted
            assert not control.options or value in control.options, (name, value)
            control.value = value

    def sent(self, pressed: tuple[str, str] | None = None, files: Files = ()) -> Iterator[Part]:
        """What a browser sends: with this button pressed, and these files picked."""
        for control in self.controls:
            if control.kind == "file":
                # A browser that picked nothing sends a file without a name.
                yield from [*files] or [(control.name, "", b"")]
            elif control.on or (control.kind == "button" and (control.name, control.value) == pressed):
                yield control.name, LINE_END.sub("\r\n", control.value)
                # Two buttons may do the same: one of them was pressed.
                pressed = None if control.kind == "button" else pressed


class Source:
    """Somebody at the form: opens it, attaches, looks it through, sends. ``answer`` is the last page."""

    def __init__(self, address: Address, address_from: str = "", socks: int = 0) -> None:
        self.address, self.address_from, self.socks = address, address_from, socks
        self.answer = self._ask("GET", "/report")
        assert self.answer.status == 200, self.answer

    @property
    def answer(self) -> Answer:
        """The page that is shown; ``form`` is what was made of its form since."""
        return self._answer

    @answer.setter
    def answer(self, answer: Answer) -> None:
        self._answer, self.form = answer, Form(answer.text)

    def _ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Answer:
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
        return request(
            self.address, method, path, body, kind, headers, source=self.address_from, socks=self.socks
        )

    def controls(self, text: str | None = None) -> list[tuple[str, str]]:
        """The texts that a browser would send of the form, without a button, with this text in its box."""
        self.write(text)
        return [(part[0], part[1]) for part in self.form.sent() if len(part) == 2]

    def write(self, text: str | None = None, said: Said | None = None) -> "Source":
        """Write what happened, and answer questions."""
        for name, value in {**({} if text is None else {"what_happened": text}), **(said or {})}.items():
            self.form.fill(name, value)
        return self

    def caption(self, position: int, text: str) -> "Source":
        """Say what an attached file shows; positions count from 0."""
        self.form.of("caption")[position].value = text
        return self

    def parts(self, name: str, value: str, files: Files = ()) -> Iterable[Part]:
        """What a browser sends when this button of the page is pressed with these files picked.

        :raises AssertionError: the page has no such button.
        """
        assert any(control.value == value and control.kind == "button" for control in self.form.of(name)), (
            value
        )
        return self.form.sent((name, value), files)

    def press(self, name: str, value: str, files: Files = ()) -> "Source":
        """Press a button of the page.

        :raises OSError: when no whole page came.
        """
        body, kind = multipart(self.parts(name, value, files))
        self.answer = self._ask("POST", "/report", body, kind)
        return self

    def attach(self, *files: tuple[str, bytes], text: str | None = None) -> "Source":
        """Press "attach" with these files picked."""
        return self.write(text).press("do", "attach", [("upload", name, content) for name, content in files])

    def review(self, text: str | None = None, files: Files = ()) -> bool:
        """Press "check and send"; say whether the page that came shows what will be sent."""
        self.write(text).press("do", "review", files)
        return self.answer.status == 200 and "review" in self.form.ids

    def send(self, text: str | None = None, files: Files = ()) -> bool:
        """Look it through, and press "send now"; say whether the page that came says received.

        :raises OSError: when no whole page came.
        """
        if "review" not in self.form.ids and not self.review(text, files):
            return False
        self.press("do", "send")
        return self.received

    def send_at_once(self, text: str | None = None, files: Files = ()) -> bool:
        """Send the form without looking it through, as a robot does."""
        body, kind = multipart([*self.write(text).form.sent(files=files), ("do", "send")])
        self.answer = self._ask("POST", "/report", body, kind)
        return self.received

    @property
    def received(self) -> bool:
        return self.answer.status == 200 and "received" in self.form.ids
