"""The certificates by digest: the same key, renewed, another issuer, other names; and the verdict."""

from collections.abc import Iterator
from datetime import datetime

from mxwalk.clock import to_rfc3339
from mxwalk.compare.model import Fact, Part, Weight
from mxwalk.compare.neutral import moment
from mxwalk.compare.sections.common import connections
from mxwalk.compare.side import Look
from mxwalk.evidence.connection import ChainChecked
from mxwalk.evidence.step import StepKind
from mxwalk.language import noted, say
from mxwalk.text import visible
from mxwalk.tls.certificate import CertificateFacts, read_certificate

ID = "chain"
TITLE = noted("certificates")
UNIT = "tls"
_NAMES = 50


def parts(look: Look) -> Iterator[Part]:
    """Yield each connection's certificates one by one, then what the trust store made of them."""
    on_lab = bool(look.side.trace.header.scenario)
    for _, place in connections(look):
        attempt = place.attempt
        assert attempt is not None
        shown = attempt.handshake
        step = attempt.step(StepKind.HANDSHAKE)
        if shown is None or step is None or not (shown.presented or shown.ending is None):
            continue
        read = [read_certificate(der) for der in shown.presented]
        yield Part(
            key=(place.key, "sent"),
            place=place.place,
            facts=tuple(_sent(read, step.seq)),
            step=step.seq,
            order=say("order of the certificates"),
        )
        for number, facts in enumerate(read[:10]):
            yield Part(
                key=(place.key, "certificate", str(number)),
                place=say(
                    "{place}, certificate {number}: {subject}",
                    place=place.place,
                    number=number + 1,
                    subject=visible(facts.subject, 200),
                )
                if number
                else say("{place}, the server's certificate", place=place.place),
                facts=tuple(_facts(look, facts, step.seq, on_lab=on_lab)),
                step=step.seq,
            )
        chain, judged = attempt.chain, attempt.step(StepKind.CHAIN)
        if chain is not None and judged is not None:
            yield Part(
                key=(place.key, "trust"),
                place=place.place,
                facts=tuple(_trust(chain, judged.seq)),
                step=judged.seq,
            )


def _sent(read: list[CertificateFacts], seq: int) -> Iterator[Fact]:
    for number, facts in enumerate(read):
        yield Fact(
            key="leaf" if number == 0 else visible(facts.subject, 300),
            subject=visible(facts.subject, 200) or say("no subject"),
            value=say("certificate {number}", number=number + 1),
            same="sent",
            step=seq,
        )


def _facts(look: Look, facts: CertificateFacts, seq: int, *, on_lab: bool) -> Iterator[Fact]:
    def fact(key: str, subject: str, value: str, same: str = "") -> Fact:
        return Fact(key=key, subject=subject, value=visible(value, 600), same=same, step=seq)

    yield fact("sha256", say("SHA-256 digest"), facts.sha256)
    yield fact("spki", say("public key"), facts.spki_sha256)
    yield fact("key", say("kind of key"), f"{facts.key.type} {_size(facts)}".strip())
    yield fact("subject", say("subject"), facts.subject)
    yield fact("issuer", say("issuer"), facts.issuer)
    yield fact("from", say("valid from"), _day(facts.not_before), moment(look, facts.not_before))
    yield fact("until", say("valid until"), _day(facts.not_after), moment(look, facts.not_after))
    yield fact("algorithm", say("signature"), facts.signature_algorithm)
    yield Fact(
        key="serial",
        subject=say("serial number"),
        value=facts.serial,
        step=seq,
        weight=Weight.VOLATILE,
    )
    for name in facts.dns_names[:_NAMES]:
        text = visible(name, 300)
        yield Fact(key=f"name {text}", subject=say("name"), value=text, step=seq)
    uses = ", ".join((*facts.key_usage, *facts.extended_key_usage))
    yield fact("usage", say("usage"), uses)
    yield fact("staple", say("demands a staple"), say("yes") if facts.must_staple else say("no"))
    if not on_lab:  # there the server's port is in them
        yield fact("crl", say("revocation lists"), " ".join(facts.crl_urls))
        yield fact("ocsp", say("OCSP responders"), " ".join(facts.ocsp_urls))


def _size(facts: CertificateFacts) -> str:
    return facts.key.curve or (str(facts.key.bits) if facts.key.bits else "")


def _day(moment: datetime | None) -> str:
    return to_rfc3339(moment) if moment else ""


def _trust(chain: ChainChecked, seq: int) -> Iterator[Fact]:
    yield Fact(
        key="trusted",
        subject=say("trusted"),
        value=say("no") if chain.errors else say("yes"),
        step=seq,
    )
    for error in chain.errors:
        yield Fact(
            key=f"{error.depth} {error.name}",
            subject=say("objection at depth {depth}", depth=error.depth),
            value=visible(error.text, 300),
            step=seq,
            harm=1,
        )
    yield Fact(key="store", subject=say("trust store"), value=chain.store.kind, step=seq)
    yield Fact(
        key="roots",
        subject=say("roots in the store"),
        value=str(chain.store.roots),
        step=seq,
        weight=Weight.NOTICE,
    )
