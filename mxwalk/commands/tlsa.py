"""``mxwalk tlsa``: the TLSA records for a certificate, and whether it may be installed now.

A file holds the chain a server sends, its own certificate first.  The records come as zone lines;
with ``--published`` the records in the DNS are looked up, validated, and held against the chain
("install this and mail stops"), each with its place in the key rollover.
"""

import base64
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from mxwalk.clock import SystemClock
from mxwalk.commands.ending import run as run_to_end
from mxwalk.commands.streams import print_lines
from mxwalk.dane.advice import Installation, check_installation, records_for, rollover
from mxwalk.dane.lookup import Looked, tlsa_name
from mxwalk.dane.model import is_ours
from mxwalk.dane.tlsa import TlsaRecord, read_tlsa
from mxwalk.dnssec.model import Status
from mxwalk.errors import UsageError
from mxwalk.evidence.dns import DnsStatus
from mxwalk.files import named
from mxwalk.identity.model import ReferenceId, ReferenceKind
from mxwalk.language import say
from mxwalk.limits import ANCHOR_FILE_CHARS, CHAIN_CERTIFICATES, TRUST_STORE_BYTES
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.reading import open_named
from mxwalk.text import visible
from mxwalk.tls.certificate import CertificateFacts, read_certificate
from mxwalk.tls.pem import pem_certificates
from mxwalk.wordings import system_words

SAFE, STOPS, UNKNOWN = 0, 3, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asked for; ``records`` are published records given by hand."""

    certificate: str
    following: str | None = None
    host: str | None = None
    port: int = 25
    published: bool = False
    records: tuple[str, ...] = ()
    resolver: str = ""
    trust_anchor: str | None = None


def asked_from(values: Mapping[str, object]) -> Asked:
    """Return the request that click's values make."""
    return msgspec.convert(dict(values), Asked)


def run(asked: Asked) -> int:
    """Print the records and the verdict; return the exit code.  Raises ``UsageError``."""
    if not 1 <= asked.port <= 65_535:
        raise UsageError(say("--port {port} is not between 1 and 65535", port=asked.port))
    chain = read_chain(asked.certificate)
    following = read_chain(asked.following) if asked.following else None
    host = _host(asked.host, read_certificate(chain[0]), asked.certificate)
    lines = list(_publish(say("certificate"), asked.certificate, chain, host, asked.port))
    if following is not None:
        assert asked.following is not None
        lines += _publish(say("next certificate"), asked.following, following, host, asked.port)
        lines += [
            say(
                "Publish the records of both now; install the next certificate two TTLs"
                " later; remove"
            ),
            say("the records of the old one two TTLs after that (RFC 7671 8.1)."),
        ]
    if not asked.published and not asked.records:
        print_lines(lines)
        return SAFE
    looked = run_to_end(_look_up(asked, host)) if asked.published else None
    more, code = _held_against(asked, looked, chain, following, host)
    print_lines([*lines, "", *more])
    return code


def read_chain(name: str) -> list[bytes]:
    """Return the certificates of a PEM or DER file as DER, in order.  Raises ``UsageError``."""
    path = named(name)
    try:
        with open_named(path) as file:
            data = file.read(TRUST_STORE_BYTES + 1)
    except OSError as error:
        why = system_words(error).lower()
        raise UsageError(
            say("{name} cannot be read: {why}", name=visible(name, 200), why=why)
        ) from error
    if len(data) > TRUST_STORE_BYTES:
        raise UsageError(
            say(
                "{name} is longer than {limit} bytes",
                name=visible(name, 200),
                limit=TRUST_STORE_BYTES,
            )
        )
    found = [_from_pem(block) for block in pem_certificates(data)] or [data]
    chain = found[:CHAIN_CERTIFICATES]
    if not read_certificate(chain[0]).readable:
        raise UsageError(
            say(
                "{name} holds no certificate; give a PEM file with the chain the server"
                " sends, its own certificate first",
                name=visible(name, 200),
            )
        )
    return chain


def _from_pem(block: bytes) -> bytes:
    body = b"".join(block.split(b"\n")[1:-1])
    try:
        return base64.b64decode(body)
    except ValueError:
        return b""


def _host(given: str | None, facts: CertificateFacts, file: str) -> str:
    """Return the TLSA base domain: the one named, or the certificate's first name."""
    names = [given] if given else [n for n in facts.dns_names if not n.startswith("*")]
    for name in names:
        try:
            return parse_name(name).ascii
        except InvalidNameError as error:
            if given:
                raise UsageError(f"--host {visible(given, 200)}: {error}") from error
    raise UsageError(
        say("{file} names no host; say which MX host: --host NAME", file=visible(file, 200))
    )


def _publish(what: str, file: str, chain: list[bytes], host: str, port: int) -> Iterator[str]:
    facts = read_certificate(chain[0])
    until = (
        say(", valid until {not_after:%Y-%m-%d}", not_after=facts.not_after)
        if facts.not_after
        else ""
    )
    name = visible(facts.common_name or (facts.dns_names or (say("without name"),))[0], 100)
    yield f"{what} {visible(file, 200)}: {name}{until}"
    for advised in records_for(chain, host, port):
        yield f"  {advised.line}"
        yield f"    {advised.why}"
    if len(chain) == 1 and not facts.self_signed:
        yield say("  (the file has no issuer, so there is no 2 1 1 record to print)")
    yield ""


async def _look_up(asked: Asked, host: str) -> Looked:
    from mxwalk.dns.resolver import StubResolver, parse_resolver, system_servers
    from mxwalk.dnssec.anchors import read_anchors, root_anchors
    from mxwalk.dnssec.book import AnswerBook
    from mxwalk.dnssec.fetch import validate_live

    servers = [parse_resolver(asked.resolver)] if asked.resolver else list(system_servers())
    resolver = StubResolver(servers, 5.0, checking_disabled=True)
    given = asked.trust_anchor
    anchors = read_anchors(read_anchor_file(given), source=given) if given else root_anchors()
    answer = await resolver.query(tlsa_name(host, asked.port), "TLSA")
    validation, _ = await validate_live(
        resolver, answer, anchors, SystemClock().now(), AnswerBook()
    )
    return Looked(answer=answer, validation=validation)


def read_anchor_file(name: str) -> str:
    """Return the text of a file of trust anchors, up to its bound.  Raises ``UsageError``."""
    try:
        data = open_named(named(name))
        with io.TextIOWrapper(data, encoding="utf-8-sig", errors="replace") as file:
            return file.read(ANCHOR_FILE_CHARS + 1)
    except OSError as error:
        why = system_words(error)
        raise UsageError(f"--trust-anchor {visible(name, 200)}: {why}") from error


def _held_against(
    asked: Asked,
    looked: Looked | None,
    chain: list[bytes],
    following: list[bytes] | None,
    host: str,
) -> tuple[list[str], int]:
    lines: list[str] = []
    texts = asked.records
    if looked is not None:
        name = visible(tlsa_name(host, asked.port), 300)
        texts = looked.answer.records("TLSA")
        status = looked.validation.status
        lines.append(
            say(
                "published now at {name}: {number} records, {status}",
                name=name,
                number=len(texts),
                status=say(status.value),
            )
        )
        if status is not Status.SECURE:
            lines.append(f"  {visible(looked.validation.sentence, 500)}")
        if is_ours(looked.validation) or looked.answer.status is DnsStatus.TIMEOUT:
            lines.append(
                say("  nothing can be said of the records; senders ask their own resolvers")
            )
            return lines, UNKNOWN
        if status in (Status.BOGUS, Status.INDETERMINATE):
            lines.append(say("  senders that do DANE do not deliver while the look-up fails"))
            return lines, STOPS
    records = [read_tlsa(text) for text in texts]
    if not records:
        lines.append(say("  no TLSA record: any certificate may be installed"))
        return lines, SAFE
    lines += _states(records, chain, following)
    code = SAFE
    for what, one in ((say("certificate"), chain), (say("next certificate"), following)):
        if one is not None:
            sentence, stops = _check(what, records, one, host, asked.port)
            lines.append(sentence)
            code = STOPS if stops else code
    if looked is not None and looked.validation.status is Status.INSECURE:
        lines.append(say("the zone is not signed: senders ignore these records"))
        code = SAFE
    return lines, code


def _states(
    records: list[TlsaRecord], chain: list[bytes], following: list[bytes] | None
) -> Iterator[str]:
    for one in rollover(records, [chain], following):
        yield f"  {visible(one.record.rdata, 60):<64} {one.state.value}: {one.sentence}"


def _check(
    what: str, records: list[TlsaRecord], chain: list[bytes], host: str, port: int
) -> tuple[str, bool]:
    name = ReferenceId(
        kind=ReferenceKind.MX_HOST, text=host, origin=say("TLSA base domain"), secure=True
    )
    now: datetime = SystemClock().now()
    check = check_installation(records, chain, [name], now, (host, port))
    stops = check.installation is Installation.STOPS_MAIL
    return f"{what}: {visible(check.sentence, 600)}", stops
