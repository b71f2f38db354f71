"""``mxwalk policy``: what a domain publishes of MTA-STS and TLS-RPT, and what it should publish.

The same steps as in a walk, without any connection to a mail server: MX, both records, the policy
file.  The file and the record to publish follow, for the MX hosts seen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from mxwalk.clock import from_rfc3339
from mxwalk.commands.ending import run as run_to_end
from mxwalk.commands.settings import Given, apply
from mxwalk.commands.streams import print_document, print_lines
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.route import RouteKind
from mxwalk.delivery.sts import sts_host
from mxwalk.dnssec.model import Status
from mxwalk.errors import UsageError
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Options, TargetKind
from mxwalk.evidence.trace import Trace
from mxwalk.language import say
from mxwalk.mtasts.advice import Advice, Publication, advise_on
from mxwalk.mtasts.state import StsStanding
from mxwalk.reports import model, model_policy
from mxwalk.reports.text import finding_lines, format_step
from mxwalk.reports.view import build_view
from mxwalk.text import visible
from mxwalk.walk.target import parse_target

SCHEMA = "mxwalk-policy-1"
IN_ORDER, NOT_PUBLISHED, BROKEN, UNKNOWN = 0, 1, 3, 4
_SENDER = "mta-sts"
_STEPS = (StepKind.RESOLVER, StepKind.MX, StepKind.POLICY_RECORDS, StepKind.STS_POLICY)
_AREAS = ("STS", "RPT")
_NOTHING_KNOWN = (RouteKind.LOOKUP_FAILED, RouteKind.NO_DOMAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asked for."""

    domain: str
    fmt: str | None = None
    ascii_only: bool = False
    resolver: str | None = None
    ca_file: str | None = None
    timeout: float | None = None
    private_urls: bool = False


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON document; ``sts`` and ``tls_rpt`` are those of a report, ``route`` the MX answer's."""

    schema: str
    domain: str
    exit_code: int
    route: str
    route_problem: str
    mx_hosts: tuple[str, ...]
    sts: model_policy.Sts | None
    tls_rpt: model_policy.TlsRpt | None
    findings: tuple[model.Finding, ...]


def asked_from(values: Mapping[str, object]) -> Asked:
    """Return the request that click's values make."""
    return msgspec.convert(dict(values), Asked)


def run(asked: Asked) -> int:
    """Look everything up, print it, and return the exit code.  Raises ``UsageError``."""
    target = parse_target(asked.domain)
    if target.kind not in (TargetKind.MAILBOX, TargetKind.DOMAIN):
        raise UsageError(
            say(
                "{domain} is no mail domain; give a name like example.com",
                domain=visible(asked.domain, 200),
            )
        )
    given = Given(
        resolver=asked.resolver,
        ca_file=asked.ca_file,
        timeout=asked.timeout,
        private_urls=asked.private_urls,
    )
    trace = run_to_end(_look_up(asked.domain, apply(given, Options(sender=_SENDER))))
    delivery = build_delivery(trace)
    code = exit_code(delivery)
    if asked.fmt == "json":
        print_document(_json(trace, delivery, code))
    else:
        print_lines(_text(trace, delivery), ascii_only=asked.ascii_only)
    return code


def exit_code(delivery: Delivery) -> int:
    """Return 0 for a policy that fits, 1 for none, 3 for one that does not work, 4 for unknown.

    Of a domain that does not exist nothing is known: it may be misspelt.
    """
    state = delivery.sts
    if state.standing in (StsStanding.UNDECIDED, StsStanding.PENDING, StsStanding.FETCH_PENDING):
        return UNKNOWN
    if state.standing is StsStanding.NO_DOMAIN:
        return UNKNOWN if delivery.route.kind in _NOTHING_KNOWN else NOT_PUBLISHED
    if state.standing.is_broken:
        return BROKEN
    if state.mode is None or not state.mode.demands:
        return NOT_PUBLISHED
    listed = all(sts_host(delivery, host).listed for host in delivery.hosts)
    return IN_ORDER if listed else BROKEN


async def _look_up(domain: str, options: Options) -> Trace:
    from mxwalk.session import Saving, open_walk

    async with open_walk(domain, options, save=Saving.NOWHERE) as walk:
        while walk.pending is not None and walk.pending.kind in _STEPS:
            await walk.step()
        return walk.trace


def _text(trace: Trace, delivery: Delivery) -> Iterator[str]:
    problem = _problem(delivery)
    if delivery.route.kind is RouteKind.NO_DOMAIN and not _forged(delivery):
        yield problem
        return
    for step in trace.steps:
        if step.kind is not StepKind.RESOLVER:
            yield from format_step(step, delivery, _SENDER)
    if delivery.sts.standing is StsStanding.NO_DOMAIN:
        yield problem
        return
    report = build_view(trace, _SENDER).report
    yield ""
    yield say("EFFECTIVE POLICY  {policy}", policy=delivery.sts.effective)
    yield ""
    yield say("FINDINGS")
    yield from finding_lines(report, _of_area(report))
    names = [host.planned.name for host in delivery.hosts if not host.planned.is_literal]
    if names:
        at = from_rfc3339(trace.header.started_at)
        yield from _advice(advise_on(delivery.sts, names, at))


def _problem(delivery: Delivery) -> str:
    """Return why there is no mail domain to look at; empty where there is one."""
    if delivery.sts.standing is not StsStanding.NO_DOMAIN:
        return ""
    said = visible(delivery.route.words, 300)
    if delivery.route.kind is not RouteKind.NO_DOMAIN:
        return said
    if _forged(delivery):
        return say(
            "{said}, says our resolver; but the answer fails DNSSEC, so it does not count",
            said=said,
        )
    return say("{said} (NXDOMAIN): is the name spelt right?", said=said)


def _forged(delivery: Delivery) -> bool:
    looked = delivery.mx_validation
    return looked is not None and looked.status is Status.BOGUS


def _of_area(report: model.Report) -> tuple[model.Finding, ...]:
    return tuple(one for one in report.findings if one.code[:3] in _AREAS)


def _advice(advice: Advice) -> Iterator[str]:
    yield ""
    yield say("TO PUBLISH  {why}", why=advice.why)
    for number, step in enumerate(advice.steps, 1):
        yield f"  {number}. {step}"
    for one in advice.publications:
        yield ""
        yield from _publication(one)
    yield ""
    yield f"  {advice.report}"


def _publication(one: Publication) -> Iterator[str]:
    yield say("  mode {mode}: {url}", mode=one.mode.value, url=one.url)
    yield from (f"    {line}" for line in one.text.splitlines())
    yield f"  {one.record}"


def _json(trace: Trace, delivery: Delivery, code: int) -> str:
    report = build_view(trace, _SENDER).report
    document = Document(
        schema=SCHEMA,
        domain=visible(delivery.domain, 300),
        exit_code=code,
        route=delivery.route.kind.value,
        route_problem=_problem(delivery) or visible(delivery.route.problem, 300),
        mx_hosts=tuple(visible(host.planned.name, 300) for host in delivery.hosts),
        sts=report.sts,
        tls_rpt=report.tls_rpt,
        findings=_of_area(report),
    )
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
