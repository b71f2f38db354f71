"""What pyOpenSSL's public interface does not offer, or only in a deprecated way.

Contexts are changed before the first connection is made from them; whatever OpenSSL refuses is our
own mistake, or a scenario's.
"""

import base64
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from OpenSSL import SSL
from OpenSSL._util import ffi, lib

from mxwalk.errors import ProtocolMisuseError
from mxwalk.text import visible

_HOST_NAME = 0  # RFC 6066 3: NameType host_name(0)
_UNRECOGNIZED_NAME = 112  # RFC 6066 9


def verify_error_text(code: int) -> str:
    """Return OpenSSL's sentence for a verification error."""
    text = ffi.string(lib.X509_verify_cert_error_string(code))
    assert isinstance(text, bytes)
    return visible(text)


def set_groups(context: SSL.Context, groups: str) -> None:
    """Set the groups and their order.  Raises ``ProtocolMisuseError`` for names OpenSSL lacks."""
    names = groups.encode("ascii")
    if lib.SSL_CTX_set1_curves_list(context._context, names) != 1:  # noqa: SLF001
        lib.ERR_clear_error()
        raise ProtocolMisuseError(f"OpenSSL knows no such groups: {groups}")


def set_signatures(context: SSL.Context, signatures: str) -> None:
    """Set what may sign a handshake, as ``RSA+SHA1``.  Raises ``ProtocolMisuseError`` if unknown."""
    if lib.SSL_CTX_set1_sigalgs_list(context._context, signatures.encode("ascii")) != 1:  # noqa: SLF001
        lib.ERR_clear_error()
        raise ProtocolMisuseError(f"OpenSSL knows no such signatures: {signatures}")


def set_dh_group(context: SSL.Context, prime: int, generator: int) -> None:
    """Have a server use this group for DHE.  Raises ``ProtocolMisuseError`` if OpenSSL refuses."""
    pem = dh_parameters(prime, generator)
    source = ffi.from_buffer(pem)
    bio = ffi.gc(lib.BIO_new_mem_buf(source, len(pem)), lib.BIO_free)
    read = lib.PEM_read_bio_DHparams(bio, ffi.NULL, ffi.NULL, ffi.NULL)
    parameters = ffi.gc(read, lib.DH_free)
    if lib.SSL_CTX_set_tmp_dh(context._context, parameters) != 1:  # noqa: SLF001
        lib.ERR_clear_error()
        raise ProtocolMisuseError(f"OpenSSL takes no group of {prime.bit_length()} bits")


def dh_parameters(prime: int, generator: int) -> bytes:
    """Return DHParameter of PKCS #3 9: a SEQUENCE of both integers, in PEM."""
    content = b"".join(
        _der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))
        for number in (prime, generator)
    )
    lines = base64.encodebytes(_der(0x30, content))
    return b"-----BEGIN DH PARAMETERS-----\n" + lines + b"-----END DH PARAMETERS-----\n"


def _der(tag: int, content: bytes) -> bytes:
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    return bytes([tag, 0x82]) + len(content).to_bytes(2, "big") + content


def set_client_authorities(context: SSL.Context, names: Sequence[bytes]) -> None:
    """Have a server name these CAs (Names in DER) in its CertificateRequest."""
    stack = lib.sk_X509_NAME_new_null()
    for name in names:
        start = ffi.from_buffer(name)
        read = lib.d2i_X509_NAME(ffi.NULL, ffi.new("unsigned char **", start), len(name))
        if read == ffi.NULL:
            lib.ERR_clear_error()
            lib.sk_X509_NAME_free(stack)
            raise ProtocolMisuseError("the name of an acceptable CA is no Name in DER")
        lib.sk_X509_NAME_push(stack, read)
    lib.SSL_CTX_set_client_CA_list(context._context, stack)  # noqa: SLF001 - takes the stack over


def accept_only_names(context: SSL.Context, names: AbstractSet[str]) -> None:
    """Have a server answer unrecognized_name to a client that asks for none of ``names``."""

    def on_name(session: object, alert: list[int], _data: object) -> int:
        name = lib.SSL_get_servername(session, _HOST_NAME)
        asked = ffi.string(name).decode("ascii", "replace").lower() if name != ffi.NULL else ""
        if asked in names:
            return int(lib.SSL_TLSEXT_ERR_OK)
        alert[0] = _UNRECOGNIZED_NAME
        return int(lib.SSL_TLSEXT_ERR_ALERT_FATAL)

    callback = ffi.callback("int (*)(SSL *, int *, void *)", on_name)
    lib.SSL_CTX_set_tlsext_servername_callback(context._context, callback)  # noqa: SLF001
    context.set_app_data(callback)  # it must live as long as the context
