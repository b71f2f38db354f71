"""Whether a certificate fits its place: meant for servers, no CA as a server's, readable.

RFC 5280 4.1, 4.2.1.9 and 4.2.1.12.
"""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.tls import VerifyError
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.presented import Presented, cases
from mxwalk.findings.raising import entry, found, show
from mxwalk.language import noted, say
from mxwalk.pkix.model import Reason
from mxwalk.pkix.reasons import reason_of
from mxwalk.pkix.traits import SERVER_PURPOSES, purpose_problem
from mxwalk.tls.certificate import CertificateFacts

MAX_TOLD = 8  # certificates of one chain that are told one by one

_R = Owner.RECEIVER
LEAF_IS_CA = entry(
    "CERT014", Severity.WARNING, _R, "the server's certificate is a CA", "RFC 5280 4.2.1.9"
)
NOT_FOR_SERVERS = entry(
    "CERT015", Severity.ERROR, _R, "a certificate not meant for servers", "RFC 5280 4.2.1.12"
)
UNREADABLE = entry("CERT018", Severity.ERROR, _R, "an unreadable certificate", "RFC 5280 4.1")

ENTRIES = (LEAF_IS_CA, NOT_FOR_SERVERS, UNREADABLE)

# OpenSSL's numbers (x509_vfy.h); 1 is what it says of a key it cannot read.
_INVALID_PURPOSE = 26
_UNREADABLE_ERRORS = (1, 6, 13, 14, 24)


def tells(code: int) -> bool:
    """Say whether an objection of OpenSSL is told by this module."""
    return code == _INVALID_PURPOSE or code in _UNREADABLE_ERRORS


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield where a certificate of a connection does not fit."""
    for case in cases(delivery):
        yield from _leaf(case, case.facts[0])
        yield from _purpose(case)
        yield from _unreadable(case)


def _leaf(case: Presented, leaf: CertificateFacts) -> Iterator[Finding]:
    if leaf.is_ca and not leaf.self_signed:
        yield found(
            LEAF_IS_CA,
            case.where,
            say(
                "{called} of {where} is itself a CA (basicConstraints CA:TRUE)",
                called=case.called(0),
                where=case.where.name,
            ),
            say(
                "install a server certificate as the first of the chain file, CA certificates"
                " behind it"
            ),
            case.reading(0, "-ext basicConstraints"),
        )


def _purpose(case: Presented) -> Iterator[Finding]:
    usage = set(case.facts[0].extended_key_usage)
    fits = not usage or bool(usage & {*SERVER_PURPOSES, "anyExtendedKeyUsage"})
    depths = {*case.depths(_INVALID_PURPOSE), *(() if fits else (0,))}
    for depth in sorted(depths)[:MAX_TOLD]:
        # OpenSSL says this of every certificate that is no CA, too.
        if depth and case.objection(depth, Reason.PURPOSE) is None and _no_ca(case, depth):
            continue
        facts = case.at_depth(depth)
        why = purpose_problem(facts, authority=depth > 0) if facts else ""
        yield found(
            NOT_FOR_SERVERS,
            case.where,
            say(
                noted("{called} of {where} is not meant for CAs of servers: {why}")
                if depth
                else noted("{called} of {where} is not meant for servers: {why}"),
                called=case.called(depth),
                where=case.where.name,
                why=show(why) or say("no purpose of it fits"),
            ),
            say("have it issued with extendedKeyUsage = serverAuth and keyUsage = digitalSignature")
            if depth == 0
            else say(
                "have the server's certificate issued by a CA whose extendedKeyUsage"
                " includes serverAuth, or is absent"
            ),
            case.reading(depth, "-ext extendedKeyUsage,keyUsage"),
            owner=Owner.RECEIVER_CA if depth else None,
        )


def _no_ca(case: Presented, depth: int) -> bool:
    reasons = {reason_of(error.code) for error in case.chain.errors if error.depth == depth}
    return bool(reasons & {Reason.NOT_A_CA, Reason.KEY_USAGE})


def _said(error: VerifyError) -> str:
    return f"{show(error.name or str(error.code), 80)}: {show(error.text)}"


def _unreadable(case: Presented) -> Iterator[Finding]:
    depths = case.depths(*_UNREADABLE_ERRORS)
    refused = {one.sha256 for one in map(case.at_depth, depths) if one is not None}
    bad = [index for index, facts in enumerate(case.facts) if facts.problems]
    for index in bad[:MAX_TOLD]:
        facts = case.facts[index]
        yield found(
            UNREADABLE,
            case.where,
            say(
                "certificate {index} of {facts} sent by {where} cannot be read{value}: {problems}",
                index=index + 1,
                facts=len(case.facts),
                where=case.where.name,
                value="" if not facts.readable else say(" wholly"),
                problems=show(facts.problems[0]),
            ),
            say(
                "replace it by one that openssl x509 -in FILE -noout -text reads without complaint"
            ),
            case.command,
            None
            if (index == 0 and not facts.readable) or facts.sha256 in refused
            else Severity.WARNING,
        )
    told = {case.facts[index].sha256 for index in bad[:MAX_TOLD]}
    for depth in depths[:MAX_TOLD]:
        one = case.at_depth(depth)
        if one is not None and one.sha256 in told:
            continue
        error = next(
            e for e in case.chain.errors if e.depth == depth and e.code in _UNREADABLE_ERRORS
        )
        ours = case.objection(depth, Reason.UNREADABLE)
        yield found(
            UNREADABLE,
            case.where,
            say(
                "OpenSSL cannot make out {called} of {where}: {said}",
                called=case.called(depth),
                where=case.where.name,
                said=f"{ours.sentence} ({show(error.name, 80)})" if ours else _said(error),
            ),
            ours.fix
            if ours
            else say(
                "replace it by one that openssl x509 -in FILE -noout -text reads without complaint"
            ),
            case.reading(depth, "-text"),
        )
