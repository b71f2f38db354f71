"""The course of a message walk: SPF twice, every signature, ARC, DMARC, and what follows from them."""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.step import Scope, StepKind
from mxwalk.language import say, say_many
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dkim.model import Signature
from mxwalk.text import visible
from mxwalk.walk.course import Course, Leg, Stop


def message_course(delivery: Delivery) -> Course:
    """Return the steps of a message walk, in the order in which a receiver takes them."""
    case = delivery.message
    assert case is not None
    top = (
        Stop(
            kind=StepKind.MESSAGE,
            scope=Scope(),
            label=say("message"),
            text=say("read the message: who it says it is from, and how it came"),
        ),
        Stop(
            kind=StepKind.RESOLVER,
            scope=Scope(),
            label=say("resolver"),
            text=say("ask the resolver for the root's DNSKEY records"),
        ),
    )
    return (
        Leg(label="", stops=top),
        Leg(label="SPF", stops=tuple(_spf(case))),
        Leg(label="DKIM", stops=tuple(_dkim(case)), note=_count(len(case.signatures))),
        Leg(label="DMARC", stops=tuple(_dmarc(case))),
        Leg(
            label="",
            stops=(
                Stop(
                    kind=StepKind.RESULT_HEADERS,
                    scope=Scope(),
                    label=say("result headers"),
                    text=say("write the headers a receiver adds, beside those the message has"),
                ),
            ),
        ),
    )


def _count(number: int) -> str:
    if not number:
        return say("no signature")
    return say_many("{n} signature", "{n} signatures", number)


def _spf(case: MessageCase) -> Iterator[Stop]:
    arrival = case.arrival
    no_address = "" if arrival.client_ip.value else say("the client's address is not known")
    for kind, label, domain, missing in (
        (
            StepKind.SPF_MAILFROM,
            "MAIL FROM",
            case.mailfrom_domain,
            _without_mailfrom(case),
        ),
        (StepKind.SPF_HELO, "HELO", case.helo_domain, say("no domain in HELO")),
    ):
        yield Stop(
            kind=kind,
            scope=Scope(host=domain),
            label=f"{label} {visible(domain, 80)}".rstrip(),
            text=f"check_host({visible(arrival.client_ip.value, 60)}, {visible(domain, 120)})",
            needless=no_address or ("" if domain else missing),
        )


def _without_mailfrom(case: MessageCase) -> str:
    if not case.arrival.mail_from.value:
        return say("MAIL FROM is not known")
    return (
        say("no domain in HELO") if case.arrival.null_sender else say("no domain name in MAIL FROM")
    )


def _dkim(case: MessageCase) -> Iterator[Stop]:
    for signature in case.signatures:
        signed_by = visible(signature.domain or say("unreadable"), 80)
        yield Stop(
            kind=StepKind.DKIM,
            scope=dkim_scope(signature),
            label=f"{signature.number} {signed_by}",
            text=say(
                "ask for {key_name} TXT, and verify", key_name=visible(signature.key_name, 160)
            )
            if signature.domain and signature.selector
            else say("read the signature"),
        )
    yield Stop(
        kind=StepKind.ARC,
        scope=Scope(),
        label="ARC",
        text=say("ask for the keys of the ARC chain, and verify it"),
        needless="" if case.has_arc else say("the message has no ARC set"),
    )


def dkim_scope(signature: Signature) -> Scope:
    """Return the scope of a signature's step."""
    return Scope(host=signature.domain, attempt=signature.number)


def _dmarc(case: MessageCase) -> Iterator[Stop]:
    author = case.author_domain
    missing = "" if author else say("From has no domain that could be looked up")
    for domain in case.identifiers or ("",):
        yield Stop(
            kind=StepKind.DMARC,
            scope=Scope(host=domain),
            label=say("discovery {domain}", domain=visible(domain, 80)).rstrip(),
            text=say("walk the tree: _dmarc.{domain} TXT and upwards", domain=visible(domain, 120)),
            needless=missing,
        )
    for kind, label, text in (
        (
            StepKind.REPORTERS,
            say("report addresses"),
            say("ask whether outside addresses agreed to reports"),
        ),
        (StepKind.ALIGNMENT, say("alignment"), say("hold each identifier against the From domain")),
        (StepKind.DISPOSITION, say("disposition"), say("what the domain asks a receiver to do")),
    ):
        unneeded = missing
        if kind is StepKind.REPORTERS and not missing and not case.has_outside_reporters:
            unneeded = say("no report goes to an outside address")
        yield Stop(kind=kind, scope=Scope(), label=label, text=text, needless=unneeded)
