"""When TLSA records are asked for, under which names, and what the answers mean: RFC 7672 2.1-2.2.

Pure decisions on answers and their validations.  ``questions`` says which names to ask in which
order, ``judge`` what follows; between the two stands whoever asks.  TLSA records are asked for also
when the MX answer is insecure: RFC 7672 does not use them then, but other senders do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mxwalk.dane.model import DaneState, Standing, TlsaAnswer, is_ours
from mxwalk.dane.tlsa import read_tlsa
from mxwalk.dnssec.model import HopKind, Status, Validation
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.told import no_answer_words
from mxwalk.language import say
from mxwalk.limits import TLSA_RECORDS
from mxwalk.names import is_address
from mxwalk.text import visible

_ALIASES = (HopKind.CNAME, HopKind.DNAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """An answer beside its validation."""

    answer: DnsAnswer
    validation: Validation

    @property
    def found(self) -> bool:
        """Whether there are records of the type asked for."""
        return self.answer.status is DnsStatus.OK

    @property
    def denied(self) -> bool:
        """Whether the answer says that there are none."""
        return self.answer.status in (DnsStatus.NODATA, DnsStatus.NXDOMAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsaPlan:
    """The TLSA base domains to ask at, in order; none when ``standing`` is decided without."""

    base_domains: tuple[str, ...] = ()
    standing: Standing | None = None
    reason: str = ""
    expanded_host: str = ""


def tlsa_name(base_domain: str, port: int) -> str:
    """Return the name TLSA records stand at (RFC 6698 3)."""
    return f"_{port}._tcp.{base_domain}"


def questions(host: str, addresses: Sequence[Looked]) -> TlsaPlan:
    """Return where to ask for TLSA records of ``host``, given its A and AAAA answers."""
    shown = visible(host, 300)
    if is_address(host):
        return TlsaPlan(
            standing=Standing.LITERAL, reason=say("{shown} is an address, no name", shown=shown)
        )
    found = [looked for looked in addresses if looked.found]
    usable = [
        looked for looked in found if looked.validation.status in (Status.SECURE, Status.INSECURE)
    ]
    if not usable:
        return _no_addresses(shown, addresses)
    best = min(usable, key=lambda looked: looked.validation.status.weakness)
    return _base_domains(host, best.validation)


def _no_addresses(shown: str, addresses: Sequence[Looked]) -> TlsaPlan:
    """RFC 7672 2.1.2: a failed address look-up is no absence of addresses."""
    bad = next((looked for looked in addresses if not _is_answer(looked)), None)
    if bad is None:
        if not addresses:
            return TlsaPlan(
                standing=Standing.PENDING,
                reason=say("no address look-up of {shown} yet", shown=shown),
            )
        reason = say("{shown} has no address", shown=shown)
        return TlsaPlan(standing=Standing.NO_RECORDS, reason=reason)
    standing = Standing.UNDECIDED if is_ours(bad.validation) else Standing.ADDRESS_FAILED
    return TlsaPlan(
        standing=standing,
        reason=say(
            "addresses of {shown}: {sentence}", shown=shown, sentence=bad.validation.sentence
        ),
    )


def _is_answer(looked: Looked) -> bool:
    return looked.validation.status in (Status.SECURE, Status.INSECURE) and (
        looked.found or looked.denied
    )


def _base_domains(host: str, validation: Validation) -> TlsaPlan:
    """RFC 7672 2.2.2, 2.2.3: the expanded name first if the whole way is secure, then the original."""
    aliases = [hop for hop in validation.hops if hop.kind in _ALIASES]
    expanded = aliases[-1].target if aliases else ""
    if validation.status is Status.SECURE:
        names = (expanded, host) if expanded and expanded != host else (host,)
        return TlsaPlan(base_domains=names, expanded_host=expanded)
    if aliases and aliases[0].status is Status.SECURE:
        # The alias is in a secure zone though its target is not: the original name alone counts.
        return TlsaPlan(base_domains=(host,), expanded_host=expanded)
    return TlsaPlan(
        standing=Standing.ADDRESS_INSECURE,
        reason=say(
            "addresses of {host}: {sentence}", host=visible(host, 300), sentence=validation.sentence
        ),
        expanded_host=expanded,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLookups:
    """Everything looked up for one host, and the MX validation that led to it, if one did."""

    host: str
    port: int
    addresses: tuple[Looked, ...] = ()
    tlsa: tuple[Looked, ...] = ()
    mx: Validation | None = None
    step: int | None = None


def judge(lookups: HostLookups) -> DaneState:
    """Return the host's standing; the TLSA answers are those for the planned names, in order."""
    plan = questions(lookups.host, lookups.addresses)
    if plan.standing is not None:
        return _state(lookups, plan, plan.standing, plan.reason, ())
    answers: list[TlsaAnswer] = []
    by_name = {looked.answer.qname.lower().rstrip("."): looked for looked in lookups.tlsa}
    insecure = ""
    for base in plan.base_domains:
        looked = by_name.get(tlsa_name(base, lookups.port).lower())
        if looked is None:
            reason = say("the TLSA look-up for {base} was not made", base=visible(base, 300))
            return _state(lookups, plan, Standing.PENDING, reason, tuple(answers))
        answers.append(_read(base, looked))
        standing, reason = _judge_answer(looked, answers[-1], lookups.port)
        if standing is Standing.TLSA_INSECURE:
            insecure = insecure or reason  # as if absent: the next name is asked
        elif standing is not Standing.NO_RECORDS:
            return _state(lookups, plan, standing, reason, tuple(answers))
    name = visible(tlsa_name(plan.base_domains[-1], lookups.port), 300)
    if insecure:
        return _state(lookups, plan, Standing.TLSA_INSECURE, insecure, tuple(answers))
    reason = say("{name} has no TLSA records", name=name)
    return _state(lookups, plan, Standing.NO_RECORDS, reason, tuple(answers))


def _read(base: str, looked: Looked) -> TlsaAnswer:
    texts = looked.answer.records("TLSA")[:TLSA_RECORDS] if looked.found else ()
    ttls = [rrset.ttl_s for rrset in looked.answer.answer if rrset.rtype == "TLSA"]
    return TlsaAnswer(
        base_domain=base,
        validation=looked.validation,
        records=tuple(read_tlsa(text) for text in texts),
        ttl_s=min(ttls, default=0),
    )


def _judge_answer(looked: Looked, read: TlsaAnswer, port: int) -> tuple[Standing, str]:
    """The table of TLSA answers (RFC 7672 2.1.1, 2.1.2, 2.2)."""
    name = visible(tlsa_name(read.base_domain, port), 300)
    validation = looked.validation
    if is_ours(validation):
        return Standing.UNDECIDED, _about(name, validation)
    if validation.status in (Status.BOGUS, Status.INDETERMINATE):
        return Standing.TLSA_FAILED, _about(name, validation)
    if looked.denied:
        return Standing.NO_RECORDS, ""
    if not looked.found:
        return Standing.TLSA_FAILED, f"{name} TLSA: {no_answer_words(looked.answer.error, 200)}"
    if validation.status is Status.INSECURE:
        return Standing.TLSA_INSECURE, say(
            "{name} has TLSA records, but they are not signed", name=name
        )
    usable = sum(1 for record in read.records if record.usable)
    count = len(read.records)
    if usable:
        return Standing.USABLE, say(
            "{name}: {usable} of {count} TLSA records usable", name=name, usable=usable, count=count
        )
    if count == 1:
        return Standing.UNUSABLE, say(
            "{name}: the only TLSA record is not usable for SMTP", name=name
        )
    return Standing.UNUSABLE, say(
        "{name}: none of {count} TLSA records is usable for SMTP", name=name, count=count
    )


def _about(name: str, validation: Validation) -> str:
    """Return the sentence of a validation, with the name it is about in it."""
    said = validation.sentence
    return said if name in said else f"{name} TLSA: {said}"


def _state(
    lookups: HostLookups,
    plan: TlsaPlan,
    standing: Standing,
    reason: str,
    answers: tuple[TlsaAnswer, ...],
) -> DaneState:
    holds = standing.demands_tls
    return DaneState(
        host=lookups.host,
        port=lookups.port,
        at_host=standing,
        reason=reason,
        mx=lookups.mx,
        addresses=tuple(looked.validation for looked in lookups.addresses),
        tlsa=answers,
        base_domain=answers[-1].base_domain if holds else "",
        records=answers[-1].records if holds else (),
        expanded_host=plan.expanded_host,
        step=lookups.step,
    )
