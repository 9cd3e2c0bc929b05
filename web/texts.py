"""The text fields of a form while they come, within limits: of what is too long, the beginning is kept."""

from codecs import getincrementaldecoder

from web import blocking
from web.fields import Fields
from web.refusals import TooLarge

BREATHE_EVERY = 200  # parts of a form, which take some ten microseconds each

# What stands after texts that took all the room may be short, and must not be lost for them: so much of each
# field is kept all the same (an answer of 5,000 characters, a file's token), until the spare room is full.
SHORT = 24 * 1024
SPARE = 512 * 1024


class Texts:
    """Takes the text fields of one form, one after the other.

    ``fields`` are those that have ended. Of each at most ``field_bytes`` are kept, of all and their names
    ``all_bytes``, and of short ones half a MiB more. What is beyond is read past: ``passed`` counts its
    bytes, ``cut`` names its fields.
    """

    def __init__(self, most_fields: int, field_bytes: int, all_bytes: int) -> None:
        self.fields = Fields()
        self.cut: list[str] = []
        self.passed = 0
        self._most_fields = most_fields
        self._field_bytes = field_bytes
        self._all = all_bytes
        self._left = all_bytes  # below zero, the spare room is being used
        self._count = 0
        self._name: str | None = None  # None between two fields
        self._value = bytearray()
        self._room = 0
        self._whole = True

    @property
    def over(self) -> bool:
        """Whether it is more than may be, even where all of it was kept."""
        return self.passed > 0 or self._left < 0

    @property
    def held(self) -> int:
        """How many bytes are kept by now."""
        return self._all - self._left + len(self._value)

    def count(self) -> None:
        """Count a part of the form: a field, a file or an empty one.

        :raises TooLarge: there are too many.
        """
        self._count += 1
        if self._count > self._most_fields:
            raise TooLarge("too many fields")
        if self._count % BREATHE_EVERY == 0:
            blocking.breathe()

    def begin(self, name: str) -> None:
        """A field begins.

        :raises TooLarge: there is no room left, not even for its name.
        """
        size = len(name.encode())
        left = max(self._left, min(SHORT, self._left + SPARE))
        if size > left:
            raise TooLarge("too much text")
        self._left -= size
        self._room = min(self._field_bytes, left - size)
        self._name = name
        self._whole = True

    def more(self, data: bytes) -> None:
        """Some of the field's bytes."""
        kept = data[: self._room - len(self._value)]
        self._value += kept
        if len(kept) < len(data):
            self._whole = False
            self.passed += len(data) - len(kept)

    def end(self) -> None:
        """The field is whole."""
        if self._name is None:
            return
        if not self._whole:
            self.cut.append(self._name)
            _drop_half_letter(self._value)
        self._left -= len(self._value)
        self.fields.add(self._name.encode(), bytes(self._value))
        self._name = None
        self._value.clear()

    def break_off(self) -> None:
        """No more comes: keep as much as came of the field that has not ended."""
        self._whole = False
        self.end()


def _drop_half_letter(value: bytearray) -> None:
    """Take away the first bytes of a letter at the end, whose others are missing."""
    decoder = getincrementaldecoder("utf-8")("ignore")
    decoder.decode(value[-3:])
    half, _ = decoder.getstate()
    del value[len(value) - len(half) :]
