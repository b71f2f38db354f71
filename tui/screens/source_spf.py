"""What SPF says today of a source in a DMARC report: the evaluation of its address, term by term.

Asked when the dialog opens, over the resolver the reports were opened with; closing it breaks it off.
"""

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from mxwalk.commands.believed import BelievedResolver
from mxwalk.dns.resolver import Resolver
from mxwalk.evidence.mailauth import SpfIdentity
from mxwalk.language import say
from mxwalk.mailauth.spf.live import check_host
from mxwalk.mailauth.spf.model import Evaluation
from mxwalk.reports.mailauth_spf import spf, tree_lines
from mxwalk.reports.visibly import visibly
from tui.screens.dialog import Dialog, title
from widgets.plain import Look, line, shorten
from widgets.text_pane import TextPane


class SourceSpfScreen(Dialog[None]):
    """The evaluation for ``postmaster`` at the domain, from the source's address."""

    def __init__(self, domain: str, ip: str, resolver: Resolver) -> None:
        super().__init__()
        self._domain, self._ip, self._resolver = domain, ip, resolver

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        with Vertical(classes="box") as box:
            box.border_title = title(
                say("SPF of {domain} for {ip}", domain=shorten(self._domain, 60), ip=self._ip)
            )
            yield TextPane(id="text")
            keys = (("y", Look.ACCENT), say(" copies   "), ("Esc", Look.ACCENT), say(" closes"))
            yield Static(line(*keys), classes="hint")

    def on_mount(self) -> None:
        """Begin to ask."""
        pane = self.query_one(TextPane)
        pane.show([line((say("Asking the DNS, for 20 seconds at most."), Look.DIM))])
        pane.focus()
        self._ask()

    @work(exclusive=True, exit_on_error=False)
    async def _ask(self) -> None:
        sender = f"postmaster@{self._domain}"
        found = await check_host(self._ip, self._domain, sender, self._domain, self._resolver)
        command = f"mxwalk spf {self._domain} --ip {self._ip}"
        asked = self._resolver
        problem = asked.problem if isinstance(asked, BelievedResolver) else ""
        self.query_one(TextPane).show(_lines(found, command, problem), indent=4, title=command)


def _lines(found: Evaluation, command: str, problem: str) -> list[Content]:
    check = visibly(spf(found, SpfIdentity.MAILFROM.value, None))
    head = line((f"{check.result.upper()}: ", Look.STRONG), check.why)
    return [
        head,
        *([line((problem, Look.WARN))] if problem else []),
        line(""),
        *(line(each) for each in tree_lines(check)),
        line(""),
        line((say("The same on the command line: {command}", command=command), Look.DIM)),
    ]
