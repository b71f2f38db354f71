"""The course of a domain survey: everything a domain publishes about its mail, and then the roll-out.

MX, policies, addresses and TLSA are the steps of a delivery; no mail server is connected to.
"""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.route import HostOrigin
from mxwalk.evidence.step import Scope, StepKind
from mxwalk.language import say
from mxwalk.mtasts.state import StsStanding
from mxwalk.text import visible
from mxwalk.walk.course import Course, Leg, Stop


def survey_course(delivery: Delivery) -> Course:
    """Return the steps of a survey, as far as they are known by now."""
    domain = delivery.domain
    survey = delivery.trace.header.survey
    assert survey is not None
    subdomains = tuple(
        Leg(label=visible(name, 120), stops=(*_names(name), _mx(name)), note=say("subdomain"))
        for name in survey.subdomains
    )
    return (
        Leg(
            label="",
            stops=(
                Stop(
                    kind=StepKind.RESOLVER,
                    scope=Scope(),
                    label=say("resolver"),
                    text=say("ask the resolver for the root's DNSKEY records"),
                ),
                Stop(
                    kind=StepKind.MX,
                    scope=Scope(),
                    label="MX",
                    text=say("ask for the MX records of {domain}", domain=domain),
                ),
            ),
        ),
        Leg(
            label=say("authentication"),
            name="authentication",
            stops=tuple(_authentication(delivery, domain)),
        ),
        Leg(label=say("transport"), name="transport", stops=tuple(_transport(delivery, domain))),
        *(_host(host) for host in delivery.hosts if host.planned.origin is not HostOrigin.ROUTE),
        *subdomains,
        Leg(
            label="",
            stops=(
                Stop(
                    kind=StepKind.ROLL_OUT,
                    scope=Scope(),
                    label=say("roll-out"),
                    text=say("find the stage of the roll-out, and what to publish next"),
                ),
            ),
        ),
    )


def _mx(name: str) -> Stop:
    text = say("ask for the MX records of {name}", name=visible(name, 120))
    return Stop(kind=StepKind.MX, scope=Scope(host=name), label="MX", text=text)


def _names(name: str) -> Iterator[Stop]:
    shown = visible(name, 120)
    yield Stop(
        kind=StepKind.SPF_RECORD,
        scope=Scope(host=name),
        label=say("SPF record"),
        text=say("ask for {shown} TXT, and all it leads to", shown=shown),
    )
    yield Stop(
        kind=StepKind.DMARC,
        scope=Scope(host=name),
        label="DMARC",
        text=say("walk the tree: _dmarc.{shown} TXT and upwards", shown=shown),
    )


def _authentication(delivery: Delivery, domain: str) -> Iterator[Stop]:
    survey = delivery.survey
    yield from _names(domain)
    outside = survey is not None and survey.has_outside_reporters
    yield Stop(
        kind=StepKind.REPORTERS,
        scope=Scope(),
        label=say("report addresses"),
        text=say("ask whether outside addresses agreed to reports"),
        needless="" if outside else say("no report goes to an outside address"),
    )
    yield Stop(
        kind=StepKind.DKIM_KEYS,
        scope=Scope(),
        label=say("DKIM keys"),
        text=say("ask for the key records of the selectors, and of any selector"),
    )


def _transport(delivery: Delivery, domain: str) -> Iterator[Stop]:
    sts = delivery.sts
    closed = not sts.standing.is_open and sts.standing is not StsStanding.PENDING
    done = delivery.records_step is not None
    none = say(sts.standing.value) if closed else ""
    yield Stop(
        kind=StepKind.POLICY_RECORDS,
        scope=Scope(),
        label=say("policy records"),
        text=say("ask for the MTA-STS and TLS-RPT records of {domain}", domain=domain),
        needless=none if delivery.mx_step is not None and not done else "",
    )
    fetch = sts.standing is StsStanding.FETCH_PENDING or delivery.policy_step is not None
    yield Stop(
        kind=StepKind.STS_POLICY,
        scope=Scope(),
        label=say("MTA-STS policy"),
        text=say("fetch the MTA-STS policy from mta-sts.{domain}", domain=domain),
        needless="" if fetch or sts.standing.is_open or delivery.mx_step is None else none,
    )


def _host(host: Host) -> Leg:
    name = host.planned.name
    literal = say("the host is an address") if host.planned.is_literal else ""
    found = host.address_step is not None and not host.addresses
    no_address = say("the host has no address") if found else ""
    return Leg(
        label=host.planned.display,
        stops=(
            Stop(
                kind=StepKind.ADDRESS,
                scope=Scope(host=name),
                label=say("addresses"),
                text=say("ask for the addresses of {name}", name=visible(name, 120)),
                needless=literal,
            ),
            Stop(
                kind=StepKind.TLSA,
                scope=Scope(host=name, port=host.planned.port),
                label="TLSA",
                text=say(
                    "ask for the TLSA records of {name} port {port}",
                    name=visible(name, 120),
                    port=host.planned.port,
                ),
                needless=literal or no_address,
            ),
        ),
    )
