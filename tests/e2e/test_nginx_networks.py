"""Whose requests nginx counts together: an address of IPv4, a network of IPv6."""

import ipaddress
import re
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.proxy import SHIPPED
from tests.e2e.waiting import BOUND, end, until

# The visitor's address is told in a header here, so that any address can come.
CONFIG = """
daemon off;
pid FOLDER/pid;
error_log stderr crit;
events {}
http {
    access_log off;
    client_body_temp_path FOLDER/t;
    proxy_temp_path FOLDER/t;
    fastcgi_temp_path FOLDER/t;
    scgi_temp_path FOLDER/t;
    uwsgi_temp_path FOLDER/t;
    MAP
    server {
        listen unix:FOLDER/door;
        set_real_ip_from unix:;
        real_ip_header X-Address;
        location / { return 200 $visitor; }
    }
}
"""


@pytest.fixture(scope="module")
def door() -> Iterator[Path]:
    """An nginx with the shipped map, which answers with whom it takes the visitor for."""
    (shipped,) = re.findall(
        r"^map \$binary_remote_addr .*?^}", (SHIPPED / "vigil.conf").read_text(), re.MULTILINE | re.DOTALL
    )
    with tempfile.TemporaryDirectory(prefix="nginx") as folder:
        config = Path(folder) / "nginx.conf"
        config.write_text(CONFIG.replace("MAP", shipped).replace("FOLDER", folder))
        nginx = subprocess.Popen(["nginx", "-p", folder, "-c", str(config)], start_new_session=True)
        try:
            until((Path(folder) / "door").exists, "nginx")
            yield Path(folder) / "door"
        finally:
            end(nginx)


def counted(door: Path, address: str) -> bytes:
    """What the requests of this address are counted under."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(BOUND)
        sock.connect(str(door))
        sock.sendall(f"GET / HTTP/1.0\r\nX-Address: {address}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: sock.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    return body


@pytest.mark.parametrize(
    "address",
    ["203.0.113.7", "10.13.0.10", "::1", "2001:db8::1", "2001:db8:1:2:3:4:5:6", "fd0a:a0d::a", "fe80::1",
     "2001:db8:0:a00::", "a0d:a0d:a0d:a0d:a0d:a0d:a0d:a0a", "64:ff9b::203.0.113.7"],
)  # fmt: skip
def test_an_address_of_ipv6_counts_as_its_network(nginx: None, door: Path, address: str) -> None:
    whole = ipaddress.ip_address(address)
    assert counted(door, address) == (whole.packed if whole.version == 4 else whole.packed[:8])


def test_an_address_of_ipv4_is_the_same_however_it_is_written(nginx: None, door: Path) -> None:
    for address in ("203.0.113.7", "10.10.13.10", "0.0.0.0"):
        assert counted(door, f"::ffff:{address}") == counted(door, address)
    assert counted(door, "::ffff:203.0.113.8") != counted(door, "203.0.113.7")
    # What only looks like it is a network like others.
    assert counted(door, "::1:ffff:203.0.113.7") == counted(door, "::1")


def test_what_is_counted_is_what_the_map_says() -> None:
    assert "limit_conn_zone $visitor zone=under_way:" in (SHIPPED / "vigil.conf").read_text()
