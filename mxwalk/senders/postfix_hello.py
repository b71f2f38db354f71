"""What Postfix's smtp(8) offers in TLS, as version 3.7.11 with OpenSSL 3.0 was seen to send it.

TLS 1.0 to 1.3, every cipher of grade medium, X25519, X448 and the NIST curves, neither hybrid groups
nor those of RFC 7919, in 512 octets.  Levels that authenticate take no TLS before 1.2, no SHA-1 and
nothing below 80 bits; the others take anything, anonymous ciphers too, and then log "Anonymous" for a
server whose certificate the walk, which offers none, has seen.  None takes a server without secure
renegotiation (RFC 5746), as OpenSSL 3 has it.  server_name is the TLSA base domain
where usable TLSA records apply, else it is left out (smtp_tls_servername is empty).  No revocation
list is fetched and no staple asked for.
"""

from dataclasses import replace

from mxwalk.dane.model import Standing
from mxwalk.delivery.model import Host
from mxwalk.senders.hello import Hello, Legacy
from mxwalk.senders.postfix_level import Level

# OpenSSL 3 insists on RFC 5746, and has SEED and IDEA in a provider that Postfix does not load.
_LEVEL_0 = Legacy(unsafe_renegotiation=False, lacks=("SEED", "IDEA"))
# Above "encrypt" Postfix sets OpenSSL's security level 1: 80 bits, no SHA-1, so no TLS before 1.2.
_LEVEL_1 = replace(_LEVEL_0, lowest="TLSv1.2", dh_bits=1024, sha1=False)
_ANY_CERTIFICATE = (Level.NONE, Level.MAY, Level.ENCRYPT, Level.DANE)


def hello_of(level: Level, host: Host) -> Hello:
    """Return what a level offers a host: less where it authenticates, a name where DANE applies."""
    dane = level.uses_dane and host.dane is not None and host.dane.at_host is Standing.USABLE
    authenticates = dane or level not in _ANY_CERTIFICATE
    return Hello(legacy=_LEVEL_1 if authenticates else _LEVEL_0, names_server=dane)
