"""Why some programs say something else: the one table of reasons."""

from tests.peers.matrix.opinions import Explanation
from tests.peers.matrix.scenarios import SCENARIOS, TRUSTED, WRONG_NAME

_RECEIVING, _SENDERS, _DNSSEC = "Receiving hosts", "Senders", "DNSSEC"
_OPENSMTPD = ("OpenSMTPD",)
_TLS = tuple(one.name for one in SCENARIOS if one.protocol)
_TAKEN = tuple(
    one.name for one in SCENARIOS if one.protocol and one.certificate in (TRUSTED, WRONG_NAME)
)
_RECORDS = tuple(one.name for one in SCENARIOS if one.protocol and one.dane is not None)
_ALERT = "an alert ends the handshake"

EXPLANATIONS: tuple[Explanation, ...] = (
    Explanation(
        _DNSSEC, ("opt-out, insecure",), ("ldns, NSD", "BIND", "Knot"), ("delv",), "secure",
        "A denial whose NSEC3 record has the opt-out flag proves nothing of unsigned delegations, so that a"
        " validator must not call it authentic (RFC 5155 9.2); delv prints that it was fully validated.",
    ),
    Explanation(
        _RECEIVING, _TLS, _OPENSMTPD, ("s_client", "posttls-finger"), _ALERT,
        "OpenSMTPD 6.8.0p2 keeps its private keys in another process, in a way that OpenSSL 3 does not"
        " support: it signs no handshake, and ends each with internal_error (OpenSMTPD/OpenSMTPD#1171).",
    ),
    Explanation(
        _RECEIVING, tuple(one for one in _TLS if one != "implicit"), _OPENSMTPD, ("mxwalk",), _ALERT,
        "The same alert, in our own handshake.  On port 465 we do not try one.",
    ),
    Explanation(
        _RECEIVING, _RECORDS, _OPENSMTPD, ("mxwalk, DANE",), "no TLS",
        "Without a handshake there is no certificate to hold against the TLSA records.",
    ),
    Explanation(
        _RECEIVING, _TAKEN, _OPENSMTPD, ("swaks",), _ALERT,
        "The same alert; a certificate that it does not trust swaks has refused before.",
    ),
    Explanation(
        _RECEIVING, ("wrong-name",), ("Postfix", "Exim", "aiosmtpd"), ("swaks",), f"TLSv1.3, {TRUSTED}",
        "`--tls-verify` of this version verifies the chain, and looks at no name.",
    ),
    Explanation(
        _SENDERS, ("required",), ("Postfix", "Exim", "OpenSMTPD", "aiosmtpd"), ("smtp(8) none",), "bounced",
        "A server that requires TLS answers 530 to MAIL in clear (RFC 3207 4).  A walk that may use TLS uses"
        " it, and does not ask what would come without.",
    ),
    Explanation(
        _SENDERS, ("required",), _OPENSMTPD, ("smtp(8) may", "smtp(8) dane", "Exim try"), "bounced",
        "The handshake fails, they go on in clear, and are answered 530: see the reason before.",
    ),
    Explanation(
        _SENDERS, ("tls-1-2", "tls-1-2-rsa"), ("Postfix",), ("smtp(8) may", "smtp(8) encrypt", "smtp(8) dane"),
        "Anonymous",
        "Below TLS 1.3 a Postfix that verifies nothing offers ciphers without a certificate, and a receiving"
        " Postfix takes them.  A walk looks at the certificate and offers none.",
    ),
    Explanation(
        _SENDERS, ("dane-ee-rsa-1-2",), ("Postfix",), ("smtp(8) may", "smtp(8) encrypt"), "Anonymous",
        "The same; at `dane` the TLSA records have the certificate looked at.",
    ),
)  # fmt: skip
