"""What came of one HTTP request to an address that a certificate or a policy named."""

import enum

import msgspec

NO_RESOLVER = "our resolver does not tell the addresses of "  # mxwalk.http.reach says so
NO_ADDRESS = " has no address ("  # so does it of a host whose addresses are denied, or fail


class Purpose(enum.Enum):
    """What a request was made for."""

    CRL = "crl"
    OCSP = "ocsp"
    ISSUER = "issuer"
    STS_POLICY = "sts-policy"


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """One request with its redirects; the body is kept by those who asked for it.

    ``url`` is the one asked for, ``redirects`` the addresses it led on to, ``address`` the last peer's
    IP address.  ``status`` is 0 when no response came.  ``size`` and ``sha256`` are the body's.
    ``problem`` says in one sentence why there is no usable body, empty when there is one.
    """

    url: str
    purpose: Purpose
    redirects: tuple[str, ...] = ()
    address: str = ""
    status: int = 0
    media_type: str = ""
    size: int = 0
    sha256: str = ""
    elapsed_s: float = 0.0
    problem: str = ""

    @property
    def untold(self) -> bool:
        """Whether nobody was asked, because our resolver does not tell the server's addresses."""
        return not self.status and self.problem.startswith(NO_RESOLVER)
