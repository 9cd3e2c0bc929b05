"""The worker: gunicorn's gevent worker, with our own way of serving a connection and of shedding the slowest.

Two doors are told apart by the name of their socket. At http.sock tor stands, and first says in a PROXY
line by which circuit a client comes: that holds for the whole connection, and who does not begin with it is
turned away, so that no client can say it instead. At clearnet.sock stands our nginx, and it alone is
believed when it says that TLS was used. Any other address is a plain one, of a site on somebody's own
machine. No other header of a proxy means anything.
"""

import io
import ipaddress
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from gunicorn import util
from gunicorn.http import message, parser, unreader, wsgi
from gunicorn.http.errors import InvalidProxyLine, NoMoreData, ParseException
from gunicorn.workers.ggevent import GeventWorker

from deploy import memory
from deploy.connection import FRESH_SECONDS, MUCH, PACE_SECONDS, Connection, Gone
from web import blocking

BY_TOR, BY_NGINX = "http.sock", "clearnet.sock"
# web.circuit.KEY and web.line.KEY; not imported, because this module is loaded before the application is.
CIRCUIT, LINE = "vigil.circuit", "vigil.line"
# Bytes of a head, its first line aside. A browser sends a tenth of it.
MOST_HEAD = 16 * 1024
MOST_PROXY_LINE = 107  # the specification's own number
_PROXY = re.compile(rb"PROXY TCP6 ([0-9a-f:]{2,39}) [0-9a-f:]{2,39} [0-9]{1,5} [0-9]{1,5}\r\n")
# What is read past of a body that nobody asked for, before the connection is given up.
MOST_PAST, PAST_SECONDS = 64 * 1024, 5.0
# Who goes when all places are taken, by seconds for 64 KiB and for a head: where there is nobody, the next.
ROUNDS = ((PACE_SECONDS, FRESH_SECONDS), (PACE_SECONDS, 0.0))
# Of the machine's memory, what one worker may take before those who have it hold much have to go.
OF_MEMORY = 0.3
LEAST_MEMORY = 128 << 20


class LengthRequired(ParseException):  # type: ignore[misc]  # gunicorn ships no types
    """A body in chunks: each of its bytes may be one, and is then a thousand times the work."""


class Request(message.Request):  # type: ignore[misc]  # gunicorn ships no types
    """A request whose head is small, and whose proxy is believed at one door only."""

    def parse(self, source: Any) -> Any:
        """Read the head.

        :raises ParseException: there is something wrong with it.
        """
        self.max_buffer_headers = MOST_HEAD
        return super().parse(source)

    def set_body_reader(self) -> None:
        """See how long the body is.

        :raises LengthRequired: it is not said, because it comes in chunks.
        :raises ParseException: it is said in a way that others may understand otherwise.
        """
        super().set_body_reader()
        if any(name == "TRANSFER-ENCODING" for name, _ in self.headers):
            raise LengthRequired

    def _peer_is_trusted_proxy(self) -> bool:
        return bool(self.unreader.sock.by_nginx)


class Unreader(unreader.SocketUnreader):  # type: ignore[misc]  # gunicorn ships no types
    """Reads no further than it is asked to.

    gunicorn's reads up to a megabyte ahead, holds that for as long as the rest is to come, and copies what is
    left of it with every piece that it gives.
    """

    def read(self, size: int | None = None, read_ahead: int | None = None) -> bytes:
        """Give so many bytes, fewer where they end; without a number, what is there.

        :raises OSError: the connection broke.
        """
        if not size or size < 0 or self.buf.getbuffer().nbytes:
            found: bytes = super().read(size, read_ahead if size is None else None)
            return found
        piece = self.sock.recv(size)
        if not piece or len(piece) == size:
            return bytes(piece)
        gathered = io.BytesIO()
        while piece:
            gathered.write(piece)
            if (left := size - gathered.tell()) == 0:
                break
            piece = self.sock.recv(left)
        return gathered.getvalue()


class Parser(parser.RequestParser):  # type: ignore[misc]  # gunicorn ships no types
    """Reads the requests of one connection."""

    mesg_class = Request

    def __init__(self, cfg: Any, connection: Connection) -> None:
        super().__init__(cfg, connection, "")
        self.unreader = Unreader(connection)


class Worker(GeventWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Serves connections; when all places at a door are taken, the slowest leave."""

    # Called once, when the worker takes connections; deploy.handover sets it.
    on_serving: Callable[[], object] | None = None
    most_memory = max(LEAST_MEMORY, int(OF_MEMORY * memory.of_machine()))

    def run(self) -> None:
        """Serve until told to stop, then until the last answer is out."""
        self.names = {listener: listener.getsockname() for listener in self.sockets}
        self.open: dict[Any, set[Connection]] = {listener: set() for listener in self.sockets}
        # Each door has its own places: whoever crowds one does not shut the other.
        self.worker_connections: int = max(1, self.cfg.worker_connections // len(self.sockets))
        super().run()

    def notify(self) -> None:
        """Once a second: tell the master that we live; see whether places are wanted, or it is time to go."""
        super().notify()
        serving, Worker.on_serving = Worker.on_serving, None
        if serving is not None:
            serving()
        self.give_back_memory()
        for listener, those in self.open.items():
            self.make_room(listener)
            if not self.alive:
                for each in [one for one in those if one.idle]:
                    each.shed()

    def make_room(self, listener: Any) -> None:
        """Where all places are taken, break off those who keep us waiting longest: a fiftieth at a time."""
        those = self.open[listener]
        if len(those) >= self.worker_connections:
            shed(slowest(those, time.monotonic()))

    def give_back_memory(self) -> None:
        """Where too much is taken, break off those for whom we hold most, as many as it takes."""
        if memory.resident() <= self.most_memory:
            return
        # What was freed stays with this process for ever, unless it is told.
        memory.trim()
        over = memory.resident() - self.most_memory
        if over > 0:
            now = time.monotonic()
            those = [each for open_ in self.open.values() for each in open_]
            for each in heaviest(those, now, over):
                each.shed()

    def handle(self, listener: Any, client: Any, addr: Any) -> None:  # noqa: ARG002 - the address is nobody's business
        """Serve one connection to its end."""
        name = self.names[listener]
        door = name.rpartition("/")[2] if isinstance(name, str) else ""
        connection = Connection(client, by_nginx=door == BY_NGINX)
        self.open[listener].add(connection)
        try:
            self.make_room(listener)
            self.serve(connection, name, by_tor=door == BY_TOR)
        finally:
            self.open[listener].discard(connection)
            connection.close()

    def serve(self, connection: Connection, name: Any, *, by_tor: bool) -> None:
        """Answer the requests of a connection, one after the other, until none comes or the client has gone.

        :raises Exception: what the application did not expect itself; the client has been told of a failure.
        """
        requests = Parser(self.cfg, connection)
        request = None
        try:
            if by_tor:
                connection.circuit = circuit(requests.unreader)
            for request in requests:
                connection.begin()
                more = self.answer(request, connection, name)
                if not past(requests):
                    connection.linger()
                    return
                if not more:
                    return
                request = None
                connection.expect()
        except (NoMoreData, Gone):
            return
        except LengthRequired:
            util.write_error(connection, 411, "Length Required", "")
            connection.linger()
        except Exception as error:
            self.handle_error(request, connection, "", error)
            connection.linger()
            if not isinstance(error, ParseException):
                raise

    def answer(self, request: Any, connection: Connection, name: Any) -> bool:
        """Have the application answer one request; say whether the connection may bring another.

        :raises Gone: the client has.
        """
        response, environ = wsgi.create(request, connection, "", name, self.cfg)
        environ["wsgi.multithread"] = True
        if connection.circuit is not None:
            environ[CIRCUIT] = connection.circuit
        environ[LINE] = connection
        pieces = self.wsgi(environ, response.start_response)
        # A client may take its time to read: the request is not kept for as long.
        del environ
        if not self.alive:
            response.force_close()
        try:
            for piece in pieces:
                response.write(piece)
            response.close()
        except Exception:
            if response.headers_sent:
                connection.shed()  # half an answer: no second one may follow it
            raise
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        return not response.should_close()


def slowest(those: Iterable[Connection], now: float) -> list[tuple[tuple[int, float], Connection]]:
    """Give who is to leave where all places are taken, and each one's place among them."""
    for pace, fresh in ROUNDS:
        if found := [(place, each) for each in those if (place := each.place(now, pace, fresh))]:
            return found
    return []


def shed(waiting: list[tuple[tuple[int, float], Connection]]) -> None:
    """Break off those who keep us waiting longest, a fiftieth of them: one by one would be much looking."""
    waiting.sort(key=lambda one: one[0])
    for _, each in waiting[: 1 + len(waiting) // 50]:
        each.shed()


def heaviest(those: Iterable[Connection], now: float, over: int) -> list[Connection]:
    """Give who is to leave for so many bytes: those for whom we hold much, and few who are only slow.

    Without these few, very many who have us hold a little could take all there is.
    """
    found = [(burden, each) for each in those if (burden := each.burden(now)) is not None]
    found.sort(key=lambda one: one[0], reverse=True)
    going: list[Connection] = []
    little = 1 + len(found) // 50
    for burden, each in found:
        if over <= 0 or (burden < MUCH and not little):
            break
        going.append(each)
        over -= burden
        little -= burden < MUCH
    return going


def circuit(source: Any) -> bytes:
    """Read the line with which tor begins a connection; give the circuit in it, 4 bytes.

    :raises ParseException: there is none: whoever speaks is not tor, or tor is not set up to say it.
    :raises Gone: the client has.
    """
    begun = b""
    while b"\r\n" not in begun[:MOST_PROXY_LINE] and len(begun) < MOST_PROXY_LINE:
        data = source.read()
        if not data:
            raise NoMoreData(begun)
        begun += data
    line = _PROXY.match(begun)
    if line is None:
        raise InvalidProxyLine("")
    try:
        address = ipaddress.IPv6Address(line[1].decode("ascii"))
    except ValueError:
        raise InvalidProxyLine("") from None
    source.unread(begun[line.end() :])
    return address.packed[-4:]


def past(requests: Parser) -> bool:
    """Read past what is left of a body; say whether the next request can begin behind it.

    :raises Gone: the client has.
    """
    try:
        with blocking.at_most(PAST_SECONDS):
            return bool(requests.finish_body(max_bytes=MOST_PAST))
    except (ParseException, blocking.TookTooLong):
        return False
