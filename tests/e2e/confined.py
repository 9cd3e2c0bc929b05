"""What a unit's settings take away from a process, done to this one: as systemd does it, for want of one.

Runs inside a Debian tree with its own Python: the standard library and libseccomp only. Not everything can be
had here: user namespaces of PrivateUsers and the limits of control groups are left out.
"""

import ctypes
import grp
import os
import pwd
import resource
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

Settings = dict[str, list[str]]

NEWNS, NEWNET, NEWIPC = 0x00020000, 0x40000000, 0x08000000
RDONLY, NOSUID, NODEV, NOEXEC, REMOUNT, BIND, REC, PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
NO_NEW_PRIVS, CAPBSET_READ, CAPBSET_DROP, SET_MDWE = 38, 23, 24, 65
ERRNO, ALLOW, NOT_EQUAL = 0x00050000, 0x7FFF0000, 1
EPERM, EAFNOSUPPORT = 1, 97
LIBC = ctypes.CDLL(None, use_errno=True)


class Compare(ctypes.Structure):
    """libseccomp's scmp_arg_cmp."""

    _fields_ = (
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    )


def last(settings: Settings, name: str, default: str = "") -> str:
    """The value of a setting that has one."""
    return (settings.get(name) or [default])[-1]


def on(settings: Settings, name: str) -> bool:
    return last(settings, name) in {"yes", "true", "1", "on"}


def checked(result: int, what: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)


def mount(source: str, target: str, kind: str | None, flags: int, data: str = "") -> None:
    kind_ = kind.encode() if kind else None
    checked(LIBC.mount(source.encode(), target.encode(), kind_, flags, data.encode()), f"mount {target}")


def paths(settings: Settings, *names: str) -> list[str]:
    """Folders that stay writable: those of these settings, that are there."""
    named = [word.lstrip("-+") for name in names for line in settings.get(name, []) for word in line.split()]
    return [path for path in named if Path(path).exists()]


def own_mounts(settings: Settings) -> None:
    """A view of the files in which only what is named can be written."""
    mount("none", "/", None, REC | PRIVATE)
    state = [f"/var/lib/{name}" for name in settings.get("StateDirectory", [])]
    writable = state + paths(settings, "ReadWritePaths", "ReadWriteDirectories")
    if on(settings, "PrivateTmp"):
        for folder in ("/tmp", "/var/tmp"):
            mount("tmpfs", folder, "tmpfs", NOSUID | NODEV, "mode=1777")
            writable.append(folder)
    for folder in settings.get("TemporaryFileSystem", []):
        mount("tmpfs", folder, "tmpfs", NOSUID | NODEV, "mode=0755")
        writable.append(folder)
    if last(settings, "ProtectSystem") == "strict" or "/" in settings.get("ReadOnlyDirectories", []):
        for path in writable:
            mount(path, path, None, BIND | REC)
        mounted = {line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()}
        for path in sorted(mounted):
            if not below(path, [*writable, "/proc", "/dev", "/sys"]):
                mount("none", path, None, REMOUNT | BIND | RDONLY)
    if last(settings, "ProcSubset") == "pid":
        mount("proc", "/proc", "proc", NOSUID | NODEV | NOEXEC, "subset=pid,hidepid=invisible")


def below(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(folder.rstrip("/") + "/") for folder in folders)


def become(settings: Settings) -> None:
    """The unit's user and groups."""
    user = last(settings, "User")
    if not user:
        return
    entry = pwd.getpwnam(user)
    group = grp.getgrnam(last(settings, "Group", user)).gr_gid
    os.initgroups(user, group)
    os.setresgid(group, group, group)
    os.setresuid(entry.pw_uid, entry.pw_uid, entry.pw_uid)


def drop_capabilities(settings: Settings) -> None:
    """Take every capability out of the bounding set that is not named, where any are."""
    if "CapabilityBoundingSet" not in settings:
        return
    names = [word for line in settings["CapabilityBoundingSet"] for word in line.split()]
    kept = {CAPABILITIES[name] for name in names}
    for number in range(64):
        if number not in kept and LIBC.prctl(CAPBSET_READ, number, 0, 0, 0) == 1:
            checked(LIBC.prctl(CAPBSET_DROP, number, 0, 0, 0), "capability")


# In the kernel's order, as far as any unit names them.
CAPABILITIES = {
    f"CAP_{name}": number
    for number, name in enumerate((
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID",
        "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK",
        "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN",
        "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE",
    ))
}  # fmt: skip


def calls_of(words: Sequence[str]) -> set[str]:
    """The system calls that a filter's words name, groups opened up."""
    found: set[str] = set()
    for word in words:
        if not word.startswith("@"):
            found.add(word)
            continue
        asked = ["systemd-analyze", "syscall-filter", word]
        listed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        inner = [line.strip() for line in listed.splitlines()[1:] if line.startswith("    ")]
        found |= calls_of([each for each in inner if not each.startswith("#")])
    return found


def allowed_calls(settings: Settings) -> set[str] | None:
    """The system calls that are left, None for all."""
    lines = settings.get("SystemCallFilter")
    if not lines:
        return None
    found: set[str] = set()
    for line in lines:
        if line.startswith("~"):
            found -= calls_of(line[1:].split())
        else:
            found |= calls_of(line.split())
    # systemd itself adds to its list what every start of a program needs.
    return found | calls_of(["@default"])


def filter_calls(calls: set[str] | None, families: Sequence[str]) -> None:
    """Leave these system calls, and these families of sockets."""
    lib = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    lib.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(lib.seccomp_init(ctypes.c_uint32(ALLOW if calls is None else ERRNO | EPERM)))
    number = {name: lib.seccomp_syscall_resolve_name(name.encode()) for name in (calls or set())}
    limited = list(families) == ["AF_UNIX"]
    for name, call in number.items():
        if call >= 0 and not (limited and name == "socket"):
            checked(lib.seccomp_rule_add_array(context, ctypes.c_uint32(ALLOW), call, 0, None), name)
    if limited:
        socket = lib.seccomp_syscall_resolve_name(b"socket")
        unix = ctypes.c_uint32(ALLOW) if calls is not None else ctypes.c_uint32(ERRNO | EAFNOSUPPORT)
        compare = Compare(0, 4 if calls is not None else NOT_EQUAL, 1, 0)
        checked(lib.seccomp_rule_add_array(context, unix, socket, 1, ctypes.byref(compare)), "socket")
    checked(lib.seccomp_load(context), "seccomp_load")


def confine(settings: Settings, calls: set[str] | None) -> None:
    """Do it all, to this process, which then runs the unit's command.

    :raises OSError: something of it cannot be had
    """
    # No unit's process reaches the machine's network, whatever it says itself: this is a test.
    checked(LIBC.unshare(NEWNS | NEWNET | NEWIPC), "unshare")
    own_mounts(settings)
    limits = {"LimitCORE": resource.RLIMIT_CORE, "LimitNOFILE": resource.RLIMIT_NOFILE}
    for name, limit in limits.items():
        if name in settings:
            hard = resource.getrlimit(limit)[1]
            wanted = int(last(settings, name))
            resource.setrlimit(limit, (wanted if hard < 0 else min(wanted, hard),) * 2)
    os.umask(int(last(settings, "UMask", "0022"), 8))
    drop_capabilities(settings)
    become(settings)
    if on(settings, "NoNewPrivileges"):
        checked(LIBC.prctl(NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    if on(settings, "MemoryDenyWriteExecute"):
        checked(LIBC.prctl(SET_MDWE, 1, 0, 0, 0), "write or execute")
    families = " ".join(settings.get("RestrictAddressFamilies", [])).split()
    if on(settings, "NoNewPrivileges") and (calls is not None or families == ["AF_UNIX"]):
        filter_calls(calls, families)
