"""The names of hello extensions (IANA "TLS ExtensionType Values" registry; RFC 8446 4.2)."""

from collections.abc import Mapping
from types import MappingProxyType

SERVER_NAME = 0
STATUS_REQUEST = 5
SUPPORTED_GROUPS = 10
SIGNATURE_ALGORITHMS = 13
ALPN = 16
EXTENDED_MASTER_SECRET = 23
SUPPORTED_VERSIONS = 43
CERTIFICATE_AUTHORITIES = 47
KEY_SHARE = 51
RENEGOTIATION_INFO = 0xFF01

EXTENSIONS: Mapping[int, str] = MappingProxyType(
    {
        0: "server_name",
        1: "max_fragment_length",
        2: "client_certificate_url",
        3: "trusted_ca_keys",
        4: "truncated_hmac",
        5: "status_request",
        6: "user_mapping",
        7: "client_authz",
        8: "server_authz",
        9: "cert_type",
        10: "supported_groups",
        11: "ec_point_formats",
        12: "srp",
        13: "signature_algorithms",
        14: "use_srtp",
        15: "heartbeat",
        16: "application_layer_protocol_negotiation",
        17: "status_request_v2",
        18: "signed_certificate_timestamp",
        19: "client_certificate_type",
        20: "server_certificate_type",
        21: "padding",
        22: "encrypt_then_mac",
        23: "extended_master_secret",
        24: "token_binding",
        25: "cached_info",
        26: "tls_lts",
        27: "compress_certificate",
        28: "record_size_limit",
        34: "delegated_credential",
        35: "session_ticket",
        41: "pre_shared_key",
        42: "early_data",
        43: "supported_versions",
        44: "cookie",
        45: "psk_key_exchange_modes",
        47: "certificate_authorities",
        48: "oid_filters",
        49: "post_handshake_auth",
        50: "signature_algorithms_cert",
        51: "key_share",
        52: "transparency_info",
        57: "quic_transport_parameters",
        58: "ticket_request",
        0x3374: "next_protocol_negotiation",
        0xFE0D: "encrypted_client_hello",
        0xFF01: "renegotiation_info",
    }
)


def extension_name(code: int) -> str:
    """Return the registered name, or the number in hexadecimal."""
    return EXTENSIONS.get(code) or f"0x{code:04X}"
