"""What OpenSSL holds of one certificate, and of two as issuer and issued (crypto/x509/v3_purp.c).

These are the rules by which a path is built.  They look at what certificates say and verify no
signature; several are laxer or stricter than RFC 5280, which is then noted.
"""

from datetime import datetime

from mxwalk.language import say
from mxwalk.pkix.model import KeyIds
from mxwalk.tls.certificate import CertificateFacts

# Extensions OpenSSL decodes as soon as it sees a certificate; one it cannot decode spoils it all.
_DECODED = frozenset(
    {
        "basicConstraints",
        "proxyCertInfo",
        "keyUsage",
        "extendedKeyUsage",
        "netscapeCertType",
        "subjectKeyIdentifier",
        "authorityKeyIdentifier",
        "subjectAltName",
        "nameConstraints",
        "cRLDistributionPoints",
        "ipAddrBlocks",
        "autonomousSysIds",
    }
)
# Those it accepts when they are critical; the key identifiers are not among them.
_SUPPORTED = frozenset(
    {
        "netscapeCertType",
        "keyUsage",
        "subjectAltName",
        "basicConstraints",
        "certificatePolicies",
        "cRLDistributionPoints",
        "extendedKeyUsage",
        "ipAddrBlocks",
        "autonomousSysIds",
        "ocspNoCheck",
        "policyConstraints",
        "proxyCertInfo",
        "nameConstraints",
        "policyMappings",
        "inhibitAnyPolicy",
    }
)
SERVER_PURPOSES = frozenset({"serverAuth", "msSGC", "nsSGC"})
_SERVER_USAGES = frozenset({"digitalSignature", "keyEncipherment", "keyAgreement"})
_NETSCAPE_SERVER, _NETSCAPE_SSL_CA = 1, 5
_NETSCAPE_CAS = frozenset({5, 6, 7})
_KEY_FAMILIES = {
    "RSA": ("withrsaencryption", "rsassa-pss"),
    "RSA-PSS": ("rsassa-pss",),
    "EC": ("ecdsa-with",),
    "DSA": ("dsa-with",),
}


def has(facts: CertificateFacts, extension: str) -> bool:
    """Say whether the certificate has an extension, readable or not."""
    return any(name == extension for name, _ in facts.extensions)


def spoiled_by(facts: CertificateFacts) -> str:
    """Name what makes OpenSSL take a certificate for invalid, empty when nothing does."""
    for name in (*facts.unreadable_extensions, *facts.repeated_extensions):
        if name in _DECODED:
            if name in facts.repeated_extensions:
                return say("its extension {name} occurs twice", name=name)
            return say("its extension {name} cannot be read", name=name)
    if has(facts, "keyUsage") and not facts.key_usage:  # RFC 5280 4.2.1.3
        return say("its key usage is empty")
    if facts.path_length is not None and facts.path_length < 0:
        return say("its path length is negative")
    named = facts.is_ca or facts.has_subject_alt_name or has(facts, "issuerAltName")
    if has(facts, "proxyCertInfo") and named:  # RFC 3820 3.2, 3.6, 3.7
        return say("it is a proxy certificate and yet a CA or one with alternative names")
    return ""


def unsupported_critical(facts: CertificateFacts) -> str:
    """Return the first critical extension that OpenSSL does not process (RFC 5280 4.2)."""
    return next(
        (name for name, critical in facts.extensions if critical and name not in _SUPPORTED), ""
    )


def self_issued(facts: CertificateFacts) -> bool:
    """Say whether subject and issuer are the same name; two empty names are."""
    return facts.subject_canonical == facts.issuer_canonical


def looks_self_signed(facts: CertificateFacts) -> bool:
    """Say whether OpenSSL takes it for self-signed: it does not verify the signature for that."""
    return (
        not spoiled_by(facts)
        and self_issued(facts)
        and authority_matches(facts, facts)
        and algorithm_matches(facts, facts)
    )


def likely_issued(issuer: CertificateFacts, child: CertificateFacts) -> bool:
    """Say whether ``issuer`` may have issued ``child``, before any signature is verified.

    OpenSSL 4 knows certificates by issuer and serial number: of two that have both in common, against
    RFC 5280 4.1.2.2, it only asks whether the issuer is self-signed.
    """
    names_equal = issuer.subject_canonical == child.issuer_canonical
    if not names_equal or spoiled_by(issuer) or spoiled_by(child):
        return False
    if _same_number(issuer, child):
        return looks_self_signed(issuer)
    return authority_matches(issuer, child) and algorithm_matches(issuer, child)


def _same_number(one: CertificateFacts, other: CertificateFacts) -> bool:
    same = one.serial == other.serial and one.issuer_canonical == other.issuer_canonical
    return same and one.sha256 != other.sha256


def key_ids(issuer: CertificateFacts, child: CertificateFacts) -> KeyIds:
    """Compare the child's authority key identifier with the issuer's subject key identifier."""
    if not child.authority_key_id or not issuer.subject_key_id:
        return KeyIds.ABSENT
    return KeyIds.EQUAL if child.authority_key_id == issuer.subject_key_id else KeyIds.DIFFER


def authority_matches(issuer: CertificateFacts, child: CertificateFacts) -> bool:
    """Say whether nothing in the child's authority key identifier speaks against the issuer.

    Stricter than RFC 5280 4.2.1.1, which has it only as a help to find the issuer.
    """
    if key_ids(issuer, child) is KeyIds.DIFFER:
        return False
    if child.authority_serial and child.authority_serial != issuer.serial:
        return False
    return child.authority_issuer is None or child.authority_issuer == issuer.issuer_canonical


def algorithm_matches(issuer: CertificateFacts, child: CertificateFacts) -> bool:
    """Say whether a key of the issuer's type can have made the child's signature."""
    algorithm = child.signature_algorithm.lower()
    family = _KEY_FAMILIES.get(issuer.key.type, (issuer.key.type.lower(),))
    if issuer.key.type == "DSA" and algorithm.startswith("ecdsa"):
        return False
    return key_usable(issuer) and any(part in algorithm for part in family if part)


def key_usable(facts: CertificateFacts) -> bool:
    """Say whether OpenSSL can read the key; it reads curves that are spelt out, too."""
    return facts.key.readable or facts.explicit_curve


def may_sign(issuer: CertificateFacts) -> bool:
    """Say whether key usage allows signing certificates; without the extension it does."""
    return not has(issuer, "keyUsage") or "keyCertSign" in issuer.key_usage


def is_ca(facts: CertificateFacts, *, top: bool) -> bool:
    """Say whether OpenSSL lets a certificate stand above another; ``top`` is the path's last.

    Laxer than RFC 5280 6.1.4 (k) at the top: a self-signed version 1 certificate will do there, and
    one that has key usage or Netscape's type without basic constraints.
    """
    if spoiled_by(facts) or not may_sign(facts):
        return False
    if has(facts, "basicConstraints"):
        return facts.is_ca
    if not top:
        return False
    netscape = bool(_NETSCAPE_CAS & set(facts.netscape_types))
    return _old_root(facts) or has(facts, "keyUsage") or netscape


def _old_root(facts: CertificateFacts) -> bool:
    return facts.version == 1 and looks_self_signed(facts)


def purpose_problem(facts: CertificateFacts, *, authority: bool) -> str:
    """Say why a certificate is not for TLS servers, empty when nothing is against it.

    Stricter than RFC 5280 4.2.1.12: the extended key usage of a CA limits those below it, and
    ``anyExtendedKeyUsage`` does not stand for ``serverAuth``.
    """
    if spoiled_by(facts):
        return ""  # OpenSSL cannot tell, and lets it pass unless it is told to be strict
    if has(facts, "extendedKeyUsage") and not SERVER_PURPOSES & set(facts.extended_key_usage):
        purposes = ", ".join(facts.extended_key_usage[:6]) or say("nothing")
        return say("its extended key usage is {purposes}, not serverAuth", purposes=purposes)
    netscape = has(facts, "netscapeCertType")
    if authority:
        otherwise = has(facts, "basicConstraints") or has(facts, "keyUsage") or _old_root(facts)
        if netscape and not otherwise and _NETSCAPE_SSL_CA not in facts.netscape_types:
            return say("its Netscape type is not that of a CA for TLS")
        return ""
    if netscape and _NETSCAPE_SERVER not in facts.netscape_types:
        return say("its Netscape type is not that of a TLS server")
    if has(facts, "keyUsage") and not _SERVER_USAGES & set(facts.key_usage):
        usages = ", ".join(facts.key_usage[:9])
        return say(
            "its key usage is {usages}: neither signing nor key agreement nor encipherment",
            usages=usages,
        )
    return ""


def in_time(facts: CertificateFacts, at: datetime) -> bool:
    """Say whether a certificate is valid at a time; both ends belong to it (RFC 5280 4.1.2.5)."""
    if facts.not_before is None or facts.not_after is None:
        return False
    return facts.not_before <= at.replace(microsecond=0) <= facts.not_after
