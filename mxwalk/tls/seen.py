"""The facts that follow from the messages of a handshake, added up one message at a time.

What cannot be read leaves its facts unknown; a message that comes twice counts as it came last.
"""

from mxwalk.evidence.handshake import (
    ClientCertificateAsked,
    Resumption,
    Support,
    TempKey,
    TlsFacts,
)
from mxwalk.evidence.wire import Direction
from mxwalk.limits import ACCEPTABLE_AUTHORITIES, CHAIN_CERTIFICATES, HANDSHAKE_NAMED
from mxwalk.tls import extension_types as ext
from mxwalk.tls import messages
from mxwalk.tls.cipher_suites import suite_name
from mxwalk.tls.groups import GROUPS, GroupKind, group_name
from mxwalk.tls.hellos import (
    TLS_1_3,
    ServerHello,
    read_alpn,
    read_client_hello,
    read_encrypted_extensions,
    read_server_hello,
    version_name,
)
from mxwalk.tls.notes import (
    client_hello_note,
    counted,
    extensions_note,
    server_hello_note,
)
from mxwalk.tls.signature_schemes import scheme_name

_HEADER_BYTES = 4  # RFC 8446 4: msg_type and a length of three bytes
_METHODS = {
    GroupKind.CURVE: "ECDHE",
    GroupKind.FINITE_FIELD: "DHE",
    GroupKind.KEM: "KEM",
    GroupKind.HYBRID: "hybrid",
}
_COMPRESSIONS = {0: "none", 1: "DEFLATE", 64: "LZS"}  # RFC 3749, RFC 3943


class Seen:
    """What the messages said so far."""

    def __init__(self) -> None:
        self.hello: ServerHello | None = None
        self.certificates: tuple[bytes, ...] = ()
        self.certificate_count = 0
        self.signature = ""
        self._client_hello_octets = 0
        self._retry = False
        self._temp_key: TempKey | None = None
        self._extensions: dict[int, bytes] = {}
        self._asked: ClientCertificateAsked | None = None
        self._ticket: messages.Ticket | None = None
        self._tickets = 0
        self._stapled = False
        self._flight_ended = False
        self._finished = False

    @property
    def version(self) -> int:
        """The version the server chose, 0 before its hello."""
        return self.hello.version if self.hello else 0

    @property
    def protocol(self) -> str:
        """The version's name, empty before the server's hello."""
        return version_name(self.version) if self.hello else ""

    @property
    def suite(self) -> str:
        """The cipher suite the server chose, empty before its hello."""
        return suite_name(self.hello.suite) if self.hello else ""

    @property
    def group(self) -> str:
        """The group of the server's ephemeral key, empty where it named none."""
        return self._temp_key.group if self._temp_key else ""

    def read(self, direction: Direction, message: bytes) -> tuple[str, str]:
        """Take one whole message; return its name and what matters of it."""
        kind, body = (message[0] if message else 0), message[_HEADER_BYTES:]
        name = messages.message_name(kind)
        if direction is Direction.SENT:
            return name, self._sent(kind, body, len(message))
        if kind == messages.SERVER_HELLO:
            return self._server_hello(body)
        return name, self._received(kind, body)

    def facts(self, *, stapled: bool = False) -> TlsFacts:
        """Return what follows so far; ``stapled`` tells of an OCSP response seen by other means."""
        return TlsFacts(
            client_hello_octets=self._client_hello_octets,
            hello_retry=self._retry,
            temp_key=self._temp_key,
            alpn=read_alpn(self._extensions.get(ext.ALPN, b"")),
            compression=self._compression(),
            extended_master_secret=self._answered(ext.EXTENDED_MASTER_SECRET),
            secure_renegotiation=self._answered(ext.RENEGOTIATION_INFO),
            server_extensions=tuple(
                map(ext.extension_name, list(self._extensions)[:HANDSHAKE_NAMED])
            ),
            client_certificate=self._asked,
            resumption=self._resumption(),
            stapling=self._stapling(stapled=stapled),
        )

    def _sent(self, kind: int, body: bytes, size: int) -> str:
        if kind == messages.CLIENT_HELLO:
            self._client_hello_octets = self._client_hello_octets or size
            return client_hello_note(read_client_hello(body))
        if kind == messages.CERTIFICATE:
            return "none: we have no certificate to send"
        return ""

    def _server_hello(self, body: bytes) -> tuple[str, str]:
        hello = read_server_hello(body)
        if hello.is_retry:
            self._retry = True
            return "HelloRetryRequest", server_hello_note(hello)
        self.hello = hello
        self._extensions = dict(hello.extensions)
        if hello.group is not None:
            self._temp_key = _temp_key(hello.group)
        return "ServerHello", server_hello_note(hello)

    def _received(self, kind: int, body: bytes) -> str:
        match kind:
            case messages.ENCRYPTED_EXTENSIONS:
                found = read_encrypted_extensions(body)
                self._extensions |= found
                return extensions_note(found)
            case messages.CERTIFICATE:
                return self._certificate(body)
            case messages.CERTIFICATE_STATUS:
                self._stapled = True
                return "an OCSP response"
            case messages.SERVER_KEY_EXCHANGE:
                return self._key_exchange(body)
            case messages.CERTIFICATE_REQUEST:
                return self._request(body)
            case messages.CERTIFICATE_VERIFY:
                self._flight_ended = True
                return self._sign(messages.verify_scheme(body))
            case messages.SERVER_HELLO_DONE:
                self._flight_ended = True
            case messages.NEW_SESSION_TICKET:
                return self._new_ticket(body)
            case messages.FINISHED:
                self._finished = True
        return ""

    def _certificate(self, body: bytes) -> str:
        found = tuple(messages.certificates(body, self.version))
        self.certificate_count = len(found)
        self.certificates = found[:CHAIN_CERTIFICATES]
        note = counted(len(found), "certificate", "certificates")
        if ext.STATUS_REQUEST in messages.leaf_extensions(body, self.version):
            self._stapled = True
            return f"{note}, an OCSP response"
        return note

    def _key_exchange(self, body: bytes) -> str:
        found = messages.read_key_exchange(body, self.version)
        if found.curve is not None:
            self._temp_key = _temp_key(found.curve)
            method = f"ECDHE {group_name(found.curve)}"
        elif found.prime_bits:
            self._temp_key = TempKey(method="DHE", group=found.prime_name, bits=found.prime_bits)
            method = f"DHE {found.prime_name or f'{found.prime_bits} bits'}"
        else:
            return ""
        signature = self._sign(found.scheme)
        return f"{method}, {signature}" if signature else method

    def _sign(self, scheme: int | None) -> str:
        if scheme is None:
            return ""
        self.signature = scheme_name(scheme, curve_bound=self.version >= TLS_1_3)
        return self.signature

    def _request(self, body: bytes) -> str:
        found = messages.read_certificate_request(body, self.version)
        self._asked = ClientCertificateAsked(
            types=tuple(map(messages.certificate_type, found.types[:HANDSHAKE_NAMED])),
            signature_schemes=tuple(
                scheme_name(code, curve_bound=self.version >= TLS_1_3)
                for code in found.schemes[:HANDSHAKE_NAMED]
            ),
            authorities=found.authorities[:ACCEPTABLE_AUTHORITIES],
            authority_count=len(found.authorities),
        )
        if not found.authorities:
            return "from any CA"
        return counted(len(found.authorities), "acceptable CA", "acceptable CAs")

    def _new_ticket(self, body: bytes) -> str:
        ticket = messages.read_ticket(body, self.version)
        self._ticket = self._ticket or ticket
        self._tickets += 1
        return f"lifetime {ticket.lifetime_s} s"

    def _compression(self) -> str:
        if self.hello is None or not self.hello.whole:
            return ""
        return _COMPRESSIONS.get(self.hello.compression) or f"method {self.hello.compression}"

    def _answered(self, extension: int) -> Support:
        if self.hello is None or not self.hello.whole:
            return Support.UNKNOWN
        if self.version >= TLS_1_3:  # RFC 8446 4.1.2, 7.1: the protocol itself has both
            return Support.NOT_APPLICABLE
        return Support.YES if extension in self._extensions else Support.NO

    def _stapling(self, *, stapled: bool) -> Support:
        if stapled or self._stapled:
            return Support.YES
        return Support.NO if self._flight_ended or self._finished else Support.UNKNOWN

    def _resumption(self) -> Resumption:
        # RFC 8446 4.1.3: TLS 1.3 echoes the client's session ID, which means nothing
        old = self.hello is not None and self.version < TLS_1_3
        session_id = self.hello.session_id if self.hello and old else b""
        octets = self._ticket.size if self._ticket else 0
        if session_id or octets:
            offered = Support.YES
        else:  # in TLS 1.3 tickets come behind the handshake, if any
            offered = Support.NO if old and self._finished else Support.UNKNOWN
        return Resumption(
            session_id_octets=len(session_id),
            tickets=self._tickets,
            ticket_lifetime_s=self._ticket.lifetime_s if self._ticket else 0,
            ticket_octets=octets,
            offered=offered,
        )


def _temp_key(code: int) -> TempKey:
    known = GROUPS.get(code)
    return TempKey(
        method=_METHODS[known.kind] if known else "ECDHE",
        group=group_name(code),
        bits=known.bits if known else 0,
    )
