"""One client's session with a scripted SMTP server: well-behaved unless the scenario says otherwise.

The server follows RFC 5321 (order of commands, 503 out of order, RSET, QUIT, 421 closes) and RFC
3207, and takes a message's envelope but never its data.  A scenario replaces single replies, the
greeting, the EHLO response in either layer, or what happens behind the 220 to STARTTLS.
"""

import asyncio
from typing import assert_never

from mxwalk.lab.channel import Channel, PeerGone
from mxwalk.lab.host import HostSpec, StartTls, Text, TooLarge, to_octets
from mxwalk.lab.pki import ServerIdentity
from mxwalk.lab.tls_options import server_options
from mxwalk.tls.server import ServerEngine

COMMANDS = 1_000  # a session has an end, whatever the client does
ENDLESS_BYTES = 1024 * 1024
DRIPPED_BYTES = 4 * 1024
GARBAGE = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

_NOT_IMPLEMENTED = b"502 5.5.1 command not implemented\r\n"
_BAD_SEQUENCE = b"503 5.5.1 bad sequence of commands\r\n"


class SmtpSession:
    """The dialogue with one client as the host's specification has it."""

    def __init__(
        self,
        host: HostSpec,
        identity: ServerIdentity | None,
        channel: Channel,
        staple: bytes = b"",
    ) -> None:
        self._host = host
        self._staple = staple
        self._identity = identity
        self._channel = channel
        self._greeted = False
        self._stage = 0  # 1 after MAIL, 2 after RCPT

    async def run(self) -> None:
        """Talk until the client goes or the script ends; raises only ``PeerGone``."""
        if not await self._greet():
            return
        for _ in range(COMMANDS):
            line = await self._channel.read_line()
            verb, _, argument = line.strip().partition(b" ")
            name = verb.decode("ascii", "replace").upper()
            if not await self._answer(name, argument):
                break
        await self._channel.close()

    async def _greet(self) -> bool:
        host = self._host
        greeting = _octets(host.greeting, f"220 {host.name} ESMTP")
        await asyncio.sleep(host.greeting_delay_s)
        if host.greeting_octets_per_s:
            await self._drip(greeting[:DRIPPED_BYTES], 1 / host.greeting_octets_per_s)
        else:
            await self._channel.send(greeting)
        if greeting.startswith(b"421"):  # RFC 5321 3.8: 421 closes the channel
            await self._channel.close()
            return False
        if greeting.startswith(b"5"):
            await self._refuse_until_quit()
            return False
        return True

    async def _refuse_until_quit(self) -> None:
        # RFC 5321 3.1: after 554 the server waits for QUIT and answers all else with 503.
        for _ in range(COMMANDS):
            if (await self._channel.read_line())[:4].upper() == b"QUIT":
                await self._channel.send(b"221 2.0.0 closing\r\n")
                break
            await self._channel.send(_BAD_SEQUENCE)
        await self._channel.close()

    async def _drip(self, data: bytes, pause_s: float) -> None:
        for position in range(len(data)):
            await self._channel.send(data[position : position + 1])
            await asyncio.sleep(pause_s)

    async def _answer(self, verb: str, argument: bytes) -> bool:
        """Answer one command; say whether the session goes on."""
        if (scripted := self._host.replies.get(verb)) is not None:
            reply = to_octets(scripted)
            if reply.startswith(b"2"):
                self._plain_reply(verb)  # an accepted command counts
            await self._channel.send(reply)
            # RFC 5321 3.8 and 4.1.1.10: 421 and the reply to QUIT close the channel
            return not (reply.startswith(b"421") or verb == "QUIT")
        match verb:
            case "EHLO":
                return await self._ehlo()
            case "STARTTLS":
                return await self._starttls(argument)
            case "QUIT":
                await self._channel.send(b"221 2.0.0 closing\r\n")
                return False
            case _:
                await self._channel.send(self._plain_reply(verb))
                return True

    async def _ehlo(self) -> bool:
        self._greeted, self._stage = True, 0
        response = self._ehlo_response()
        if not self._host.ehlo_endless:
            await self._channel.send(response)
            return True
        *lines, last = response.splitlines(keepends=True)
        await self._channel.send(b"".join(lines))
        endless = (last[:3] + b"-" + last[4:]) * max(1, 8192 // len(last))
        for _ in range(ENDLESS_BYTES // len(endless)):
            await self._channel.send(endless)
        await self._channel.close()
        return False

    def _ehlo_response(self) -> bytes:
        host = self._host
        inside = self._channel.encrypted
        scripted = host.ehlo_tls if inside else host.ehlo
        if scripted is not None:
            return to_octets(scripted)
        offers_tls = self._identity is not None and not inside  # RFC 3207 4.2: not offered again
        starttls = ("STARTTLS",) if offers_tls else ()
        words = (host.name, "PIPELINING", "SIZE 36700160", *starttls, "8BITMIME")
        return to_octets((*(f"250-{word}" for word in words), "250 ENHANCEDSTATUSCODES"))

    async def _starttls(self, argument: bytes) -> bool:
        if self._channel.encrypted or argument:
            # RFC 3207 4: no parameters (501), and not a second time
            reply = b"501 5.5.4 no parameters allowed\r\n" if argument else _BAD_SEQUENCE
            await self._channel.send(reply)
            return True
        if self._identity is None:
            await self._channel.send(_NOT_IMPLEMENTED)
            return True
        extra = to_octets(self._host.starttls_extra)
        await self._channel.send(b"220 2.0.0 ready to start TLS\r\n" + extra)
        match self._host.starttls:
            case StartTls.HANDSHAKE:
                return await self._shake_hands(self._identity)
            case StartTls.GARBAGE:
                await self._channel.wait_for_bytes()  # the answer to the ClientHello
                await self._channel.send(GARBAGE)
                return False
            case StartTls.CLOSE:
                return False
            case StartTls.RESET:
                self._channel.reset()
                raise PeerGone("reset by script")
            case StartTls.SILENT:
                await self._channel.wait_until_gone()
                return False
            case _ as unreachable:
                assert_never(unreachable)

    async def _shake_hands(self, mine: ServerIdentity) -> bool:
        self._greeted, self._stage = False, 0  # RFC 3207 4.2: both sides start afresh
        tls = self._host.tls
        if tls.max_client_hello:
            size = await self._channel.client_hello_octets()
            if size > tls.max_client_hello:
                return await self._choke(tls.too_large)
        engine = ServerEngine(mine.chain, mine.key, server_options(tls, self._staple), mine.second)
        return await self._channel.start_tls(engine)

    async def _choke(self, how: TooLarge) -> bool:
        match how:
            case TooLarge.RESET:
                self._channel.reset()
                raise PeerGone("reset by script")
            case TooLarge.CLOSE:
                return False
            case TooLarge.SILENT:
                await self._channel.wait_until_gone()
                return False
            case _ as unreachable:
                assert_never(unreachable)

    def _plain_reply(self, verb: str) -> bytes:
        match verb:
            case "HELO":
                self._greeted, self._stage = True, 0
                return f"250 {self._host.name}\r\n".encode()
            case "NOOP":
                return b"250 2.0.0 ok\r\n"
            case "RSET":
                self._stage = 0
                return b"250 2.0.0 ok\r\n"
            case "MAIL" if self._greeted and self._stage == 0:
                self._stage = 1
                return b"250 2.1.0 sender ok\r\n"
            case "RCPT" if self._stage >= 1:
                self._stage = 2
                return b"250 2.1.5 recipient ok\r\n"
            case "MAIL" | "RCPT":
                return _BAD_SEQUENCE
            case "DATA" | "BDAT":  # the lab takes no messages
                return b"451 4.3.2 this server takes no messages\r\n"
            case "VRFY":
                return b"252 2.1.5 cannot verify\r\n"
            case _:
                return b"500 5.5.2 command not recognized\r\n"


def _octets(text: Text | None, default: str) -> bytes:
    return to_octets((default,) if text is None else text)
