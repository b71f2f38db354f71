"""The certificate chain of a policy host, in the same view as that of a mail server."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from mxwalk.delivery.attempt import Attempt
from mxwalk.language import say
from tui.screens.chain_date import ChainDateScreen
from tui.screens.dialog import Dialog, title
from widgets.chain_view import ChainView
from widgets.plain import Look, line
from widgets.shown import Shown


class PolicyChainScreen(Dialog[None]):
    """The chain view in a window of its own."""

    DEFAULT_CSS = """
    PolicyChainScreen .box { width: 96%; max-width: 140; height: 92%; max-height: 92%; }
    PolicyChainScreen ChainView { height: 1fr; max-height: 100%; }
    """

    def __init__(self, shown: Shown, attempt: Attempt) -> None:
        super().__init__()
        self._shown = replace(shown, attempt=attempt, step=None)
        self._place = f"{attempt.host.name} [{attempt.address}]:{attempt.port}"

    def compose(self) -> ComposeResult:
        """Lay out the view."""
        with Vertical(classes="box") as box:
            box.border_title = title(
                say("certificates of the policy host {place}", place=self._place)
            )
            yield ChainView(id="policy-chain")
            keys = (
                *(
                    ("j k", Look.ACCENT),
                    say(" certificate   "),
                    ("h l", Look.ACCENT),
                    say(" tab   "),
                ),
                *(("y", Look.ACCENT), say(" copies   "), ("Esc", Look.ACCENT), say(" closes")),
            )
            yield Static(line(*keys), classes="hint")

    def on_mount(self) -> None:
        """Fill in the chain."""
        view = self.query_one(ChainView)
        view.show(self._shown)
        view.focus()

    def on_chain_view_date_wanted(self, event: ChainView.DateWanted) -> None:
        """Ask for the date to evaluate the chain at."""
        event.stop()
        self.app.push_screen(ChainDateScreen(event.at, event.view.evaluate_at))
