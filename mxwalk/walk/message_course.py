"""The course of a message walk: SPF twice, every signature, ARC, DMARC, and what follows from them."""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.step import Scope, StepKind
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
            label="message",
            text="read the message: who it says it is from, and how it came",
        ),
        Stop(
            kind=StepKind.RESOLVER,
            scope=Scope(),
            label="resolver",
            text="ask the resolver for the root's DNSKEY records",
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
                    label="result headers",
                    text="write the headers a receiver adds, beside those the message has",
                ),
            ),
        ),
    )


def _count(number: int) -> str:
    return "no signature" if not number else f"{number} signature{'s' if number > 1 else ''}"


def _spf(case: MessageCase) -> Iterator[Stop]:
    arrival = case.arrival
    no_address = "" if arrival.client_ip.value else "the client's address is not known"
    for kind, label, domain, missing in (
        (
            StepKind.SPF_MAILFROM,
            "MAIL FROM",
            case.mailfrom_domain,
            _without_mailfrom(case),
        ),
        (StepKind.SPF_HELO, "HELO", case.helo_domain, "no domain in HELO"),
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
        return "MAIL FROM is not known"
    return "no domain in HELO" if case.arrival.null_sender else "no domain name in MAIL FROM"


def _dkim(case: MessageCase) -> Iterator[Stop]:
    for signature in case.signatures:
        yield Stop(
            kind=StepKind.DKIM,
            scope=dkim_scope(signature),
            label=f"{signature.number} {visible(signature.domain or 'unreadable', 80)}",
            text=f"ask for {visible(signature.key_name, 160)} TXT, and verify"
            if signature.domain and signature.selector
            else "read the signature",
        )
    yield Stop(
        kind=StepKind.ARC,
        scope=Scope(),
        label="ARC",
        text="ask for the keys of the ARC chain, and verify it",
        needless="" if case.has_arc else "the message has no ARC set",
    )


def dkim_scope(signature: Signature) -> Scope:
    """Return the scope of a signature's step."""
    return Scope(host=signature.domain, attempt=signature.number)


def _dmarc(case: MessageCase) -> Iterator[Stop]:
    author = case.author_domain
    missing = "" if author else "From has no domain that could be looked up"
    for domain in case.identifiers or ("",):
        yield Stop(
            kind=StepKind.DMARC,
            scope=Scope(host=domain),
            label=f"discovery {visible(domain, 80)}".rstrip(),
            text=f"walk the tree: _dmarc.{visible(domain, 120)} TXT and upwards",
            needless=missing,
        )
    for kind, label, text in (
        (StepKind.REPORTERS, "report addresses", "ask whether outside addresses agreed to reports"),
        (StepKind.ALIGNMENT, "alignment", "hold each identifier against the From domain"),
        (StepKind.DISPOSITION, "disposition", "what the domain asks a receiver to do"),
    ):
        unneeded = missing
        if kind is StepKind.REPORTERS and not missing and not case.has_outside_reporters:
            unneeded = "no report goes to an outside address"
        yield Stop(kind=kind, scope=Scope(), label=label, text=text, needless=unneeded)
