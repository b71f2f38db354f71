"""What a verdict may be after a fault, told from the octets that came and from walks without faults.

Evidence that is equal to the faultless walk's has its verdicts: the fault did no harm.  Where it
differs, a verdict is unknown or true: verified needs every fact that verification rests on, as ``truth``
reads it; encrypted and clear need theirs, and a sender that clear text is forbidden to by the faultless
evidence never uses it; a refusal names the step that shows one, and that step differs from the
faultless walk's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from mxwalk.evidence.connection import (
    ChainChecked,
    Exchanged,
    Handshaken,
    LookedAgain,
    PolicyFetched,
)
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.lookups import AddressesLookedUp, MxLookedUp, PtrLookedUp, TlsaLookedUp
from mxwalk.evidence.step import Scope, Step, StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.senders.model import Outcome, Verdict
from tests.torture.answered import Answers, answer_objections
from tests.torture.ended import end_objections
from tests.torture.judging import Judged
from tests.torture.stage import Ran
from tests.torture.truth import (
    code_of,
    enforces,
    goes_on_inside,
    is_no_reply,
    is_permanent,
    kept,
    offers_starttls,
    seen,
    sets_of,
    shows_failure,
)
from tests.torture.undecided import unknown_objections
from tests.torture.witness import false_evidence

_TLS = (Outcome.DELIVERED_VERIFIED, Outcome.DELIVERED_ENCRYPTED)
_ANSWERED = (StepKind.EHLO, StepKind.HELO, StepKind.MAIL, StepKind.RCPT)
_LOOK_UPS = frozenset(
    {
        StepKind.RESOLVER,
        StepKind.MX,
        StepKind.POLICY_RECORDS,
        StepKind.ADDRESS,
        StepKind.TLSA,
        StepKind.PTR,
    }
)
Outcomes = Mapping[str, Outcome]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Faultless:
    """The walk without a fault, and what its senders do where no host offers STARTTLS.

    ``answers`` are those of its DNS, ``by_dane`` and ``by_sts`` the senders that are verified by those
    alone.
    """

    trace: Trace
    judged: Judged
    without_tls: Outcomes
    answers: Answers
    by_dane: frozenset[str] = frozenset()
    by_sts: frozenset[str] = frozenset()

    def outcome(self, sender: str) -> Outcome:
        return self.judged.verdicts[sender].outcome


def untrue(faultless: Faultless, ran: Ran, judged: Judged) -> list[str]:
    """Return what is not as it must be, a sentence each."""
    wrong = [*ran.faults, *judged.faults, *false_evidence(ran)]
    wrong += end_objections(faultless.trace, ran)
    wrong += answer_objections(faultless.trace, faultless.answers, ran)
    if judged.faults:
        return wrong
    same = judged.evidence == faultless.judged.evidence
    for sender, verdict in judged.verdicts.items():
        was = faultless.outcome(sender)
        if "not decided yet" in verdict.reason:
            wrong.append(f"{sender}: the walk is over, and {verdict.reason}")
        if same:
            if verdict.outcome is not was:
                wrong.append(f"{sender}: equal evidence, {verdict.outcome.value} for {was.value}")
            continue
        look = _Look(faultless, ran, verdict, was)
        wrong += [f"{sender}: {verdict.outcome.value}, but {why}" for why in look.objections()]
    return wrong


class _Look:
    """One sender's verdict and what there is of evidence for it."""

    def __init__(self, faultless: Faultless, ran: Ran, verdict: Verdict, was: Outcome) -> None:
        self._faultless = faultless
        self._trace = ran.trace
        self._verdict = verdict
        self._was = was
        steps = ran.trace.steps
        self._step = steps[verdict.step - 1] if verdict.step else None
        scopes = [step.scope for step in steps if step.scope.attempt]
        mine = [scope for scope in scopes if scope.host == verdict.host]
        if self._step is not None and self._step.scope.attempt:
            scope = self._step.scope
        else:
            scope = mine[-1] if mine else Scope()
        self._scope = scope
        self._connection = {step.kind: step for step in steps if step.scope == scope}

    def objections(self) -> list[str]:
        verdict = self._verdict
        if not verdict.reason or not verdict.reason.isprintable():
            return ["no reason is given"]
        match verdict.outcome:
            case Outcome.DELIVERED_VERIFIED:
                return self._verified()
            case Outcome.DELIVERED_ENCRYPTED:
                return self._encrypted()
            case Outcome.DELIVERED_CLEAR:
                return self._clear()
            case Outcome.UNKNOWN:
                rests_on = self._rests_on(self._step) if self._step is not None else []
                harmed = not all(self._is_as_it_was(one) for one in rests_on)
                return unknown_objections(verdict, self._step, rests_on, harmed=harmed)
            case _:
                return self._refused()

    # -- delivered --------------------------------------------------------------------------------

    def _verified(self) -> list[str]:
        if self._was is not Outcome.DELIVERED_VERIFIED:
            return ["without the fault it is not"]
        wrong = self._tls_objections()
        chain = self._of(StepKind.CHAIN, ChainChecked)
        was_chain = self._faultless_of(StepKind.CHAIN, ChainChecked)
        look = self._look()
        if look is not None:
            chain = look.chain
        if chain is None or was_chain is None or kept(chain.errors) != kept(was_chain.errors):
            wrong.append("the chain was not checked as it was")
        return wrong + self._names_objections()

    def _encrypted(self) -> list[str]:
        wrong = self._tls_objections()
        if self._was not in _TLS:
            wrong.append("without the fault it is not")
        if self._was is Outcome.DELIVERED_VERIFIED and not self._downgrade_is_true():
            wrong.append("nothing took the verification away")
        return wrong

    def _clear(self) -> list[str]:
        wrong = [] if self._session_stood() else ["no session stood in clear"]
        if self._was is Outcome.DELIVERED_CLEAR:
            return wrong
        if self._faultless.without_tls[self._verdict.sender] is not Outcome.DELIVERED_CLEAR:
            wrong.append("this sender may not, not even where TLS is missing")
        if self._tls_stood(looks=False):
            wrong.append("TLS stood")
        return wrong

    def _tls_objections(self) -> list[str]:
        wrong = [] if self._session_stood() else ["no session stood"]
        if not self._tls_stood():
            wrong.append("TLS did not stand")
        elif self._presented() != self._faultless_presented():
            wrong.append("other certificates came")
        inside = self._exchanged(StepKind.EHLO_TLS)
        if inside is not None and inside.trailing and self._look() is None:
            wrong.append("more came behind EHLO inside TLS")
        return wrong

    def _session_stood(self) -> bool:
        """Say whether greeting and EHLO (or HELO) were accepted, and the envelope if there is one."""
        codes = [self._code(StepKind.GREETING) == 220]
        codes.append(self._code(StepKind.EHLO) == 250 or self._code(StepKind.HELO) == 250)
        for kind in (StepKind.MAIL, StepKind.RCPT):
            if kind in self._connection:
                codes.append(self._code(kind) // 100 == 2)
        # RFC 5321 4.3.1: what came behind an answer is in the place of the next one
        return all(codes) and not any(
            exchange.trailing for kind in _ANSWERED if (exchange := self._exchanged(kind))
        )

    def _tls_stood(self, *, looks: bool = True) -> bool:
        """Say whether TLS was offered, came up and was spoken in; ``looks``: or with another offer."""
        look = self._look() if looks else None
        if look is not None:
            return look.handshake is not None and code_of(look.inside) == 250
        ehlo, handshake = self._exchanged(StepKind.EHLO), self._of(StepKind.HANDSHAKE, Handshaken)
        return (
            ehlo is not None
            and offers_starttls(ehlo.reply, self._verdict.sender)
            and self._code(StepKind.STARTTLS) == 220
            and handshake is not None
            and handshake.ending is None
            and self._begins_inside()
        )

    def _begins_inside(self) -> bool:
        inside = self._exchanged(StepKind.EHLO_TLS)
        if inside is None or inside.ending is not None:
            return False
        return goes_on_inside(inside.reply, self._verdict.sender)

    def _look(self) -> LookedAgain | None:
        """Return one more look with another ClientHello, where the first handshake failed."""
        handshake = self._of(StepKind.HANDSHAKE, Handshaken)
        if handshake is None or handshake.ending is None:
            return None
        for step in self._connection.values():
            if isinstance(step.evidence, LookedAgain) and step.evidence.ending is None:
                return step.evidence
        return None

    def _presented(self) -> tuple[bytes, ...]:
        look = self._look()
        if look is not None:
            return look.presented
        handshake = self._of(StepKind.HANDSHAKE, Handshaken)
        return handshake.presented if handshake else ()

    def _faultless_presented(self) -> tuple[bytes, ...]:
        handshake = self._faultless_of(StepKind.HANDSHAKE, Handshaken)
        return handshake.presented if handshake else ()

    # -- what names and policies rest on ----------------------------------------------------------

    def _names_objections(self) -> list[str]:
        sender = self._verdict.sender
        if sender in self._faultless.by_dane:
            return [] if self._dns_is_equal(TlsaLookedUp, AddressesLookedUp, MxLookedUp) else [
                "the DNS answers that DANE rests on are not what they were"
            ]  # fmt: skip
        if sender in self._faultless.by_sts:
            policies = [
                step.evidence
                for step in self._trace.steps
                if isinstance(step.evidence, PolicyFetched)
            ]
            if not any(enforces(policy.body, self._scope.host) for policy in policies):
                return ["no enforced policy names the host"]
        if sender.startswith("esa:") and not self._names_the_domain():
            return [] if self._dns_is_equal(PtrLookedUp) else ["the reverse look-up differs"]
        return []

    def _names_the_domain(self) -> bool:
        domain = self._trace.header.target.domain
        presented = self._faultless_presented()
        return domain is not None and bool(presented) and domain.ascii.encode() in presented[0]

    def _dns_is_equal(self, *types: type) -> bool:
        for step in self._trace.steps:
            if not isinstance(step.evidence, types) or not self._concerns(step):
                continue
            was = self._same_step(step)
            if was is None or _answers(step) != _answers(was):
                return False
        return True

    def _concerns(self, step: Step) -> bool:
        host, address = self._scope.host, self._scope.address
        return step.scope.host in ("", host) and step.scope.address in ("", address)

    def _downgrade_is_true(self) -> bool:
        """Say whether what told a sender to verify is not what it was, and nothing protects it."""
        sender = self._verdict.sender
        if sender in self._faultless.by_sts:
            return not all(
                self._is_as_it_was(step)
                for step in self._trace.steps
                if step.kind in (StepKind.POLICY_RECORDS, StepKind.STS_POLICY, StepKind.MX)
            )
        if sender.startswith("esa:") and not self._names_the_domain():
            return not self._dns_is_equal(PtrLookedUp)
        return False

    # -- not delivered ----------------------------------------------------------------------------

    def _refused(self) -> list[str]:
        if self._verdict.outcome is self._was:
            return []
        step = self._step
        if step is None:
            return ["no step is named"]
        wrong = []
        if all(self._is_as_it_was(one) for one in self._rests_on(step)):
            wrong.append(f"step {step.seq} ({step.kind.value}) is as it was without the fault")
        if not shows_failure(step, self._verdict.sender):
            wrong.append(f"step {step.seq} ({step.kind.value}) shows no failure")
        if self._verdict.outcome is Outcome.BOUNCED and not self._bounce_is_true(step):
            wrong.append(f"step {step.seq} ({step.kind.value}) shows nothing permanent")
        return wrong

    def _bounce_is_true(self, step: Step) -> bool:
        evidence = step.evidence
        if isinstance(evidence, Exchanged):
            return is_permanent(evidence.reply, self._verdict.sender)
        return not isinstance(evidence, Handshaken)

    # -- finding ----------------------------------------------------------------------------------

    def _rests_on(self, step: Step) -> list[Step]:
        """Return a step with what its evidence is read by.

        The validation of a DNS answer rests on the answers of the steps before as well.
        """
        beside = self._trace.steps if step.kind in _LOOK_UPS else ()
        return [step, *(one for one in beside if one.kind in _LOOK_UPS and one.seq < step.seq)]

    def _is_as_it_was(self, step: Step) -> bool:
        return seen(step) in self._faultless.judged.evidence

    def _same_step(self, step: Step) -> Step | None:
        return next(
            (
                other
                for other in self._faultless.trace.steps
                if other.kind is step.kind and other.scope == step.scope
            ),
            None,
        )

    def _exchanged(self, kind: StepKind) -> Exchanged | None:
        return self._of(kind, Exchanged)

    def _code(self, kind: StepKind) -> int:
        exchange = self._exchanged(kind)
        if exchange is None or exchange.ending is not None:
            return 0
        if is_no_reply(exchange.reply, self._verdict.sender):
            return 0
        return code_of(exchange.reply)

    def _of(self, kind: StepKind, wanted: type[Found]) -> Found | None:
        step = self._connection.get(kind)
        return step.evidence if step is not None and isinstance(step.evidence, wanted) else None

    def _faultless_of(self, kind: StepKind, wanted: type[Found]) -> Found | None:
        for step in self._faultless.trace.steps:
            if step.kind is kind and step.scope.host == self._scope.host:
                return step.evidence if isinstance(step.evidence, wanted) else None
        return None


def _answers(step: Step) -> tuple[object, ...]:
    """Return what DANE or a name rests on in a look-up; no sender validates a reverse one."""
    match step.evidence:
        case PtrLookedUp() as found:
            records = {one for one in _asked_for(found.answer) if one[1] != "RRSIG"}
            return (records, [(one.name, one.confirmed) for one in found.names])
        case MxLookedUp() as found:
            return (_asked_for(found.answer),)
        case AddressesLookedUp() | TlsaLookedUp() as found:
            return tuple(_asked_for(answer) for answer in found.answers)
        case _:
            return ()


def _asked_for(answer: DnsAnswer) -> frozenset[tuple[str, str, frozenset[str]]]:
    """Return the sets that an answer has of the type asked for, aliases to it, and their signatures."""
    kinds = {answer.rtype, "CNAME", "DNAME"}
    return frozenset(
        one
        for one in sets_of(answer)
        if one[1] in kinds
        or (one[1] == "RRSIG" and any(text.partition(" ")[0] in kinds for text in one[2]))
    )
