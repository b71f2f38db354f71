"""What the start screen offers to open: saved walks and lab scenarios with their stories.

Reading them takes a moment; the screen does it in a thread, after its first frame.
"""

from datetime import datetime
from pathlib import Path

from textual.content import Content

from mxwalk.lab.scenario import load_scenario, scenario_names
from tui.paths import recent_traces
from widgets.plain import Look, fit, line, paragraphs
from widgets.text_pane import Choice

_GROUPS = {
    "esa": "sender identity (ESA)",
    "ehlo": "the EHLO dialogue",
    "starttls": "STARTTLS",
    "connect": "connections that misbehave",
    "pkix": "certificates",
    "routing": "routing",
    "hostile": "hostile servers",
    "spf": "messages: SPF",
    "dkim": "messages: DKIM",
    "dmarc": "messages: DMARC",
    "domain": "what a domain publishes",
}
_FIRST = "esa-hosted"  # the worked example stands first


def start_choices() -> list[Choice]:
    """Return saved walks, newest first, then the scenarios by group."""
    return [*_saved_walks(), *_scenarios()]


def _saved_walks() -> list[Choice]:
    recent = recent_traces(5)
    choices = [_heading("saved walks")]
    if not recent:
        words = line(("  none yet: every walk is saved as it goes", Look.DIM))
        choices.append(Choice(key="none", words=words, heading=True))
    choices.extend(
        Choice(key=path, words=line("  ", *_saved(path)), detail="replay", copy=str(path))
        for path in recent
    )
    return choices


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
            choices.append(_heading(f"lab: {_GROUPS.get(group, group)}"))
        words = line("  ", fit(scenario.name, 24, Look.INFO))
        choices.append(
            Choice(key=scenario.name, words=words, detail=scenario.title, copy=scenario.name)
        )
    return choices


def story_of(name: str) -> list[Content]:
    """Return a scenario's title and story."""
    scenario = load_scenario(name)
    story = paragraphs(" ".join(scenario.story.split()))
    return [line((scenario.title, Look.STRONG)), Content(), story]


def _saved(path: Path) -> tuple[Content, Content]:
    """Return where to a walk went and when; the file's name tells both."""
    stamp, _, name = path.stem.partition("-")
    try:
        when = f"{datetime.strptime(stamp, '%Y%m%dT%H%M%SZ'):%Y-%m-%d %H:%M} UTC"  # noqa: DTZ007
    except ValueError:
        when, name = "", path.stem
    return fit(name, 30, Look.STRONG), fit(when, 22, Look.DIM)


def _heading(text: str) -> Choice:
    return Choice(key=("heading", text), words=line((text, Look.HEADING)), heading=True)
