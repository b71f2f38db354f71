"""Where the mail goes: the delivery hosts in order, their addresses, PTR names, and how each fared."""

from collections.abc import Iterator

from textual.content import Content

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.denials import believed
from mxwalk.delivery.mark import Mark
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.route import RouteKind
from mxwalk.delivery.status import status
from mxwalk.delivery.validated import validated_in
from mxwalk.dnssec.model import Validation
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.lookups import PtrLookedUp
from mxwalk.evidence.step import Step, StepKind
from mxwalk.language import noted, say, say_many
from widgets.dnssec_words import came_words, claim_words, host_words, status_words
from widgets.glyphs import glyphs
from widgets.plain import Look, duration, fit, line, look_of, mark, wrap
from widgets.row import Row, text_row
from widgets.shown import View

_RANK = (Mark.FAIL, Mark.WARN, Mark.UNKNOWN, Mark.OK, Mark.INFO)


class RouteView(View):
    """The delivery hosts; ``y`` copies a name or an address."""

    empty = noted("The delivery hosts are known after the MX look-up: press n.")

    def title_words(self) -> str:
        """Say where the hosts come from."""
        return say(self.shown.delivery.route.kind.value) if self.shown else ""

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the look-ups, then each host with its addresses."""
        if self.shown is None:
            return
        delivery = self.shown.delivery
        yield from _lookups(delivery, width)
        if delivery.route.problem:
            doubted = delivery.resolver_denies_root
            symbol, look = mark(Mark.UNKNOWN if doubted else Mark.FAIL)
            words = line((f"{symbol} ", look), (delivery.route.problem, look))
            yield text_row("problem", *wrap(words, width, indent=2))
        if delivery.hosts:
            yield text_row(
                "head",
                Content(),
                line(
                    fit(say("pref"), 6, Look.DIM),
                    (say("delivery host, addresses, reverse names"), Look.DIM),
                ),
            )
        elif delivery.route.kind is RouteKind.PENDING:
            yield text_row("pending", *wrap(line((say(self.empty), Look.DIM)), width))
        for host in delivery.hosts:
            yield from _host(delivery, host, width)


def _lookups(delivery: Delivery, width: int) -> Iterator[Row]:
    if delivery.resolver_step is not None:
        result = status(delivery.resolver_step, delivery)
        symbol, look = mark(result.mark)
        words = line(fit(say("resolver"), 10, Look.DIM), (symbol, look), " ", result.summary)
        yield Row(
            key="resolver",
            lines=tuple(wrap(words, width, indent=12)),
            copy=result.summary,
        )
    mx = delivery.mx
    if mx is None:
        return
    words = line(fit("MX", 10, Look.DIM), (f"{mx.domain}  ", Look.STRONG))
    words += answer_words(mx.answer, delivery.mx_validation)
    yield Row(
        key="mx", lines=tuple(wrap(words, width, indent=10)), copy=mx.domain, what=say("domain")
    )
    for index, record in enumerate(mx.answer.records()):
        yield Row(
            key=("mx", index),
            lines=tuple(wrap(line(" " * 10, (record, Look.PLAIN)), width, indent=12)),
            copy=record,
            what=say("record"),
        )


def answer_words(answer: DnsAnswer, validation: Validation | None) -> Content:
    """Say how an answer came out: status, records, and whether it is authentic."""
    found = len(answer.records())
    if answer.status is DnsStatus.OK:
        symbol, look = mark(Mark.OK)
        words = say_many("{n} record", "{n} records", found)
    elif answer.doubted:
        symbol, look = mark(Mark.UNKNOWN)
        words = came_words(answer)
    else:
        state = Mark.INFO if answer.status in (DnsStatus.NODATA, DnsStatus.NXDOMAIN) else Mark.FAIL
        symbol, look = mark(state)
        words = answer.status.value.upper()
    said = line(
        (f"{symbol} {words}", look), (f"  {answer.error}" if answer.error else "", Look.DIM)
    )
    if validation is not None:
        said += line("  ") + status_words(validation.status) + "  " + claim_words(validation)
    elif answer.status is DnsStatus.OK:
        trust = (
            say("the resolver says authentic (AD)")
            if answer.authentic
            else say("not validated, no AD")
        )
        said += line((f"  {trust}", Look.DIM))
    return said + line((f"  {duration(answer.elapsed_s)}", Look.DIM))


def _host(delivery: Delivery, host: Host, width: int) -> Iterator[Row]:
    plan = host.planned
    unicode_name = f"  ({plan.name})" if plan.display != plan.name else ""
    state = say("skipped by you") if host.skipped else ""
    head = line(
        fit(str(plan.preference), 6, Look.STRONG),
        (plan.display, Look.STRONG),
        (unicode_name, Look.DIM),
        (f"  {say(plan.origin.value)}", Look.DIM),
        (f"  {state}", Look.WARN),
    )
    yield Row(
        key=("host", plan.name, plan.port),
        lines=tuple(wrap(head, width, indent=8)),
        copy=plan.name,
        what=say("host name"),
    )
    looked = validated_in(delivery, host.address_step) + validated_in(delivery, host.tlsa_step)
    if looked:
        words = line(" " * 8) + host_words(host, looked)
        reason = host.dane.reason if host.dane else ""
        yield Row(
            key=("dane", plan.name, plan.port),
            lines=tuple(wrap(words, width, indent=10)),
            copy=reason,
            what=say("reason"),
        )
    if host.address_step is not None and not host.addresses:
        result = status(host.address_step, delivery)
        symbol, look = mark(result.mark)
        words = line(" " * 8, (f"{symbol} ", look), (result.summary, look))
        yield text_row(("none", plan.name), *wrap(words, width, indent=10))
    merged = dict(host.merged)
    for address in host.addresses:
        yield _address(delivery, host, address, merged.get(address, ""), width)


def _address(delivery: Delivery, host: Host, address: str, merged: str, width: int) -> Row:
    attempt = host.latest(address)
    ptr = attempt.ptr if attempt else _ptr(delivery, address)
    column = 18 if ":" not in address else 26
    first = line(" " * 8, fit(address, column)) + _state(delivery, attempt, merged)
    lines = wrap(first, width, indent=10)
    if ptr is not None:
        if not ptr.names:
            lines.append(line(" " * 10, ("PTR  ", Look.DIM), (came_words(ptr.answer), Look.DIM)))
        for name in ptr.names:
            symbol, look, word = (
                (glyphs().ok, Look.OK, say("forward-confirmed"))
                if name.confirmed
                else (glyphs().warn, Look.WARN, say("not forward-confirmed"))
            )
            words = line(
                " " * 10, ("PTR  ", Look.DIM), f"{name.name}  ", (f"{symbol} {word}", look)
            )
            lines.extend(wrap(words, width, indent=15))
    key = ("address", host.planned.name, host.planned.port, address)
    return Row(key=key, lines=tuple(lines), copy=address, what=say("address"))


def _ptr(delivery: Delivery, address: str) -> PtrLookedUp | None:
    for step in delivery.trace.steps:
        evidence = step.evidence
        if isinstance(evidence, PtrLookedUp) and evidence.address == address:
            found = believed(evidence) if delivery.resolver_denies_root else evidence
            return found if isinstance(found, PtrLookedUp) else None
    return None


def _state(delivery: Delivery, attempt: Attempt | None, merged: str) -> Content:
    if merged:
        return line(
            (
                say(
                    "{none} same address as {merged}: one connection",
                    none=glyphs().none,
                    merged=merged,
                ),
                Look.DIM,
            )
        )
    if attempt is None:
        return line((say("{glyphs} not connected yet", glyphs=glyphs().planned), Look.DIM))
    worst = _worst(delivery, attempt)
    if worst is None:
        return Content()
    step, state, summary = worst
    symbol, look = mark(state)
    name = say("connection") if step.kind is StepKind.CONNECT else say(step.kind.value)
    return line((f"{symbol} ", look), (f"{name}: {summary}", look_of(state)))


def _worst(delivery: Delivery, attempt: Attempt) -> tuple[Step, Mark, str] | None:
    results = [(step, status(step, delivery)) for step in attempt.steps]
    for state in _RANK:
        for step, result in results:
            if result.mark is state:
                return step, state, result.summary
    return None
