"""The proxy itself: which of its connections it is that came in at the lab."""

import asyncio
import socket
from unittest import mock

from tests.torture.inside import Inside
from tests.torture.proxy import Links


async def _connected(links: Links, name: str, port: int) -> tuple[socket.socket, int]:
    """Let a link of this name come in at a listener, from ``port`` or any; return it and its port."""
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        out = socket.socket()
        out.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        out.bind(("127.0.0.1", port))
        out.connect(listener.getsockname())
        came, _ = listener.accept()
    link = links.new(name)
    await loop.create_connection(lambda: link.server, sock=out)
    return came, out.getsockname()[1]


async def test_connections_from_one_port_to_two_servers_are_told_apart():
    links = Links(lambda _: None)
    first, port = await _connected(links, "dnstcp", 0)
    second, same = await _connected(links, "smtp", port)
    inside = Inside(links)
    with first, second:
        await inside.wrap(second, mock.sentinel.engine)
        await inside.wrap(first, mock.sentinel.engine)
    links.drop()
    assert port == same
    assert list(inside.engines) == ["smtp1", "dnstcp1"]
