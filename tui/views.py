"""The views of a connection, in the order of their keys: a new view is a file and a line here."""

import importlib
from dataclasses import dataclass
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


def view_for(kind: StepKind) -> ViewSpec | None:
    """Return the natural view of a step, ``None`` for a decision."""
    return next((view for view in VIEWS if kind in view.kinds), None)


def view_named(name: str) -> ViewSpec:
    """Return a view by its id."""
    return next(view for view in VIEWS if view.id == name)
