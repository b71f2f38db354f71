"""From a walk to letters: one for each party that must act, in the language its reader reads.

Findings and verdict are computed anew from the trace while the letter's language is spoken, so that
their sentences are in it too.  What is ours or nobody's is left out; where nothing is left, the reason
is told instead of an empty letter.
"""

from collections.abc import Collection, Iterable

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.redaction import redact
from mxwalk.errors import UsageError
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.trace import Trace
from mxwalk.findings.concern import for_verdict
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.registry import check
from mxwalk.language import say, speaking
from mxwalk.letters.context import context_of, select
from mxwalk.letters.model import Contact, Letter, Party, Post
from mxwalk.letters.parties import by_party, chosen, for_others, with_codes
from mxwalk.letters.suggestions import suggestions
from mxwalk.letters.template import fill, language_or_fault
from mxwalk.receivers.registry import judge_or_first
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.text import visible

_SUBJECT_CHARS = 140


def write_letters(  # noqa: PLR0913 - one parameter for each choice of the writer
    walk: Trace | Delivery,
    sender: str,
    language: str,
    *,
    codes: Collection[str] | None = None,
    redacted: bool = False,
    contact: Contact | None = None,
    more: tuple[DnsAnswer, ...] = (),
) -> Post:
    """Return a letter for each party, or why there is none.

    ``sender`` is the judge's id, ``codes`` the findings to write about (default: the errors that
    concern the sender, or else the warnings), ``more`` answers with SOA records that were asked for
    besides the walk.  Raises ``UsageError`` for a language without a template and for a code that was
    not found.
    """
    language_or_fault(language)
    trace = walk.trace if isinstance(walk, Delivery) else walk
    if trace.header.is_nowhere:
        return Post(
            nothing=say(
                "The pasted text does not name the host that was connected to, so there is nobody to"
                " write to."
            )
        )
    trace = redact(trace) if redacted else trace
    with speaking(language):
        delivery = build_delivery(trace)
        found = check(delivery)
        verdict = judge_or_first(trace.header.purpose, sender).judge(delivery)
    others = for_others(delivery, found)
    about = with_codes(others, codes) if codes is not None else chosen(others, verdict, delivery)
    with speaking(language):
        ordered = for_verdict(about, verdict, delivery)
        letters = tuple(
            _letter(delivery, verdict, party, members, contact or Contact(), more)
            for party, members in by_party(delivery, ordered).items()
        )
    own = _own(found)
    if letters:
        return Post(letters=letters, own=own)
    judged = judge_or_first(trace.header.purpose, sender).judge(delivery)  # not in their words
    return Post(nothing=_nothing(others, own, found, judged), own=own)


def compose(  # noqa: PLR0913 - likewise
    walk: Trace | Delivery,
    sender: str,
    language: str,
    *,
    codes: Collection[str] | None = None,
    redacted: bool = False,
    to: str = "",
    contact: Contact | None = None,
) -> Letter:
    """Return the first letter, or the first to the party with the key ``to``.

    Raises ``UsageError`` with the reason where there is no such letter.
    """
    post = write_letters(walk, sender, language, codes=codes, redacted=redacted, contact=contact)
    return next(iter(addressed(post, to)))


def addressed(post: Post, to: str) -> tuple[Letter, ...]:
    """Return the letters to the party with the key ``to``, all without one.

    Raises ``UsageError`` where there is none, saying why.
    """
    if not post.letters:
        raise UsageError(post.nothing)
    found = tuple(one for one in post.letters if to in ("", one.party.key))
    if not found:
        known = ", ".join(dict.fromkeys(one.party.key for one in post.letters))
        raise UsageError(
            say(
                "there is no letter to {to} here; there are: {known}",
                to=visible(to, 40),
                known=known,
            )
        )
    return found


def _own(found: Iterable[Finding]) -> tuple[str, ...]:
    errors = (one.code for one in found if one.actor is Owner.YOU and one.level is Severity.ERROR)
    return tuple(dict.fromkeys(errors))


def _nothing(
    others: tuple[Finding, ...],
    own: tuple[str, ...],
    found: tuple[Finding, ...],
    verdict: Verdict,
) -> str:
    """Say why there is no letter."""
    if others:
        codes = ", ".join(dict.fromkeys(one.code for one in others))
        return say(
            "Nothing is worth a letter: for the other side there are only remarks, or what does not"
            " concern this sender ({codes}).",
            codes=codes,
        )
    if verdict.outcome is Outcome.UNKNOWN:
        why = verdict.reason.rstrip(".")
        return say("Nothing is known of the other side yet: {reason}.", reason=why)
    if own:
        return say(
            "There is nothing for the other side to do: first mend what is on your own side"
            " ({codes}).",
            codes=", ".join(own),
        )
    if any(one.actor is Owner.YOU for one in found):
        return say(
            "There is nothing for the other side to do: what was found is for you to act on."
        )
    return say("There is nothing for the other side to do: no fault of theirs was found.")


def _letter(
    delivery: Delivery,
    verdict: Verdict,
    party: Party,
    members: tuple[Finding, ...],
    contact: Contact,
    more: tuple[DnsAnswer, ...],
) -> Letter:
    about = select(members)
    written = fill(context_of(delivery, verdict, party, about, contact))
    return Letter(
        language=written.language,
        party=party,
        to=suggestions(delivery, party, members, more),
        subject=visible(" ".join(written.subject.split()), _SUBJECT_CHARS),
        body=written.body,
        findings=about.findings,
        left_out=about.left_out,
        redacted=delivery.trace.header.redacted,
    )
