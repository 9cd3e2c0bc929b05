"""Lists of words, written as running text."""


def words(text: str) -> frozenset[str]:
    """Give the words of ``text``."""
    return frozenset(text.split())


def table(text: str, between: str | None = None) -> dict[str, str]:
    """Read ``name: word word …``, which may go on in lines without a name: the name for each word.

    ``between`` parts the words, blanks where it is None.
    """
    found: dict[str, str] = {}
    name = ""
    for line in text.strip().splitlines():
        begins, colon, those = line.partition(":")
        if colon:
            name = begins.strip()
        found |= {word.strip(): name for word in (those if colon else line).split(between) if word.strip()}
    return found
