"""What a process asked of the kernel, as strace saw it: what went into which file, in which order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Everything that brings bytes into a file or makes a file last, and what answers a browser.
WRITES = "write,writev,pwrite64,pwritev,pwritev2,sendfile,copy_file_range,splice,tee,vmsplice,msync"
NAMES = (
    "open,openat,creat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mknod,mknodat,mkdir,mkdirat"
)
LASTS = "fsync,fdatasync,sync_file_range,sync,syncfs"
ANSWERS = "sendto,sendmsg"
WHOLE = 1_200_000  # bytes of one call to print: more than any buffer of the server's


def strace(
    output: Path, calls: str = f"{WRITES},{NAMES},{LASTS},{ANSWERS}", length: int = WHOLE
) -> list[str]:
    """The command that traces the one after it, all its processes and threads, with the paths of files."""
    return ["strace", "-f", "-y", "-q", "-e", f"trace={calls}", "-s", str(length), "-o", str(output)]


@dataclass(frozen=True)
class Call:
    """One finished call: its name, the path or socket of its first argument, the whole line."""

    name: str
    path: str
    line: str


LINE = re.compile(r"^(?P<pid>\d+) +(?P<rest>.*)$", re.DOTALL)
RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)$", re.DOTALL)
CALL = re.compile(r"^(?P<name>\w+)\((?:\d+<(?P<path>.*?)>)?", re.DOTALL)


def calls(output: Path) -> Iterator[Call]:
    """Every call of a trace, in the order in which they finished."""
    begun: dict[str, str] = {}
    with output.open(errors="replace") as lines:
        for line in lines:
            matched = LINE.match(line)
            if not matched:
                continue
            pid, rest = matched["pid"], matched["rest"]
            if rest.rstrip().endswith("<unfinished ...>"):
                begun[pid] = rest.rstrip().removesuffix("<unfinished ...>")
                continue
            if resumed := RESUMED.match(rest):
                rest = begun.pop(pid, resumed[1] + "(") + resumed[2]
            if call := CALL.match(rest):
                yield Call(call["name"], call["path"] or "", rest)


def to_file(call: Call) -> bool:
    """Does this call bring bytes or a name into a file, rather than to a socket or a pipe?"""
    network = call.path.startswith(("socket:", "TCP:", "TCPv6:", "UNIX", "pipe:", "anon_inode:"))
    return call.name not in ANSWERS.split(",") and not network
