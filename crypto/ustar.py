"""The few bytes of a plain ustar archive, and only one way to write them.

Python's tarfile reads more than it should (links, long names, sparse files, pax records, two kinds of
checksum), and what it writes has changed between versions. Here a header is a function of name and size
alone, so that a reader compares 512 bytes instead of interpreting them. Any tar unpacks the result.
"""

BLOCK = 512
MAX_NAME = 99  # bytes, ASCII
MAX_SIZE = 8**11 - 1  # bytes: eleven octal digits
END = bytes(2 * BLOCK)
_CHECKSUM = slice(148, 156)


def header(name: str, size: int) -> bytes:
    """Give the header block of a regular file: mode 0600, owner, group and time zero.

    :raises ValueError: a name or a size that a header cannot hold.
    """
    written = name.encode("ascii")
    if not 1 <= len(written) <= MAX_NAME or not 0 <= size <= MAX_SIZE:
        raise ValueError("a name or a size does not fit into a tar header")
    block = bytearray(BLOCK)
    block[0 : len(written)] = written
    block[100:108] = b"0000600\0"
    block[108:116] = b"0000000\0"  # owner
    block[116:124] = b"0000000\0"  # group
    block[124:136] = b"%011o\0" % size
    block[136:148] = b"00000000000\0"  # time
    block[_CHECKSUM] = b" " * 8
    block[156:157] = b"0"  # a regular file
    block[257:265] = b"ustar\00000"
    block[_CHECKSUM] = b"%06o\0 " % sum(block)
    return bytes(block)


def read_header(block: bytes) -> tuple[str, int] | None:
    """Give the name and size whose header this block is, or None for any other block."""
    try:
        name = block[:100].rstrip(b"\0").decode("ascii")
        size = int(block[124:135], 8)
        return (name, size) if header(name, size) == block else None
    except ValueError:
        return None


def padding(size: int) -> int:
    """Give how many zeros follow a file of that size, up to the next block."""
    return -size % BLOCK
