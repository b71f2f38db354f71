"""A server's two leaves, RSA and ECDSA, held against its TLSA records (RFC 7672 3.1).

Whichever leaf a sender is shown, a record must match it.  Only a walk that looked for the other leaf
can tell.
"""

from collections.abc import Iterator

from mxwalk.dane.advice import records_for
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.dane import dane_result, other_dane_result
from mxwalk.delivery.model import Delivery, Host
from mxwalk.evidence.step import StepKind
from mxwalk.findings.commands import s_client
from mxwalk.findings.dane_senders import TLSA_CODE, senders
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import at_attempt, current_of, entry, found, show
from mxwalk.language import say
from mxwalk.tls.certificate import read_certificate

ONE_LEAF = entry(
    "DANE018",
    Severity.WARNING,
    Owner.RECEIVER_DNS,
    "TLSA for one of two leaves",
    "RFC 7672 3.1",
    tls_rpt="tlsa-invalid",
)

ENTRIES = (ONE_LEAF,)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield where the records cover only one of the two leaves."""
    for host in delivery.hosts:
        for attempt in current_of(host):
            yield from _attempt(delivery, host, attempt)


def _attempt(delivery: Delivery, host: Host, attempt: Attempt) -> Iterator[Finding]:
    state = host.dane
    result, other = dane_result(delivery, host, attempt), other_dane_result(delivery, host, attempt)
    if state is None or result is None or other is None:
        return
    if result.authenticated == other.authenticated:
        return
    bare = other if result.authenticated else result
    leaf = read_certificate(bare.grid.chain[0])
    advised = records_for(bare.grid.chain, state.base_domain, state.port)
    line = advised[0].line if advised else say("the record that mxwalk tlsa CERT.pem prints")
    where = at_attempt(attempt, StepKind.OTHER_LEAF)
    yield found(
        ONE_LEAF,
        where,
        say(
            "{where} has two leaves, and the TLSA records cover only one: senders that are"
            " shown the one with the {type} key ({subject}) do not authenticate the server"
            " {senders}: {reason}",
            where=where.name,
            type=show(leaf.key.type),
            subject=show(leaf.subject),
            senders=senders(state, TLSA_CODE),
            reason=show(bare.reason, 300),
        ),
        say("publish {line} as well, and keep the other record", line=show(line, 300)),
        s_client(attempt.place, attempt.port, state.base_domain),
    )
