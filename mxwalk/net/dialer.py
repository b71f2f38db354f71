"""The only place that opens sockets, and the mapping that keeps the lab on loopback.

A dialer takes an IP address, never a name: resolution is a step of its own.  A mapped dialer knows
a fixed set of addresses and never dials any other, so scenarios can use documentation addresses
(RFC 5737, RFC 3849) and no packet leaves the machine.
"""

import asyncio
import enum
import ipaddress
from collections.abc import Mapping
from typing import Protocol

from mxwalk.errors import UsageError
from mxwalk.evidence.wire import Ending
from mxwalk.language import say
from mxwalk.net import endings
from mxwalk.net.connection import Connection
from mxwalk.net.endings import Peer
from mxwalk.net.recorder import Recorder
from mxwalk.net.stream import Stream
from mxwalk.text import visible


class Dialer(Protocol):
    """What a walk needs in order to reach a peer."""

    async def dial(self, address: str, port: int, timeout_s: float) -> Connection | Ending:
        """Connect by TCP; an ending says why there is no connection."""
        ...


class SystemDialer:
    """Dials the addresses as they are."""

    async def dial(self, address: str, port: int, timeout_s: float) -> Connection | Ending:
        """Connect to ``address`` (IPv4 or IPv6); raises ``UsageError`` for anything else."""
        peer = Peer(_canonical(address), port)
        return await _connect(peer, peer, timeout_s, 0.0)


class Fault(enum.Enum):
    """What a mapped address does instead of leading to a port."""

    REFUSED = "refused"  # RST to the SYN
    UNREACHABLE = "unreachable"  # no route
    SILENT = "silent"  # the SYN is dropped


class MappedDialer:
    """Dials loopback ports in place of the addresses a scenario names.

    An address that is not mapped is unreachable and is never dialled.  Endings name the address
    asked for.  ``rtt_s`` delays each set-up by a simulated round trip.
    """

    def __init__(
        self, mapping: Mapping[tuple[str, int], tuple[str, int] | Fault], rtt_s: float = 0.0
    ) -> None:
        self._mapping = {
            (_canonical(address), port): target for (address, port), target in mapping.items()
        }
        self._rtt_s = rtt_s

    async def dial(self, address: str, port: int, timeout_s: float) -> Connection | Ending:
        """Connect to what ``address`` and ``port`` are mapped to."""
        peer = Peer(_canonical(address), port)
        target = self._mapping.get((peer.address, port), Fault.UNREACHABLE)
        if not isinstance(target, Fault):
            return await _connect(peer, Peer(*target), timeout_s, self._rtt_s)
        delay_s = timeout_s if target is Fault.SILENT else min(self._rtt_s, timeout_s)
        recorder = Recorder(asyncio.get_running_loop().time)
        await asyncio.sleep(delay_s)
        match target:
            case Fault.REFUSED:
                return endings.refused(peer, recorder.elapsed_s())
            case Fault.UNREACHABLE:
                return endings.unreachable(peer, recorder.elapsed_s(), "no route to it")
            case Fault.SILENT:
                return endings.no_connection(peer, timeout_s, recorder.elapsed_s())


async def _connect(
    peer: Peer, target: Peer, timeout_s: float, delay_s: float
) -> Connection | Ending:
    loop = asyncio.get_running_loop()
    recorder = Recorder(loop.time)
    stream = Stream(recorder)
    connection = None
    try:
        async with asyncio.timeout(timeout_s):
            if delay_s:
                await asyncio.sleep(delay_s)
            await loop.create_connection(lambda: stream, target.address, target.port)
        connection = Connection(peer, stream, recorder)
    except TimeoutError as error:
        if error.errno is not None:  # the kernel's own limit was shorter than ours
            return endings.from_dialling(peer, error, recorder.elapsed_s())
        return endings.no_connection(peer, timeout_s, recorder.elapsed_s())
    except OSError as error:
        return endings.from_dialling(peer, error, recorder.elapsed_s())
    finally:
        if connection is None:
            stream.abort()
    return connection


def _canonical(address: str) -> str:
    try:
        return str(ipaddress.ip_address(address))
    except ValueError as error:
        raise UsageError(
            say("{address} is no IP address", address=visible(address, 100))
        ) from error
