"""The whole form by keys alone: every question of the outline, the review, a change, and the send."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from payload.limits import MAX_SHORT
from payload.outline import SECTION, SECTIONS, Kind, Part
from tests.counts import SOAK
from tests.e2e import filled
from tests.e2e.conftest import MakeSite, OpenWindow
from tests.e2e.desk import Desk
from tests.e2e.firefox import Firefox
from tests.e2e.hands import ChromiumKeys, FirefoxKeys, Focused, Hands, Keys
from tests.e2e.server import Site
from tests.e2e.waiting import until

NAMES = list(filled.as_fields(filled.plain))
# The sections of which there can be several entries.
REPEATED = [section.name for section in SECTIONS if section.one]
LEAST_OUTLINE = 2  # pixels
WRITTEN = "by keys"
OpenKeys = Callable[[str], Keys]
# JavaScript on, and off.
EITHER = ["chromium with script", "firefox"]
EACH = [*EITHER, "chromium", "chromium, wide", "firefox with script"] if SOAK else EITHER
# The long ways, in one browser each unless there is time.
FILLING = EACH if SOAK else ["firefox"]
WALKING = EACH if SOAK else ["chromium with script"]


def brief(name: str, _kind: Kind) -> str:
    """A text that is soon typed, another one in each field."""
    return f"a{NAMES.index(name)}"


SAID = filled.as_fields(brief)


@pytest.fixture
def keys(window: OpenWindow, firefox: Firefox, scripted_firefox: Firefox) -> OpenKeys:
    """The keys of the browser of this name."""

    def open_keys(name: str) -> Keys:
        script = "script" in name
        if "firefox" in name:
            return FirefoxKeys(scripted_firefox if script else firefox)
        return ChromiumKeys(window(script=script, width=1280 if "wide" in name else 390))

    return open_keys


def visible(focused: Focused) -> bool:
    """Whether people see that it has the focus, and it."""
    within = focused.left > -1 and focused.left + focused.width < focused.wide + 1
    return focused.outline >= LEAST_OUTLINE and focused.height > 0 and within


def follows(focused: Focused, before: Focused) -> bool:
    """Whether it stands after the other, for the eye too: below it, or in one line with it."""
    top, above = focused.top + focused.scrolled, before.top + before.scrolled
    below = top >= above + before.height - 1
    beside = top + focused.height > above and focused.left >= before.left
    return focused.place > before.place and (below or beside)


class Filler:
    """Somebody who goes through the form from its top and answers what comes."""

    def __init__(self, hands: Hands, photo: Path) -> None:
        self.hands, self.photo = hands, photo
        self.entries = dict.fromkeys(REPEATED, 1)
        self.done: set[str] = set()

    def go_through(self) -> None:
        """Answer all, until the button that shows what will be sent has the focus."""
        focused = self.hands.tab()
        while focused.id != "send":
            assert not focused.is_page, "the page's end, and no send"
            assert visible(focused), focused
            focused = self.answer(focused) or self.hands.tab()
        assert self.done == {*SAID, "what_happened", "caption"}

    def answer(self, focused: Focused) -> Focused | None:
        """Do with one control what it is for; give what has the focus, where that moved it."""
        if focused.tag == "summary":
            assert self.hands.press("Enter").tag == "summary"
            assert self.hands.keys.look("() => document.activeElement.parentNode.open")
        elif focused.name == "do" and focused.value.startswith("add-"):
            return self.add(focused.value.removeprefix("add-"))
        elif focused.id == "upload" and "caption" not in self.done:
            return self.attach()
        elif focused.id == "what_happened":
            self.write(focused.name, WRITTEN)
        elif focused.name in SAID:
            self.say(focused)
        return None

    def say(self, focused: Focused) -> None:
        said = SAID[focused.name]
        if focused.type == "checkbox":
            assert not focused.checked
            if focused.value in said:
                assert self.hands.press("Space").checked
            self.done.add(focused.name)
        elif focused.type == "radio" or focused.tag == "select":
            self.hands.choose(str(said))
            self.done.add(focused.name)
        else:
            self.write(focused.name, str(said))

    def write(self, name: str, text: str) -> None:
        if name not in self.done:
            self.hands.keys.type(text)
            self.done.add(name)

    def add(self, section: str) -> Focused | None:
        """Add the second entry; and a third, which goes again."""
        if self.entries[section] >= filled.ENTRIES:
            return None
        number = self.entries[section]
        self.entries[section] += 1
        added = self.press_and_arrive(first_of(section, number))
        if number + 1 < filled.ENTRIES:
            return added
        self.hands.to(f"#{section}-add")
        self.press_and_arrive(first_of(section, number + 1))
        self.hands.to(f"[value=drop-{section}-{number + 1}]")
        self.press_and_arrive(f"{section}-add")
        return self.hands.to(f"#{first_of(section, number)}", back=True)

    def press_and_arrive(self, focused: str) -> Focused:
        self.hands.keys.down("Enter")
        return self.hands.arrive(focused)

    def attach(self) -> Focused:
        """Pick a file, and say what it shows: its line stands above the picker."""
        self.hands.keys.choose([self.photo])
        if self.hands.keys.look("() => document.querySelector('#attach').offsetWidth"):
            self.hands.to("#attach")
            self.hands.keys.down("Enter")
        until(lambda: self.hands.keys.look("() => document.querySelector('#files li')"), "line of the file")
        self.hands.arrive("upload")
        self.hands.to("[name=caption]", back=True)
        self.write("caption", "shown")
        return self.hands.to("#upload")


def first_of(section: str, number: int) -> str:
    """The id of the control that an entry begins with."""
    question = SECTION[section].fields[0]
    name = f"{section}-{number}-{question.name}"
    return f"{name}-{question.choices[0].value}" if question.kind is Kind.SEVERAL else name


@pytest.mark.parametrize("name", FILLING)
def test_the_whole_form_is_filled_and_sent_by_keys(
    make_site: MakeSite, keys: OpenKeys, desk: Desk, tmp_path: Path, name: str
) -> None:
    site, photo = make_site().start(), tmp_path / "photo.jpg"
    photo.write_bytes(b"a photograph")
    hands = Hands(keys(name))
    hands.keys.go(site.url + "/report")
    Filler(hands, photo).go_through()

    hands.press_to("Enter", "review")
    hands.to("[value=change-people]")
    hands.press_to("Enter", "people-0-names")
    hands.press("End")
    hands.keys.type(", changed")
    hands.to("#send")
    hands.press_to("Enter", "review")
    hands.to("#send")
    hands.press_to("Enter", "received")

    payload = desk.take(site, tmp_path / "bundle.tar").opened(WRITTEN)
    report = filled.as_json(Part.REPORT, brief)
    report["people"][0]["names"] += ", changed"
    assert payload["report"] == {"what_happened": WRITTEN, **report}
    assert payload["source"] == filled.as_json(Part.SOURCE, brief)
    assert [(file["name"], file["caption"]) for file in payload["files"]] == [("photo.jpg", "shown")]


# ---- order, sight, and a way out

TABBABLE = """() => {
  const all = [...document.querySelectorAll("*")];
  const found = document.querySelectorAll("a[href], button, input, select, textarea, summary");
  const one = it => it.type === "radio" ? document.querySelector(`[name="${it.name}"]`) : it;
  const reached = [...found].filter(it => it.tabIndex >= 0 && !it.disabled && it.getClientRects().length);
  return [...new Set(reached.map(it => all.indexOf(one(it))))];
}"""


def walk(hands: Hands, back: bool = False) -> list[Focused]:
    """Go on to the last control of the page, or back to its first, opening what can be opened.

    Not beyond: there the browser's own controls come, and what they do is not for us to say.
    """
    end = hands.keys.look(TABBABLE)[0 if back else -1]
    found = [hands.tab(back)]
    while found[-1].place != end:
        assert not found[-1].is_page, [each.called for each in found]
        if found[-1].tag == "summary" and not hands.keys.look("() => document.activeElement.parentNode.open"):
            hands.press("Enter")
        found.append(hands.tab(back))
    return found


def faults(hands: Hands) -> list[str]:
    """What keeps the keys from a page: what they miss, whom they pass unseen, where they jump."""
    there, back = walk(hands), walk(hands, back=True)
    every = hands.keys.look(TABBABLE)
    found = [f"nobody sees the focus on {each.called}" for each in there + back if not visible(each)]
    # A page may begin further down, with its heading or with what is wrong.
    if [each.place for each in there] != every[-len(there) :]:
        found.append("the keys do not reach everything, or not in order")
    if [each.place for each in back] != every[-2::-1]:
        found.append("the way back is another one")
    main = [each for each in there if each.within]
    found += [
        f"{after.called} comes after {before.called}"
        for before, after in pairwise(main)
        if not follows(after, before)
    ]
    return found


@pytest.mark.parametrize("name", WALKING)
def test_every_page_on_the_way_is_walked_through_in_order(site: Site, keys: OpenKeys, name: str) -> None:
    hands = Hands(keys(name))
    hands.keys.go(site.url + "/report")
    found = {"form": faults(hands)}
    assert len(hands.seen) > len(NAMES)
    hands.to("#send")
    hands.press_to("Enter", "problems")
    found["form with a problem"] = faults(hands)
    hands.to("#what_happened")
    hands.keys.type("words")
    hands.to("#send")
    hands.press_to("Enter", "review")
    found["review"] = faults(hands)
    hands.to("#send")
    hands.press_to("Enter", "received")
    found["receipt"] = faults(hands)
    assert not {page: wrong for page, wrong in found.items() if wrong}


def test_a_fault_would_be_found(site: Site, keys: OpenKeys) -> None:
    hands = Hands(keys(EITHER[0]))
    hands.keys.go(site.url + "/report")
    hands.keys.look("() => { document.querySelector('#upload').style.outline = 'none' }")
    hands.keys.look("() => { document.querySelector('#what_happened').tabIndex = 1 }")
    found = " ".join(faults(hands))
    assert "sees the focus on input#upload" in found
    assert "not in order" in found


# ---- Enter, and what is wrong


@pytest.mark.parametrize("name", EACH)
def test_enter_in_a_field_goes_on_and_takes_nothing_out(
    site: Site, keys: OpenKeys, tmp_path: Path, name: str
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"a photograph")
    hands = Hands(keys(name))
    hands.keys.go(site.url + "/report")
    filler = Filler(hands, photo)
    hands.to("#people > summary")
    hands.press("Enter")
    hands.to("#people-0-names")
    hands.keys.type("one\ntwo")
    assert hands.focus().value == "one\ntwo"
    hands.to("#people-add")
    filler.press_and_arrive("people-1-names")
    hands.keys.type("three")
    hands.to("#upload")
    filler.attach()
    hands.to("#danger-now input", back=True)
    hands.press("Space")
    hands.press_to("Enter", "review")
    shown = hands.keys.look("() => document.querySelector('main').innerText")
    assert all(said in shown for said in ("one\ntwo", "three", "photo.jpg", "shown"))


@pytest.mark.parametrize("name", EACH)
def test_what_is_wrong_leads_to_its_field_by_keys(site: Site, keys: OpenKeys, name: str) -> None:
    hands = Hands(keys(name))
    hands.keys.go(site.url + "/report")
    wrong = ["people-0-speech", "travel-boat"]
    for field in wrong:
        hands.to(f"#{SECTION[field.split('-')[0]].name} > summary")
        hands.press("Enter")
        hands.to(f"#{field}")
        hands.keys.type("x" * (MAX_SHORT + 1))
    hands.to("#send")
    hands.press_to("Enter", "problems")
    for number, field in enumerate(wrong):
        hands.to(f"#problems a[href='#{field}']", back=number > 0)
        hands.press("Enter")
        assert visible(hands.arrive(field))
        hands.press("End")
        hands.press("Backspace")
    hands.to("#send")
    hands.press_to("Enter", "review")
