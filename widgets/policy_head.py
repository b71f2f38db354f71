"""The head of the policy view: the effective policy in one sentence, and the parts at a glance."""

from collections.abc import Iterator

from rich.cells import cell_len
from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.route import RouteKind
from mxwalk.language import noted, say, say_many
from mxwalk.mtasts.model import Mode
from mxwalk.mtasts.state import StsStanding, older_policy
from widgets.plain import Look, line, mark, wrap
from widgets.policy_marks import mark_of
from widgets.policy_state import Picture, Section, names_of

_GAP = 2
_CLOSED = {
    StsStanding.NOT_LOOKED_UP: (
        Mark.UNKNOWN,
        noted("not known"),
        noted("this walk did not look: walk again"),
    ),
    StsStanding.PENDING: (Mark.UNKNOWN, noted("not known yet"), noted("n looks up the records")),
    StsStanding.FETCH_PENDING: (
        Mark.UNKNOWN,
        noted("not known yet"),
        noted("n fetches the policy"),
    ),
    StsStanding.NO_RECORD: (Mark.INFO, noted("no policy"), noted("nothing is asked of senders")),
    StsStanding.UNDECIDED: (Mark.UNKNOWN, noted("not known"), noted("our own side does not tell")),
    StsStanding.RECORD_UNUSABLE: (
        Mark.FAIL,
        noted("the record is broken"),
        noted("senders ignore the policy"),
    ),
    StsStanding.LOOKUP_FAILED: (
        Mark.FAIL,
        noted("the record's look-up fails"),
        noted("senders find no policy"),
    ),
    StsStanding.FETCH_FAILED: (
        Mark.FAIL,
        noted("the policy cannot be fetched"),
        noted("senders find none"),
    ),
    StsStanding.POLICY_INVALID: (
        Mark.FAIL,
        noted("the policy is broken"),
        noted("senders ignore it"),
    ),
}
_TELLS_NOTHING = (
    StsStanding.NO_DOMAIN,
    StsStanding.PENDING,
    StsStanding.FETCH_PENDING,
    StsStanding.NOT_LOOKED_UP,
)


def effective(found: Picture) -> tuple[Mark, str, str]:
    """Return the state, the word, and the sentence of the effective policy."""
    state = found.state
    if state.standing is StsStanding.NO_DOMAIN:
        return _no_domain(found.delivery)
    if state.standing is not StsStanding.ACTIVE:
        known, word, words = _CLOSED[state.standing]
        return known, say(word), say(words)
    match state.mode:
        case Mode.ENFORCE:
            bad = bool(found.unlisted or found.failing)
            words = say(
                "senders that obey MTA-STS deliver only to hosts that match {patterns},"
                " with a certificate of the Web PKI for the host",
                patterns=_patterns(found),
            )
            return Mark.FAIL if bad else Mark.OK, "enforce", words + _exceptions(found)
        case Mode.TESTING:
            bad = bool(found.unlisted or found.failing)
            words = say("senders deliver whatever fails, and report it")
            return Mark.WARN if bad else Mark.INFO, "testing", words + _exceptions(found)
        case _:
            return Mark.INFO, "none", say("the policy is withdrawn: nothing is asked of senders")


def _no_domain(delivery: Delivery) -> tuple[Mark, str, str]:
    """Say why there is no policy domain, or that it is not known yet."""
    match delivery.route.kind:
        case RouteKind.PENDING:
            return Mark.UNKNOWN, say("not known yet"), say("the MX look-up comes first: n goes on")
        case RouteKind.TARGET:
            words = say("MTA-STS is for mail that goes by MX records: walk user@domain or domain")
        case RouteKind.ROUTES:
            words = say(
                "the mail goes by configured routes; the recipient's policy is not asked for"
            )
        case _:
            words = delivery.route.words
    return Mark.INFO, say("no policy domain"), words


def head_lines(found: Picture, width: int) -> Iterator[Content]:
    """Yield the sentence and what it rests on."""
    state = found.state
    known, word, words = effective(found)
    symbol, look = mark(known)
    older = older_policy(state)
    head = line((f"{symbol} {word}", look), ": ", (words, Look.STRONG))
    if older and state.standing is not StsStanding.ACTIVE:
        head += line(f"; {older}")
    yield from wrap(head, width, indent=2)
    if state.standing is StsStanding.ACTIVE:
        days = say_many("{n} day", "{n} days", state.kept_days)
        facts = say(
            "  id {id}, kept by senders for up to {days} after each fetch", id=state.id, days=days
        )
        yield from wrap(line((facts + (f"; {older}" if older else ""), Look.DIM)), width, indent=2)
    elif state.standing not in _TELLS_NOTHING:
        yield from wrap(line("  ", (state.reason, Look.DIM)), width, indent=2)


def overview(found: Picture, chosen: Section | None, width: int) -> Content:
    """Return the parts with their states; the one under the cursor stands in brackets."""
    parts = []
    for section in Section:
        symbol, look = mark(mark_of(found, section))
        here = section is chosen
        name = f"[{say(section.value)}]" if here else f" {say(section.value)} "
        shown = [line((name, Look.DECIDES if here else Look.DIM))]
        if section is not Section.PUBLISH:
            shown.insert(0, line((symbol, look)))
        parts.append(Content("").join(shown))
    bar, keys = Content(" " * _GAP).join(parts), say("  h l move")
    return bar + line((keys, Look.DIM)) if bar.cell_length + cell_len(keys) <= width else bar


def section_at(x: int) -> Section | None:
    """Return the part at a cell of the overview, as long as that has one line."""
    start = 0
    for section in Section:
        stop = start + cell_len(say(section.value)) + 2 + (section is not Section.PUBLISH)
        if start <= x < stop:
            return section
        start = stop + _GAP
    return None


def _patterns(found: Picture) -> str:
    return say_many("{n} pattern", "{n} patterns", len(found.patterns))


def _exceptions(found: Picture) -> str:
    said = ""
    if found.unlisted and not found.assumed:
        said += _unlisted(names_of(found.unlisted), len(found.unlisted), len(found.patterns))
    if found.failing:
        said += say("; the certificate of {names_of} fails", names_of=names_of(found.failing))
    if found.by_dane:
        said += say("; DANE decides at {names_of}", names_of=names_of(found.by_dane))
    return said


def _unlisted(hosts: str, count: int, patterns: int) -> str:
    if patterns > 1:
        return say_many(
            "; {hosts} matches none of {patterns}",
            "; {hosts} match none of {patterns}",
            count,
            hosts=hosts,
            patterns=patterns,
        )
    return say_many("; {hosts} matches none", "; {hosts} match none", count, hosts=hosts)
