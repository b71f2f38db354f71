"""The views of each kind of walk, in the order of their keys: a new view is a file and a line here."""

import importlib
from dataclasses import dataclass, replace
from typing import cast

from mxwalk.evidence.step import StepKind
from widgets.shown import View


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSpec:
    """A view: its key, name, the steps it is natural for, and where its class is."""

    key: str
    id: str
    name: str
    tooltip: str
    factory: str
    kinds: frozenset[StepKind] = frozenset()

    def make(self) -> View:
        """Import the widget's module and return a new widget."""
        module, _, name = self.factory.partition(":")
        return cast("View", getattr(importlib.import_module(module), name)(id=f"view-{self.id}"))


VIEWS = (
    ViewSpec(
        key="1",
        id="route",
        name="route",
        tooltip="Delivery hosts, addresses, reverse names",
        factory="widgets.route_view:RouteView",
        kinds=frozenset(
            {StepKind.RESOLVER, StepKind.MX, StepKind.ADDRESS, StepKind.PTR, StepKind.CONNECT}
        ),
    ),
    ViewSpec(
        key="2",
        id="ehlo",
        name="EHLO",
        tooltip="The EHLO response in both readings",
        factory="widgets.ehlo_view:EhloView",
        kinds=frozenset({StepKind.GREETING, StepKind.EHLO, StepKind.HELO, StepKind.EHLO_TLS}),
    ),
    ViewSpec(
        key="3",
        id="tls",
        name="TLS",
        tooltip="The handshake and the time it took",
        factory="widgets.tls_view:TlsView",
        kinds=frozenset(
            {
                StepKind.STARTTLS,
                StepKind.HANDSHAKE,
                StepKind.CLASSIC_GROUPS,
                StepKind.LEGACY_TLS,
                StepKind.WITHOUT_SNI,
            }
        ),
    ),
    ViewSpec(
        key="4",
        id="chain",
        name="chain",
        tooltip="The certificates from leaf to root",
        factory="widgets.chain_view:ChainView",
        kinds=frozenset({StepKind.CHAIN, StepKind.ISSUERS, StepKind.REVOCATION}),
    ),
    ViewSpec(
        key="5",
        id="identity",
        name="identity",
        tooltip="Presented against reference identifiers",
        factory="widgets.identity_matrix:IdentityMatrix",
        kinds=frozenset({StepKind.IDENTITY}),
    ),
    ViewSpec(
        key="6",
        id="tlsa",
        name="TLSA",
        tooltip="Every TLSA record against every certificate",
        factory="widgets.tlsa_grid:TlsaGrid",
        kinds=frozenset({StepKind.TLSA, StepKind.OTHER_LEAF}),
    ),
    ViewSpec(
        key="7",
        id="dnssec",
        name="DNSSEC",
        tooltip="The chain of trust of every look-up",
        factory="widgets.dnssec_view:DnssecView",
    ),
    ViewSpec(
        key="8",
        id="policy",
        name="policy",
        tooltip="MTA-STS record, policy and hosts; TLS-RPT; what to publish",
        factory="widgets.policy_view:PolicyView",
        kinds=frozenset({StepKind.POLICY_RECORDS, StepKind.STS_POLICY}),
    ),
    ViewSpec(
        key="9",
        id="verdicts",
        name="verdicts",
        tooltip="What every sender would do",
        factory="widgets.verdict_table:VerdictTable",
        kinds=frozenset({StepKind.MAIL, StepKind.RCPT, StepKind.RSET, StepKind.QUIT}),
    ),
)


def view_named(name: str) -> ViewSpec:
    """Return a view of a delivery by its id, for the walks that have it too."""
    return next(view for view in VIEWS if view.id == name)


MESSAGE_VIEWS = (
    ViewSpec(
        key="1",
        id="message",
        name="message",
        tooltip="Who the message says it is from, and how it came",
        factory="widgets.message_view:MessageView",
        kinds=frozenset({StepKind.MESSAGE, StepKind.RESOLVER}),
    ),
    ViewSpec(
        key="2",
        id="spf",
        name="SPF",
        tooltip="The evaluation of the SPF record, term by term; what if",
        factory="widgets.spf_view:SpfView",
        kinds=frozenset({StepKind.SPF_MAILFROM, StepKind.SPF_HELO}),
    ),
    ViewSpec(
        key="3",
        id="dkim",
        name="DKIM",
        tooltip="Every signature: tags, key, what was signed; ARC",
        factory="widgets.dkim_view:DkimView",
        kinds=frozenset({StepKind.DKIM, StepKind.ARC}),
    ),
    ViewSpec(
        key="4",
        id="dmarc",
        name="DMARC",
        tooltip="Discovery, the record, the alignment matrix, the disposition",
        factory="widgets.dmarc_view:DmarcView",
        kinds=frozenset(
            {StepKind.DMARC, StepKind.REPORTERS, StepKind.ALIGNMENT, StepKind.DISPOSITION}
        ),
    ),
    ViewSpec(
        key="5",
        id="headers",
        name="headers",
        tooltip="What a receiver would write, beside what the message claims",
        factory="widgets.headers_view:HeadersView",
        kinds=frozenset({StepKind.RESULT_HEADERS}),
    ),
    view_named("dnssec"),
    replace(view_named("verdicts"), tooltip="What every receiver would do"),
)

DOMAIN_VIEWS = (
    ViewSpec(
        key="1",
        id="domain",
        name="domain",
        tooltip="Everything the domain publishes about its mail",
        factory="widgets.domain_view:DomainView",
        kinds=frozenset({StepKind.RESOLVER, StepKind.MX, StepKind.ADDRESS}),
    ),
    ViewSpec(
        key="2",
        id="spf",
        name="SPF",
        tooltip="The SPF record, and everything it leads to",
        factory="widgets.spf_view:SpfView",
        kinds=frozenset({StepKind.SPF_RECORD}),
    ),
    ViewSpec(
        key="3",
        id="keys",
        name="DKIM",
        tooltip="The key records of the selectors",
        factory="widgets.dkim_keys_view:DkimKeysView",
        kinds=frozenset({StepKind.DKIM_KEYS}),
    ),
    ViewSpec(
        key="4",
        id="dmarc",
        name="DMARC",
        tooltip="Discovery, and the record tag by tag",
        factory="widgets.dmarc_view:DmarcView",
        kinds=frozenset({StepKind.DMARC, StepKind.REPORTERS}),
    ),
    ViewSpec(
        key="5",
        id="rollout",
        name="roll-out",
        tooltip="The stage of the roll-out, what blocks the next, what to publish",
        factory="widgets.rollout_view:RolloutView",
        kinds=frozenset({StepKind.ROLL_OUT}),
    ),
    view_named("dnssec"),
    view_named("policy"),
)
