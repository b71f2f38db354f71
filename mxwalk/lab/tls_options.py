"""A scenario's description of TLS as options of the server's engine."""

from cryptography import x509
from cryptography.x509.oid import NameOID

from mxwalk.lab.host import TlsSpec
from mxwalk.tls.server import ServerOptions


def server_options(tls: TlsSpec, ocsp_staple: bytes = b"") -> ServerOptions:
    """Return the options; ``ocsp_staple`` is an OCSP response in DER to be stapled, if any."""
    return ServerOptions(
        min_version=tls.min_version.value,
        max_version=tls.max_version.value,
        ciphers=f"{tls.ciphers or 'ALL'}:@SECLEVEL=0",
        groups=tls.groups,
        signatures=tls.signatures,
        dh_bits=tls.dh_bits,
        ask_client_cert=tls.ask_client_certificate,
        require_client_cert=tls.require_client_certificate,
        client_authorities=tuple(map(_name, tls.acceptable_authorities)),
        sni_required=frozenset(tls.sni_required),
        ocsp_staple=ocsp_staple,
        tickets=tls.tickets,
    )


def _name(common_name: str) -> bytes:
    attribute = x509.NameAttribute(NameOID.COMMON_NAME, common_name)
    return x509.Name([attribute]).public_bytes()
