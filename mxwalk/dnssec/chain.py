"""From the trust anchor down to the zone of a name, one zone cut after the other (RFC 4035 5.2).

Every name on the way is asked for its DS set, which the parent answers: a DS set leads to the
child's keys, a proof that there is none to an insecure delegation or, without NS, to no cut at all.
Below an insecure point nothing is asked any more.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import dns.name
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS

from mxwalk.dnssec import resolver_faults
from mxwalk.dnssec.algorithms import ALGORITHMS, DIGESTS
from mxwalk.dnssec.denial import Claim, Claimed, prove
from mxwalk.dnssec.keys import matched, tagged, usable_ds
from mxwalk.dnssec.link import Context, LinkDraft, Place
from mxwalk.dnssec.message import Message, SignedSet
from mxwalk.dnssec.model import DenialKind, Need, Question, Status
from mxwalk.dnssec.names import Name, ancestors_down, show
from mxwalk.dnssec.proof import CNAME, Case
from mxwalk.dnssec.reasons import Cause, Culprit, Reason
from mxwalk.dnssec.signatures import Checked, Keys, cause_of, check_set
from mxwalk.language import say

_DS, _DNSKEY = 43, 48
_AT_ONCE = 16  # names asked for their DS at once
_KEYS_AHEAD = 6  # so many names are asked for their keys before it is known which are zones
_NO_CUT = frozenset({
    DenialKind.NO_DATA, DenialKind.EMPTY_NON_TERMINAL, DenialKind.WILDCARD_NO_DATA,
})  # fmt: skip
_TIME = (Reason.RRSIG_EXPIRED, Reason.RRSIG_NOT_YET_VALID)
_Work = Callable[[], Place | Need]


def go_down(context: Context, name: Name) -> Place | Need:
    """Return the zone of ``name`` and whether it is secure, or what must be asked first."""
    top = context.anchors.closest(name)
    if top is None:
        cause = Cause(reason=Reason.NO_ANCHOR, what=show(name))
        return Place(name, Status.INDETERMINATE, cause=cause)
    names = ancestors_down(top, name)
    wanted = _wanted(context, top, names)
    if wanted:
        return Need(questions=tuple(wanted))
    place = _remembered(context, top, lambda: _start(context, top))
    if isinstance(place, Place) and place.status is Status.SECURE and not place.ended:
        wanted = _wanted(context, top, names)
        if wanted:
            return Need(questions=tuple(wanted))
    for below in names:
        if isinstance(place, Need) or place.status is not Status.SECURE or place.ended:
            break
        above = place
        place = _remembered(context, below, lambda: _cut(context, above, below))  # noqa: B023
    if isinstance(place, Place):
        context.used.update(dict.fromkeys(place.used))
    return place


def _wanted(context: Context, top: Name, names: Sequence[Name]) -> list[Question]:
    """Return the questions whose answers are surely or likely needed, if the first of them is."""
    if names and _memo(context, names[-1]) is not None:
        return []
    known = next((i for i in reversed(range(len(names))) if _memo(context, names[i])), -1)
    place = _memo(context, names[known] if known >= 0 else top)
    if place is not None and (place.status is not Status.SECURE or place.ended):
        return []
    ahead = names[known + 1 : known + 1 + _AT_ONCE]
    questions = [Question(show(each), "DS") for each in ahead]
    if _memo(context, top) is None:
        questions.append(Question(show(top), "DNSKEY"))
    if len(names) <= _KEYS_AHEAD:
        questions += [Question(show(each), "DNSKEY") for each in ahead if not _is_service(each)]
    missing = [each for each in questions if context.book.get(each) is None]
    # What hangs on the anchored zone's keys is not asked for before they are checked.
    first = questions[:1] if place is not None else [Question(show(top), "DNSKEY")]
    return missing if any(each in missing for each in first) else []


def _is_service(name: Name) -> bool:
    return name.labels[0].startswith(b"_")


def _memo(context: Context, name: Name) -> Place | None:
    place: Place | None = context.book.memo.get(_key(context, name))
    return place


def _key(context: Context, name: Name) -> tuple[object, ...]:
    return ("place", name, context.at, id(context.anchors))


def _remembered(context: Context, name: Name, work: _Work) -> Place | Need:
    place = _memo(context, name)
    if place is None:
        outcome = work()
        if isinstance(outcome, Need):
            return outcome
        place = outcome
        if not context.budget.exhausted:
            context.book.memo[_key(context, name)] = place
            context.book.memo["anchors", id(context.anchors)] = context.anchors  # keeps its id
    return place


# -- the first link -----------------------------------------------------------------------------------


def _start(context: Context, top: Name) -> Place | Need:
    """Check the anchored zone's keys against the anchors."""
    question = Question(show(top), "DNSKEY")
    if context.book.get(question) is None:
        return Need(questions=(question,))
    draft = LinkDraft(zone=top, parent="", used=(question,))
    if (cause := context.failure(question)) is not None:
        return draft.ended(Status.INDETERMINATE, resolver_faults.at_the_top(context.book, cause))
    message = context.book.message(question)
    key_set = message.answer.get((top, _DNSKEY))
    if key_set is None or not key_set.signatures:
        stripped = resolver_faults.stripped(context.book, question)
        return draft.ended(Status.INDETERMINATE, stripped)
    return _enter(context, draft, key_set, context.anchors.by_zone[top])


# -- every further link -------------------------------------------------------------------------------


def _cut(context: Context, above: Place, name: Name) -> Place | Need:
    """Ask the parent whether ``name`` begins a zone, and go on accordingly."""
    question = Question(show(name), "DS")
    if context.book.get(question) is None:
        return Need(questions=(question,))
    used = (*above.used, question)
    draft = LinkDraft(zone=name, parent=show(above.zone), used=used, links=above.links)
    if (cause := context.failure(question)) is not None:
        return draft.ended(Status.INDETERMINATE, replace(cause, zone=show(above.zone)))
    assert above.keys is not None
    message = context.book.message(question)
    ds_set = message.answer.get((name, _DS))
    if ds_set is None:
        return _without_ds(context, above, draft, message)
    checked = check_set(ds_set, above.keys, context.at, context.budget)
    draft.ds_checked = checked
    listed = [each for each in ds_set.data if isinstance(each, DS)]
    draft.ds = listed
    if checked.valid is None:
        cause = cause_of(
            checked, say("the DS set of {name}", name=show(name)), show(above.zone), context.at
        )
        return draft.bogus(context, question, cause)
    if not usable_ds(listed):
        return draft.ended(Status.INSECURE, _unsupported(draft, listed))
    keys_question = Question(show(name), "DNSKEY")
    if context.book.get(keys_question) is None:
        return Need(questions=(keys_question,))
    draft.used = (*used, keys_question)
    if (cause := context.failure(keys_question)) is not None:
        return draft.ended(Status.INDETERMINATE, replace(cause, zone=show(name)))
    key_set = context.book.message(keys_question).answer.get((name, _DNSKEY))
    if key_set is None:
        cause = draft.cause(Reason.DNSKEY_MISSING)
        return draft.bogus(context, keys_question, cause)
    return _enter(context, draft, key_set, listed)


def _without_ds(context: Context, above: Place, draft: LinkDraft, message: Message) -> Place:
    """Tell an insecure delegation from a name that begins no zone."""
    assert above.keys is not None
    name, zone = draft.zone, show(above.zone)
    question = Question(show(name), "DS")
    if (alias := message.answer.get((name, CNAME))) is not None:
        checked = check_set(alias, above.keys, context.at, context.budget)
        if checked.valid is not None:  # RFC 1034 3.6.2: an alias has no NS beside it
            return replace(above, used=draft.used)
        cause = cause_of(
            checked, say("the CNAME record of {name}", name=show(name)), zone, context.at
        )
        return draft.bogus(context, question, cause)
    claim = Claim.NO_NAME if message.rcode == 3 else Claim.NO_DATA
    claimed = Claimed(
        case=Case(name, _DS, above.zone),
        claim=claim,
        what=f"{show(name)} DS",
        zone=zone,
        whole=False,
    )
    denied = prove(message, claimed, above.keys, context.at, context.budget)
    draft.denied = denied
    if denied.insecure and denied.cause is not None:
        return draft.ended(Status.INSECURE, denied.cause)
    if denied.cause is not None:
        return draft.bogus(context, question, denied.cause)
    if denied.denial.kind in _NO_CUT:
        return replace(above, used=draft.used)
    if denied.denial.kind is DenialKind.NO_DS:
        return draft.ended(Status.INSECURE, draft.cause(Reason.NO_DS))
    return replace(above, used=draft.used, ended=True)


def _unsupported(draft: LinkDraft, listed: Sequence[DS]) -> Cause:
    algorithms = sorted({int(each.algorithm) for each in listed})
    if not any(each in ALGORITHMS for each in algorithms):
        words = say("algorithm {str}", str=", ".join(map(str, algorithms)))
        return draft.cause(Reason.UNSUPPORTED_ALGORITHM, words)
    digests = sorted({int(each.digest_type) for each in listed})
    if any(each in DIGESTS for each in digests):  # each record lacks one or the other
        words = say("algorithm {e}", e=", ".join(str(e) for e in algorithms if e not in ALGORITHMS))
        return draft.cause(Reason.UNSUPPORTED_ALGORITHM, words)
    return draft.cause(
        Reason.UNSUPPORTED_DIGEST, say("digest type {str}", str=", ".join(map(str, digests)))
    )


def _enter(
    context: Context, draft: LinkDraft, key_set: SignedSet, entries: Sequence[DS | DNSKEY]
) -> Place:
    """Check the DNSKEY set with the keys that the DS set or the anchors name (RFC 4035 5.2)."""
    zone, keys = draft.zone, tagged(key_set)
    draft.keys = keys
    listed = [each for each in entries if isinstance(each, DS)]
    draft.ds = listed
    draft.matches = matched(zone, keys, usable_ds(listed))
    anchored = {each for each in entries if isinstance(each, DNSKEY)}
    by_ds = [pair for pairs in draft.matches.values() for pair in pairs]
    draft.entries = list(dict.fromkeys([*by_ds, *(pair for pair in keys if pair[1] in anchored)]))
    if not draft.entries:
        reason = Reason.DS_WITHOUT_KEY if draft.parent else Reason.ANCHOR_WITHOUT_KEY
        tags = {each.key_tag for each in listed}
        names = ", ".join(map(str, sorted(tags))) or "none"
        served = ", ".join(str(tag) for tag, _ in keys[:8]) or "none"
        words = say("DS key tags {names}; DNSKEY key tags {served}", names=names, served=served)
        return draft.bogus(context, draft.used[-1], draft.cause(reason, words))
    checked = check_set(
        key_set, Keys(zone, tuple(draft.entries)), context.at, context.budget, every=True
    )
    draft.keys_checked = checked
    if checked.valid is None:
        return draft.bogus(context, draft.used[-1], _unsigned_keys(context, draft, checked))
    return draft.secure(Keys(zone, keys))


def _unsigned_keys(context: Context, draft: LinkDraft, checked: Checked) -> Cause:
    what = say("the DNSKEY set of {zone}", zone=show(draft.zone))
    cause = cause_of(checked, what, show(draft.zone), context.at)
    if cause.reason in _TIME and draft.zone == dns.name.root:
        return replace(cause, culprit=Culprit.YOU)  # our clock, or the time asked for
    if cause.reason is Reason.RRSIG_KEY_NOT_IN_SET:
        tags = ", ".join(str(tag) for tag, _ in draft.entries)
        return draft.cause(Reason.KEY_SET_NOT_SIGNED_BY_DS_KEY, say("key tag {tags}", tags=tags))
    return cause
