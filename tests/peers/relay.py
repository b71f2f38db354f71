"""Pass DNS datagrams and streams on, from port 53 of a loopback address to a server that cannot be there.

named listens on the addresses its machine's interfaces have, and of 127.0.0.0/8 that is 127.0.0.1
alone; a delegation names an address and means port 53.
"""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

Place = tuple[str, int]
_WAIT_S = 10.0


@contextlib.contextmanager
def relayed(here: Place, there: Place) -> Iterator[None]:
    """Relay both transports for the length of the block."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
        socket.create_server(here, backlog=50) as streams,
        ThreadPoolExecutor(32) as pool,
    ):
        datagrams.bind(here)
        ended = threading.Event()

        def datagram() -> None:
            query, peer = datagrams.recvfrom(65_535)
            if not ended.is_set():
                pool.submit(_ask, datagrams, query, peer, there)

        def stream() -> None:
            client, _ = streams.accept()
            if ended.is_set():
                client.close()
            else:
                pool.submit(_join, client, there)

        threads = [threading.Thread(target=_until, args=(ended, one)) for one in (datagram, stream)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            ended.set()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", here)
            socket.create_connection(here, _WAIT_S).close()
            for thread in threads:
                thread.join(_WAIT_S)


def _until(ended: threading.Event, work: Callable[[], None]) -> None:
    while not ended.is_set():
        work()


def _ask(datagrams: socket.socket, query: bytes, peer: Place, there: Place) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking, contextlib.suppress(OSError):
        asking.settimeout(_WAIT_S)
        asking.connect(there)
        asking.send(query)
        datagrams.sendto(asking.recv(65_535), peer)


def _join(client: socket.socket, there: Place) -> None:
    with client, contextlib.suppress(OSError), socket.create_connection(there, _WAIT_S) as server:
        client.settimeout(_WAIT_S)
        while data := client.recv(65_535):
            server.sendall(data)
            client.sendall(server.recv(65_535))
