"""The one module that reaches below pyOpenSSL's public interface.

OpenSSL shows each handshake message to a callback (SSL_CTX_set_msg_callback).  From it come the
certificates exactly as sent, also when OpenSSL refuses them, and the scheme of the server's
signature.  Parsing is total; where the interface below is missing, nothing is observed.
"""

from collections.abc import Set as AbstractSet

from OpenSSL import SSL
from OpenSSL._util import ffi, lib

_HOST_NAME = 0  # RFC 6066 3: NameType host_name(0)
_UNRECOGNIZED_NAME = 112  # RFC 6066 9


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
    context.set_app_data((context.get_app_data(), callback))  # lives as long as the context
