"""TLS alerts by name (IANA "TLS Alerts" registry; RFC 8446 6, RFC 5246 7.2), and in plain words.

Withdrawn values are kept: servers of every age answer.  An explanation says what the alert means
between two mail servers and what usually makes one send it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from mxwalk.language import noted, say

CLOSE_NOTIFY = 0
USER_CANCELED = 90
UNRECOGNIZED_NAME = 112

ALERTS: Mapping[int, str] = MappingProxyType(
    {
        0: "close_notify",
        10: "unexpected_message",
        20: "bad_record_mac",
        21: "decryption_failed",
        22: "record_overflow",
        30: "decompression_failure",
        40: "handshake_failure",
        41: "no_certificate",
        42: "bad_certificate",
        43: "unsupported_certificate",
        44: "certificate_revoked",
        45: "certificate_expired",
        46: "certificate_unknown",
        47: "illegal_parameter",
        48: "unknown_ca",
        49: "access_denied",
        50: "decode_error",
        51: "decrypt_error",
        52: "too_many_cids_requested",
        60: "export_restriction",
        70: "protocol_version",
        71: "insufficient_security",
        80: "internal_error",
        86: "inappropriate_fallback",
        90: "user_canceled",
        100: "no_renegotiation",
        109: "missing_extension",
        110: "unsupported_extension",
        111: "certificate_unobtainable",
        112: "unrecognized_name",
        113: "bad_certificate_status_response",
        114: "bad_certificate_hash_value",
        115: "unknown_psk_identity",
        116: "certificate_required",
        117: "general_error",
        120: "no_application_protocol",
        121: "ech_required",
    }
)


def alert_name(code: int) -> str:
    """Return the registered name, or ``unassigned`` for a number the registry does not know."""
    return ALERTS.get(code, "unassigned")


# RFC 8446 6.1 and 6.2, RFC 5246 7.2.2; "it" is the side that sent the alert.
_EXPLANATIONS: Mapping[int, str] = MappingProxyType(
    {
        0: noted(
            "It has nothing more to send: an orderly end, except within a handshake, where"
            " it means that the other side gave up."
        ),
        10: noted(
            "It got a message that has no place there: one side's TLS is broken, or a box"
            " in between changed the messages."
        ),
        20: noted(
            "A record failed its check: bytes were changed on the way, or the two sides"
            " derived different keys."
        ),
        21: noted(
            "A record could not be decrypted; of old versions, today bad_record_mac says it."
        ),
        22: noted("A record was longer than TLS allows: usually what came was no TLS at all."),
        30: noted(
            "Compressed data could not be read; of old versions, compression is switched off today."
        ),
        40: noted(
            "It found no common ground for security parameters: usually no cipher suite,"
            " group or signature algorithm in common, a missing certificate, or in TLS"
            " 1.2 a client certificate it insists on."
        ),
        41: noted("It asked for a certificate and got none; of SSL 3.0."),
        42: noted("The certificate it was shown is corrupt, or a signature in it does not verify."),
        43: noted("The certificate it was shown is of a type or for a purpose it does not take."),
        44: noted("The certificate it was shown has been revoked by its issuer."),
        45: noted("The certificate it was shown has expired, or is not valid yet."),
        46: noted("The certificate it was shown is unacceptable for a reason it does not name."),
        47: noted(
            "A value in the handshake is out of range or contradicts another: a faulty"
            " TLS on one side, or a box in between."
        ),
        48: noted(
            "It knows no trusted CA for the certificate it was shown: an intermediate is"
            " missing, or the root is not in its trust store."
        ),
        49: noted(
            "The certificate it was shown is valid, but it will not talk to its holder:"
            " its access rules say so."
        ),
        50: noted(
            "It could not parse a message: a faulty TLS on one side, or bytes changed on the way."
        ),
        51: noted(
            "A signature or a Finished message did not verify: the two sides saw"
            " different messages, or the key does not belong to the certificate."
        ),
        52: noted("Too many connection IDs were asked for; of DTLS alone."),
        60: noted("An export-grade key was of the wrong size; of TLS 1.0's export ciphers."),
        70: noted(
            "It supports none of the protocol versions it was offered: usually one side"
            " is limited to TLS 1.0 or 1.1, and the other no longer speaks them."
        ),
        71: noted("It requires stronger ciphers or longer keys than the other side offers."),
        80: noted(
            "Something within it failed that is no fault of the other side: often an"
            " unreadable key or certificate, or too little memory."
        ),
        86: noted(
            "The client retried with a lower version than both sides support: a fallback"
            " after an earlier failure (RFC 7507)."
        ),
        90: noted("The handshake was cancelled for a reason that is no protocol error."),
        100: noted("It will not renegotiate; nothing is wrong with the connection itself."),
        109: noted(
            "A hello lacks an extension that the version requires: the other side's TLS is faulty."
        ),
        110: noted(
            "The server answered with an extension that the client had not sent: the"
            " server's TLS is faulty."
        ),
        111: noted("It could not fetch the certificate from the URL it was given (RFC 6066 5)."),
        112: noted(
            "It has no server of the name in server_name: the host name is not"
            " configured there (RFC 6066 3)."
        ),
        113: noted("The stapled OCSP response is invalid or not acceptable (RFC 6066 8)."),
        114: noted("The certificate fetched from a URL is not the one announced (RFC 6066 5)."),
        115: noted(
            "It does not know the pre-shared key's identity; mail servers share no keys"
            " beforehand, except to resume a session."
        ),
        116: noted(
            "It requires a client certificate and got none (RFC 8446 4.4.2.4): it is set"
            " up for partners with certificates, or with a requirement meant for its"
            " users."
        ),
        117: noted("Something failed for which there is no other alert."),
        120: noted(
            "It supports none of the application protocols it was offered (RFC 7301);"
            " SMTP offers none."
        ),
        121: noted("It requires Encrypted ClientHello."),
    }
)
_UNASSIGNED = noted(
    "The registry has no alert of this number: what came is hardly TLS, or from a newer version."
)


_NO_NAME = noted(
    "It wants the client to name the server in server_name, and no name was sent: it has"
    " no default for such clients (RFC 6066 3)."
)


def explain_alert(code: int, *, named: bool = True) -> str:
    """Return one sentence on what the alert means in SMTP and what usually causes it.

    ``named`` says whether the ClientHello named the server (SNI), on which unrecognized_name depends.
    """
    if code == UNRECOGNIZED_NAME and not named:
        return say(_NO_NAME)
    return say(_EXPLANATIONS.get(code, _UNASSIGNED))
