"""What is asked of the fetcher and what comes back, besides the evidence that goes into a trace."""

from dataclasses import dataclass, field

from mxwalk.evidence.connection import ChainChecked, Handshaken
from mxwalk.evidence.fetch import Fetched
from mxwalk.limits import (
    HTTP_ADDRESSES_PER_HOST,
    HTTP_BODY_BYTES,
    HTTP_BYTES_PER_WALK,
    HTTP_HEADER_BYTES,
    HTTP_REDIRECTS,
    HTTP_REQUESTS_PER_WALK,
    ISSUERS_BYTES,
    OCSP_BYTES,
    STS_POLICY_BYTES,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """Bounds of a whole fetcher.

    ``timeout_s`` is for one request with its redirects, from resolution to the last byte;
    ``connect_s`` for the TCP connection to one address, ``addresses`` how many are tried.  After
    ``requests`` or ``total_bytes`` nothing more is asked.
    """

    timeout_s: float = 10.0
    connect_s: float = 3.0
    header_bytes: int = HTTP_HEADER_BYTES
    addresses: int = HTTP_ADDRESSES_PER_HOST
    requests: int = HTTP_REQUESTS_PER_WALK
    total_bytes: int = HTTP_BYTES_PER_WALK


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of one request.

    ``accept`` are the media types asked for.  With ``verify_server`` only https will do, and the
    server must be the one named, by a chain that the store trusts; without, a wrong certificate is
    a remark, for what is fetched is signed by itself.
    """

    accept: str = "*/*"
    max_bytes: int = HTTP_BODY_BYTES
    redirects: int = HTTP_REDIRECTS
    verify_server: bool = False


CRL_TERMS = Terms(accept="application/pkix-crl")  # RFC 2585 4
OCSP_TERMS = Terms(accept="application/ocsp-response", max_bytes=OCSP_BYTES)  # RFC 6960 A.2
ISSUER_TERMS = Terms(
    accept="application/pkix-cert, application/pkcs7-mime", max_bytes=ISSUERS_BYTES
)
# RFC 8461 3.3: no redirects, a trusted certificate for the very name; 64 KiB are enough.
POLICY_TERMS = Terms(
    accept="text/plain", max_bytes=STS_POLICY_BYTES, redirects=0, verify_server=True
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSeen:
    """What a server showed of itself in TLS.

    ``objection`` says in one sentence why it is not the one named; empty when it is.
    """

    handshake: Handshaken
    chain: ChainChecked | None = None
    objection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """A request's outcome.

    ``body`` is empty whenever ``fetched.problem`` is not.  ``headers`` are the last response's,
    names in lower case, at most ``HTTP_HEADER_BYTES`` together.  ``server`` is ``None`` for http.
    ``remarks`` are sentences on what is odd and does no harm.
    """

    fetched: Fetched
    body: bytes = field(default=b"", repr=False)
    headers: tuple[tuple[bytes, bytes], ...] = ()
    server: ServerSeen | None = None
    remarks: tuple[str, ...] = ()
