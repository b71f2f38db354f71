"""TLS in the report: handshakes, the chain, revocation, and more looks, as data."""

from collections.abc import Iterable
from datetime import datetime

from mxwalk.clock import from_rfc3339, to_rfc3339
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import looks_of
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.revocation import of_another_time, standings
from mxwalk.evidence import wire
from mxwalk.evidence.connection import ChainChecked, Handshaken, IssuersFetched
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.tls import StoreVerdict
from mxwalk.evidence.wire import Direction
from mxwalk.pkix.model import ChainExplained
from mxwalk.pkix.order import remarks
from mxwalk.pkix.validate import explain_chain
from mxwalk.reports import model_tls as model
from mxwalk.reports.dane import other_dane_check
from mxwalk.revocation.model import CertificateStanding, SourceStanding
from mxwalk.revocation.readings import read_path
from mxwalk.text import visible
from mxwalk.tls.certificate import CertificateFacts, read_certificate
from mxwalk.tls.facts import handshake_facts

_REPLY_CHARS = 300
_APART = ("protocol", "cipher", "signature", "server_name")  # fields of their own


def ending(seen: wire.Ending | None) -> model.Ending | None:
    """Return an ending for readers."""
    if seen is None:
        return None
    return model.Ending(kind=seen.kind.value, detail=seen.detail, after_s=seen.after_s)


def handshake(step: int, evidence: Handshaken) -> model.Handshake:
    """Return what a handshake negotiated and showed."""
    return model.Handshake(
        step=step,
        sni=evidence.sni,
        protocol=evidence.protocol,
        cipher=evidence.cipher,
        cipher_bits=evidence.cipher_bits,
        group=evidence.group,
        signature=evidence.signature,
        offer=evidence.offer.value,
        facts=tuple(
            model.Fact(name=fact.name, value=fact.value, meaning=fact.meaning)
            for fact in handshake_facts(evidence)
            if fact.known and fact.name not in _APART
        ),
        messages=tuple(
            model.Message(
                at_s=one.at_s,
                by=one.direction.value,
                name=one.name,
                size=one.size,
                note=one.note,
            )
            for one in evidence.messages
        ),
        alerts=tuple(
            model.Alert(
                sent_by="us" if alert.direction is Direction.SENT else "server",
                fatal=alert.fatal,
                code=alert.code,
                name=alert.name,
            )
            for alert in evidence.alerts
        ),
        ocsp_staple=evidence.ocsp_staple,
        ending=ending(evidence.ending),
    )


def chain(
    step: int | None,
    shown: Handshaken,
    checked: ChainChecked | None,
    issuers: IssuersFetched | None = None,
) -> model.Chain | None:
    """Return the certificates and what was made of them; ``None`` where nothing was sent."""
    if not (shown.presented or checked):
        return None
    told = explained(shown, checked, issuers)
    return model.Chain(
        step=step,
        trusted=not checked.errors if checked else None,
        store=checked.store.kind if checked else "",
        roots=checked.store.roots if checked else 0,
        evaluated_at=checked.evaluated_at if checked else "",
        errors=tuple(
            model.VerifyError(depth=error.depth, name=error.name, text=error.text)
            for error in (checked.errors if checked else ())
        ),
        certificates=tuple(_certificates(shown, checked)),
        objections=tuple(
            model.Objection(
                depth=one.depth, reason=one.reason.value, sentence=one.sentence, fix=one.fix
            )
            for one in (told.objections if told else ())
        ),
        remarks=tuple(f"{what}: {fix}" for what, fix in (remarks(told) if told else ())),
        horizon=told.horizon.sentence if told else "",
        other_stores=tuple(_store(one) for one in (checked.beside if checked else ())),
        issuers=tuple(
            model.Fetch(
                url=one.url,
                status=one.status,
                size=one.size,
                elapsed_s=one.elapsed_s,
                problem=one.problem,
            )
            for one in (issuers.fetched if issuers else ())
        ),
    )


def explained(
    shown: Handshaken, checked: ChainChecked | None, issuers: IssuersFetched | None
) -> ChainExplained | None:
    """Return our explanation of a chain as of the time OpenSSL judged it."""
    if checked is None or not shown.presented:
        return None
    fetched = issuers.certificates if issuers else ()
    at = from_rfc3339(checked.evaluated_at)
    return explain_chain(
        shown.presented,
        checked.path,
        at,
        anchors=(issuers.anchors or None) if issuers else None,
        fetched=fetched,
        errors=checked.errors,
    )


def _store(verdict: StoreVerdict) -> model.OtherStore:
    return model.OtherStore(
        store=verdict.store.kind,
        roots=verdict.store.roots,
        trusted=not verdict.errors,
        error=verdict.errors[0].text if verdict.errors else "",
    )


def _certificates(shown: Handshaken, checked: ChainChecked | None) -> Iterable[model.Certificate]:
    """Yield what the server sent in its order, then what the store added to the path."""
    for position, der in enumerate(shown.presented):
        yield _certificate(der, position, sent=True)
    supplied = [item.der for item in checked.path if not item.sent] if checked else []
    for position, der in enumerate(supplied, start=len(shown.presented)):
        yield _certificate(der, position, sent=False)


def _certificate(der: bytes, position: int, *, sent: bool) -> model.Certificate:
    facts = read_certificate(der)
    return model.Certificate(
        position=position,
        sent=sent,
        subject=facts.subject,
        issuer=facts.issuer,
        common_name=facts.common_name or "",
        dns_names=facts.dns_names,
        not_before=facts.not_before.isoformat() if facts.not_before else "",
        not_after=facts.not_after.isoformat() if facts.not_after else "",
        serial=facts.serial,
        key=_key(facts),
        signature_algorithm=facts.signature_algorithm,
        is_ca=facts.is_ca,
        sha256=facts.sha256,
        spki_sha256=facts.spki_sha256,
        problems=facts.problems,
        der=der,
    )


def _key(facts: CertificateFacts) -> str:
    size = facts.key.curve or (str(facts.key.bits) if facts.key.bits else "")
    return f"{facts.key.type} {size}".strip()


def revocation(delivery: Delivery, attempt: Attempt) -> model.Revocation | None:
    """Return how each certificate stands; ``None`` before the revocation step."""
    step, checked = attempt.step(StepKind.REVOCATION), attempt.revocation
    if step is None or checked is None:
        return None
    judged = standings(attempt)
    readings = read_path(judged)
    return model.Revocation(
        step=step.seq,
        checked_at=checked.checked_at,
        remark=of_another_time(delivery),
        not_asked=checked.not_asked.value if checked.not_asked else "",
        certificates=tuple(_standing(one) for one in judged),
        soft_fail=readings.soft.value,
        soft_fail_sentence=readings.soft_sentence,
        hard_fail=readings.hard.value,
        hard_fail_sentence=readings.hard_sentence,
    )


def _standing(one: CertificateStanding) -> model.CertificateStanding:
    return model.CertificateStanding(
        depth=one.depth,
        subject=read_certificate(one.certificate).subject,
        standing=one.standing.value,
        sentence=one.sentence,
        staple=one.staple_sentence,
        sources=tuple(_source(source) for source in one.sources),
    )


def _source(source: SourceStanding) -> model.RevocationSource:
    return model.RevocationSource(
        kind=source.kind.value,
        url=source.url,
        standing=source.standing.value,
        sentence=source.sentence,
        this_update=_moment(source.this_update),
        next_update=_moment(source.next_update),
    )


def _moment(moment: datetime | None) -> str:
    return to_rfc3339(moment) if moment else ""


def looks(delivery: Delivery, host: Host, attempt: Attempt) -> tuple[model.Look, ...]:
    """Return every look made with another ClientHello."""
    return tuple(
        model.Look(
            step=step.seq,
            offer=look.offer.value,
            refusal=visible(look.refusal, _REPLY_CHARS),
            handshake=handshake(step.seq, look.handshake) if look.handshake else None,
            chain=chain(step.seq, look.handshake, look.chain) if look.handshake else None,
            ending=ending(look.ending),
            dane=other_dane_check(delivery, host, attempt) if look is attempt.other_leaf else None,
        )
        for step, look in looks_of(attempt)
    )
