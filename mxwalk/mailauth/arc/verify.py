"""Validation of an ARC chain (RFC 8617 5.2): dkimpy's signatures, in the order of the RFC's steps.

The newest message signature and every seal must agree.  Older message signatures are checked too,
though they may fail: the oldest that agrees tells since when the message is unchanged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.mailauth import ArcChecked, Verified
from mxwalk.language import ENGLISH, say, speaking
from mxwalk.mailauth.arc.chain import ArcChain, ArcSet, read_chain
from mxwalk.mailauth.asking import Asking, Question
from mxwalk.mailauth.dkim.key import strength
from mxwalk.mailauth.dkim.library import canonical_body, check_header, hash_of
from mxwalk.mailauth.dkim.model import Signature, Strength
from mxwalk.mailauth.dkim.signature import HISTORIC
from mxwalk.mailauth.dkim.verify import usable_keys
from mxwalk.mailauth.message import HeaderField, Message


@dataclass(frozen=True, slots=True)
class Checked:
    """The parts of ``ArcChecked`` that are decided here; see there."""

    result: str
    sets: tuple[tuple[int, Verified, Verified], ...] = ()
    detail: str = ""

    @property
    def oldest_pass(self) -> int:
        """The lowest instance whose message signature agrees, 0 if the message was changed before all.

        It is that of an unbroken row from the newest (RFC 8617 5.2, step 5).
        """
        oldest = 0
        for instance, message, _ in reversed(self.sets):
            if message is not Verified.VALID:
                break
            oldest = instance
        return oldest


def questions(chain: ArcChain) -> Asking[tuple[DnsAnswer, ...]]:
    """Ask for the key of every message signature and seal, all together, each name once."""
    names = dict.fromkeys(
        signature.key_name
        for one in chain.sets
        for signature in (one.message, one.seal)
        if signature is not None and signature.domain and signature.selector
    )
    if not names:
        return ()
    answers = yield tuple(Question(name, "TXT") for name in names)
    return answers


def verify_chain(
    message: Message, answers: Sequence[DnsAnswer], chain: ArcChain | None = None
) -> Checked:
    """Return the chain's result and that of every set; never raises.

    A key that could not be had leaves its set unverified, and the chain fails as RFC 8617 5.2 has no
    other word; the detail says so.
    """
    chain = chain if chain is not None else read_chain(message)
    if not chain.present:
        return Checked("none", detail=_detail(chain, ()))
    keys = {answer.qname.lower(): answer for answer in answers}
    sets = tuple(
        (one.instance, _message(message, one, keys), _seal(chain, one, keys)) for one in chain.sets
    )
    return Checked("fail" if _why(chain, sets) else "pass", sets, _detail(chain, sets))


def detail_words(message: Message, checked: ArcChecked) -> str:
    """Return the detail of the evidence, which is English, in the language spoken.

    What this version would not have written stays as it is.
    """
    chain = read_chain(message)
    if chain.sets and not checked.sets:  # broken off
        return checked.detail
    with speaking(ENGLISH):
        written = _detail(read_chain(message), checked.sets)
    return _detail(chain, checked.sets) if checked.detail == written else checked.detail


def _detail(chain: ArcChain, sets: tuple[tuple[int, Verified, Verified], ...]) -> str:
    if not chain.present:
        return say("the message has no ARC fields")
    return _why(chain, sets) or say("every step of RFC 8617 5.2 agrees")


def _why(chain: ArcChain, sets: tuple[tuple[int, Verified, Verified], ...]) -> str:
    """Return why the chain fails, empty if it passes."""
    if chain.claimed_failed:  # step 2
        return say("the seal of instance {instance} says cv=fail", instance=chain.sets[-1].instance)
    if chain.problems:  # steps 1 and 3
        return chain.problems[0]
    instance, newest, _ = sets[-1]
    if newest is not Verified.VALID:  # step 4
        return say(
            "ARC-Message-Signature {instance} does not agree ({newest})",
            instance=instance,
            newest=newest.value,
        )
    for instance, _, seal in reversed(sets):  # step 6
        if seal is not Verified.VALID:
            return say(
                "ARC-Seal {instance} does not agree ({seal})", instance=instance, seal=seal.value
            )
    return ""


def _message(message: Message, one: ArcSet, keys: dict[str, DnsAnswer]) -> Verified:
    signature = one.message
    if signature is None or signature.problem:
        return Verified.UNUSABLE
    header = _check(message.fields, signature, keys)
    if header in (Verified.UNUSABLE, Verified.NOT_VERIFIED):
        return header
    if not message.whole:
        return Verified.NOT_VERIFIED if header is Verified.VALID else header
    body = canonical_body(message.body, signature.body_canon, signature.length)
    if hash_of(signature.algorithm, body) != signature.body_hash:
        return Verified.BODY_HASH
    return header


def _seal(chain: ArcChain, one: ArcSet, keys: dict[str, DnsAnswer]) -> Verified:
    """Check a seal over all ARC fields up to its own set (RFC 8617 5.1.1)."""
    if one.seal is None or one.seal.problem:
        return Verified.UNUSABLE
    fields, names = sealed_fields(chain.sets, one.instance)
    return _check(fields, replace(one.seal, signed=names), keys)


def sealed_fields(
    sets: Sequence[ArcSet], instance: int
) -> tuple[tuple[HeaderField, ...], tuple[str, ...]]:
    """Return the fields a seal is over, the first set last as in a message, and their names in order.

    The seal of ``instance`` itself is not among them.
    """
    ordered: list[HeaderField] = []
    for one in sets:
        if one.instance <= instance:
            own = one.seal_field if one.instance < instance else None
            ordered += [
                field for field in (one.results, one.message_field, own) if field is not None
            ]
    return tuple(reversed(ordered)), tuple(field.key for field in ordered)


def _check(
    fields: Sequence[HeaderField], signature: Signature, keys: dict[str, DnsAnswer]
) -> Verified:
    if signature.algorithm == HISTORIC:  # RFC 8301 3.1
        return Verified.UNUSABLE
    answer = keys.get(signature.key_name.lower())
    if answer is None or answer.status is not DnsStatus.OK:
        return Verified.NOT_VERIFIED
    usable = [
        key for key in usable_keys(signature, answer) if strength(key) is not Strength.UNACCEPTABLE
    ]
    if not usable:
        return Verified.UNUSABLE
    agrees = any(check_header(fields, signature, key).agrees for key in usable)
    return Verified.VALID if agrees else Verified.HEADER
