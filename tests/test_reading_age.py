"""Somebody of 11, somebody with little English and somebody afraid can read the form and the mailbox."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract

from payload.outline import SECTIONS, Section
from tests import reading
from tests.test_architecture import imported

ROOT = Path(__file__).parent.parent
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None}
# What the newsroom says on the form and the receipt: the starter content is the example that others follow.
SITE = ("no_help", "silent", "reading", "languages", "next")

# The most that a reader's age may be, in years: for all that is said, and for one part of it.
MOST_AGE = 11
MOST_AGE_OF_A_PART = 12
# One sentence is a small sample, and may be harder than the whole: within these bounds.
MOST_AGE_OF_A_SENTENCE = 14
MOST_WORDS = 25
# Of fewer words one long word decides the formula: what is shorter is held by the rule of long words alone.
FEWEST_WORDS = 8
# A word of so many syllables must be one that the form cannot do without.
LONG = 4
NEEDED = {
    "everything": "three syllables in speech; a child's word",
    "identity": "in “New identity”, the name of Tor Browser's own menu entry",
    "originals": "what it is called: “first copies” misleads",
    "somebody": "three syllables in speech; a child's word",
}

TAG = re.compile(r"<[^>]*>")
HOLE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")

# From laws and forms that people give up on.
HARD = (
    "Individuals wishing to submit information anonymously are advised that any communication, including "
    "supplementary documentation, may subsequently be transmitted to investigative authorities."
)
EASY = "Tell us what you saw. One sentence helps. You do not have to say who you are."


def plain(text: str) -> str:
    """Give a text as it is read: without tags, a number for each hole, a space for each line end."""
    return " ".join(HOLE.sub("9", TAG.sub("", text)).split())


def modules(start: str) -> list[Path]:
    """Give the modules of the views that one of them needs, itself included."""
    found: dict[str, Path] = {}
    left = [start]
    while left:
        path = ROOT / (left.pop().replace(".", "/") + ".py")
        name = path.relative_to(ROOT).as_posix()
        if path.is_file() and name not in found:
            found[name] = path
            names = imported(path.read_text(encoding="utf-8"), list(path.parent.relative_to(ROOT).parts))
            left += [other for other in names if other.startswith("views.")]
    return [found[name] for name in sorted(found)]


def of_section(section: Section) -> Iterator[str]:
    """Give all that one part of the form asks, and the choices it offers."""
    yield from (section.title, section.note, section.one, section.add)
    for field in section.fields:
        yield from (field.label, field.hint)
        yield from (choice.label for choice in field.choices)


def of_source(path: Path) -> Iterator[str]:
    """Give what a template or a module has gettext say; of what can be one or many, both."""
    method = "jinja2" if path.suffix == ".html" else "python"
    with path.open("rb") as source:
        for _line, message, _comments, _context in extract(
            method, source, KEYWORDS, options={"encoding": "utf-8"}
        ):
            yield from (message,) if isinstance(message, str) else filter(None, message)


def of_site() -> Iterator[str]:
    """Give what the newsroom says of itself on the form and the receipt."""
    said = tomllib.loads((ROOT / "content" / "site.toml").read_text(encoding="utf-8"))
    return (said[name] for name in SITE)


def gathered() -> dict[str, list[str]]:
    """Give all that somebody may read, part by part; a file that says nothing is none."""
    templates = [*ROOT.glob("templates/report/*.html"), *ROOT.glob("templates/mailbox/*.html")]
    sources = [*sorted(templates), ROOT / "templates/ui/form.html"]
    sources += sorted({*modules("views.report"), *modules("views.mailbox")})
    parts: dict[str, Iterable[str]] = {section.name: of_section(section) for section in SECTIONS}
    parts |= {path.relative_to(ROOT).as_posix(): of_source(path) for path in sources}
    parts["content/site.toml"] = of_site()
    said = {name: [plain(text) for text in texts if text] for name, texts in parts.items()}
    return {name: texts for name, texts in said.items() if texts}


SAID = gathered()


def sentences(texts: Iterable[str]) -> list[str]:
    """Give the sentences that are long enough to be judged one by one."""
    found = (sentence for text in texts for sentence in reading.sentences(text))
    return [sentence for sentence in found if len(reading.words(sentence)) >= FEWEST_WORDS]


def worst(texts: Iterable[str]) -> str:
    """Name the sentences to begin with, the hardest first."""
    hardest = sorted(sentences(texts), key=lambda text: reading.age([text]), reverse=True)[:5]
    return "begin with:\n" + "\n".join(f"{reading.age([text]):.1f}  {text}" for text in hardest)


def hard_sentences(texts: Iterable[str]) -> list[str]:
    """Give the sentences that are too long, or too hard by themselves."""
    return [
        sentence
        for sentence in sentences(texts)
        if len(reading.words(sentence)) > MOST_WORDS or reading.age([sentence]) > MOST_AGE_OF_A_SENTENCE
    ]


def long_words(texts: Iterable[str]) -> list[str]:
    """Give the texts that hold a long word which is not in the list."""
    return [
        f"{word}: {text}"
        for text in texts
        for word in reading.words(text)
        if reading.syllables(word) >= LONG and word.lower() not in NEEDED
    ]


def test_the_form_as_a_whole_is_read_at_eleven() -> None:
    everything = [text for texts in SAID.values() for text in texts]
    assert reading.age(everything) <= MOST_AGE, worst(everything)


def test_without_its_labels_too() -> None:
    """A label counts as a short sentence, and flatters the figure: whole sentences are read alone, too."""
    told = sentences(text for texts in SAID.values() for text in texts)
    assert len(told) > 50
    assert reading.age(told) <= MOST_AGE, worst(told)


@pytest.mark.parametrize("part", SAID)
def test_a_part_is_read_at_twelve(part: str) -> None:
    assert reading.age(SAID[part]) <= MOST_AGE_OF_A_PART, worst(SAID[part])


@pytest.mark.parametrize("part", SAID)
def test_no_sentence_is_too_long_or_too_hard(part: str) -> None:
    assert hard_sentences(SAID[part]) == [], worst(SAID[part])


@pytest.mark.parametrize("part", SAID)
def test_no_long_word_stands_where_a_short_one_would_do(part: str) -> None:
    assert long_words(SAID[part]) == []


def test_no_question_asks_what_a_source_must_never_be_asked() -> None:
    asked = [text for section in SECTIONS for field in section.fields for text in (field.label, field.hint)]
    never = re.compile(
        r"birth|gender|male|\bsex\b|nation|citizen|countr|ethnic|\brace\b|religio", re.IGNORECASE
    )
    assert [text for text in asked if never.search(text)] == []


def test_every_part_of_the_form_is_gathered() -> None:
    assert {section.name for section in SECTIONS} < set(SAID)
    assert "Number plate" in SAID["vehicles"]
    assert "Farm" in SAID["places"]
    assert {"templates/report/form.html", "views/report.py", "views/intake.py", "views/sending.py"} < set(
        SAID
    )
    assert any(name.startswith("views/forms/") for name in SAID)
    assert len(SAID["content/site.toml"]) == len(SITE)


@pytest.mark.parametrize(
    ("name", "source", "texts"),
    [
        ("a.html", '<p>{{ _("One.") }} bare</p>', ["One."]),
        (
            "a.html",
            "{% trans n=1 %}{{ n }} <b>file</b>{% pluralize n %}{{ n }}\nfiles{% endtrans %}",
            ["9 file", "9 files"],
        ),
        ("a.py", '_("Two %(x)s.", x=1)\nlazy_gettext("Three {y}.")', ["Two 9.", "Three 9."]),
        ("a.py", 'ngettext("%(n)d more", "%(n)d others", n)\nprint("bare")', ["9 more", "9 others"]),
    ],
)
def test_what_gettext_says_is_found(tmp_path: Path, name: str, source: str, texts: list[str]) -> None:
    path = tmp_path / name
    path.write_text(source, encoding="utf-8")
    assert [plain(text) for text in of_source(path)] == texts


def test_the_measure_knows_hard_from_easy() -> None:
    assert reading.age([EASY]) < 8
    assert reading.age([HARD]) > 20
    assert hard_sentences([EASY, HARD]) == [HARD]
    assert long_words([EASY]) == []
    assert "anonymously: " + HARD in long_words([HARD])
    assert HARD in worst([EASY, HARD])


def test_one_hard_text_spoils_the_part_it_stands_in() -> None:
    assert reading.age([*SAID["contact"], HARD]) > MOST_AGE_OF_A_PART


def test_the_formula_is_the_published_one() -> None:
    """Ten words, two sentences, twelve syllables: 0.39 * 5 + 11.8 * 1.2 - 15.59 = 0.52."""
    assert reading.grade(["The cat sat on the table. It was very", "old."]) == pytest.approx(
        0.39 * 10 / 3 - 1.43
    )
    assert reading.grade(["The cat sat on the table. It was very old."]) == pytest.approx(0.52)
    assert reading.age(["The cat sat on the table. It was very old."]) == pytest.approx(5.52)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Names and nicknames", ["Names and nicknames"]),
        ("Call 999. Or use 999bsl.co.uk now!", ["Call 999.", "Or use 999bsl.co.uk now!"]),
        ("Not safe? Press 55.", ["Not safe?", "Press 55."]),
        ("Such as “Friday nights”.", ["Such as “Friday nights”."]),
        ("It says “Stop.” Then it goes on.", ["It says “Stop.”", "Then it goes on."]),
        ("", []),
        ("…", []),
    ],
)
def test_a_text_is_split_into_its_sentences(text: str, parts: list[str]) -> None:
    assert reading.sentences(text) == parts


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "the hour file while whole tried asked stopped caught 999"),
        (2, "about danger people person open wages pages titles houses police someone idle smuggled"),
        (3, "violence vehicles agencies languages however library takeaway caravan factory"),
        (4, "available anonymous registration identity"),
        (5, "accommodation investigation"),
    ],
)
def test_syllables_are_counted(count: int, words: str) -> None:
    assert {word: reading.syllables(word) for word in words.split()} == dict.fromkeys(words.split(), count)
