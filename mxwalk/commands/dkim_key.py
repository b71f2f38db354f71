"""``mxwalk dkim-key``: a new key pair, the record to publish, and what to do with both.

The private key goes to a new file of mode 0600 and nowhere else.
"""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from mxwalk.commands.streams import print_lines
from mxwalk.errors import UsageError
from mxwalk.files import named
from mxwalk.findings.commands import dig
from mxwalk.language import say
from mxwalk.mailauth.dkim.make import KeyKind, KeyPair, key_record_name, make_key, zone_line
from mxwalk.mailauth.dkim.make import write_private_key as write_key
from mxwalk.names import parse_name
from mxwalk.text import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asked for; ``bits`` of 0 is the usual size."""

    domain: str
    selector: str
    kind: str = "rsa"
    bits: int = 0
    out: str | None = None
    ascii_only: bool = False


def asked_from(values: Mapping[str, object]) -> Asked:
    """Return the request that click's values make."""
    return msgspec.convert(dict(values), Asked)


def _check_order(asked: Asked) -> None:
    """Refuse what can be no mail domain: with the selector before it, the key would be useless."""
    domain, selector = (one.strip().rstrip(".") for one in (asked.domain, asked.selector))
    top = domain.rpartition(".")[2]
    if "." in domain and not top.isdecimal():
        return
    shown = visible(domain, 100)
    why = (
        say("{domain} is no mail domain: no top-level domain is a number", domain=shown)
        if "." in domain
        else say("{domain} is no mail domain: it has no dot", domain=shown)
    )
    right = "DOMAIN SELECTOR"
    if "." in selector:
        right = f"{shlex.quote(visible(selector, 200))} {shlex.quote(shown)}"
        why = say("{why}; the domain comes first, then the selector", why=why)
    raise UsageError(f"{why}: mxwalk dkim-key {right}")


def run(asked: Asked) -> int:
    """Make the pair, write the private key, print the record.  Raises ``UsageError``."""
    _check_order(asked)
    name = key_record_name(asked.domain, asked.selector)
    kind = KeyKind(asked.kind)
    if kind is KeyKind.ED25519 and asked.bits:
        raise UsageError(say("--bits: an Ed25519 key has one size only"))
    path = named(asked.out) if asked.out else Path(f"{_safe(name)}.pem")
    if path.exists():
        raise UsageError(say("{path} exists; a private key never replaces a file", path=path))
    pair = make_key(kind, asked.bits) if asked.bits else make_key(kind)
    write_key(path, pair)
    print_lines(_lines(asked, name, path, pair), ascii_only=asked.ascii_only)
    return 0


def _safe(name: str) -> str:
    return "".join(char if char.isalnum() or char in ".-_" else "-" for char in name)


def _lines(asked: Asked, name: str, path: Path, pair: KeyPair) -> Iterator[str]:
    domain, selector = parse_name(asked.domain).ascii, parse_name(asked.selector).ascii
    size = say("{bits} bits", bits=pair.bits if pair.kind is KeyKind.RSA else 256)
    yield say(
        "{kind} key pair, {size}: {advice}", kind=pair.kind.value, size=size, advice=pair.advice
    )
    yield ""
    yield say(
        "PRIVATE KEY   {path} (mode 0600; it is shown nowhere, keep it with the signer alone)",
        path=path,
    )
    yield ""
    yield say("PUBLISH       in the zone of {domain}", domain=domain)
    yield f"  {zone_line(domain, selector, pair)}"
    if len(pair.strings) > 1:
        many = len(pair.strings)
        yield say(
            "  ({many} strings of at most 255 octets make one record; forms of DNS services often",
            many=many,
        )
        yield say("   want the text in one piece and split it themselves:)")
        yield f"  {pair.record}"
    yield ""
    yield say("THEN")
    yield say("  1. Wait until the record is seen: {dig}", dig=dig(name, "TXT"))
    yield say(
        "  2. Check it: mxwalk domain {domain} --selector {selector}",
        domain=domain,
        selector=selector,
    )
    yield say(
        "  3. Give the private key to the signer, with d={domain} and s={selector}.",
        domain=domain,
        selector=selector,
    )
    yield say(
        "  4. Send a message to a mailbox of yours, save it, and look: mxwalk message FILE.eml"
    )
    yield say(
        "  5. An old key stays published until no mail signed with it is on the way: a"
        " week will do."
    )
