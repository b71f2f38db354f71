"""Public commands that show the same as a finding, safe to paste into a shell.

Names and addresses come from strangers, so every value is made printable and quoted here and
nowhere else; a name that starts with a hyphen is kept from being read as an option.
"""

import ipaddress
import shlex
from collections.abc import Sequence
from typing import assert_never

from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.tls import Offer
from mxwalk.names import is_address
from mxwalk.text import visible

_VERSIONS = {"TLSv1": "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}


def _quote(value: str) -> str:
    return shlex.quote(visible(value, 300))


def dig(name: str, rtype: str, server: str = "", *, dnssec: bool = False) -> str:
    """Return a ``dig`` for the question, at ``server`` (``address`` or ``address:port``)."""
    words = ["dig"]
    host, port = _split_server(server)
    if host:
        words.append(_quote(f"@{host}"))
    if port not in ("", "53"):
        words += ["-p", _quote(port)]
    if rtype == "PTR":
        return " ".join([*words, "-x", _quote(name)])
    # "-q" and "-t" take the next word whatever it looks like: an option, a server or a flag
    is_plain = not name.startswith(("-", "@", "+"))
    words += [_quote(name), rtype] if is_plain else ["-q", _quote(name), "-t", rtype]
    if dnssec:
        words.append("+dnssec")
    return " ".join(words)


def _split_server(server: str) -> tuple[str, str]:
    if not server:
        return "", ""
    if server.startswith("["):
        host, _, port = server[1:].partition("]")
        return host, port.lstrip(":")
    if server.count(":") == 1:
        host, _, port = server.partition(":")
        return host, port
    return server, ""


def endpoint(address: str, port: int) -> str:
    """Return ``address:port``, an IPv6 address in brackets, not quoted."""
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        version = 4
    return f"[{address}]:{port}" if version == 6 else f"{address}:{port}"


def s_client(
    address: str, port: int, servername: str = "", *extra: str, say: Sequence[str] = ()
) -> str:
    """Return an ``openssl s_client`` that speaks STARTTLS to the address and then ends.

    With ``say``, it sends these lines inside TLS, and the replies are shown.  An address is no name
    for SNI (RFC 6066 3) and is left out.
    """
    words = ["openssl s_client -starttls smtp -connect", _quote(endpoint(address, port))]
    if servername and not is_address(servername):
        words += ["-servername", _quote(servername)]
    if say:
        # without -quiet a line that begins with Q or R is a command to s_client itself
        return f"{_typed(say)} | {' '.join([*words, *extra, '-quiet'])}"
    return " ".join([*words, *extra, "</dev/null"])


def options_of(handshake: Handshaken) -> tuple[str, ...]:
    """Return what makes ``openssl s_client`` offer what this handshake's ClientHello offered."""
    match handshake.offer:
        case Offer.CLASSIC:
            return ("-groups", "X25519:P-256:P-384:P-521")
        case Offer.LEGACY:
            # without -legacy_server_connect OpenSSL 3 refuses a server without RFC 5746
            version = _VERSIONS.get(handshake.protocol)
            newest = (version,) if version else ()
            return (*newest, "-cipher", "ALL:@SECLEVEL=0", "-legacy_server_connect")
        case Offer.MODERN | Offer.WITHOUT_SNI:
            return ()
        case Offer.RSA_LEAF:
            return ("-tls1_2", "-cipher", "ECDHE+aRSA")
        case Offer.ECDSA_LEAF:
            return ("-tls1_2", "-cipher", "ECDHE+aECDSA")
        case _:
            assert_never(handshake.offer)


def s_client_implicit(address: str, port: int, servername: str = "") -> str:
    """Return an ``openssl s_client`` that speaks TLS from the first byte (RFC 8314 3.3)."""
    words = ["openssl s_client -connect", _quote(endpoint(address, port))]
    if servername and not is_address(servername):
        words += ["-servername", _quote(servername)]
    return " ".join([*words, "</dev/null"])


def nc(address: str, port: int, *say: str) -> str:
    """Return an ``nc`` that opens the connection and shows what the server says, also to ``say``."""
    command = f"nc -v -w 60 {_quote(address)} {port}"
    return f"{_typed(say)} | {command}" if say else command


def _typed(lines: Sequence[str]) -> str:
    """Return shell words that type the lines, with time for the reply to the one before."""
    typed = "; ".join(f"sleep 2; printf '%s\\r\\n' {_quote(line)}" for line in lines)
    return f"{{ {typed}; sleep 2; }}"


def swaks(address: str, port: int, *options: tuple[str, str]) -> str:
    """Return a ``swaks`` against the address; ``options`` are pairs of option and value."""
    words = ["swaks --server", _quote(endpoint(address, port))]
    for option, value in options:
        words += [option, _quote(value)] if value else [option]
    return " ".join(words)


def posttls_finger(host: str, port: int = 25) -> str:
    """Return a ``posttls-finger`` that reports TLS to one host."""
    return f"posttls-finger -t30 -T180 -c -L verbose,summary {_quote(f'[{host}]:{port}')}"


def posttls_dane(domain: str) -> str:
    """Return a ``posttls-finger`` that checks all MX hosts of a domain by DANE."""
    return f"posttls-finger -t30 -T180 -c -L verbose,summary -l dane {_quote(domain)}"


def curl(url: str) -> str:
    """Return a ``curl`` that shows the TLS handshake, the header fields and the body, no redirect."""
    return f"curl -v --max-redirs 0 {_quote(url)}"


def s_client_dane(address: str, port: int, base_domain: str, records: Sequence[str]) -> str:
    """Return an ``openssl s_client`` that checks the server by these TLSA records (rdata)."""
    words = ["-dane_tlsa_domain", _quote(base_domain)]
    for record in records:
        words += ["-dane_tlsa_rrdata", _quote(record)]
    return s_client(address, port, "", *words, "-dane_ee_no_namechecks", "-verify_return_error")


def spfquery(client_ip: str, sender: str, helo: str) -> str:
    """Return an ``spfquery`` that evaluates SPF for the same client, sender and HELO name."""
    words = ["spfquery --ip", _quote(client_ip), "--sender", _quote(sender)]
    return " ".join([*words, "--helo", _quote(helo)] if helo else words)


def opendkim_testkey(domain: str, selector: str) -> str:
    """Return an ``opendkim-testkey`` that fetches and reads a DKIM key record."""
    return f"opendkim-testkey -vvv -d {_quote(domain)} -s {_quote(selector)}"


def verify_message(file_name: str) -> str:
    """Return a ``dkimverify`` that verifies the first signature of a saved message."""
    home = "~/" if file_name.startswith("~/") else ""  # quoted, the shell would not expand it
    name = file_name.removeprefix(home) or "message.eml"
    return f"dkimverify --verbose < {home}{_quote(name)}"
