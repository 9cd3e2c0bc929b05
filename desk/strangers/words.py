"""What the box says by a code, in words for people: none of its own words are shown."""

from desk.strangers.box import BoxFailed

UNSAFE = "could not be shown safely"
_CANNOT = {
    "damaged": "the file is damaged, or made to look like one of its kind",
    "too-large": "the file is too large, or unpacks to too much",
    "locked": "the file is under a password",
    "no-preview": "there is no preview for this kind of file",
    "no-cleaning": "the desk cannot clean this kind of file",
    "empty": "the file is empty",
    "no-text": "there is no text in it",
    "too-many-pages": "it has too many pages to be cleaned",
    "no-track": "it has no picture and no sound that the desk can copy",
}
_FAILED = {
    "died": "what looked at it gave up",
    "too-slow": "looking at it took too long",
    "too-much": "it gave too much",
    "nonsense": "what looked at it gave nonsense",
}


def cannot(code: object) -> str:
    """Give the reason for which a task says that it cannot."""
    return _CANNOT.get(code, _FAILED["nonsense"]) if isinstance(code, str) else _FAILED["nonsense"]


def failed(failure: BoxFailed) -> str:
    """Give the reason for which a box gave no whole answer."""
    return _FAILED[failure.code]
