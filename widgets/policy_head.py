"""The head of the policy view: the effective policy in one sentence, and the parts at a glance."""

from collections.abc import Iterator

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.model import Delivery, RouteKind
from mxwalk.mtasts.model import Mode
from mxwalk.mtasts.state import StsStanding, older_policy
from widgets.plain import Look, line, mark, wrap
from widgets.policy_marks import mark_of
from widgets.policy_state import Picture, Section, names_of

_GAP = 2
_CLOSED = {
    StsStanding.NOT_LOOKED_UP: (Mark.UNKNOWN, "not known", "this walk did not look: walk again"),
    StsStanding.PENDING: (Mark.UNKNOWN, "not known yet", "n looks up the records"),
    StsStanding.FETCH_PENDING: (Mark.UNKNOWN, "not known yet", "n fetches the policy"),
    StsStanding.NO_RECORD: (Mark.INFO, "no policy", "nothing is asked of senders"),
    StsStanding.UNDECIDED: (Mark.UNKNOWN, "not known", "our own side does not tell"),
    StsStanding.RECORD_UNUSABLE: (Mark.FAIL, "the record is broken", "senders ignore the policy"),
    StsStanding.LOOKUP_FAILED: (
        Mark.FAIL,
        "the record's look-up fails",
        "senders find no policy",
    ),
    StsStanding.FETCH_FAILED: (Mark.FAIL, "the policy cannot be fetched", "senders find none"),
    StsStanding.POLICY_INVALID: (Mark.FAIL, "the policy is broken", "senders ignore it"),
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
        return _CLOSED[state.standing]
    match state.mode:
        case Mode.ENFORCE:
            bad = bool(found.unlisted or found.failing)
            words = (
                f"senders that obey MTA-STS deliver only to hosts that match {_patterns(found)},"
                " with a certificate of the Web PKI for the host"
            )
            return Mark.FAIL if bad else Mark.OK, "enforce", words + _exceptions(found)
        case Mode.TESTING:
            bad = bool(found.unlisted or found.failing)
            words = "senders deliver whatever fails, and report it"
            return Mark.WARN if bad else Mark.INFO, "testing", words + _exceptions(found)
        case _:
            return Mark.INFO, "none", "the policy is withdrawn: nothing is asked of senders"


def _no_domain(delivery: Delivery) -> tuple[Mark, str, str]:
    """Say why there is no policy domain, or that it is not known yet."""
    match delivery.route.kind:
        case RouteKind.PENDING:
            return Mark.UNKNOWN, "not known yet", "the MX look-up comes first: n goes on"
        case RouteKind.TARGET:
            words = "MTA-STS is for mail that goes by MX records: walk user@domain or domain"
        case RouteKind.ROUTES:
            words = "the mail goes by configured routes; the recipient's policy is not asked for"
        case _:
            words = delivery.route.problem or delivery.route.kind.value
    return Mark.INFO, "no policy domain", words


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
        days = f"{state.kept_days} day{'' if state.kept_days == 1 else 's'}"
        facts = f"  id {state.id}, kept by senders for up to {days} after each fetch"
        yield from wrap(line((facts + (f"; {older}" if older else ""), Look.DIM)), width, indent=2)
    elif state.standing not in _TELLS_NOTHING:
        yield from wrap(line("  ", (state.reason, Look.DIM)), width, indent=2)


def overview(found: Picture, chosen: Section | None, width: int) -> Content:
    """Return the parts with their states; the one under the cursor stands in brackets."""
    parts = []
    for section in Section:
        symbol, look = mark(mark_of(found, section))
        here = section is chosen
        name = f"[{section.value}]" if here else f" {section.value} "
        shown = [line((name, Look.DECIDES if here else Look.DIM))]
        if section is not Section.PUBLISH:
            shown.insert(0, line((symbol, look)))
        parts.append(Content("").join(shown))
    bar, keys = Content(" " * _GAP).join(parts), "  h l move"
    return bar + line((keys, Look.DIM)) if bar.cell_length + len(keys) <= width else bar


def section_at(x: int) -> Section | None:
    """Return the part at a cell of the overview, as long as that has one line."""
    start = 0
    for section in Section:
        stop = start + len(section.value) + 2 + (section is not Section.PUBLISH)
        if start <= x < stop:
            return section
        start = stop + _GAP
    return None


def _patterns(found: Picture) -> str:
    count = len(found.patterns)
    return "1 pattern" if count == 1 else f"{count} patterns"


def _exceptions(found: Picture) -> str:
    said = ""
    if found.unlisted and not found.assumed:
        of = f" of {len(found.patterns)}" if len(found.patterns) > 1 else ""
        said += f"; {names_of(found.unlisted)} match{_s(found.unlisted)} none{of}"
    if found.failing:
        said += f"; the certificate of {names_of(found.failing)} fails"
    if found.by_dane:
        said += f"; DANE decides at {names_of(found.by_dane)}"
    return said


def _s(hosts: tuple[object, ...]) -> str:
    return "es" if len(hosts) == 1 else ""
