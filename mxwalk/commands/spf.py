"""``mxwalk spf``: SPF of a domain for one address, evaluated by RFC 7208, as a tree or as JSON.

``--record`` puts a record in the place of the published one, so that a change can be tried before it
is made.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from mxwalk.commands.believed import BelievedResolver
from mxwalk.commands.ending import run as run_to_end
from mxwalk.commands.settings import Given, apply, parse_helo, parse_mailbox
from mxwalk.commands.streams import print_document, print_lines
from mxwalk.dns.resolver import StubResolver, parse_resolver, system_servers
from mxwalk.errors import UsageError
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.mailauth import SpfIdentity
from mxwalk.evidence.target import Options
from mxwalk.language import say
from mxwalk.limits import SPF_RECORD_CHARS
from mxwalk.mailauth.asking import Asked as DnsAsked
from mxwalk.mailauth.spf.headers import received_spf
from mxwalk.mailauth.spf.live import check_host
from mxwalk.mailauth.spf.model import Evaluation, SpfResult
from mxwalk.mailauth.spf.record import is_record
from mxwalk.mailauth.spf.whatif import exchanged
from mxwalk.names import InvalidNameError, is_address, parse_name
from mxwalk.reports import model_mailauth
from mxwalk.reports.mailauth_spf import spf, tree_lines
from mxwalk.reports.visibly import visibly
from mxwalk.text import visible

SCHEMA = "mxwalk-spf-1"
PASS, NO_RECORD, NOT_PASS, UNDECIDED = 0, 1, 3, 4
_CODES = {
    SpfResult.PASS: PASS,
    SpfResult.NONE: NO_RECORD,
    SpfResult.NEUTRAL: NOT_PASS,
    SpfResult.SOFTFAIL: NOT_PASS,
    SpfResult.FAIL: NOT_PASS,
    SpfResult.PERMERROR: NOT_PASS,
    SpfResult.TEMPERROR: UNDECIDED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asked for."""

    domain: str
    ip: str
    sender: str | None = None
    helo: str | None = None
    record: str | None = None
    receiver_name: str | None = None
    fmt: str | None = None
    resolver: str | None = None
    timeout: float | None = None
    ascii_only: bool = False


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON document; ``record`` is the record that was tried in place of the published one.

    ``resolver`` says why what the resolver denied is not known; empty if it is to be believed.
    """

    schema: str
    exit_code: int
    record: str | None
    spf: model_mailauth.Spf
    received_spf: str
    resolver: str


class _Tried:
    """A resolver that answers with a record that is not published yet."""

    def __init__(self, resolver: DnsAsked, domain: str, record: str) -> None:
        self._resolver, self._domain, self._record = resolver, domain, record

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        """Ask, and exchange the record if it is asked for."""
        answer = await self._resolver.query(qname, rtype)
        return exchanged(answer, self._domain, self._record) if rtype == "TXT" else answer


def asked_from(values: Mapping[str, object]) -> Asked:
    """Return the request that click's values make."""
    return msgspec.convert(dict(values), Asked)


def run(asked: Asked) -> int:
    """Evaluate, print the tree, and return the exit code.  Raises ``UsageError``."""
    domain, sender, helo = _identity(asked)
    resolver = _resolver(asked)
    evaluation = run_to_end(_evaluated(asked, domain, sender, helo, resolver))
    code = _CODES[evaluation.result]
    check = visibly(spf(evaluation, SpfIdentity.MAILFROM.value, None))
    header = received_spf(evaluation, SpfIdentity.MAILFROM, asked.receiver_name or "unknown")
    if asked.fmt == "json":
        document = Document(
            schema=SCHEMA,
            exit_code=code,
            record=visible(asked.record) if asked.record is not None else None,
            spf=check,
            received_spf=" ".join(header.split()),
            resolver=resolver.problem,
        )
        shown = msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
        print_document(shown)
    else:
        lines = _lines(asked, evaluation, check, header, resolver.problem)
        print_lines(lines, ascii_only=asked.ascii_only)
    return code


def _identity(asked: Asked) -> tuple[str, str, str]:
    """Return domain, sender and HELO name for ``check_host()`` (RFC 7208 2.4, 4.3)."""
    local, _, name = asked.domain.strip().rpartition("@")
    try:
        domain = parse_name(name).ascii
    except InvalidNameError as error:
        raise UsageError(f"{visible(asked.domain, 200)}: {error}") from error
    if not is_address(asked.ip):
        raise UsageError(
            say("--ip {ip}: not an IP address like 192.0.2.1", ip=visible(asked.ip, 100))
        )
    if asked.record is not None:
        _check_record(asked.record)
    helo = parse_helo(asked.helo) if asked.helo else domain
    if asked.sender is not None:
        sender = parse_mailbox(asked.sender, "--sender", may_be_null=True) or f"postmaster@{helo}"
    else:
        sender = f"{local or 'postmaster'}@{domain}"
    return domain, sender, helo


def _check_record(text: str) -> None:
    """Refuse a text that ``check_host()`` would pass over.  Raises ``UsageError`` (RFC 7208 4.5)."""
    if len(text) > SPF_RECORD_CHARS:
        raise UsageError(
            say("--record: {text} characters are more than a record has", text=len(text))
        )
    if is_record(text.strip().encode("utf-8", "surrogateescape")):
        return
    first = (text.split() or [""])[0]
    why = (
        say(
            "it begins with {first!r}; a record begins with v=spf1 and a space (RFC 7208 4.5)",
            first=visible(first, 60),
        )
        if first
        else say("it is empty; a record begins with v=spf1 and a space (RFC 7208 4.5)")
    )
    raise UsageError(say("--record: the text is no SPF record: {why}. Nothing was asked", why=why))


def _resolver(asked: Asked) -> BelievedResolver:
    options = apply(Given(resolver=asked.resolver, timeout=asked.timeout), Options())
    servers = (parse_resolver(options.resolver),) if options.resolver else system_servers()
    return BelievedResolver(StubResolver(servers, timeout_s=options.timeouts.dns_s))


async def _evaluated(
    asked: Asked, domain: str, sender: str, helo: str, resolver: DnsAsked
) -> Evaluation:
    if asked.record is not None:
        resolver = _Tried(resolver, domain, asked.record)
    receiver = asked.receiver_name or "unknown"
    return await check_host(asked.ip, domain, sender, helo, resolver, receiver=receiver)


def _lines(
    asked: Asked, evaluation: Evaluation, check: model_mailauth.Spf, header: str, problem: str
) -> Iterator[str]:
    yield f"check_host({check.client_ip}, {check.domain}, {check.sender}), HELO {check.helo}"
    if asked.record is not None:
        yield say("with the given record in the place of the published one")
    yield ""
    yield from tree_lines(check)
    yield ""
    yield f"{evaluation.result.value.upper()}: {check.why}"
    if problem:
        yield say("{problem}; ask another with --resolver", problem=problem)
    yield ""
    yield from (visible(line, 400) for line in header.splitlines())
