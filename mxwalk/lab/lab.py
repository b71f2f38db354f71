"""One running lab: a scenario's DNS, SMTP and HTTP servers on loopback, ready for a walk.

Everything a walk gets from here is the ordinary dialer, resolver and trust store; only the mapping
of documentation addresses to loopback ports tells the lab from the Internet.  No packet leaves the
machine, no file is written, and leaving the context closes everything.
"""

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from types import TracebackType
from typing import Self

import msgspec

from mxwalk.clock import Clock, SystemClock
from mxwalk.delivery.security import anchors_of
from mxwalk.dns.resolver import Resolver, StubResolver
from mxwalk.evidence.mailauth import MessageInput, SurveyInput
from mxwalk.evidence.target import Options, Target, Timeouts
from mxwalk.http.guard import Only, Permit
from mxwalk.lab.association import filled
from mxwalk.lab.dns_faults import Fault
from mxwalk.lab.dns_server import LabDns
from mxwalk.lab.http_server import HttpServers
from mxwalk.lab.message import MessageSpec
from mxwalk.lab.message_keys import LabKeys
from mxwalk.lab.message_make import make_message
from mxwalk.lab.model import Scenario
from mxwalk.lab.pki import LabPki
from mxwalk.lab.pki_ocsp import staple_of
from mxwalk.lab.smtp_server import SmtpHosts
from mxwalk.lab.zones import ZoneSpec
from mxwalk.net.dialer import Dialer, MappedDialer
from mxwalk.tls.store import LoadedStore
from mxwalk.walk.live import ValidationTools
from mxwalk.walk.target import message_target, parse_target


class Lab:
    """An async context manager; its attributes are valid inside the context.

    ``rtt_s`` is the simulated round trip of every connection, answer and DNS question.  ``clock``
    gives the time that certificates and signatures are made around.  Raises ``ScenarioError`` and
    ``UsageError`` for a scenario that cannot be brought up.
    """

    dialer: Dialer
    resolver: Resolver
    validation: ValidationTools
    store: LoadedStore
    permit: Permit
    options: Options
    message: MessageInput | None
    survey: SurveyInput | None

    def __init__(
        self, scenario: Scenario, rtt_s: float = 0.0, *, clock: Clock | None = None
    ) -> None:
        self.scenario = scenario
        self.target: Target = parse_target(scenario.target)
        self.survey = (
            SurveyInput(**msgspec.structs.asdict(scenario.survey)) if scenario.survey else None
        )
        self.message = None
        self._rtt_s = rtt_s
        self._clock = clock or SystemClock()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start the servers; returns in well under a second."""
        async with AsyncExitStack() as stack:
            pki = LabPki(self.scenario.certificates, self._clock.now())
            self.store = LoadedStore.from_pem("lab", self.scenario.name, pki.root_pem)
            staples = partial(staple_of, pki)
            hosts = SmtpHosts(self.scenario.hosts, pki.identity, self._rtt_s, staples)
            await stack.enter_async_context(hosts)
            http = HttpServers(self.scenario.http, pki, self._rtt_s)
            await stack.enter_async_context(http)
            self.dialer = MappedDialer({**hosts.mapping, **http.mapping}, self._rtt_s)
            self.permit = Only(frozenset(address for address, _ in http.mapping))
            keys = LabKeys(self.scenario.dkim_keys)
            if self.scenario.dkim_keys:  # keys and signatures take their time: not on the loop
                await asyncio.to_thread(keys.make)
            if self.scenario.message is not None:
                await asyncio.to_thread(self._make_message, self.scenario.message, keys)
            dns = self._dns(pki, keys)
            stack.push_async_callback(dns.stop)  # of a start that was broken off, too
            await dns.start()
            self.options = _options(self.scenario, dns)
            self.resolver = StubResolver(
                [(dns.address, dns.port)], timeout_s=self.options.timeouts.dns_s
            )
            checking = StubResolver(
                [(dns.address, dns.port)],
                timeout_s=self.options.timeouts.dns_s,
                checking_disabled=True,
            )
            self.validation = ValidationTools(checking, anchors_of(self.options))
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the servers and close every socket."""
        await self._stack.aclose()

    def _make_message(self, spec: MessageSpec, keys: LabKeys) -> None:
        now = self._clock.now()
        self.message = make_message(self.scenario.name, spec, keys, now)
        self.target = message_target(self.message)

    def _dns(self, pki: LabPki, keys: LabKeys) -> LabDns:
        zones = [
            ZoneSpec(
                name=name,
                records=tuple(filled(keys.filled(line), pki.certificate) for line in zone.lines),
                signed=zone.signed,
                faults=frozenset(zone.faults),
                nsec3_iterations=zone.nsec3_iterations,
                algorithm=zone.algorithm,
            )
            for name, zone in self.scenario.zones.items()
        ]
        faults = {
            (fault.name, fault.rtype): Fault(
                kind=fault.kind, ede_code=fault.ede_code, ede_text=fault.ede_text
            )
            for fault in self.scenario.dns_faults
        }
        return LabDns(zones, faults, self._rtt_s, clock=self._clock)


def _options(scenario: Scenario, dns: LabDns) -> Options:
    wanted = scenario.options
    return Options(
        sender=wanted.sender,
        helo=wanted.helo,
        mail_from=wanted.mail_from,
        rcpt_to=wanted.rcpt_to,
        routes=wanted.routes,
        port=wanted.port,
        resolver=f"{dns.address}:{dns.port}",
        trust="lab",
        trust_anchor=dns.trust_anchor,
        family=wanted.family,
        first_host=wanted.first_host,
        both_leaves=wanted.both_leaves,
        without_sni=wanted.without_sni,
        offline=wanted.offline,
        timeouts=Timeouts(**msgspec.structs.asdict(wanted.timeouts)),
    )
