"""What the start screen offers to open: saved walks and lab scenarios with their stories.

Reading them takes a moment; the screen does it in a thread, after its first frame.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from textual.content import Content

from mxwalk.errors import TraceError
from mxwalk.lab import stories
from mxwalk.lab.scenario import load_scenario, scenario_names
from mxwalk.lab.tour import stops
from mxwalk.language import noted, say
from tui.paths import recent_traces
from widgets.plain import Look, fit, line, paragraphs
from widgets.text_pane import Choice

_GROUPS = {
    "esa": noted("sender identity (ESA)"),
    "ehlo": noted("the EHLO dialogue"),
    "starttls": "STARTTLS",
    "connect": noted("connections that misbehave"),
    "pkix": noted("certificates"),
    "routing": noted("routing"),
    "hostile": noted("hostile servers"),
    "spf": noted("messages: SPF"),
    "dkim": noted("messages: DKIM"),
    "dmarc": noted("messages: DMARC"),
    "domain": noted("what a domain publishes"),
}
TOUR = ("tour",)  # the key of its row
_SAVED = 5  # so many of the saved walks are offered
_FIRST = "esa-hosted"  # the worked example stands first


def tour_story() -> list[Content]:
    """Return what the tour is, and its stops."""
    told = [stop.title for stop in stops()]
    intro = say("Each stop is a walk on the lab: what to do, what there is to see, and a question.")
    listed = [line((f"{at:>2} ", Look.ACCENT), title) for at, title in enumerate(told, start=1)]
    return [line((say("the guided tour"), Look.STRONG)), paragraphs(intro), Content(), *listed]


def start_choices() -> list[Choice]:
    """Return saved walks, newest first, then the scenarios by group."""
    return [*_saved_walks(), *_tour(), *_scenarios()]


def _saved_walks() -> list[Choice]:
    from tui.saved_words import none_yet, not_saved  # the engine, in the thread that reads

    recent = recent_traces(_SAVED)
    return [
        _heading(say("saved walks"), f"  {not_saved() if recent else none_yet()}"),
        *(Choice(key=path, words=line("  ", *_saved(path)), copy=str(path)) for path in recent),
    ]


def with_what_came(choices: list[Choice]) -> list[Choice]:
    """Return the choices with each saved walk's port, verdict, and what is missing of it.

    That needs the walks to be read and judged; a long one stays as its file's name tells it.
    """
    return [_read(one, one.key) if isinstance(one.key, Path) else one for one in choices]


def _read(choice: Choice, path: Path) -> Choice:
    from tui.saved_words import told_of

    try:
        told = told_of(path)
    except (OSError, TraceError):
        return replace(choice, detail=say("cannot be read"))
    if told is None:
        return choice
    begins = line("  ", *_line_of(told.name, told.when))
    return replace(choice, words=begins + told.came, tight=begins + told.short)


def _tour() -> list[Choice]:
    words = line("  ", fit(say("tour"), 24, Look.INFO))
    return [
        Choice(key=("gap", "tour"), words=Content(), heading=True),
        _heading(say("lab: begin here")),
        Choice(key=TOUR, words=words, detail=say("the guided tour: one thing at each stop")),
    ]


def _scenarios() -> list[Choice]:
    order = list(_GROUPS)
    scenarios = sorted(
        (load_scenario(name) for name in scenario_names()),
        key=lambda s: (order.index(s.group) if s.group in order else 99, s.name != _FIRST, s.name),
    )
    choices: list[Choice] = []
    group = None
    for scenario in scenarios:
        if scenario.group != group:
            group = scenario.group
            choices.append(Choice(key=("gap", group), words=Content(), heading=True))
            name = say(_GROUPS[group]) if group in _GROUPS else stories.group_of(group)
            choices.append(_heading(say("lab: {group}", group=name)))
        words = line("  ", fit(scenario.name, 24, Look.INFO))
        title = stories.title_of(scenario)
        choices.append(Choice(key=scenario.name, words=words, detail=title, copy=scenario.name))
    return choices


def story_of(name: str) -> list[Content]:
    """Return a scenario's title and story."""
    scenario = load_scenario(name)
    story = paragraphs(stories.story_of(scenario))
    return [line((stories.title_of(scenario), Look.STRONG)), Content(), story]


def _line_of(name: str, when: str) -> tuple[Content, ...]:
    return fit(name, 24, Look.STRONG, middle=True), Content(" "), fit(when, 18, Look.DIM)


def _saved(path: Path) -> tuple[Content, ...]:
    """Return where to a walk went and when; the file's name tells both."""
    stamp, _, name = path.stem.partition("-")
    try:
        when = f"{datetime.strptime(stamp, '%Y%m%dT%H%M%SZ'):%Y-%m-%d %H:%M}"  # noqa: DTZ007
    except ValueError:
        when, name = "", path.stem
    return _line_of(name, when)


def _heading(text: str, more: str = "") -> Choice:
    words = line((text, Look.HEADING), (more, Look.DIM))
    return Choice(key=("heading", text), words=words, heading=True)
