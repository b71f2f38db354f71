"""What a surveyed record comes to: whom it lets pass, and what flattening it would look like."""

from collections.abc import Callable, Hashable, Iterator

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status_mailauth import SPF_MARKS
from mxwalk.language import say, say_many
from mxwalk.mailauth.spf.flatten import Flattened
from mxwalk.mailauth.spf.survey_model import Survey
from widgets.message_rows import heading, note, publish, state_words
from widgets.plain import Look, fit, line, mark, shorten
from widgets.row import Row

_SHOWN = 300
_WIDE = 65_536  # addresses: a /16


def survey_rows(
    survey: Survey,
    flat: Flattened | None,
    unfolds: Callable[[Hashable, bool], bool],
    width: int,
) -> Iterator[Row]:
    """Yield the networks with their results, and the flattened record."""
    if survey.reaches:
        yield from _networks(survey, unfolds("networks", False), width)
    if flat is None or not survey.lookups:
        return
    unfolded = unfolds("flat", False)
    networks = say_many("{n} network", "{n} networks", flat.networks)
    words = say(
        "{lookups} of {lookups_before} look-ups left, {networks}",
        lookups=flat.lookups,
        lookups_before=flat.lookups_before,
        networks=networks,
    )
    yield heading(
        "flat", say("flattened, as it would be"), line((words, Look.DIM)), width, unfolded=unfolded
    )
    if unfolded:
        yield note(("flat", "warning"), flat.warning, width)
        if flat.ttl_s is not None:
            yield note(
                ("flat", "ttl"),
                say("The shortest TTL behind it is {ttl_s} s.", ttl_s=flat.ttl_s),
                width,
            )
        if flat.kept:
            kept = shorten(", ".join(flat.kept), 400)
            yield note(("flat", "kept"), say("It cannot replace {kept}.", kept=kept), width)
        for number, zone in enumerate(flat.lines[:20]):
            yield publish(("flat", number), zone, width)


def _networks(survey: Survey, unfolded: bool, width: int) -> Iterator[Row]:
    four = say_many("{n:,} IPv4 address", "{n:,} IPv4 addresses", survey.addresses4)
    six = say_many("{n} IPv6 network", "{n} IPv6 networks", survey.networks6)
    count = f"{four}, {six}"
    state = Mark.WARN if survey.addresses4 > _WIDE else Mark.INFO
    yield heading(
        "networks", say("who passes"), state_words(state, count), width, unfolded=unfolded
    )
    if not unfolded:
        return
    for number, reach in enumerate(survey.reaches[:_SHOWN]):
        symbol, look = mark(SPF_MARKS[reach.result])
        words = line(
            "    ",
            fit(f"{symbol} {reach.result.value}", 11, look),
            fit(reach.network, 30),
            (f"  {shorten(reach.domain, 120)} ", Look.DIM),
            (shorten(reach.term.text, 120), Look.DIM),
        )
        yield Row(key=("network", number), lines=(words,), copy=reach.network, what=say("network"))
    left = len(survey.reaches) - _SHOWN
    if left > 0:
        yield note(("network", "more"), say("and {left} more networks", left=left), width, indent=4)
    if survey.depends:
        sentence = say("Terms with macros are not in this list: they depend on the message.")
        yield note(("network", "depends"), sentence, width, indent=4)
