"""What if: evaluate another SPF record, or for another client, without publishing anything.

In a live walk what the record leads to is asked; in a replay the answers of the trace are all there is,
and what is not among them is said to be not known.
"""

import ipaddress
from collections.abc import Iterable

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.mailauth import SpfChecked
from mxwalk.language import say
from mxwalk.mailauth.asking import Asked, Asking, ask, replay
from mxwalk.mailauth.spf.evaluate import evaluate
from mxwalk.mailauth.spf.live import TimedResolver
from mxwalk.mailauth.spf.model import Evaluation
from mxwalk.mailauth.spf.whatif import RememberingResolver, WhatIfResolver, with_record
from tui.screens.dialog import Dialog, title
from widgets.fields import LineField
from widgets.glyphs import glyphs
from widgets.plain import Look, line
from widgets.spf_what_if import Tried, WhatIfPane

_RECORD_CHARS = 4_096


class SpfWhatIfScreen(Dialog[None]):
    """Two fields, the record and the client's address, and below what comes of them."""

    DEFAULT_CSS = """
    SpfWhatIfScreen .box { width: 96%; max-width: 132; height: 92%; max-height: 92%; }
    SpfWhatIfScreen Input { width: 1fr; }
    SpfWhatIfScreen #said { height: auto; }
    SpfWhatIfScreen WhatIfPane { height: 1fr; max-height: 100%; }
    """

    def __init__(self, checked: SpfChecked, record: str, resolver: Asked | None) -> None:
        super().__init__()
        self._checked, self._record, self._resolver = checked, record, resolver
        self._answers: dict[tuple[str, str], DnsAnswer] = {}
        self._learn(checked.answers)

    def compose(self) -> ComposeResult:
        """Lay out fields and outcome."""
        with Vertical(classes="box") as box:
            box.border_title = title(say("what if: SPF of {domain}", domain=self._checked.domain))
            yield Static(line((say("record"), Look.DIM)), classes="hint")
            yield LineField(
                value=self._record,
                placeholder="v=spf1 -all",
                id="record",
                compact=True,
                most=_RECORD_CHARS,
                select_on_focus=False,
            )
            yield Static(line((say("client address"), Look.DIM)), classes="hint")
            yield LineField(
                value=self._checked.client_ip,
                placeholder=say("192.0.2.1 or 2001:db8::1"),
                id="address",
                compact=True,
                select_on_focus=False,
            )
            yield Static("", id="said")
            yield WhatIfPane(id="outcome")
            where = (
                say(" evaluates and asks for what is not known yet; nothing is published   ")
                if self._resolver
                else say(" evaluates and uses the trace alone; nothing is published   ")
            )
            words = (
                *(
                    ("Enter", Look.ACCENT),
                    where,
                ),
                *(
                    ("Tab", Look.ACCENT),
                    say(" to the tree   "),
                    ("Esc", Look.ACCENT),
                    say(" closes"),
                ),
            )
            yield Static(line(*words), classes="hint")

    def on_mount(self) -> None:
        """Begin with what is published, where an address is known."""
        super().on_mount()
        name = "#record" if self._checked.client_ip else "#address"
        self.query_one(name, Input).focus()
        if self._checked.client_ip:
            self._try()
        else:
            self._ask()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is wrong while typing."""
        del event
        if self.query_one("#address", Input).value.strip():
            self._say(self._problem())
        else:
            self._ask()
        self.query_one(WhatIfPane).set_stale()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Evaluate."""
        event.stop()
        if self._problem():
            self._say(self._problem())
        else:
            self._try()

    def _problem(self) -> str:
        address = self.query_one("#address", Input).value.strip()
        if not address:
            return say("An address is needed: whose client is it to be evaluated for?")
        try:
            ipaddress.ip_address(address)
        except ValueError:
            return say("That is no IP address.")
        return ""

    def _ask(self) -> None:
        """Ask for an address; nothing is wrong yet."""
        self._say(say("Type the address of the client it is to be evaluated for."), working=True)

    def _say(self, problem: str, *, working: bool = False) -> None:
        sign = glyphs().info if working else glyphs().fail
        look = Look.INFO if working else Look.FAIL
        words = line((f"{sign} {problem}" if problem else "", look))
        self.query_one("#said", Static).update(words)

    # -- evaluation -----------------------------------------------------------------------------

    @work(exclusive=True, exit_on_error=False)
    async def _try(self) -> None:
        """Evaluate the record published and the one tried, both for the address in the field."""
        address = self.query_one("#address", Input).value.strip()
        text = self.query_one("#record", Input).value.strip()
        if self._resolver is not None:
            self._say("asking", working=True)
        published = await self._published(address)
        tried = await self._tried(address, text)
        self._say("")
        outcome = Tried(published=published, tried=tried, is_live=self._resolver is not None)
        self.query_one(WhatIfPane).show_tried(outcome)

    def _asking(self, address: str) -> Asking[Evaluation]:
        checked = self._checked
        return evaluate(address, checked.domain, checked.sender, checked.helo)

    async def _published(self, address: str) -> Evaluation:
        answers = tuple(self._answers.values())
        if self._resolver is None:
            return replay(self._asking(address), answers)
        resolver = TimedResolver(RememberingResolver(answers, self._resolver))
        outcome = await ask(self._asking(address), resolver)
        self._learn(outcome.answers)
        return outcome.result

    async def _tried(self, address: str, text: str) -> Evaluation:
        answers, domain = tuple(self._answers.values()), self._checked.domain
        if self._resolver is None:
            return replay(self._asking(address), with_record(answers, domain, text))
        known = RememberingResolver(answers, self._resolver)
        resolver = TimedResolver(WhatIfResolver(known, domain, text))
        outcome = await ask(self._asking(address), resolver)
        own = (domain.lower(), "TXT")
        self._learn(each for each in outcome.answers if (each.qname.lower(), each.rtype) != own)
        return outcome.result

    def _learn(self, answers: Iterable[DnsAnswer]) -> None:
        for each in answers:
            self._answers.setdefault((each.qname.lower(), each.rtype), each)
