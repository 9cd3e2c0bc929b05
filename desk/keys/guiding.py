"""What people are told to do next: what to keep where, what to carry, what else may still hold a key."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from crypto.backup import Backup
from crypto.deskpart import DeskPart
from crypto.teamkeys import TeamKeys
from desk.harmless import harmless
from desk.home import Home
from desk.keys.ceremony import NONE, WORDS
from desk.keys.destroying import Destroyed
from desk.keys.listing import Signer
from desk.keys.making import Made as MadeKeys
from desk.keys.notes import Copy, Notes
from desk.setup import Asked, Made
from desk.showing import count_text

DIFFER = "if they differ: Control-C, and find out who touched the stick"
NEXT_EXPORT = "carry the next export to the server: the new list goes with it"


def after_init(home: Home, asked: Asked, made: Made) -> Iterator[str]:
    """Say what is where, and what to do with it."""
    if made.already:
        yield "the practice desk is here already; nothing was changed"
        return
    yield f"desk keys    {harmless(str(home.keys))}"
    if not asked.join:
        yield f"identity     {harmless(asked.identity) or 'on paper, and not here'}"
    yield f"public list  {harmless(str(home.team_keys))}"
    if asked.recovery != NONE:
        yield f"backup       {harmless(str(home.backup))}"
    yield f"team's fingerprint  {made.team.fingerprint}"
    if asked.practice:
        yield "PRACTICE KEYS, passphrase: practice. Never take real reports with them"
        return
    yield ""
    yield "what to keep where:"
    yield from _numbered(_places(asked))


def _places(asked: Asked) -> Iterator[str]:
    if asked.join:
        yield "compare the team's fingerprint with the one in print. If they differ, it is another team's"
        yield "run: keys export FILE, and carry FILE to the desk where the list is signed (keys add-desk)"
    elif asked.identity:
        yield "move the identity's file to a stick, off this machine, and lock it away with its passphrase"
    else:
        yield "the paper with the identity's 24 words: in a safe, away from this desk. It signs new lists"
    if asked.recovery == WORDS:
        yield "the paper with the 24 recovery words: in another safe, away from keys.backup"
    elif asked.recovery != NONE:
        yield "each recovery share: with another person, or in another place"
    if asked.recovery == NONE:
        yield "a copy of desk.keys, on a stick, apart from its passphrase: there is no backup but this"
    else:
        yield "a copy of keys.backup, on a stick, away from the recovery words: together they open all"
    yield "the passphrase: in your head. Until it is, its paper is locked away from the desk; then burn it"
    if not asked.join:
        yield "carry the public list to the server (VIGIL_TEAM_KEYS)"
        yield "print the team's fingerprint, and compare it with the one on the site's page /keys"


def after_make(made: MadeKeys) -> Iterator[str]:
    """Say what comes after new keys."""
    last = max(made.keys.seeds)
    yield f"{count_text(made.new, 'new month')}; this desk has keys until {last}"
    if not made.new:
        yield "nothing else is to be done"
        return
    yield "next:"
    steps = ["sign a new list: keys renew (at another desk: keys export FILE, and keys add-desk FILE there)"]
    if made.notes.recovery is not None:
        steps.append("put a copy of the new keys.backup in the place of the old copy")
    else:
        steps.append("put a copy of desk.keys in the place of the old copy: there is no backup")
    yield from _numbered(steps)


def after_export(file: Path, part: DeskPart) -> Iterator[str]:
    """Say what to do with a desk's public part."""
    yield f"written: {harmless(str(file))}; nothing in it is secret"
    yield f"this desk's fingerprint: {part.fingerprint}"
    yield "carry it to the desk where the list is signed, and there: keys add-desk FILE"
    yield "that desk shows the same desk's fingerprint: compare them, letter by letter"


def before_adding(part: DeskPart) -> Iterator[str]:
    """Say which desk is about to be added."""
    yield f"desk {part.desk.name}"
    yield f"the new desk's fingerprint: {part.fingerprint}"
    yield "compare it with what that desk shows. Whoever is added reads every report from then on"
    yield DIFFER


def before_removing(name: str) -> Iterator[str]:
    """Say what else goes with a desk."""
    yield f"{harmless(name)} is about to be taken off the list"
    yield "sources no longer see what that desk wrote, also what they have not read yet. Write it again from"
    yield "another desk. To leave the list as it is: Control-C"


def after_renewal(home: Home, team: TeamKeys, signer: Signer) -> Iterator[str]:
    """Say what the new list is, and where it has to go."""
    yield f"list {team.version}: {', '.join(desk.name for desk in team.desks)}"
    yield f"months {team.oldest} to {team.newest}, team's fingerprint {team.fingerprint}"
    yield "next:"
    steps = []
    if signer.lost:
        steps.append(
            f"carry {harmless(str(home.team_keys))} itself to the server (it takes no export before), put it "
            f"in the place of the old one, and start the server once with VIGIL_TRUST='{team.fingerprint}'"
        )
    else:
        steps.append(NEXT_EXPORT)
    if signer.new:
        steps.append(
            "print the team's new fingerprint wherever the old one is printed; destroy the old identity"
        )
    if len(team.desks) > 1:
        trust = f" --trust '{team.fingerprint}'" if signer.lost else ""
        steps.append(f"carry a copy of team.keys to each other desk, and there: keys take FILE{trust}")
    yield from _numbered(steps)


def before_choosing() -> Iterator[str]:
    """Say what choosing means."""
    yield "The keys of these cases are about to be destroyed. What you keep is sealed anew, with a key that"
    yield "stays. Nobody will ever read the rest again, but what their sources and you write later."


def keep_none(count: int) -> str:
    """Ask once more."""
    these = "this case" if count == 1 else f"these {count:,} cases"
    return f"Nobody will ever read {these}. Sure?"


def after_destroying(done: Destroyed, team: TeamKeys) -> Iterator[str]:
    """Say what is gone, and what may hold it still."""
    kept = ", ".join(done.kept) or "none"
    months = count_text(done.months, "month")
    yield f"destroyed: the keys of {months}, before {done.before}" if done.months else "finished"
    yield f"removed from the casebook: {count_text(done.envelopes, 'envelope')}; cases kept: {kept}"
    yield ""
    yield "what may still hold the old keys:"
    steps = [
        f"the copy of {harmless(copy.what)} of {copy.made_on}: destroy it, or write the new file over it"
        for copy in done.copies
    ]
    if done.backed_up:
        steps.append("any other copy of keys.backup: with the recovery secret it opens the old keys")
    steps.append("backups of this laptop, and snapshots of its disk (Time Machine, btrfs, zfs): delete them")
    steps.append(
        "this laptop's disk: the old file was overwritten, but an SSD may keep old bytes. They are under the "
        "old passphrase: forget it, and destroy the paper that has it"
    )
    mine = done.keys.public([]).sign_public
    if others := [desk.name for desk in team.desks if desk.sign_public != mine]:
        names = ", ".join(map(harmless, others))
        steps.append(f"the other desks ({names}): the same reports open there until each destroys its keys")
    if done.backed_up:
        steps.append("then put a copy of the new keys.backup away")
    yield from _numbered(steps)
    if done.copies:
        yield "when the copies are destroyed, say so: keys copies-destroyed"


def is_it_destroyed(copy: Copy) -> str:
    """Ask after one copy."""
    return f"is the copy of {harmless(copy.what)} of {copy.made_on} destroyed?"


def after_passphrase(noted: Notes) -> Iterator[str]:
    """Say what the old passphrase still opens."""
    yield "the key file has the new passphrase"
    yield "copies of the old desk.keys still open with the old one: destroy them"
    if noted.recovery is not None:
        yield "keys.backup has no passphrase and stays as it is"


def after_recovery_secret(home: Home, noted: Notes) -> Iterator[str]:
    """Say what to do with a new recovery secret and its backup."""
    yield f"backup       {harmless(str(home.backup))}, which opens with the new {noted.kept_as}"
    yield from _numbered(
        [
            "put a copy of it in the place of the old copy; destroy the old copies",
            "destroy the old words or shares: with an old copy they open the keys that it holds",
        ]
    )


def after_recovery(home: Home, found: Backup) -> Iterator[str]:
    """Say what a recovered desk needs next."""
    yield f"desk {found.keys.name} is back in {harmless(str(home.folder))}"
    yield f"months held  {min(found.keys.seeds, default='none')} to {max(found.keys.seeds, default='none')}"
    yield f"team's fingerprint  {found.team.fingerprint}"
    yield "next:"
    yield from _numbered(
        [
            "compare the team's fingerprint with the printed one",
            "copy the casebook from a copy of the desk's folder, if there is one",
            "import the server's newest bundle before you export: it says which number comes next",
            "if the old desk was stolen: see docs/keys.md, stolen laptop",
        ]
    )


def _numbered(steps: Iterable[str]) -> Iterator[str]:
    for number, step in enumerate(steps, 1):
        yield f"  {number}. {step}"
