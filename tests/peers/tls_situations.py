"""Mail domains whose hosts are particular about TLS, or have a weak certificate.

Nearly all are served by our own lab's SMTP hosts, for these can be made to speak anything; a prime
that is given whatever the client names (RFC 7919 ignored) is a real Postfix's, TLS without secure
renegotiation (RFC 5746) a real Exim's.
"""

from cryptography import x509

from mxwalk.lab.host import TlsSpec, TlsVersion
from tests.peers.situations import EXIM, OURS, POSTFIX, Host, Situation

LIST_SERVER = ("127.0.24.1", 80)
_LIST = f"http://{LIST_SERVER[0]}/peers.crl"
_TLS_1_2 = TlsVersion.TLS_1_2
_GOOD = ("3 1 1 leaf",)
_NO_RFC_5746 = "NORMAL:-VERS-TLS1.3:%DISABLE_SAFE_RENEGOTIATION"
_OWN_PRIME = (
    "smtpd_tls_protocols = <=TLSv1.2",
    "tls_medium_cipherlist = DHE-RSA-AES128-GCM-SHA256",
    "smtpd_tls_dh1024_param_file = {where}/dh1024.pem",
)


def tls_situations() -> list[Situation]:
    """Return them all, hosts not yet numbered; each without TLSA records and, where it tells, with."""
    return [
        *_both("plain-good"),
        *_both("tls10", tls=TlsSpec(max_version=TlsVersion.TLS_1_0)),
        *_both("tls11", tls=TlsSpec(max_version=TlsVersion.TLS_1_1)),
        *_both("tls12", tls=TlsSpec(max_version=_TLS_1_2)),
        *_both("tls13", tls=TlsSpec(min_version=TlsVersion.TLS_1_3)),
        *_both("tls10-rsa", tls=TlsSpec(max_version=TlsVersion.TLS_1_0), key="rsa-2048"),
        *_both("camellia", tls=_suite("ECDHE-ECDSA-CAMELLIA128-SHA256")),
        *_both("ccm8", tls=_suite("AES128-CCM8"), key="rsa-2048"),
        *_both("aria", tls=_suite("ECDHE-ECDSA-ARIA128-GCM-SHA256:ECDHE-ARIA128-GCM-SHA256"), key="rsa-2048"),
        *_both("cbc", tls=_suite("AES128-SHA"), key="rsa-2048"),
        *_both("anonymous", tls=_suite("ALL")),
        *_both("psk", tls=_suite("PSK-AES128-GCM-SHA256")),
        *_both("dh1024", tls=_prime(1024), key="rsa-2048"),
        *_both("dh2048", tls=_prime(2048), key="rsa-2048"),
        *_both("dh1024-own", kind=POSTFIX, options=_OWN_PRIME, key="rsa-2048"),
        *_both("signs-sha1", tls=TlsSpec(max_version=_TLS_1_2, signatures="ECDSA+SHA1")),
        *_both("renegotiation", kind=EXIM, priority=_NO_RFC_5746, key="rsa-2048"),
        *_both("sni", sni=True),
        _one("sni-ta", sni=True, records=("2 1 1 middle",)),
        _one("sni-unusable", sni=True, records=("1 1 1 leaf",)),
        _one("sni-mismatch", sni=True, records=("3 1 1 " + "ab" * 32,)),
        _one("sni-alias", sni=True, records=_GOOD, alias="real.{domain}", names=("real.{domain}",)),
        _one("sni-at-alias", sni=True, records=_GOOD, alias="real.{domain}", at_alias=True),
        Situation("sni-insecure", (Host(kind=OURS, sni=True, records=_GOOD),), zone="plain.test"),
        Situation("sni-insecure-mx", (Host(kind=OURS, sni=True, records=_GOOD, name="mx.simx.test"),), zone="plain.test"),
        *_both("client-13", tls=TlsSpec(require_client_certificate=True)),
        *_both("client-12", tls=TlsSpec(max_version=_TLS_1_2, require_client_certificate=True)),
        *_both("client-asked", tls=TlsSpec(ask_client_certificate=True)),
        *_both("large-hello", tls=TlsSpec(max_client_hello=1200)),
        *_both("revoked", extensions=((_points(), False),)),
        *_both("rsa-1024", key="rsa-1024"),
        *_both("sha1", sha1=True),
        _one("sha1-ta", sha1=True, records=("2 1 1 middle",)),
        *_both("must-staple", extensions=((_must_staple(), False),)),
    ]  # fmt: skip


def _one(label: str, **host: object) -> Situation:
    return Situation(label, (Host(**{"kind": OURS, **host}),))  # type: ignore[arg-type]


def _both(label: str, **host: object) -> tuple[Situation, Situation]:
    return _one(label, **host), _one(f"{label}-tlsa", **host, records=_GOOD)


def _suite(ciphers: str) -> TlsSpec:
    return TlsSpec(max_version=_TLS_1_2, ciphers=ciphers)


def _prime(bits: int) -> TlsSpec:
    return TlsSpec(
        max_version=_TLS_1_2, ciphers="DHE-RSA-AES128-GCM-SHA256", dh_bits=bits, groups="P-256"
    )  # type: ignore[arg-type]


def _points() -> x509.CRLDistributionPoints:
    where = [x509.UniformResourceIdentifier(_LIST)]
    return x509.CRLDistributionPoints([x509.DistributionPoint(where, None, None, None)])


def _must_staple() -> x509.TLSFeature:
    return x509.TLSFeature([x509.TLSFeatureType.status_request])
