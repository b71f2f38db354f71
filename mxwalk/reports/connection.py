"""One connection of the report: its exchanges, EHLO readings, handshake, chain and names."""

from collections.abc import Iterable

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery, Host
from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.step import Step, StepKind
from mxwalk.identity.model import IdentityResult
from mxwalk.reports import model_connection as model
from mxwalk.reports.dane import dane_check
from mxwalk.reports.model_tls import Chain, Handshake
from mxwalk.reports.tls_parts import chain, ending, handshake, looks, revocation
from mxwalk.reports.transcript import transcript
from mxwalk.senders.registry import profiles
from mxwalk.smtp.model import EhloResponse, Reading
from mxwalk.smtp.replies import parse_reply
from mxwalk.text import visible

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
        revocation=revocation(delivery, attempt),
        dane=dane_check(delivery, host, attempt),
        identity=_identities(attempt, sender),
        transcript=transcript(attempt.steps),
        looks=looks(delivery, host, attempt),
    )


def _handshake(attempt: Attempt) -> Handshake | None:
    step, evidence = attempt.step(StepKind.HANDSHAKE), attempt.handshake
    return handshake(step.seq, evidence) if step and evidence else None


def _chain(attempt: Attempt) -> Chain | None:
    if attempt.handshake is None:
        return None
    step = attempt.step(StepKind.CHAIN)
    return chain(step.seq if step else None, attempt.handshake, attempt.chain, attempt.issuers)


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
