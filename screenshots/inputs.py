"""What the pictures open that is no scenario: a bounce, TLS reports, DMARC reports, the tour."""

import asyncio
from pathlib import Path

from textual.app import App

from mxwalk.compare.side import Side
from mxwalk.evidence.target import Options
from mxwalk.evidence.trace import Trace
from mxwalk.reports.render import render
from mxwalk.session import Saving, lab_options, open_walk
from mxwalk.watch.conditions import parse_condition
from mxwalk.watch.engine import Plan
from mxwalk.watch.runner import Watched
from tui.meaning import to_request
from tui.request import Request
from tui.screens.watch import WatchScreen
from tui.touring import request_for
from tui.understand import pasted_text

_BOUNCE = """\
Your message to user@example.com couldn't be delivered.

Remote server returned '550 5.7.323 tlsa-invalid: The domain failed DANE validation'

Generating server: AM0PR01MB0001.example.net
user@example.com
mx1.example.com
Remote Server returned '550 5.7.323 tlsa-invalid: The domain failed DANE validation'
"""
_RECORD = """\
  <record>
    <row>
      <source_ip>{ip}</source_ip><count>{count}</count>
      <policy_evaluated><disposition>{disposition}</disposition><dkim>{dkim}</dkim><spf>{spf}</spf></policy_evaluated>
    </row>
    <identifiers><header_from>example.com</header_from></identifiers>
    <auth_results>
      <dkim><domain>{domain}</domain><selector>s1</selector><result>pass</result></dkim>
      <spf><domain>{domain}</domain><result>pass</result></spf>
    </auth_results>
  </record>
"""
_REPORT = """\
<?xml version="1.0" encoding="UTF-8"?>
<feedback>
  <report_metadata>
    <org_name>receiver.example</org_name><email>reports@receiver.example</email>
    <report_id>2026-11-21-example.com</report_id>
    <date_range><begin>1795132800</begin><end>1795219199</end></date_range>
  </report_metadata>
  <policy_published>
    <domain>example.com</domain><adkim>r</adkim><aspf>r</aspf><p>none</p><sp>none</sp><pct>100</pct>
  </policy_published>
{records}</feedback>
"""


def tour(_folder: Path) -> Request:
    """Return the second stop of the tour."""
    return request_for(1)


def clue(_folder: Path) -> Request:
    """Return what a pasted bounce means."""
    meaning = pasted_text(_BOUNCE)
    assert meaning is not None
    return to_request(meaning, "esa:5")


def tls_reports(folder: Path) -> Request:
    """Return the TLS reports that senders would write of some scenarios."""
    for name in ("dane-mismatch", "sts-mx-mismatch", "dane-good"):
        text = asyncio.run(_tls_report(name))
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return Request(reports=(folder,))


async def _tls_report(name: str) -> str:
    return render(await _walked(name), "tlsrpt", sender="mta-sts")


async def _walked(name: str) -> Trace:
    options: Options = lab_options(name)
    async with open_walk(None, options, scenario=name, save=Saving.NOWHERE) as walk:
        while await walk.step() is not None:
            pass
    return walk.trace


def compare(_folder: Path) -> Request:
    """Return a host yesterday and today, its certificate expired."""
    before, after = (asyncio.run(_walked(name)) for name in ("pkix-good", "pkix-expired"))
    return Request(comparison=(Side(trace=before), Side(trace=after)), sender="esa:5")


def watch(app: App[None]) -> None:
    """Watch a server whose TLSA records do not fit until they do."""
    scenarios = ("dane-mismatch", "dane-mismatch", "dane-mismatch", "dane-good")
    first, *later = map(lab_options, scenarios)
    watched = Watched(target=None, options=first, scenarios=scenarios, later=tuple(later))
    senders = ("exchange-online",)
    plan = Plan(condition=parse_condition("delivered"), senders=senders, interval_s=2, local=True)
    app.push_screen(WatchScreen(watched, plan))


def dmarc_reports(folder: Path) -> Request:
    """Return a DMARC report with a known source and one that nobody knows."""
    from mxwalk.dmarcrpt.look import Look

    own = _RECORD.format(
        ip="192.0.2.25",
        count=812,
        disposition="none",
        dkim="pass",
        spf="pass",
        domain="example.com",
    )
    other = _RECORD.format(
        ip="198.51.100.25",
        count=96,
        disposition="none",
        dkim="fail",
        spf="fail",
        domain="news.test",
    )
    path = folder / "receiver.example!example.com!1795132800!1795219199.xml"
    path.write_text(_REPORT.format(records=own + other), encoding="utf-8")
    return Request(dmarc=Look(paths=(path,)))
