"""The lab's HTTP servers: CRLs, OCSP answers, certificates and plain bodies, one request a connection.

Requests are read by h11; what is served, and how it fails, is the scenario's.  With a certificate the
server speaks https.
"""

import asyncio
from collections.abc import Callable, Sequence
from http import HTTPStatus

import h11

from mxwalk.lab.channel import Channel, PeerGone
from mxwalk.lab.host import to_octets
from mxwalk.lab.http_model import Encoding, HttpSpec, PathSpec
from mxwalk.lab.listeners import Listeners, Place, Serve
from mxwalk.lab.pki import LabPki, ServerIdentity
from mxwalk.lab.pki_bundle import make_bundle
from mxwalk.lab.pki_crl import make_crl
from mxwalk.lab.pki_ocsp import answer_ocsp
from mxwalk.tls.server import ServerEngine

REQUEST_BYTES = 64 * 1024
_CERTIFICATE_TYPES = {
    Encoding.DER: "application/pkix-cert",  # RFC 2585 3
    Encoding.PEM: "application/x-pem-file",
    Encoding.PKCS7: "application/pkcs7-mime",  # RFC 5280 4.2.2.1
}


class HttpServers(Listeners):
    """All HTTP servers of a scenario; an async context manager with their ``mapping``."""

    def __init__(self, servers: Sequence[HttpSpec], pki: LabPki, rtt_s: float = 0.0) -> None:
        self._pki = pki
        places = [
            Place(at=one.at, arrival=one.arrival, prepare=self._preparing(one)) for one in servers
        ]
        super().__init__(places, rtt_s)

    def _preparing(self, spec: HttpSpec) -> Callable[[], Serve]:
        def prepare() -> Serve:
            identity = self._pki.identity(spec.certificate) if spec.certificate else None

            async def serve(channel: Channel) -> None:
                await HttpSession(spec, self._pki, identity, channel).run()

            return serve

        return prepare


class HttpSession:
    """One client's connection: a request, its answer, the end."""

    def __init__(
        self, spec: HttpSpec, pki: LabPki, identity: ServerIdentity | None, channel: Channel
    ) -> None:
        self._spec = spec
        self._pki = pki
        self._identity = identity
        self._channel = channel
        self._http = h11.Connection(h11.SERVER)

    async def run(self) -> None:
        """Answer one request; raises only ``PeerGone``."""
        mine = self._identity
        if mine is not None and not await self._channel.start_tls(
            ServerEngine(mine.chain, mine.key)
        ):
            return
        try:
            request, body = await self._request()
        except h11.RemoteProtocolError:
            await self._answer(HTTPStatus.BAD_REQUEST, b"", {})
        else:
            await self._serve(request, body)
        await self._channel.close()

    async def _request(self) -> tuple[h11.Request, bytes]:
        request: h11.Request | None = None
        body = bytearray()
        while True:
            event = self._http.next_event()
            match event:
                case h11.Request():
                    request = event
                case h11.Data():
                    body += event.data
                    if len(body) > REQUEST_BYTES:
                        raise PeerGone("the request has no end")
                case h11.EndOfMessage():
                    assert request is not None
                    return request, bytes(body)
                case h11.ConnectionClosed():
                    raise PeerGone("the client asked nothing")
                case _:
                    self._http.receive_data(await self._channel.receive())

    async def _serve(self, request: h11.Request, body: bytes) -> None:
        target = request.target.decode("ascii", "replace")
        spec = self._spec.paths.get(target)
        if spec is None:
            await self._answer(HTTPStatus.NOT_FOUND, b"", {})
            return
        await asyncio.sleep(spec.delay_s)
        if spec.silent:
            await self._channel.wait_until_gone()
        wanted = b"POST" if spec.ocsp else b"GET"
        if request.method != wanted:
            await self._answer(HTTPStatus.METHOD_NOT_ALLOWED, b"", {"Allow": wanted.decode()})
            return
        served, media_type = self._body(spec, body)
        headers = {"Location": spec.redirect} if spec.redirect else {}
        if media_type:
            headers["Content-Type"] = spec.media_type or media_type
        elif spec.media_type:
            headers["Content-Type"] = spec.media_type
        usual = HTTPStatus.FOUND if spec.redirect else HTTPStatus.OK
        await self._answer(spec.status or usual, served, headers, cut_off=spec.cut_off)

    def _body(self, spec: PathSpec, request: bytes) -> tuple[bytes, str]:
        """Return the body and the media type it should have."""
        if spec.crl:
            return make_crl(self._pki, spec), "application/pkix-crl"  # RFC 2585 3
        if spec.ocsp:
            return answer_ocsp(self._pki, spec, request), "application/ocsp-response"
        if spec.certificates:
            bundle = make_bundle(self._pki, spec.certificates, spec.encoding)
            return bundle, _CERTIFICATE_TYPES[spec.encoding]
        return to_octets(spec.body or ""), ""

    async def _answer(
        self, status: int, body: bytes, headers: dict[str, str], *, cut_off: int = 0
    ) -> None:
        lines = [
            f"HTTP/1.1 {status} {_phrase(status)}",
            *(f"{name}: {value}" for name, value in headers.items()),
            f"Content-Length: {len(body)}",
            "Connection: close",
            "",
            "",
        ]
        whole = "\r\n".join(lines).encode("latin-1", "replace") + body
        await self._channel.send(whole[: len(whole) - cut_off])


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unassigned"
