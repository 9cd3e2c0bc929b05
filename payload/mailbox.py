"""Where the answer to a report goes: what the desk needs to seal to a source's mailbox, and no more."""

from dataclasses import dataclass
from typing import Any

from payload.errors import BadPayload
from payload.strict_json import Fields, base64_text

PUBLIC = 1216  # bytes
REPLY = 32  # bytes


@dataclass(frozen=True, slots=True, repr=False)
class Mailbox:
    """A source's mailbox: ``public``, the X-Wing key that replies are sealed to, as it came and unchecked;
    ``reply``, a secret from which the names of its replies follow.

    :raises BadPayload: a field is of the wrong length.
    """

    public: bytes
    reply: bytes

    def __post_init__(self) -> None:
        for name, length in (("public", PUBLIC), ("reply", REPLY)):
            if len(getattr(self, name)) != length:
                raise BadPayload(f"must be {length} bytes", f"mailbox.{name}")

    def __repr__(self) -> str:
        return "<Mailbox>"

    @classmethod
    def taken(cls, fields: Fields) -> "Mailbox":
        """Read one from its JSON object.

        :raises BadPayload: the object breaks the schema.
        """
        found = cls(public=fields.base64("public", PUBLIC), reply=fields.raw("reply", REPLY))
        fields.done()
        return found

    def as_json(self) -> dict[str, Any]:
        """Give the JSON object that ``taken`` reads."""
        return {"public": base64_text(self.public), "reply": self.reply.hex()}
