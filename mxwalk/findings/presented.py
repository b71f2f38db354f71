"""The certificates of one connection beside OpenSSL's objections, for the rules that judge them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from mxwalk.clock import from_rfc3339
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import examined
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import ChainChecked, IssuersFetched
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.tls import TrustStore
from mxwalk.findings.commands import s_client
from mxwalk.findings.raising import Where, at_attempt, current, show
from mxwalk.language import per_language, say, say_many
from mxwalk.limits import CHAIN_CERTIFICATES
from mxwalk.pkix.model import ChainExplained, Objection, OddityCode, OrderFacts, Reason
from mxwalk.pkix.order import sent_order
from mxwalk.pkix.validate import explain_chain
from mxwalk.tls.certificate import CertificateFacts, read_certificate

# A growing walk is judged after every step; the chains of connections that are over stay.
_sent_order = lru_cache(maxsize=256)(sent_order)
_explain_chain = per_language(maxsize=256)(explain_chain)


@dataclass(frozen=True)
class Presented:
    """The certificates of one connection, and what OpenSSL said of them.

    ``attempt`` is the connection as the first handshake shows it that came to certificates.
    ``issuers`` are those got from the addresses in certificates, if the walk tried.
    """

    attempt: Attempt
    chain: ChainChecked
    sent: tuple[bytes, ...]
    issuers: IssuersFetched | None = None

    @cached_property
    def where(self) -> Where:
        """The chain step."""
        return at_attempt(self.attempt, StepKind.CHAIN)

    @property
    def command(self) -> str:
        """The command that shows what the server sends."""
        handshake = self.attempt.handshake
        sni = handshake.sni if handshake else ""
        name = sni or self.attempt.host.name
        return s_client(self.attempt.place, self.attempt.port, name, "-showcerts")

    def reading(self, depth: int, options: str) -> str:
        """Return the command that reads the certificate at a depth with ``openssl x509`` options.

        ``openssl x509`` reads only the first certificate, so for others all are printed.
        """
        if depth == 0:
            return f"{self.command} | openssl x509 -noout {options}"
        bundle = "openssl crl2pkcs7 -nocrl -certfile /dev/stdin"
        return f"{self.command} | {bundle} | openssl pkcs7 -print_certs -noout -text"

    @cached_property
    def facts(self) -> tuple[CertificateFacts, ...]:
        """The certificates as sent, read."""
        return tuple(read_certificate(der) for der in self.sent)

    @cached_property
    def path(self) -> tuple[CertificateFacts, ...]:
        """The certificates by OpenSSL's depth: its own path, or what was sent."""
        built = tuple(read_certificate(cert.der) for cert in self.chain.path[:CHAIN_CERTIFICATES])
        return built or self.facts

    @cached_property
    def at(self) -> datetime | None:
        """The time of the evaluation; ``None`` when the trace has none that can be read."""
        try:
            return from_rfc3339(self.chain.evaluated_at)
        except ValueError:
            return None

    @cached_property
    def order(self) -> OrderFacts:
        """The way from the server's certificate through what was sent."""
        return _sent_order(self.sent)

    @cached_property
    def explained(self) -> ChainExplained | None:
        """The chain explained; ``None`` when the time of the evaluation cannot be read."""
        if self.at is None:
            return None
        return _explain_chain(
            self.sent,
            self.chain.path[:CHAIN_CERTIFICATES],
            self.at,
            anchors=(self.issuers.anchors or None) if self.issuers else None,
            fetched=self.issuers.certificates[:CHAIN_CERTIFICATES] if self.issuers else (),
            errors=self.chain.errors,
        )

    def objection(self, depth: int, reason: Reason) -> Objection | None:
        """Return our words for an objection of OpenSSL, where we found the same."""
        objections = self.explained.objections if self.explained else ()
        return next((one for one in objections if (one.depth, one.reason) == (depth, reason)), None)

    def oddities(self, der: bytes, codes: frozenset[OddityCode]) -> tuple[str, ...]:
        """Return the remarks of these kinds on a certificate."""
        remarks = self.explained.oddities.get(der, ()) if self.explained else ()
        return tuple(remark.sentence for remark in remarks if remark.code in codes)

    def depths(self, *codes: int) -> list[int]:
        """Return the depths OpenSSL objects to with one of these codes."""
        return sorted({error.depth for error in self.chain.errors if error.code in codes})

    def at_depth(self, depth: int) -> CertificateFacts | None:
        """Return the certificate at OpenSSL's depth, if there is one."""
        return self.path[depth] if 0 <= depth < len(self.path) else None

    def called(self, depth: int) -> str:
        """Name the certificate at a depth for a sentence."""
        which = (
            say("the server's certificate")
            if depth == 0
            else say("the certificate at depth {depth}", depth=depth)
        )
        facts = self.at_depth(depth)
        return f"{which} ({named(facts)})" if facts is not None else which


def named(facts: CertificateFacts) -> str:
    """Return the name of a certificate for a sentence."""
    if not facts.readable:
        return say("unreadable")
    first = facts.common_name or (facts.dns_names[0] if facts.dns_names else facts.subject)
    return show(first or say("without name"), 80)


def store_named(store: TrustStore) -> str:
    """Return what a trust store is called in a sentence, with the number of its roots."""
    where = f" {show(store.path, 80)}" if store.path else ""
    roots = say_many("{n} root", "{n} roots", store.roots)
    return say("{kind} store{where} ({roots})", kind=show(store.kind), where=where, roots=roots)


def cases(delivery: Delivery) -> Iterator[Presented]:
    """Yield every connection whose chain was checked."""
    for attempt in current(delivery):
        shown = examined(attempt)
        handshake, chain = shown.handshake, shown.chain
        if handshake is not None and chain is not None and handshake.presented:
            sent = handshake.presented[:CHAIN_CERTIFICATES]
            yield Presented(shown, chain, sent, attempt.issuers)
