"""One connection of the report: its exchanges, EHLO readings, handshake, chain and names."""

from collections.abc import Iterable

from mxwalk.delivery.model import Attempt, Delivery, Host
from mxwalk.evidence import step as seen
from mxwalk.evidence import wire
from mxwalk.evidence.step import Exchanged, Handshaken, Step, StepKind
from mxwalk.evidence.wire import Direction
from mxwalk.identity.model import IdentityResult
from mxwalk.reports import model_connection as model
from mxwalk.reports.dane import dane_check, other_dane_check
from mxwalk.reports.transcript import transcript
from mxwalk.senders.registry import profiles
from mxwalk.smtp.model import EhloResponse, Reading
from mxwalk.smtp.replies import parse_reply
from mxwalk.text import visible
from mxwalk.tls.certificate import CertificateFacts, read_certificate

LINE_CHARS = 1_000


def connection(delivery: Delivery, host: Host, attempt: Attempt, sender: str) -> model.Connection:
    """Return everything seen over one connection; ``sender`` is the chosen profile's id."""
    connected = attempt.connected
    return model.Connection(
        number=attempt.number,
        step=attempt.steps[0].seq,
        local_address=connected.local_address if connected else "",
        ending=ending(connected.ending) if connected else None,
        exchanges=tuple(
            _exchange(step, step.evidence)
            for step in attempt.steps
            if isinstance(step.evidence, Exchanged)
        ),
        ehlo=tuple(_ehlos(attempt)),
        handshake=_handshake(attempt),
        chain=_chain(attempt),
        dane=dane_check(delivery, host, attempt),
        identity=_identities(attempt, sender),
        transcript=transcript(attempt.steps),
        other_leaf=_other_leaf(delivery, host, attempt),
    )


def _other_leaf(delivery: Delivery, host: Host, attempt: Attempt) -> model.OtherLeaf | None:
    step, evidence = attempt.step(StepKind.OTHER_LEAF), attempt.other_leaf
    if step is None or evidence is None:
        return None
    return model.OtherLeaf(
        step=step.seq,
        key_type=evidence.offer.key_type.value if evidence.offer.key_type else "",
        certificates=tuple(
            _certificate(der, position, sent=True)
            for position, der in enumerate(evidence.presented)
        ),
        ending=ending(evidence.ending),
        dane=other_dane_check(delivery, host, attempt),
    )


def ending(seen_ending: wire.Ending | None) -> model.Ending | None:
    """Return an ending for readers."""
    if seen_ending is None:
        return None
    return model.Ending(
        kind=seen_ending.kind.value,
        detail=seen_ending.detail,
        after_s=seen_ending.after_s,
    )


def _exchange(step: Step, exchanged: Exchanged) -> model.Exchange:
    reply = parse_reply(exchanged.reply)
    return model.Exchange(
        step=step.seq,
        kind=step.kind.value,
        command=visible(exchanged.command.removesuffix(b"\r\n"), LINE_CHARS),
        planned=visible(exchanged.planned.removesuffix(b"\r\n"), LINE_CHARS),
        code=reply.code,
        lines=tuple(visible(line.raw.removesuffix(b"\r\n"), LINE_CHARS) for line in reply.lines),
        reply=visible(exchanged.reply),
        reply_raw=exchanged.reply,
        deviations=tuple(deviation.value for deviation in reply.deviations)
        if exchanged.reply
        else (),
        trailing=exchanged.trailing,
        first_byte_s=exchanged.first_byte_s,
        elapsed_s=step.elapsed_s,
        ending=ending(exchanged.ending),
    )


def _ehlos(attempt: Attempt) -> Iterable[model.Ehlo]:
    for kind, response in (
        (StepKind.EHLO, attempt.ehlo),
        (StepKind.EHLO_TLS, attempt.ehlo_tls),
    ):
        step = attempt.step(kind)
        if step is not None and response is not None:
            yield _ehlo(step.seq, response, inside_tls=kind is StepKind.EHLO_TLS)


def _ehlo(seq: int, response: EhloResponse, *, inside_tls: bool) -> model.Ehlo:
    return model.Ehlo(
        step=seq,
        inside_tls=inside_tls,
        lines=tuple(
            model.EhloLine(
                number=line.number,
                raw=line.reply.raw,
                text=visible(line.reply.raw.removesuffix(b"\r\n"), LINE_CHARS),
                strict=line.strict_role.value,
                lenient=line.lenient_role.value,
                keyword=line.keyword,
                parameters=line.parameters,
                meaning=line.meaning,
                reference=line.reference,
                notes=line.notes,
            )
            for line in response.lines
        ),
        strict=tuple(response.keywords(Reading.STRICT)),
        lenient=tuple(response.keywords(Reading.LENIENT)),
        deviations=tuple(deviation.value for deviation in response.deviations),
    )


def _handshake(attempt: Attempt) -> model.Handshake | None:
    step, evidence = attempt.step(StepKind.HANDSHAKE), attempt.handshake
    if step is None or evidence is None:
        return None
    return model.Handshake(
        step=step.seq,
        sni=evidence.sni,
        protocol=evidence.protocol,
        cipher=evidence.cipher,
        cipher_bits=evidence.cipher_bits,
        group=evidence.group,
        signature=evidence.signature,
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


def _chain(attempt: Attempt) -> model.Chain | None:
    handshake, checked = attempt.handshake, attempt.chain
    if handshake is None or not (handshake.presented or checked):
        return None
    step = attempt.step(StepKind.CHAIN)
    return model.Chain(
        step=step.seq if step else None,
        trusted=not checked.errors if checked else None,
        store=checked.store.kind if checked else "",
        roots=checked.store.roots if checked else 0,
        evaluated_at=checked.evaluated_at if checked else "",
        errors=tuple(
            model.VerifyError(depth=error.depth, name=error.name, text=error.text)
            for error in (checked.errors if checked else ())
        ),
        certificates=tuple(_certificates(handshake, checked)),
    )


def _certificates(
    handshake: Handshaken, checked: seen.ChainChecked | None
) -> Iterable[model.Certificate]:
    """Yield what the server sent in its order, then what the store added to the path."""
    for position, der in enumerate(handshake.presented):
        yield _certificate(der, position, sent=True)
    supplied = [item.der for item in checked.path if not item.sent] if checked else []
    for position, der in enumerate(supplied, start=len(handshake.presented)):
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


def _identities(attempt: Attempt, sender: str) -> tuple[model.Identity, ...]:
    """One matrix a flow, with the senders that use it."""
    flows: dict[str, tuple[IdentityResult, list[str], list[str]]] = {}
    for profile in profiles(sender):
        result = profile.identity(attempt)
        if result is not None:
            entry = flows.setdefault(result.flow, (result, [], []))
            entry[1].append(profile.id)
            entry[2].append(profile.label)
    return tuple(
        _identity(result, tuple(ids), tuple(labels), chosen=sender in ids)
        for result, ids, labels in flows.values()
    )


def _identity(
    result: IdentityResult, senders: tuple[str, ...], labels: tuple[str, ...], *, chosen: bool
) -> model.Identity:
    rows = {presented: index for index, presented in enumerate(result.presented)}
    columns = {reference: index for index, reference in enumerate(result.references)}
    return model.Identity(
        senders=senders,
        labels=labels,
        flow=result.flow,
        verified=result.verified,
        summary=result.summary,
        presented=tuple(
            model.PresentedName(kind=item.kind.value, text=item.text) for item in result.presented
        ),
        references=tuple(
            model.ReferenceName(
                kind=item.kind.value,
                text=item.text,
                origin=item.origin,
                secure=item.secure,
                usable=item.usable,
            )
            for item in result.references
        ),
        comparisons=tuple(
            model.Comparison(
                presented=rows[cell.presented],
                reference=columns[cell.reference],
                number=cell.number,
                match=cell.match.value,
                reason=cell.reason,
                decides=cell.decides,
            )
            for cell in result.comparisons
        ),
        chosen=chosen,
    )
