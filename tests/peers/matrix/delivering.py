"""Messages to the receiving hosts from a real smtp(8) at each level and a real Exim, against our verdicts."""

import re
from collections.abc import Mapping

from mxwalk.delivery.model import Delivery
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.senders.registry import profile
from tests.peers.exim import MODES, deliver_all
from tests.peers.levels import Lab
from tests.peers.matrix.opinions import Opinion
from tests.peers.matrix.scenarios import BY_NAME, PEERS
from tests.peers.sending import LEVELS, deliveries, submit
from tests.peers.situations import Situation
from tests.peers.tls_hosts import IMPLICIT

TITLE = "Senders"
INTRO = (
    "A real Postfix at each of its seven TLS levels and a real Exim with `hosts_try_dane` and"
    " `hosts_require_dane` send a message to each host; what became of it is held against our verdict for"
    " that sender: in clear, with TLS and how far it was verified, deferred or bounced."
)
CLEAR = "in clear"
_PATIENCE_S = 300
_STATUS = {
    Outcome.DEFERRED: "deferred", Outcome.BOUNCED: "bounced", Outcome.UNKNOWN: "unknown",
    Outcome.DELIVERED_CLEAR: CLEAR,
}  # fmt: skip

Queued = dict[str, tuple[str, str]]


def submitted(started: Lab) -> Queued:
    """Hand a message for every host and level to the sending Postfix."""
    return submit({one.label: one.domain for one in _on_port_25(started)})


def _on_port_25(started: Lab) -> list[Situation]:
    return [
        one for one in started.situations if BY_NAME[one.label.rpartition("-")[0]].mode != IMPLICIT
    ]


def opinions(started: Lab, waiting: Queued, walks: Mapping[str, Delivery]) -> list[Opinion]:
    """Let Exim send as well; return what became of every message."""
    situations = _on_port_25(started)
    exim = deliver_all(started, situations)
    assert started.sender is not None
    retried = {
        (one.label, level) for one in situations for level in ("may", "dane")
        if level == "may" or not one.hosts[0].records
    }  # fmt: skip
    postfix = deliveries(started.sender / "mail.log", waiting, retried, _PATIENCE_S)
    found = []
    for one in situations:
        scenario, _, kind = one.label.rpartition("-")
        for level in LEVELS:
            real = postfix[one.label, level]
            said = real.trust or CLEAR if real.status == "sent" else real.status
            verdict = profile(f"postfix:{level}").judge(walks[one.label])
            found.append(
                Opinion(TITLE, scenario, PEERS[kind], f"smtp(8) {level}", said, _trust(verdict))
            )
        for mode in MODES:
            status, verified = exim[one.label, mode]
            how = "DANE" if verified == "dane" else "TLS" if verified else CLEAR
            verdict = profile(f"exim:{mode}-dane").judge(walks[one.label])
            said = how if status == "sent" else status
            found.append(Opinion(TITLE, scenario, PEERS[kind], f"Exim {mode}", said, _how(verdict)))
    return found


def _trust(verdict: Verdict) -> str:
    match = re.search(r"(\w+) TLS connection established", verdict.log)
    return _STATUS.get(verdict.outcome) or (match[1] if match else "")


def _how(verdict: Verdict) -> str:
    verified = verdict.outcome is Outcome.DELIVERED_VERIFIED
    return _STATUS.get(verdict.outcome) or ("DANE" if verified else "TLS")
