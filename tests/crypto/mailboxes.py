"""What the tests of mailboxes share: two desks of a team, two sources, and a reply between them."""

from crypto import xwing
from crypto.envelope import Kind
from crypto.identity import Identity
from crypto.mailbox import Mailbox
from crypto.primitives import signing_public
from crypto.reply import seal_reply
from crypto.seal import sealed
from crypto.secret import EpochSeed, MailboxRoot, SigningSeed
from crypto.teambody import Desk
from crypto.teamkeys import TeamKeys
from tests.crypto.made import NOVEMBER

ANNA, BERT, STRANGER = (SigningSeed(bytes([number]) * 32) for number in (11, 12, 13))
IDENTITY = Identity(SigningSeed(b"\x0a" * 32))
SOURCE, OTHER = (Mailbox(MailboxRoot(bytes([number]) * 32)) for number in (21, 22))


def sign_public(seed: SigningSeed) -> bytes:
    """Give a desk's signing key."""
    return signing_public(seed.reveal())


def desk(name: str, seed: SigningSeed) -> Desk:
    """Make a desk with one month's key."""
    month = {NOVEMBER: xwing.public_of(EpochSeed(name[:1].encode() * 32))}
    return Desk(name, sign_public(seed), True, month)


def team(*desks: Desk, version: int = 1) -> TeamKeys:
    """Sign a list of desks."""
    return TeamKeys.read(IDENTITY.team_keys(desks, version=version, practice=True))


TEAM = team(desk("Anna", ANNA), desk("Bert", BERT))
SLOT = SOURCE.reply_ids(sign_public(ANNA))[3]
SAID = '{"text":"Thank you. Who else was there? Ç日本"}'.encode()
REPLY = seal_reply(SOURCE.public, SLOT, SAID, ANNA)
BODY = SOURCE._unsealer.opened(REPLY).body  # signing key, signature, and what was said


def resealed(body: bytes) -> bytes:
    """Seal a reply's body as a liar would: whole to the mailbox, whatever is inside."""
    return sealed(Kind.REPLY, None, [SOURCE.public], body)
