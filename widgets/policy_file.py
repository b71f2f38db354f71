"""The policy file: how it was fetched, and every line with its number and what senders make of it."""

from collections.abc import Iterator

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.evidence.connection import PolicyFetched
from mxwalk.evidence.told import how_it_ended
from mxwalk.language import noted, say, say_many
from mxwalk.mtasts.fetch import FetchFault, fault_words
from mxwalk.mtasts.model import Policy, PolicyDeviation, PolicyLine, Weight
from mxwalk.mtasts.state import StsStanding, StsState
from mxwalk.tls.certificate import read_certificate
from mxwalk.tls.facts import headline
from widgets.plain import Look, duration, line, look_of, mark, shorten, wrap
from widgets.policy_fields import field, heading_rows, remark, state_words
from widgets.policy_marks import mark_of
from widgets.policy_state import Picture, Section
from widgets.row import Row
from widgets.validity_bar import validity_words

CHAIN = "chain"
_HERE = Section.POLICY
_NUMBER = 5
_TEXT_MOST = 44  # the words stand in a column behind lines up to this length
_WEIGHTS = {
    Weight.BREAKS: (Mark.FAIL, noted("breaks it")),
    Weight.DIFFERS: (Mark.WARN, noted("readers differ")),
    Weight.ODD: (Mark.INFO, noted("allowed")),
}
_RANK = tuple(Weight)


def policy_rows(found: Picture, width: int) -> Iterator[Row]:
    """Yield the fetch, then the file line by line."""
    state = found.state
    fetch = state.fetch
    if fetch is None:
        yield from heading_rows(_HERE, line((_not_fetched(state), Look.DIM)), width)
        return
    yield from heading_rows(_HERE, _standing(found), width)
    yield from _fetch_rows(found, fetch, width)
    policy = state.policy
    if policy is None or not policy.lines:
        return
    if state.standing is StsStanding.RECORD_UNUSABLE:
        words = say(
            "fetched here to explain; senders do not fetch it, since there is no usable record"
        )
        yield remark(_HERE, "explain", Mark.INFO, words, width)
    for number, one in enumerate(policy.marks(0)):
        mark_, _word = _WEIGHTS[one.weight]
        yield remark(_HERE, ("whole", number), mark_, one.sentence, width)
    numbered = {number: policy.marks(number) for number in {d.line for d in policy.deviations}}
    room = min(_TEXT_MOST, max(line(one.raw).cell_length for one in policy.lines))
    for one_line in policy.lines:
        yield _line_row(one_line, numbered.get(one_line.number, ()), room, width)


def _not_fetched(state: StsState) -> str:
    match state.standing:
        case StsStanding.NO_RECORD:
            return say("not fetched: without a record senders do not ask for one")
        case StsStanding.LOOKUP_FAILED | StsStanding.UNDECIDED:
            return say("not fetched: it is not known whether there is a record")
        case _:
            return say("not fetched yet: n goes on")


def _standing(found: Picture) -> Content:
    state = found.state
    if state.fault is not FetchFault.NONE:
        return state_words(
            mark_of(found, _HERE), say("no file: {fault}", fault=say(state.fault.value))
        )
    policy = state.policy
    assert policy is not None
    if not policy.valid:
        return state_words(mark_of(found, _HERE), say("broken: senders ignore it"))
    return state_words(mark_of(found, _HERE), _valid_words(policy))


def _valid_words(policy: Policy) -> str:
    mode = policy.mode.value if policy.mode else say("no mode")
    days, rest = divmod(policy.max_age_s or 0, 86_400)
    whole = say_many("{n} day", "{n} days", days)
    kept = whole if days and not rest else say("{max_age_s} seconds", max_age_s=policy.max_age_s)
    return say("valid, mode {mode}, kept for up to {kept}", mode=mode, kept=kept)


def _fetch_rows(found: Picture, fetch: PolicyFetched, width: int) -> Iterator[Row]:
    fetched = fetch.fetched
    yield field(_HERE, noted("url"), line((fetched.url, Look.STRONG)), width, copy=fetched.url)
    for number, url in enumerate(fetched.redirects):
        words = state_words(Mark.FAIL, say("redirected to {url}", url=url))
        yield field(_HERE, noted("redirect"), words, width, copy=url, key=("redirect", number))
    if found.state.fault not in (FetchFault.NONE, FetchFault.CERTIFICATE):
        sentence = fault_words(fetch, found.state.fault)
        yield remark(_HERE, "fault", mark_of(found, _HERE), sentence, width)
    if fetched.status:
        good = fetched.status == 200
        words = state_words(Mark.OK if good else Mark.FAIL, str(fetched.status))
        if good:
            media = fetched.media_type or say("no media type")
            plain = found.state.fault is not FetchFault.MEDIA_TYPE
            words += line("  ") + state_words(Mark.OK if plain else Mark.FAIL, media)
            words += line(say("  {size} octets", size=fetched.size))
        yield field(_HERE, noted("answer"), words, width)
    if fetched.address:
        words = line(
            fetched.address,
            (say("  in {duration}", duration=duration(fetched.elapsed_s)), Look.DIM),
        )
        yield field(_HERE, noted("from"), words, width, copy=fetched.address)
    yield from _tls_rows(found, fetch, width)
    for number, one in enumerate(fetch.remarks):
        yield remark(_HERE, ("remark", number), Mark.INFO, one, width)


def _tls_rows(found: Picture, fetch: PolicyFetched, width: int) -> Iterator[Row]:
    handshake = fetch.handshake
    if handshake is None:
        return
    if handshake.ending is None:
        yield field(
            _HERE, "TLS", state_words(Mark.OK, headline(handshake) or say("completed")), width
        )
    else:
        words = state_words(
            Mark.FAIL, say("failed: {ending}", ending=how_it_ended(handshake.ending))
        )
        yield field(_HERE, "TLS", words, width)
    if not handshake.presented:
        return
    words = _certificate(found, fetch) + line(("  Enter", Look.ACCENT), (say(": chain"), Look.DIM))
    yield field(
        _HERE, noted("certificate"), words, width, copy=_certificate(found, fetch).plain, key=CHAIN
    )


def _certificate(found: Picture, fetch: PolicyFetched) -> Content:
    assert fetch.handshake is not None
    leaf = read_certificate(fetch.handshake.presented[0])
    names = [shorten(name, 60) for name in leaf.dns_names[:4]]
    more = (
        say(" and {dns_names} more", dns_names=len(leaf.dns_names) - 4)
        if len(leaf.dns_names) > 4
        else ""
    )
    shown = (
        say("for {names}{more}", names=", ".join(names), more=more)
        if names
        else say("without a DNS name")
    )
    valid = line("  ") + validity_words(leaf.not_before, leaf.not_after, found.now)
    if fetch.objection:
        return state_words(Mark.FAIL, fetch.objection) + valid
    if fetch.chain is None:
        return (
            state_words(Mark.UNKNOWN, say("not verified")) + line((f"  {shown}", Look.DIM)) + valid
        )
    return state_words(Mark.OK, say("trusted")) + line(f"  {shown}") + valid


def _line_row(one: PolicyLine, said: tuple[PolicyDeviation, ...], room: int, width: int) -> Row:
    state, word = _judged(one, said)
    symbol, look = mark(state)
    prefix = line((f"{one.number:>{_NUMBER}} ", Look.DIM), (f"{symbol} ", look))
    text = line((one.raw, Look.DIFFER if state is Mark.FAIL else Look.PLAIN))
    if not one.raw:
        text = line((say("(empty)"), Look.DIM))
    gap = " " * (2 + max(0, room - text.cell_length))
    words = prefix + text + line(gap, (word, look if state is not Mark.OK else Look.DIM))
    lines = wrap(words, width, indent=_NUMBER + 3)
    for deviation in said:
        sentence = deviation.sentence.removeprefix(say("line {number}: ", number=one.number))
        told = line(" " * (_NUMBER + 3), (sentence, look_of(_WEIGHTS[deviation.weight][0])))
        lines += wrap(told, width, indent=_NUMBER + 3)
    copy = "; ".join(deviation.sentence for deviation in said) or line(one.raw).plain
    return Row(
        key=(_HERE, "line", one.number),
        lines=tuple(lines),
        copy=copy,
        what=say("remark") if said else say("line of the policy"),
    )


def _judged(one: PolicyLine, said: tuple[PolicyDeviation, ...]) -> tuple[Mark, str]:
    worst = min(said, key=lambda each: _RANK.index(each.weight), default=None)
    if worst is None:
        return (Mark.OK, say("ok")) if one.used else (Mark.INFO, say("ignored"))
    state, word = _WEIGHTS[worst.weight]
    if worst.weight is Weight.BREAKS or one.used:
        return state, say(word)
    return state, say("ignored")
