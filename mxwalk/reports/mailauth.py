"""A message walk in the report: from the message case to the report's data."""

from collections.abc import Iterator

from mxwalk.evidence.mailauth import SpfIdentity
from mxwalk.mailauth.case import ArcCheck, MessageCase, WrittenHeader
from mxwalk.mailauth.dkim.key import strength
from mxwalk.mailauth.dkim.model import KeyRecord, Signature, SignatureVerdict
from mxwalk.mailauth.dkim.tagwords import signature_words
from mxwalk.mailauth.dmarc.model import Reading
from mxwalk.mailauth.envelope import Known
from mxwalk.mailauth.results.comparing import Difference
from mxwalk.reports import model_mailauth as model
from mxwalk.reports.mailauth_dmarc import assessment, reporter
from mxwalk.reports.mailauth_spf import spf


def message(case: MessageCase | None) -> model.Message | None:
    """Return everything a message walk has shown; ``None`` for another walk."""
    if case is None:
        return None
    read, come = case.message, case.arrival
    return model.Message(
        file_name=case.given.file_name,
        body=case.given.whole,
        size=len(case.given.raw),
        author=read.value("From"),
        author_domain=case.author_domain,
        author_problem=case.author_problem,
        subject=read.subject,
        client_ip=_known(come.client_ip),
        helo=_known(come.helo),
        mail_from=_known(come.mail_from),
        receiver=_known(come.receiver),
        hops=tuple(
            model.MessageHop(
                number=hop.number,
                line=hop.line,
                ip=hop.ip,
                helo=hop.helo,
                rdns=hop.rdns,
                by=hop.by,
                protocol=hop.protocol,
            )
            for hop in read.hops
        ),
        oddities=tuple(
            model.Oddity(kind=one.kind.value, line=one.line, what=one.what)
            for one in read.deviations
        ),
        spf=tuple(
            spf(case.spf[identity].evaluation, identity.value, case.spf[identity].step)
            for identity in SpfIdentity
            if identity in case.spf
        ),
        signatures=tuple(signature(one) for one in case.verdicts),
        arc=_arc(case.arc) if case.arc else None,
        dmarc=tuple(
            assessment(case.assessments[reading])
            for reading in Reading
            if reading in case.assessments
        ),
        reporters=tuple(reporter(one) for one in case.reporters),
        written=tuple(header(one) for one in case.written),
        differences=tuple(difference(one) for one in case.differences),
    )


def _known(known: Known) -> model.Known:
    return model.Known(
        value=known.value,
        origin=known.origin.value,
        assumed=known.assumed,
        sentence=known.sentence,
    )


def _tags(one: Signature) -> Iterator[model.Tag]:
    """Yield the tags of a signature in the words of the DKIM view, then what is no tag."""
    for word in signature_words(one):
        state = "ok" if word.known else "unknown"
        yield model.Tag(name=word.name, value=word.value, meaning=word.meaning, state=state)
    for fault in one.tags.faults:
        cut = one.tags.text[fault.start : fault.end]
        yield model.Tag(name="", value=cut, meaning=fault.what, state="fault")


def signature(verdict: SignatureVerdict) -> model.Signature:
    """Return a signature with what became of it."""
    one = verdict.signature
    return model.Signature(
        step=verdict.step,
        number=one.number,
        domain=one.domain,
        selector=one.selector,
        identity=one.identity,
        algorithm=one.algorithm,
        canonicalization=f"{one.header_canon}/{one.body_canon}",
        signed=one.signed,
        tags=tuple(_tags(one)),
        key=key(verdict.key) if verdict.key else None,
        result=verdict.result.value,
        reason=verdict.reason.value,
        sentence=verdict.sentence,
        strength=verdict.strength.value,
        explanation=verdict.explanation,
        signed_body_hash=one.body_hash,
        body_hash=verdict.body_hash,
    )


def key(record: KeyRecord) -> model.DkimKey:
    """Return a key record."""
    return model.DkimKey(
        name=record.name,
        status=record.status.value,
        text=record.text if record.tags is not None else None,
        strings=record.strings,
        records=record.records,
        key_type=record.key_type,
        bits=record.bits,
        strength=strength(record).value,
        flags=record.flags,
        notes=record.notes,
        problem=record.problem,
        reason=record.reason.value,
        aliases=record.cname_hops,
        remarks=record.remarks,
    )


def _arc(found: ArcCheck) -> model.Arc:
    checked = found.evidence
    return model.Arc(
        step=found.step,
        result=checked.result,
        detail=found.detail,
        sets=tuple(
            model.ArcSet(instance=number, message_signature=ams.value, seal=seal.value)
            for number, ams, seal in checked.sets
        ),
    )


def header(one: WrittenHeader) -> model.HeaderLine:
    """Return a field a receiver would write, line by line as it is folded."""
    lines = tuple(line.strip() for line in one.value.splitlines() if line.strip())
    return model.HeaderLine(name=one.name, lines=lines or ("",))


def difference(one: Difference) -> model.ClaimDifference:
    """Return where a claim of the message and this walk differ."""
    return model.ClaimDifference(
        method=one.method,
        about=one.about,
        found=one.ours,
        claimed=one.claimed,
        why=one.why.value,
        sentence=one.sentence,
    )
