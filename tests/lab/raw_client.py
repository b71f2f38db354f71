"""A bare SMTP client for the tests: bytes over loopback, and pyOpenSSL on memory BIOs."""

import asyncio
from contextlib import asynccontextmanager, suppress

from OpenSSL import SSL, crypto

from mxwalk.clock import SystemClock
from mxwalk.lab.host import HostSpec
from mxwalk.lab.pki import LabPki
from mxwalk.lab.smtp_server import SmtpHosts

PATIENCE_S = 5.0


class RawClient:
    """Reads lines and bytes; every wait is bounded."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        self._tls = None
        self._plain = b""

    async def send(self, data: bytes) -> None:
        if self._tls is not None:
            self._tls.send(data)
            data = self._pending()
        self.writer.write(data)
        await self.writer.drain()

    async def receive(self) -> bytes:
        """Return what comes next; empty at the end."""
        if self._tls is None:
            return await asyncio.wait_for(self.reader.read(65_536), PATIENCE_S)
        while True:
            try:
                return self._tls.recv(65_536)
            except SSL.ZeroReturnError:
                return b""
            except SSL.WantReadError:
                data = await asyncio.wait_for(self.reader.read(65_536), PATIENCE_S)
                if not data:
                    return b""
                self._tls.bio_write(data)

    async def line(self) -> bytes:
        while b"\n" not in self._plain:
            data = await self.receive()
            if not data:
                rest, self._plain = self._plain, b""
                return rest
            self._plain += data
        line, newline, self._plain = self._plain.partition(b"\n")
        return line + newline

    async def reply(self) -> bytes:
        """Return a whole well-formed reply."""
        lines = [await self.line()]
        while lines[-1][3:4] == b"-":
            lines.append(await self.line())
        return b"".join(lines)

    async def ask(self, command: str) -> bytes:
        await self.send(command.encode() + b"\r\n")
        return await self.reply()

    async def until_closed(self) -> bytes:
        data, self._plain = self._plain, b""
        while more := await self.receive():
            data += more
        return data

    @property
    def tls_version(self) -> str:
        return self._tls.get_protocol_version_name()

    async def start_tls(self) -> list[bytes]:
        """Carry out the handshake without verification; return the chain presented, as DER."""
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        context.set_cipher_list(b"ALL:@SECLEVEL=0")
        tls = SSL.Connection(context, None)
        tls.set_connect_state()
        self._tls = tls
        while True:
            try:
                tls.do_handshake()
            except SSL.WantReadError:
                self.writer.write(self._pending())
                data = await asyncio.wait_for(self.reader.read(65_536), PATIENCE_S)
                if not data:
                    raise ConnectionError("closed in the handshake") from None
                tls.bio_write(data)
            else:
                self.writer.write(self._pending())
                break
        return [
            crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate)
            for certificate in tls.get_peer_cert_chain() or []
        ]

    def _pending(self) -> bytes:
        records = b""
        while True:
            try:
                records += self._tls.bio_read(65_536)
            except SSL.WantReadError:
                return records


@asynccontextmanager
async def connected_to(target):
    reader, writer = await asyncio.wait_for(asyncio.open_connection(*target), PATIENCE_S)
    try:
        yield RawClient(reader, writer)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


@asynccontextmanager
async def serving(host: HostSpec, certificates=None, rtt_s=0.0):
    """Serve one host; yield its loopback endpoint."""
    pki = LabPki(certificates or {}, SystemClock().now())
    async with SmtpHosts([host], pki.identity, rtt_s) as hosts:
        (target,) = hosts.mapping.values()
        yield target


@asynccontextmanager
async def client_of(host: HostSpec, certificates=None, rtt_s=0.0):
    """Serve one host and connect to it."""
    async with serving(host, certificates, rtt_s) as target, connected_to(target) as client:
        yield client
