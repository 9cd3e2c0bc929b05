"""A desk's public part on its way to another desk, which has the list signed: signed by the desk itself.

FORMAT.md, "Desk part". The signature says that whoever sent it has the signing key; that it is the right desk
is for people to see, by the fingerprint.
"""

import base64
from dataclasses import dataclass
from hashlib import sha256

from crypto import strict_base64, strict_json
from crypto.errors import BadTeamKeys, Refused
from crypto.primitives import sign, verify
from crypto.secret import SigningSeed
from crypto.teambody import Desk, check_desk, read_desk, write_desk

MAGIC = b"vigil desk part v1\n"
MAX_FILE = 256 * 1024
LABEL = b"vigil/v1/desk-part\0"
LABEL_FINGERPRINT = b"vigil/v1/desk-fingerprint\0"


@dataclass(frozen=True, slots=True)
class DeskPart:
    """What a desk gives out: its entry for a list, and whether its keys are practice."""

    desk: Desk
    practice: bool

    @property
    def fingerprint(self) -> str:
        """What people compare: eight groups of four, of the signing key."""
        digest = sha256(LABEL_FINGERPRINT + self.desk.sign_public).digest()[:20]
        text = base64.b32encode(digest).decode("ascii")
        return " ".join(text[start : start + 4] for start in range(0, 32, 4))

    def signed(self, seed: SigningSeed) -> bytes:
        """Give the file's bytes, signed by the desk's own key and read back."""
        body = strict_json.write_object({"practice": self.practice, "desk": write_desk(self.desk)})
        lines = [body, sign(seed.reveal(), LABEL + body)]
        data = MAGIC + b"".join(strict_base64.encoded(line) + b"\n" for line in lines)
        read(data)
        return data


def read(data: bytes) -> DeskPart:
    """Read and verify the bytes of a desk's part.

    :raises BadTeamKeys: not such a file, damaged, or not signed by the key that it names.
    """
    if len(data) > MAX_FILE:
        raise BadTeamKeys(f"it is larger than {MAX_FILE} bytes")
    if not data.startswith(MAGIC):
        raise BadTeamKeys("it is not a desk's public part")
    lines = data[len(MAGIC) :].split(b"\n")
    if len(lines) != 3 or lines[2] != b"":
        raise BadTeamKeys("it is cut short, or has lines too many")
    try:
        body, signature = (strict_base64.decoded(line) for line in lines[:2])
        value = strict_json.exactly(strict_json.read_object(body), ("practice", "desk"))
        practice = strict_json.truth(value["practice"], "practice")
    except strict_base64.Base64Error:
        raise BadTeamKeys("a line is not base64") from None
    except strict_json.JsonError as bad:
        raise BadTeamKeys(f"the body is refused: {bad}") from None
    desk = read_desk(value["desk"], "the desk")
    check_desk(desk)
    try:
        verify(desk.sign_public, LABEL + body, signature)
    except Refused:
        raise BadTeamKeys("the signature is wrong") from None
    return DeskPart(desk, practice)
