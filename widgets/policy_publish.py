"""What to publish for the MX hosts seen: the file and the record, testing first and then enforce.

Every row copies what belongs into a file or a zone, so that nothing has to be typed.  Where the file
would do and something else is broken, that is what is told to mend.
"""

from collections.abc import Iterator

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.language import noted, say
from mxwalk.mtasts.advice import REPORT_STEP, Advice, Publication
from mxwalk.mtasts.fetch import FetchFault
from mxwalk.mtasts.model import Mode
from mxwalk.mtasts.state import StsStanding, StsState
from mxwalk.tlsrpt.record import Standing
from widgets.glyphs import glyphs
from widgets.plain import Look, line, wrap
from widgets.policy_fields import heading_rows, remark
from widgets.policy_reports import report_line
from widgets.policy_state import Picture, Section, names_of
from widgets.row import Row, text_row

_HERE = Section.PUBLISH
_UNKNOWN = (StsStanding.NOT_LOOKED_UP, StsStanding.UNDECIDED, StsStanding.LOOKUP_FAILED)
_MEND = {
    FetchFault.NO_ANSWER: noted("let the policy host answer on port 443 with TLS"),
    FetchFault.CERTIFICATE: noted(
        "give the policy host a certificate of a known CA for its very name"
    ),
    FetchFault.REDIRECT: noted("serve the file at this very address: senders follow no redirect"),
    FetchFault.STATUS: noted("serve the file with status 200"),
    FetchFault.MEDIA_TYPE: noted("serve the file as text/plain"),
    FetchFault.BODY: noted("serve the file whole, and below 64 KiB"),
}


def publish_rows(found: Picture, width: int) -> Iterator[Row]:
    """Yield the steps, then file and record of each stage."""
    advice, state = found.advice, found.state
    if advice is None:
        words = say("the policy is made from the MX hosts: none are known yet")
        yield from heading_rows(_HERE, line((words, Look.DIM)), width)
        return
    yield from heading_rows(_HERE, line((_why(state, advice), Look.DIM)), width)
    yield from _before_enforce(found, width)
    for number, words in enumerate(_steps(found, advice), 1):
        step = line((f"  {number}. ", Look.ACCENT), words)
        lines = tuple(wrap(step, width, indent=5))
        yield Row(key=(_HERE, "step", number), lines=lines, copy=words, what=say("step"))
    usable = found.reports is not None and found.reports.standing is Standing.USABLE
    if not usable and (report := report_line(found)):
        yield _record("report", say("TLS-RPT record"), report, width)
    if advice.redirected:
        return
    if advice.new_id:
        yield from _stage(noted("first"), advice.first, width)
    elif state.standing is StsStanding.RECORD_UNUSABLE:
        yield _record("mended", say("record"), advice.first.record, width)
    elif state.standing is StsStanding.ACTIVE:
        yield from _stage(noted("as published"), advice.first, width)
    if advice.first.mode is not advice.then.mode:
        yield from _stage(noted("then"), advice.then, width)


def _why(state: StsState, advice: Advice) -> str:
    """Return what is published now, as far as it is known."""
    if advice.redirected:
        return advice.why
    if state.standing.is_open or state.standing in _UNKNOWN:
        return say("what is published now is not known; for these MX hosts:")
    if state.policy is None and state.fetch is not None:
        return say("the file that is published could not be had; for these MX hosts:")
    if not advice.new_id and state.standing.is_broken:
        return say("the file says what it should; mend the rest")
    return advice.why


def _steps(found: Picture, advice: Advice) -> list[str]:
    """Return what to do in order: first what is broken, then the way to enforce where it is needed."""
    state, steps = found.state, []
    if advice.redirected:
        return list(advice.steps)
    if state.standing is StsStanding.RECORD_UNUSABLE and not advice.new_id:
        steps.append(say("publish this one record in place of what stands at the name now"))
    elif state.fault in _MEND:
        steps.append(say(_MEND[state.fault]))
    if not advice.new_id and state.standing.is_broken:
        return steps or [say("mend the zone: see the record above")]
    if not advice.new_id and state.mode is Mode.ENFORCE and found.failing:
        return [
            say(
                "leave file and record as they are: they fit the MX hosts, the certificate does not"
            )
        ]
    reported = found.reports is not None and found.reports.standing is Standing.USABLE
    return steps + [one for one in advice.steps if not (reported and one == say(REPORT_STEP))]


def _before_enforce(found: Picture, width: int) -> Iterator[Row]:
    """Warn of hosts that would get no mail under enforce."""
    if not found.failing:
        return
    names = names_of(found.failing)
    if found.state.mode is Mode.ENFORCE:
        words = say(
            "mend the certificate first: {names} get no mail from senders that obey MTA-STS",
            names=names,
        )
        yield remark(_HERE, "before", Mark.FAIL, words, width)
        return
    words = say(
        "not yet enforce: {names} would get no mail until the certificate is mended", names=names
    )
    yield remark(_HERE, "before", Mark.WARN, words, width)


def _stage(name: str, one: Publication, width: int) -> Iterator[Row]:
    mode = one.mode.value
    words = line((f"  {say(name)}: ", Look.STRONG), (say("mode {mode}", mode=mode), Look.HEADING))
    yield text_row((_HERE, name, "heading"), words + line((say("  y copies"), Look.DIM)))
    yield _file(name, one, width)
    yield _record((name, "record"), say("record"), one.record, width)


def _file(name: str, one: Publication, width: int) -> Row:
    lines: list[Content] = wrap(line("    ", (one.url, Look.DIM)), width, indent=6)
    body = one.text.splitlines()
    for text in body:
        piece = line((f"    {glyphs().separator} ", Look.DIM), (text, Look.STRONG))
        lines += wrap(piece, width, indent=8)
    copy = "".join(f"{text}\n" for text in body)
    return Row(key=(_HERE, name, "file"), lines=tuple(lines), copy=copy, what=say("policy file"))


def _record(key: object, what: str, zone_line: str, width: int) -> Row:
    lines = wrap(line("    ", (zone_line, Look.STRONG)), width, indent=6)
    return Row(key=(_HERE, key), lines=tuple(lines), copy=zone_line, what=what)
