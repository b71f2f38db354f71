"""The resolver: does it answer, validate, pass DNSSEC and large answers; and does the clock fit?

Everything is learned from one question that every resolver can answer, the keys of the root (RFC 4035
3, RFC 6891, RFC 7766).  Only ``bogus`` asks for a name of somebody else's, and only on request.
"""

from datetime import UTC, datetime

from mxwalk.delivery.mark import Mark
from mxwalk.dns.transport import Failure, ask_tcp
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.told import no_answer_words
from mxwalk.language import say
from mxwalk.ownside.model import SILENT, Side
from mxwalk.ownside.result import Result
from mxwalk.text import visible

BOGUS_NAME = "dnssec-failed.org"  # published for this very test, with signatures that do not fit
_DENIED = (DnsStatus.NXDOMAIN, DnsStatus.NODATA)
_SMALL_BYTES = 512  # RFC 1035 4.2.1: without EDNS


def _dead(name: str, label: str) -> Result:
    return Result(
        id=name, label=label, state=Mark.UNKNOWN, words=say("the resolver does not answer")
    )


async def resolver(side: Side) -> Result:
    """Does it answer for the root, and not deny it?"""
    answer, label = await side.root(), say("resolver")
    server = visible(answer.server, 80)
    change = say("use another resolver: --resolver ADDRESS, or mend /etc/resolv.conf")
    extended = _extended(answer)
    if answer.status in SILENT:
        words = no_answer_words(answer.error or answer.status.value)
        return Result(id="resolver", label=label, state=Mark.FAIL, words=words, fix=change)
    if answer.status in _DENIED:
        words = say(
            "{server} says that the DNS root has no keys: it lies, and none of its answers counts",
            server=server,
        )
        return Result(
            id="resolver", label=label, state=Mark.FAIL, words=words + extended, fix=change
        )
    if answer.status is not DnsStatus.OK:
        words = say(
            "{server}: {status} for the root's keys", server=server, status=answer.status.value
        )
        return Result(
            id="resolver", label=label, state=Mark.FAIL, words=words + extended, fix=change
        )
    took = f"{answer.elapsed_s * 1000:.0f} ms"
    if answer.authentic:
        words = say("{server} answers and validates DNSSEC ({took})", server=server, took=took)
        return Result(id="resolver", label=label, state=Mark.OK, words=words + extended)
    words = say("{server} answers ({took}), and does not validate DNSSEC", server=server, took=took)
    fix = say("use a validating resolver on this machine (unbound, BIND, Knot Resolver)")
    return Result(id="resolver", label=label, state=Mark.WARN, words=words + extended, fix=fix)


def _extended(answer: DnsAnswer) -> str:
    """Return the Extended DNS Errors behind the words (RFC 8914)."""
    found = [
        f"EDE {error.code} {visible(error.text, 100)}".strip()
        for error in answer.extended_errors[:3]
    ]
    return f" ({'; '.join(found)})" if found else ""


async def dnssec(side: Side) -> Result:
    """Does it pass signatures on (RFC 4035 3.2.1)?"""
    answer, label = await side.root(), "DNSSEC"
    if answer.status in SILENT:
        return _dead("dnssec", label)
    count = sum(len(one.records) for one in answer.answer if one.rtype == "RRSIG")
    if count:
        words = say("signatures are passed on: DANE and DNSSEC can be judged here")
        return Result(id="dnssec", label=label, state=Mark.OK, words=words)
    if answer.status is not DnsStatus.OK:
        words = say("the root's keys did not come")
        return Result(id="dnssec", label=label, state=Mark.UNKNOWN, words=words)
    words = say("signatures are stripped: neither DANE nor DNSSEC can be judged through it")
    fix = say("use a resolver that passes DNSSEC records on")
    return Result(id="dnssec", label=label, state=Mark.WARN, words=words, fix=fix)


async def edns(side: Side) -> Result:
    """Are large answers had: what size does the resolver advertise, and does TCP work?"""
    answer, label = await side.root(), "EDNS, TCP"
    if answer.status in SILENT:
        return _dead("edns", label)
    over_tcp = await _over_tcp(side)
    size = len(answer.wire)
    if not answer.edns_payload:
        words = say("no EDNS: answers above {limit} octets come over TCP", limit=_SMALL_BYTES)
        fix = say("a firewall or forwarder may cut EDNS off (RFC 6891): DNSSEC needs it")
        return Result(id="edns", label=label, state=Mark.WARN, words=words, fix=fix)
    came = say(
        "{payload} octets over UDP advertised; {size} came over {transport}",
        payload=answer.edns_payload,
        size=size,
        transport=answer.transport.upper(),
    )
    if isinstance(over_tcp, Failure):
        words = say("{came}; TCP fails: {why}", came=came, why=visible(over_tcp.detail, 200))
        fix = say("let TCP port 53 through to the resolver (RFC 7766): large answers need it")
        return Result(id="edns", label=label, state=Mark.WARN, words=words, fix=fix)
    return Result(id="edns", label=label, state=Mark.OK, words=say("{came}; TCP works", came=came))


async def _over_tcp(side: Side) -> bytes | Failure:
    from mxwalk.dns import messages  # dnspython is loaded with the first resolver

    query = messages.make_query(".", "DNSKEY", edns=True, checking_disabled=False)
    return await ask_tcp(
        side.servers[0],
        query.wire,
        lambda wire: messages.is_answer_to(query, wire),
        side.timeout_s,
    )


async def bogus(side: Side) -> Result:
    """Does it refuse a name whose signatures are wrong on purpose (RFC 4035 5.5)?"""
    label = say("bogus names")
    if await side.resolver_dead():
        return _dead("bogus", label)
    answer = await side.resolver.query(BOGUS_NAME, "A")
    if answer.status is DnsStatus.SERVFAIL:
        words = say("{name} is refused, as it should be", name=BOGUS_NAME) + _extended(answer)
        return Result(id="bogus", label=label, state=Mark.OK, words=words)
    if answer.status is DnsStatus.OK:
        words = say("{name} is resolved: wrong signatures go unnoticed", name=BOGUS_NAME)
        fix = say("use a validating resolver on this machine (unbound, BIND, Knot Resolver)")
        return Result(id="bogus", label=label, state=Mark.WARN, words=words, fix=fix)
    words = say(
        "{name}: {status}, which tells nothing", name=BOGUS_NAME, status=answer.status.value
    )
    return Result(id="bogus", label=label, state=Mark.UNKNOWN, words=words)


async def clock(side: Side) -> Result:
    """Does the time fit the signature over the root's keys (RFC 4034 3.1.5)?"""
    answer, now, label = await side.root(), side.clock.now(), say("clock")
    shown = f"{now:%Y-%m-%d %H:%M} UTC"
    period = signature_period(answer)
    if period is None:
        words = say("{now}; nothing to compare it with", now=shown)
        return Result(id="clock", label=label, state=Mark.UNKNOWN, words=words)
    since, until = period
    if since <= now <= until:
        words = say("{now} fits the root's signature", now=shown)
        return Result(id="clock", label=label, state=Mark.OK, words=words)
    words = say(
        "{now} is outside the root's signature, {since} to {until}",
        now=shown,
        since=f"{since:%Y-%m-%d}",
        until=f"{until:%Y-%m-%d}",
    )
    fix = say("set the clock (timedatectl, chronyc makestep): certificates and DNSSEC need it")
    return Result(id="clock", label=label, state=Mark.FAIL, words=words, fix=fix)


def signature_period(answer: DnsAnswer) -> tuple[datetime, datetime] | None:
    """Return inception and expiration of the first signature that can be read, or ``None``."""
    for rrset in answer.answer:
        if rrset.rtype != "RRSIG":
            continue
        for record in rrset.records:
            fields = record.split()
            try:
                until = datetime.strptime(fields[4], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
                since = datetime.strptime(fields[5], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            except (ValueError, IndexError):
                continue
            return since, until
    return None
