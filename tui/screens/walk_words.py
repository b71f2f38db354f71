"""What header and footer of the walk screen say: pure functions of phase, moment and keys."""

from collections.abc import Callable, Mapping

from textual.widget import Widget

from mxwalk.delivery.mark import Mark
from mxwalk.evidence.trace import Purpose
from mxwalk.findings.concern import concerns
from mxwalk.findings.decided import by_look_up
from mxwalk.findings.first_suspect import first_suspect
from mxwalk.findings.model import Severity
from mxwalk.language import noted, say
from mxwalk.senders.model import Verdict
from mxwalk.walk.ending import End, end_of, end_words, is_unfinished, why_open
from tui import actions
from tui.bridge import Bridge, Phase
from tui.moment import Moment
from widgets.hints import HeadState, Hint
from widgets.plain import mark, outcome_mark, outcome_words
from widgets.rows import Rows

_KEYS: Mapping[Phase, tuple[str, ...]] = {
    Phase.OPENING: ("walk.leave", "app.help"),
    Phase.RUNNING: ("walk.cancel", "walk.verdicts", "walk.wire", "app.help"),
    Phase.PAUSED: (
        "walk.next",
        "walk.continue",
        "walk.edit",
        "walk.sender",
        "walk.verdicts",
        "app.help",
    ),
    Phase.OVER: (
        "walk.next-problem",
        "walk.sender",
        "walk.verdicts",
        "walk.export",
        "app.help",
        "walk.leave",
    ),
    Phase.REPLAY: (
        "walk.next",
        "replay.back",
        "replay.next-problem",
        "walk.sender",
        "walk.export",
        "app.help",
    ),
    Phase.FAILED: ("walk.leave", "app.help"),
}

_ENDS: Mapping[End, str] = {  # before what came of a walk that is not whole
    End.BROKEN_OFF: noted("broken off here:"),
    End.IN_STEP: noted("broken off here:"),
    End.LEFT: noted("ended here:"),
    End.DAMAGED: noted("damaged here:"),
}
_CAVEATS: Mapping[End, str] = {  # likewise, where the header has no room
    End.BROKEN_OFF: noted("broken off:"),
    End.IN_STEP: noted("broken off:"),
    End.LEFT: noted("ended early:"),
    End.DAMAGED: noted("damaged:"),
}
_BEFORE_PANE = 2  # so many hints of the phase stand before those of the focused pane
_MORE: Mapping[Phase, tuple[str, ...]] = {  # where the line is long enough
    Phase.PAUSED: ("walk.wire", "walk.find", "walk.breakpoints", "walk.export", "walk.zoom"),
    Phase.OVER: ("walk.wire", "walk.find", "walk.retry", "walk.zoom"),
    Phase.REPLAY: ("walk.verdicts", "walk.wire", "walk.find", "walk.zoom", "walk.leave"),
}


def filter_hints() -> list[Hint]:
    """Return the keys that do something while a filter is typed."""
    return [
        Hint(key="Enter", words=say("to what is left"), action="focused.keep_filter"),
        Hint(key="Esc", words=say("clear"), action="screen.back_out"),
    ]


def head_state(
    bridge: Bridge, now: Moment | None, sender: str, verdict: Verdict | None, fallback: str
) -> HeadState:
    """Return what the header says."""
    trace = bridge.trace
    open_ = end_of(now.delivery) if now is not None and at_end(bridge) else End.OVER
    worst, words = now.worst() if now else (Mark.INFO, "")
    return HeadState(
        target=trace.header.target.text if trace else fallback,
        sender=sender,
        state=_state(bridge, open_),
        caveat=say(_CAVEATS[open_]) if open_ in _CAVEATS else "",
        outcome=_outcome(verdict, now) if at_end(bridge) else "",
        outcome_mark=outcome_mark(verdict.outcome) if verdict else Mark.INFO,
        running=bridge.phase in (Phase.RUNNING, Phase.OPENING),
        worst=worst,
        worst_words=words,
        idle_s=bridge.idle_s,
        dnssec=now.dnssec if now else None,
    )


def at_end(bridge: Bridge) -> bool:
    """Return whether the walk is over, or the whole saved trace is shown."""
    at, end = bridge.position
    return bridge.phase is Phase.OVER or (bridge.phase is Phase.REPLAY and at == end)


def must_write(bridge: Bridge, now: Moment | None, sender: str) -> bool:
    """Return whether the walk ended with an error that somebody else must mend."""
    if now is None or not at_end(bridge):
        return False
    from mxwalk.letters.parties import for_others  # not before the end of a walk

    about = for_others(now.delivery, now.findings)
    return any(one.level is Severity.ERROR and concerns(one, sender) for one in about)


def _state(bridge: Bridge, end: End) -> str:
    pending = bridge.pending
    match bridge.phase:
        case Phase.OPENING:
            return (
                say("opening, then {wanted}", wanted=bridge.wanted)
                if bridge.wanted
                else say("opening")
            )
        case Phase.RUNNING:
            return say(
                "running {running_s:.0f} s, {waiting_for}",
                running_s=bridge.running_s,
                waiting_for=bridge.waiting_for,
            )
        case Phase.PAUSED:
            return (
                say("paused, next: {pending}", pending=pending.text) if pending else say("paused")
            )
        case Phase.OVER:
            return say("done:")
        case Phase.REPLAY:
            at, last = bridge.position
            form = bridge.trace.header.pasted if bridge.trace else None
            word = say("pasted {form}", form=form.value) if form else say("replay")
            return f"{word} {at}/{last}" + (f", {say(_ENDS[end])}" if end in _ENDS else "")
        case Phase.FAILED:
            return say("could not be opened")


def banner(bridge: Bridge, now: Moment | None) -> str:
    """Return what must not be missed: a walk that no file keeps, a trace that is not whole."""
    if bridge.unsaved:
        return f"{bridge.loses} " + say("x writes it to a file.")
    if bridge.keeps_nothing:
        return bridge.keeps_nothing
    unfinished = now is not None and at_end(bridge) and is_unfinished(now.delivery)
    if bridge.damage:
        damaged = say("This trace is damaged: {damage}.", damage=bridge.damage)
        return f"{damaged} {say('The walk is unfinished.')}" if unfinished else damaged
    if now is None or not unfinished:
        return ""
    if end_of(now.delivery) is not End.BROKEN_OFF:
        return say("Unfinished: {why}.", why=why_open(now.delivery))
    end = end_words(now.delivery)
    return say("Unfinished: broken off after {end}, before the walk was over.", end=end)


def _outcome(verdict: Verdict | None, now: Moment | None) -> str:
    """Return the chosen sender's outcome with its symbol; what is wrong here comes first."""
    if verdict is None:
        return say("nothing walked")
    symbol, _ = mark(outcome_mark(verdict.outcome))
    words = outcome_words(verdict.outcome, over=True)
    suspect = ""
    if now is not None:
        decided = by_look_up(now.delivery, verdict)
        suspect = first_suspect(verdict, now.findings, looked_up=decided)
    return f"{symbol} " + (say("your side: {suspect}", suspect=suspect) if suspect else words)


def pane_hints(pane: Widget | None, keymap: Mapping[str, str]) -> list[Hint]:
    """Return the hints a pane offers of its own while it has the focus."""
    if not isinstance(pane, Rows):
        return []
    bound = (each for some in pane._bindings.key_to_bindings.values() for each in some)  # noqa: SLF001
    known = {each.id: (each.key, f"focused.{each.action}") for each in reversed(list(bound))}
    known |= {each.id: (each.key, f"app.{each.action}") for each in actions.APP}
    return [
        Hint(
            key=actions.key_words(keymap.get(name, known[name][0])),
            words=say(words),
            action=known[name][1],
        )
        for name, words in pane.footer_keys()
    ]


def view_keys(keys: str) -> str:
    """Return digits as ranges: ``1-5,7,9``."""
    runs: list[list[str]] = []
    for key in keys:
        if runs and ord(key) == ord(runs[-1][-1]) + 1:
            runs[-1].append(key)
        else:
            runs.append([key])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(run) for run in runs)


def hints(
    bridge: Bridge,
    keymap: Mapping[str, str],
    pane: Widget | None = None,
    can: Callable[[str], bool] = lambda _action: True,
    views: str = "",
    *,
    writes: bool = False,
) -> list[Hint]:
    """Return the footer's hints for the phase and the focused pane, with the keys as mapped.

    ``can`` says of an action's name whether it does anything in this walk; ``views`` are the keys of
    its views; ``writes`` that somebody else must act.
    """
    purpose = bridge.purpose
    known = {one.id: one for one in (*actions.all_actions(), *actions.walk_actions(purpose))}
    names = list(_KEYS[bridge.phase])
    pending = bridge.pending
    if bridge.phase is Phase.PAUSED and (pending is None or not pending.editable):
        other = "walk.skip" if purpose is Purpose.DELIVERY else "walk.leave-out"
        names[names.index("walk.edit")] = other
    names = [name for name in names if can(known[name].action.split("(")[0])]
    if writes:
        names.insert(0, "walk.letter")
    more = (name for name in _MORE.get(bridge.phase, ()) if name not in names)
    found = [
        Hint(
            key=actions.key_words(keymap.get(name, known[name].key)),
            words=say("write to them") if name == "walk.letter" else say(known[name].words),
            action=("app." if name.startswith("app.") else "screen.") + known[name].action,
            keep=name == "app.help",
        )
        for name in (*names, *more)
    ]
    if bridge.phase in _MORE:
        keys = view_keys(views) if views else "1-9"
        found.insert(len(names), Hint(key=keys, words=say("view"), action="app.help"))
    before = _BEFORE_PANE + writes
    found[before:before] = pane_hints(pane, keymap)
    return found
