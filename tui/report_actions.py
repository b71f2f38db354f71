"""The keys of the screens that read reports: TLS reports and DMARC reports."""

from tui.action import declared as _a

REPORT_KEYS = (
    _a("reports.pane", "tab,shift+tab", "pane", "pane", "To the other pane"),
    _a("reports.again", "r", "again", "read again", "Read the files again"),
    _a("reports.zoom", "z", "zoom", "zoom", "Give the focused pane the whole screen, or back"),
    _a("reports.cancel", "escape", "back_out", "back", "Stop reading, or back"),
    _a("reports.leave", "q", "leave", "quit", "Back, or quit"),
)
REPORTS = (
    _a(
        "reports.view-failures",
        "1",
        "view('failures')",
        "failures",
        "Failures by result type, explained",
    ),
    _a("reports.view-policies", "2", "view('policies')", "policies", "Policies and who reported"),
    _a("reports.view-days", "3", "view('days')", "days", "Sessions by day"),
    _a(
        "reports.view-deviations",
        "4",
        "view('deviations')",
        "deviations",
        "What deviates from RFC 8460, and files that could not be read",
    ),
    *REPORT_KEYS,
)
_DMARC_VIEWS = (
    ("sources", "Sources of mail, unknown ones first"),
    ("results", "What passed, what failed, and what it looks like"),
    ("policies", "Policies published, and who reported"),
    ("days", "Messages by day"),
    ("deviations", "What deviates from the schema, and files that could not be read"),
)
DMARC = (
    *(
        _a(f"dmarc.view-{name}", str(number), f"view('{name}')", name, words)
        for number, (name, words) in enumerate(_DMARC_VIEWS, start=1)
    ),
    *REPORT_KEYS,
    _a("sources.spf", "s", "source('spf')", "ask SPF", "What SPF says of the source"),
    _a("sources.name", "p", "source('name')", "PTR name", "Ask the DNS for the source's name"),
    _a(
        "sources.names",
        "P",
        "source('names')",
        "PTR names",
        "Ask the DNS for the names of the first hundred sources",
    ),
    _a(
        "sources.unknown",
        "u",
        "source('narrow')",
        "narrow",
        "Show the sources that are not in order, then the unknown ones only, then all",
    ),
    _a("dmarc.find", "slash", "find", "filter", "Filter the sources"),
    _a("dmarc.export", "x", "export", "export", "Write what is shown to a file, as text or JSON"),
)
