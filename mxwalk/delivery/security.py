"""DNSSEC validation of a trace's look-ups, again each time, from the answers in the trace alone.

The answers a step needed besides its own are kept with it (``support``), so that a saved trace
validates offline and a newer version may judge differently.  Signatures are judged at the start of
the walk.  A trace that only grew keeps what was worked out for it.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from mxwalk.clock import from_rfc3339
from mxwalk.dnssec.anchors import TrustAnchors, read_anchors, root_anchors
from mxwalk.dnssec.binding import bound
from mxwalk.dnssec.book import AnswerBook, is_answer
from mxwalk.dnssec.model import Question, Validation
from mxwalk.dnssec.validator import validate
from mxwalk.errors import UsageError
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.lookups import AddressesLookedUp, MxLookedUp, TlsaLookedUp
from mxwalk.evidence.mailauth import LOOKED_UP, DkimChecked
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.target import Options
from mxwalk.evidence.trace import Header, Trace
from mxwalk.language import language, per_language

_KEPT = 64  # a person who goes back and forth in a walk meets that many states of its look-ups


class Security:
    """The answers of one trace, and what validation makes of each."""

    def __init__(
        self,
        answers: tuple[DnsAnswer, ...],
        header: Header,
        book: AnswerBook | None = None,
        known: Mapping[Question, Validation] = MappingProxyType({}),
    ) -> None:
        self._answers, self._header = answers, header  # kept alive: the cache knows their ids
        self._book = book or AnswerBook.of(answers)
        self._anchors = anchors_of(header.options)
        self._at = judged_at(header)
        self._known: dict[Question, Validation | None] = dict(known)

    def grown(self, answers: tuple[DnsAnswer, ...], header: Header) -> "Security | None":
        """Return the validations of a trace that holds these answers and newer ones before them.

        ``None`` when it is another trace, or when a newer answer is to a question known already.
        """
        more = len(answers) - len(self._answers)
        if header is not self._header or more < 0:
            return None
        if any(a is not b for a, b in zip(answers[more:], self._answers, strict=True)):
            return None
        book = self._book.grown(answers[:more])
        if book is None:
            return None
        known = {key: found for key, found in self._known.items() if found is not None}
        return Security(answers, header, book, known)

    def of(self, answer: DnsAnswer) -> Validation | None:
        """Return the validation of an answer.

        ``None`` when the walk did not fetch what it needs, or the message was not kept.
        """
        if is_answer(answer) and not answer.wire:
            return None
        question = _question(answer)
        if question not in self._known:
            outcome = validate(question, self._book, self._anchors, self._at)
            self._known[question] = outcome if isinstance(outcome, Validation) else None
        known = self._known[question]
        return known and bound(known, answer, self._book)

    def is_signed(self, answer: DnsAnswer) -> bool:
        """Say whether the message of this question's answer holds any signature."""
        return self._book.message(_question(answer)).is_signed


def _question(answer: DnsAnswer) -> Question:
    return Question(answer.qname.rstrip(".").lower() or ".", answer.rtype)


def passes_signatures(trace: Trace) -> bool:
    """Say whether the resolver passed any signature on, in the answers that led to the hosts."""
    security = security_of(trace)
    return any(
        security.is_signed(answer)
        for step in trace.steps
        if isinstance(step.evidence, MxLookedUp)
        for answer in (step.evidence.answer, *step.evidence.support)
    )


def anchors_of(options: Options) -> TrustAnchors:
    """Return the trust anchors a walk began at: those of its options, else IANA's root."""
    return _anchors(options.trust_anchor)


@per_language(maxsize=16)  # what was worked out from anchors is known by their identity
def _anchors(text: str) -> TrustAnchors:
    if text:
        try:
            return read_anchors(text, source="the walk's options")
        except UsageError:
            pass  # a trace from elsewhere may hold anything; the public root is the fallback
    return root_anchors()


def judged_at(header: Header) -> datetime:
    """Return the time at which signatures are judged: the start of the walk.

    ``--at`` is for certificates alone: signatures live for days, and a walk sees only today's.
    """
    try:
        return from_rfc3339(header.started_at)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)


_cache: OrderedDict[tuple[str, tuple[int, ...]], Security] = OrderedDict()


def security_of(trace: Trace) -> Security:
    """Return the validations of a trace; the work is shared while its look-ups stay the same."""
    answers = _answers_of(trace)
    # sentences are kept in it
    key = (language(), (id(trace.header), *map(id, answers)))
    found = _cache.get(key)
    if found is None:
        same = (known for spoken, known in reversed(_cache.items()) if spoken[0] == key[0])
        before = (known.grown(answers, trace.header) for known in same)
        found = next((each for each in before if each is not None), None)
        found = _cache[key] = found or Security(answers, trace.header)
        if len(_cache) > _KEPT:
            _cache.popitem(last=False)
    return found


_asked_last: list[tuple[Trace, tuple[DnsAnswer, ...]]] = []


def _answers_of(trace: Trace) -> tuple[DnsAnswer, ...]:
    """Return a trace's answers; who lists its steps asks for them with each."""
    for known, answers in _asked_last:
        if known is trace:
            return answers
    answers = tuple(_answers(trace))
    _asked_last[:] = [(trace, answers)]
    return answers


def _answers(trace: Trace) -> Iterator[DnsAnswer]:
    """Yield the newest first: what was asked again counts as it is now."""
    for step in reversed(trace.steps):
        match step.evidence:
            case MxLookedUp(answer=answer, support=support):
                yield answer
                yield from support
            case PolicyRecordsLookedUp(sts=sts, tls_rpt=tls_rpt, support=support):
                yield from (sts, tls_rpt)
                yield from support
            case AddressesLookedUp(answers=answers, support=support):
                yield from answers
                yield from support
            case TlsaLookedUp(answers=answers, support=support):
                yield from answers
                yield from support
            case DkimChecked(key=key, support=support):
                if key is not None:
                    yield key
                yield from support
            case _ if isinstance(step.evidence, LOOKED_UP):
                yield from step.evidence.answers
                yield from step.evidence.support
            case _:
                pass
