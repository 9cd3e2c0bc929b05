"""`doctor` sees a network, a readable disk and a readable swap space, on machines made of folders."""

import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from desk.doctor import cage, disks, network, system
from desk.doctor.check import Check, Machine
from desk.home import Home
from desk.strangers.isolation import Isolation

HOME = Path("/home/anna/desk")


class Laptop:
    """A Linux made of files: what its kernel would say of itself."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.machine = Machine(root, "linux", lambda _: None)
        self.put("proc/swaps", "Filename Type Size Used Priority\n")

    def put(self, name: str, text: str) -> "Laptop":
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return self

    def card(self, name: str, *, flags: int, carrier: str | None) -> "Laptop":
        self.put(f"sys/class/net/{name}/flags", f"{flags:#x}\n")
        return self if carrier is None else self.put(f"sys/class/net/{name}/carrier", carrier)

    def radio(self, number: int, kind: str, *, soft: int = 0, hard: int = 0) -> "Laptop":
        at = f"sys/class/rfkill/rfkill{number}"
        return self.put(f"{at}/type", kind).put(f"{at}/soft", str(soft)).put(f"{at}/hard", str(hard))

    def device(self, name: str, number: str, *, below: Sequence[str] = (), uuid: str = "") -> "Laptop":
        """A block device, its numbers, those below it, and what the device mapper calls it."""
        folder = self.root / "sys/devices" / name
        (folder / "slaves").mkdir(parents=True, exist_ok=True)
        for lower in below:
            (folder / "slaves" / Path(lower).name).symlink_to(self.root / "sys/devices" / lower)
        if uuid:
            self.put(f"sys/devices/{name}/dm/uuid", uuid)
        short = Path(name).name
        for link in (f"sys/dev/block/{number}", f"sys/class/block/{short}"):
            (self.root / link).parent.mkdir(parents=True, exist_ok=True)
            (self.root / link).symlink_to(folder)
        return self

    def mounts(self, *lines: tuple[str, str, str, str]) -> "Laptop":
        """Numbers, folder, file system and source of each mount."""
        written = [
            f"{place} 1 {number} / {point} rw,relatime shared:1 - {kind} {source} rw"
            for place, (number, point, kind, source) in enumerate(lines)
        ]
        return self.put("proc/self/mountinfo", "\n".join(written) + "\n")


@pytest.fixture
def laptop(tmp_path: Path) -> Laptop:
    return Laptop(tmp_path)


def one(checks: Sequence[Check], name: str) -> Check:
    (found,) = [check for check in checks if check.name == name]
    return found


# ---- network


@pytest.mark.parametrize(
    ("flags", "carrier", "ok"),
    [
        (0x1003, "1", False),
        (0x1003, "0", True),
        (0x1002, None, True),
        (0x1003, None, False),
        (0x10D1, "1", False),
    ],
    ids=["cable in", "no cable", "card off", "does not say", "tunnel"],
)
def test_a_card_is_a_network_when_it_is_on_and_something_answers(
    laptop: Laptop, flags: int, carrier: str | None, ok: bool
) -> None:
    laptop.card("lo", flags=0x9, carrier="1").card("eth0", flags=flags, carrier=carrier)
    found = one(network.checks(laptop.machine), network.NETWORK)
    assert found.ok is ok
    assert ok or "eth0" in found.what


def test_a_machine_with_loopback_only_has_no_network_card(laptop: Laptop) -> None:
    laptop.card("lo", flags=0x9, carrier="1")
    assert one(network.checks(laptop.machine), network.NETWORK).what == "there is no network card"


def test_where_the_cards_cannot_be_seen_nothing_is_called_well(laptop: Laptop) -> None:
    assert one(network.checks(laptop.machine), network.NETWORK).ok is None


def test_a_radio_that_nothing_blocks_is_named_by_its_kind(laptop: Laptop) -> None:
    laptop.radio(0, "wlan", soft=1).radio(1, "bluetooth").radio(2, "wwan", hard=1)
    found = one(network.checks(laptop.machine), network.RADIOS)
    assert (found.ok, found.what) == (False, "switched on: bluetooth")


def test_blocked_radios_are_well_and_so_are_none(laptop: Laptop) -> None:
    assert one(network.checks(laptop.machine), network.RADIOS).ok
    laptop.radio(0, "wlan", soft=1)
    assert one(network.checks(laptop.machine), network.RADIOS).ok


def test_of_a_macs_network_nothing_is_claimed(tmp_path: Path) -> None:
    assert [check.ok for check in network.checks(Machine(tmp_path, "darwin"))] == [None, None]


# ---- disks

LUKS = "CRYPT-LUKS2-0123456789abcdef-sda3_crypt"
Stack = Callable[[Laptop], object]
STACKS: dict[str, tuple[Stack, bool | None]] = {
    "a bare disk": (
        lambda it: it.device("sda", "8:0").mounts(("8:0", "/", "ext4", "/dev/sda")),
        False,
    ),
    "dm-crypt": (
        lambda it: it.device("dm-0", "254:0", uuid=LUKS).mounts(
            ("254:0", "/", "ext4", "/dev/mapper/sda3_crypt")
        ),
        True,
    ),
    "volumes above dm-crypt": (
        lambda it: (
            it.device("dm-0", "254:0", uuid=LUKS)
            .device("dm-1", "254:1", below=["dm-0"], uuid="LVM-abc")
            .mounts(("254:1", "/", "ext4", "/dev/mapper/vg-root"))
        ),
        True,
    ),
    "volumes over two disks, one of them bare": (
        lambda it: (
            it.device("dm-0", "254:0", uuid=LUKS)
            .device("sdb", "8:16")
            .device("dm-1", "254:1", below=["dm-0", "sdb"], uuid="LVM-abc")
            .mounts(("254:1", "/", "ext4", "/dev/mapper/vg-root"))
        ),
        False,
    ),
    "a readable system with an encrypted home": (
        lambda it: (
            it.device("sda", "8:0")
            .device("dm-0", "254:0", uuid=LUKS)
            .mounts(("8:0", "/", "ext4", "/dev/sda"), ("254:0", "/home", "ext4", "/dev/mapper/home"))
        ),
        True,
    ),
    "a home that a bare disk was mounted over": (
        lambda it: (
            it.device("sda", "8:0")
            .device("dm-0", "254:0", uuid=LUKS)
            .mounts(("254:0", "/home", "ext4", "/dev/mapper/home"), ("8:0", "/home", "ext4", "/dev/sda"))
        ),
        False,
    ),
    "btrfs, which numbers no device": (
        lambda it: (
            it.device("dm-0", "254:0", uuid=LUKS)
            .put("sys/devices/dm-0/dm/name", "sda3_crypt\n")
            .mounts(("0:31", "/", "btrfs", "/dev/mapper/sda3_crypt"))
        ),
        True,
    ),
    "memory": (lambda it: it.mounts(("0:40", "/", "tmpfs", "tmpfs")), None),
    "a share of another machine": (lambda it: it.mounts(("0:41", "/", "nfs4", "there:/desk")), None),
    "nothing to see": (lambda it: it, None),
}


@pytest.mark.parametrize("name", STACKS)
def test_a_disk_is_encrypted_when_all_that_lies_below_is(laptop: Laptop, name: str) -> None:
    make, ok = STACKS[name]
    make(laptop)
    assert one(disks.checks(laptop.machine, HOME), disks.DISK).ok is ok


def test_a_partition_of_an_encrypted_device_is_encrypted(laptop: Laptop) -> None:
    laptop.device("dm-0", "254:0", uuid=LUKS).device("md0", "9:0", below=["dm-0"])
    laptop.device("md0/md0p1", "259:0").put("sys/devices/md0/md0p1/partition", "1")
    laptop.mounts(("259:0", "/", "ext4", "/dev/md0p1"))
    assert one(disks.checks(laptop.machine, HOME), disks.DISK).ok


def test_a_folder_with_a_blank_in_its_name_is_found(laptop: Laptop) -> None:
    laptop.device("sda", "8:0").device("dm-0", "254:0", uuid=LUKS)
    laptop.mounts(("8:0", "/", "ext4", "/dev/sda"), ("254:0", r"/media/my\040disk", "ext4", "/dev/dm-0"))
    assert one(disks.checks(laptop.machine, Path("/media/my disk/desk")), disks.DISK).ok


def test_tails_without_persistence_says_that_all_is_gone_at_the_end(laptop: Laptop) -> None:
    laptop.put("etc/os-release", 'NAME="Tails"\nID="tails"\n').mounts(("0:30", "/", "overlay", "overlay"))
    found = one(disks.checks(laptop.machine, HOME), disks.DISK)
    assert found.ok is None
    assert "in memory" in found.what


# ---- swap


def swap(laptop: Laptop, path: str) -> Check:
    laptop.put("proc/swaps", f"Filename Type Size Used Priority\n{path} partition 1 0 -2\n")
    return one(disks.checks(laptop.machine, HOME), disks.SWAP)


def test_no_swap_is_well_and_what_cannot_be_seen_is_not(laptop: Laptop, tmp_path: Path) -> None:
    assert one(disks.checks(laptop.machine, HOME), disks.SWAP).ok
    (tmp_path / "proc/swaps").unlink()
    assert one(disks.checks(laptop.machine, HOME), disks.SWAP).ok is None


def test_a_swap_device_is_well_only_where_it_is_encrypted(laptop: Laptop) -> None:
    laptop.device("sda5", "8:5").device("dm-1", "254:1", uuid="CRYPT-PLAIN-swap")
    assert swap(laptop, "/dev/dm-1").ok
    found = swap(laptop, "/dev/sda5")
    assert (found.ok, "/dev/sda5" in found.what) == (False, True)


def test_a_swap_file_is_as_its_disk_is(laptop: Laptop) -> None:
    laptop.device("sda", "8:0").device("dm-0", "254:0", uuid=LUKS)
    laptop.mounts(("254:0", "/", "ext4", "/dev/dm-0"), ("8:0", "/data", "ext4", "/dev/sda"))
    assert swap(laptop, "/swapfile").ok
    assert swap(laptop, "/data/swapfile").ok is False


def test_swap_in_memory_is_well_unless_a_disk_backs_it(laptop: Laptop) -> None:
    laptop.device("zram0", "252:0").put("sys/devices/zram0/backing_dev", "none\n")
    assert swap(laptop, "/dev/zram0").ok
    laptop.put("sys/devices/zram0/backing_dev", "/dev/sda5\n")
    assert swap(laptop, "/dev/zram0").ok is False


# ---- a Mac, which answers by its own programs


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"fdesetup": "FileVault is On.\n", "sysctl": "total = 0.00M  (encrypted)\n"}, [True, True]),
        ({"fdesetup": "FileVault is Off.\n", "sysctl": "total = 0.00M\n"}, [False, None]),
        ({}, [None, None]),
    ],
    ids=["sealed", "open", "mute"],
)
def test_a_mac_is_asked_by_its_own_programs(
    tmp_path: Path, said: dict[str, str], expected: list[bool | None]
) -> None:
    machine = Machine(tmp_path, "darwin", lambda command: said.get(command[0]))
    assert [check.ok for check in disks.checks(machine, HOME)] == expected


# ---- crashes, clock, cage


@pytest.mark.parametrize(
    ("pattern", "ok"),
    [
        ("core\n", True),
        ("|/bin/false\n", True),
        ("|/usr/lib/systemd/systemd-coredump %P\n", False),
        ("|\n", False),
        (None, None),
    ],
    ids=["a file", "nowhere", "a program", "nothing named", "unseen"],
)
def test_a_program_that_gathers_crashes_is_told(laptop: Laptop, pattern: str | None, ok: bool | None) -> None:
    if pattern is not None:
        laptop.put("proc/sys/kernel/core_pattern", pattern)
    assert system.core_dumps(laptop.machine).ok is ok


def test_a_clock_behind_the_code_is_wrong_and_one_ahead_is_not_known(tmp_path: Path) -> None:
    made = tmp_path / "code"
    made.mkdir()
    (made / system.KIT).write_text("1.2.3 2026-11-20 0123456789\n")
    assert system.code_day(made) == date(2026, 11, 20)
    home = Home(tmp_path / "desk")
    assert system.clock(home, date(2026, 11, 18), made).ok is False
    assert system.clock(home, date(2026, 11, 19), made).ok is None
    assert system.clock(home, date(2036, 11, 19), made).ok is None


def test_a_clock_behind_what_was_written_here_is_wrong(tmp_path: Path) -> None:
    home = Home(tmp_path)
    os.utime(tmp_path, (1_900_000_000, 1_900_000_000))
    found = system.clock(home, date(2030, 3, 1), tmp_path / "no code")
    assert found.ok is False
    assert "2030-03-17" in found.what


@pytest.mark.parametrize("text", ["", "1.2.3", "1.2.3 yesterday", "1.2.3 2026-13-40"], ids=repr)
def test_a_kit_that_says_no_day_has_none(tmp_path: Path, text: str) -> None:
    (tmp_path / system.KIT).write_text(text)
    assert system.code_day(tmp_path) is None


def test_a_cage_that_is_not_there_is_told(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    for kept, kind, ok in (
        (Isolation.BUBBLEWRAP, "linux", True),
        (Isolation.LIMITS, "linux", False),
        (Isolation.LIMITS, "darwin", None),
    ):
        monkeypatch.setattr(cage, "isolation", lambda kept=kept: kept)
        assert cage.check(Machine(laptop.root, kind)).ok is ok
