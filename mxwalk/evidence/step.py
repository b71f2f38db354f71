"""The steps of a walk and the evidence each kind of step leaves behind.

A step names its kind, its scope (which host, address and attempt), when it started and how long it
took, the bytes that moved, and one evidence struct of the tagged union ``Evidence``.  A new area
adds a struct to the union and a member to ``StepKind``.
"""

import enum

import msgspec

from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.fetch import Fetched
from mxwalk.evidence.handshake import HandshakeMessage, TlsFacts
from mxwalk.evidence.mailauth import (
    ArcChecked,
    Concluded,
    DkimChecked,
    DkimKeysLookedUp,
    DmarcDiscovered,
    MessageRead,
    ReportersChecked,
    SpfChecked,
    SpfRecordLookedUp,
)
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.revocation import NotAsked, RevocationOf
from mxwalk.evidence.tls import (
    Offer,
    PathCertificate,
    StoreVerdict,
    TlsAlert,
    TrustStore,
    VerifyError,
)
from mxwalk.evidence.wire import Ending, EndingKind, WireChunk


class StepKind(enum.Enum):
    """The kinds of steps, in the order in which a delivery meets them.

    Those of a message walk and of a domain survey follow behind; a survey has look-ups of a delivery
    too.
    """

    RESOLVER = "resolver"
    MX = "mx"
    POLICY_RECORDS = "policy-records"
    STS_POLICY = "sts-policy"
    ADDRESS = "address"
    TLSA = "tlsa"
    PTR = "ptr"
    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "ehlo"
    HELO = "helo"
    STARTTLS = "starttls"
    HANDSHAKE = "handshake"
    CHAIN = "chain"
    ISSUERS = "issuers"
    REVOCATION = "revocation"
    IDENTITY = "identity"
    EHLO_TLS = "ehlo-tls"
    MAIL = "mail"
    RCPT = "rcpt"
    RSET = "rset"
    QUIT = "quit"
    CLASSIC_GROUPS = "classic-groups"
    LEGACY_TLS = "legacy-tls"
    WITHOUT_SNI = "without-sni"
    OTHER_LEAF = "other-leaf"
    MESSAGE = "message"
    SPF_MAILFROM = "spf-mailfrom"
    SPF_HELO = "spf-helo"
    DKIM = "dkim"
    ARC = "arc"
    SPF_RECORD = "spf-record"
    DKIM_KEYS = "dkim-keys"
    DMARC = "dmarc"
    REPORTERS = "dmarc-reports"
    ALIGNMENT = "alignment"
    DISPOSITION = "disposition"
    RESULT_HEADERS = "result-headers"
    ROLL_OUT = "roll-out"
    DECISION = "decision"
    NOTE = "note"


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What a step is about; empty fields mean the whole walk.

    ``host`` is the delivery host's name in A-labels (or an address literal's text), ``attempt``
    counts the connections to one address from 1.  In a message walk and a survey ``host`` is the domain
    (or key name) that a step is about, and ``attempt`` the number of the signature.
    """

    host: str = ""
    address: str = ""
    port: int = 0
    attempt: int = 0


class ResolverChecked(msgspec.Struct, frozen=True, kw_only=True, tag="resolver"):
    """The resolver asked for the root's DNSKEY set with DO: does it answer, and pass signatures?"""

    answer: DnsAnswer


class MxLookedUp(msgspec.Struct, frozen=True, kw_only=True, tag="mx"):
    """The MX question for the recipient domain.

    Here and in the other look-ups ``support`` holds the answers (DS, DNSKEY, bogus data asked for
    with CD) that this step's DNSSEC validation needed besides what was known already.
    """

    domain: str
    answer: DnsAnswer
    support: tuple[DnsAnswer, ...] = ()


class AddressesLookedUp(msgspec.Struct, frozen=True, kw_only=True, tag="address"):
    """The A and AAAA questions for one delivery host (one of them with ``--ipv4``/``--ipv6``)."""

    host: str
    answers: tuple[DnsAnswer, ...]
    support: tuple[DnsAnswer, ...] = ()


class TlsaLookedUp(msgspec.Struct, frozen=True, kw_only=True, tag="tlsa"):
    """The TLSA questions for one delivery host and port (RFC 7672 2.2).

    ``base_domains`` are the TLSA base domains in the order in which they count; there are no answers
    where the rules ask for none.
    """

    host: str
    port: int
    base_domains: tuple[str, ...] = ()
    answers: tuple[DnsAnswer, ...] = ()
    support: tuple[DnsAnswer, ...] = ()


class PtrName(msgspec.Struct, frozen=True, kw_only=True):
    """A name the address's PTR record gives, and the addresses that name has in turn."""

    name: str
    answers: tuple[DnsAnswer, ...]
    confirmed: bool  # the connected address is among them: A(PTR(IP)) = IP


class PtrLookedUp(msgspec.Struct, frozen=True, kw_only=True, tag="ptr"):
    """The PTR question for the address, and the forward questions for each name it gave."""

    address: str
    answer: DnsAnswer
    names: tuple[PtrName, ...]


class Connected(msgspec.Struct, frozen=True, kw_only=True, tag="connect"):
    """A TCP connection attempt; ``ending`` is ``None`` when it stands."""

    address: str
    port: int
    local_address: str = ""
    ending: Ending | None = None


class Exchanged(msgspec.Struct, frozen=True, kw_only=True, tag="exchange"):
    r"""A command and the raw reply (the greeting is a reply to no command).

    ``command`` is what was really sent, CRLF included; ``planned`` what the walk had proposed when
    the administrator changed it, else empty.  ``reply`` holds the bytes of the reply, complete or as
    far as it came; ``trailing`` bytes that had arrived behind it.  ``ending`` is ``None`` when a
    complete reply came.  ``first_byte_s`` is the wait for the reply's first byte.  ``behind`` are
    messages of TLS that came behind the handshake meanwhile: session tickets, alerts.
    """

    command: bytes = b""
    planned: bytes = b""
    reply: bytes = b""
    trailing: bytes = b""
    first_byte_s: float = 0.0
    behind: tuple[HandshakeMessage, ...] = ()
    ending: Ending | None = None

    @property
    def unsent(self) -> bool:
        """Whether our own side kept the command back; nothing was sent and nothing came."""
        local = self.ending is not None and self.ending.kind is EndingKind.LOCAL
        return local and not self.command and not self.reply


class Handshaken(msgspec.Struct, frozen=True, kw_only=True, tag="handshake"):
    """A TLS handshake: what was negotiated, or how it ended, and the certificates presented.

    ``presented`` is the chain as DER in the order sent; it may be there although the handshake
    failed.  OpenSSL's verification inside this handshake is the chain step's evidence.  ``signature``
    is the scheme of the server's signature where it is known.  ``messages`` are those of the handshake
    in order, ``message_count`` how many there were before the limit, ``facts`` what they said.
    ``clear_leftover`` are bytes that came in clear between the 220 and the handshake and were not fed
    to TLS.  ``unseen`` says that nobody saw which certificates there were: a pasted text holds none.
    """

    sni: str
    offer: Offer = Offer.MODERN
    protocol: str = ""
    cipher: str = ""
    cipher_bits: int = 0
    group: str = ""
    signature: str = ""
    presented: tuple[bytes, ...] = ()
    presented_count: int = 0  # before the limit on kept certificates
    ocsp_staple: bytes = b""
    alerts: tuple[TlsAlert, ...] = ()
    messages: tuple[HandshakeMessage, ...] = ()
    message_count: int = 0
    facts: TlsFacts = TlsFacts()
    clear_leftover: bytes = b""
    unseen: bool = False
    ending: Ending | None = None


class ChainChecked(msgspec.Struct, frozen=True, kw_only=True, tag="chain"):
    """OpenSSL's verification of the presented chain against a trust store at a time.

    No errors means that the chain is trusted; names are judged elsewhere.  ``beside`` tells what other
    trust stores would have made of it; no sender is judged by them.
    """

    store: TrustStore
    evaluated_at: str
    path: tuple[PathCertificate, ...] = ()
    errors: tuple[VerifyError, ...] = ()
    beside: tuple[StoreVerdict, ...] = ()


class IssuersFetched(msgspec.Struct, frozen=True, kw_only=True, tag="issuers"):
    """Issuers that were not sent, from where the certificates say they are (RFC 5280 4.2.2.1).

    ``certificates`` are what came, in DER, from the leaf's side up; ``anchors`` what of the trust store
    stands on the path that OpenSSL builds with them, if it builds one.  They explain; no verdict rests
    on them, for mail servers do not fetch.
    """

    fetched: tuple[Fetched, ...] = ()
    certificates: tuple[bytes, ...] = ()
    anchors: tuple[bytes, ...] = ()


class RevocationChecked(msgspec.Struct, frozen=True, kw_only=True, tag="revocation"):
    """What CRLs and OCSP responders said of each certificate of the path below the anchor.

    ``not_asked`` says why nobody was asked; a stapled response is looked at all the same.
    """

    checked_at: str
    certificates: tuple[RevocationOf, ...] = ()
    not_asked: NotAsked | None = None


class PolicyFetched(msgspec.Struct, frozen=True, kw_only=True, tag="sts-policy"):
    """The MTA-STS policy of a domain from its policy host (RFC 8461 3.3).

    ``body`` is the file as it came, empty when there is none to use; ``fetched.problem`` says why.
    ``handshake`` and ``chain`` are what the policy host showed, ``objection`` why it is not the one
    named; ``remarks`` tell what is odd and does no harm.
    """

    domain: str
    fetched: Fetched
    body: bytes = b""
    handshake: Handshaken | None = None
    chain: ChainChecked | None = None
    objection: str = ""
    remarks: tuple[str, ...] = ()
    cancelled: bool = False


class IdentityGathered(msgspec.Struct, frozen=True, kw_only=True, tag="identity"):
    """The names this connection could be checked against, gathered without the certificate.

    ``routes`` are the FQDN routes that lead to the connected address; ``any_fqdn_route`` tells that
    the domain has one at all.  ``mx_hosts`` are all MX hosts of the domain in order, ``mx_host`` the
    one this connection belongs to (empty for routes).  ``ptr_names`` pairs each PTR name with its
    forward confirmation.
    """

    recipient_domain: str
    mx_host: str = ""
    mx_hosts: tuple[str, ...] = ()
    mx_authentic: bool = False
    routes: tuple[str, ...] = ()
    any_fqdn_route: bool = False
    ptr_names: tuple[tuple[str, bool], ...] = ()


class LookedAgain(msgspec.Struct, frozen=True, kw_only=True, tag="look"):
    """One more connection to the same address, with another ClientHello.

    ``refusal`` is the reply that ended it before the handshake (greeting, EHLO or STARTTLS not
    accepted), as it came.  ``inside`` is the reply to EHLO inside TLS, ``inside_ending`` why no whole
    one came.  ``ending`` is ``None`` when the
    handshake was completed; for a leaf of another key type a failed one is how a server without such
    a leaf answers.
    """

    offer: Offer
    refusal: bytes = b""
    handshake: Handshaken | None = None
    chain: ChainChecked | None = None
    identity: IdentityGathered | None = None
    inside: bytes = b""
    inside_ending: Ending | None = None
    ending: Ending | None = None

    @property
    def presented(self) -> tuple[bytes, ...]:
        """The chain as DER in the order sent."""
        return self.handshake.presented if self.handshake else ()


class DecisionKind(enum.Enum):
    """What was decided during the walk, by the administrator unless said otherwise."""

    SKIP_HOST = "skip-host"
    SKIP_STEP = "skip-step"
    RETRY = "retry"
    STOP = "stop"
    ENOUGH = "enough"  # taken by the walk itself: the first host that delivers was found


class Decided(msgspec.Struct, frozen=True, kw_only=True, tag="decision"):
    """A decision; it shapes the plan like any other evidence.

    ``step_kind`` is the kind of the step that is skipped or made again.
    """

    decision: DecisionKind
    step_kind: StepKind | None = None

    def repeats(self, kind: StepKind) -> bool:
        """Say whether it asks for a look-up of this kind again."""
        return self.decision is DecisionKind.RETRY and self.step_kind is kind


class Noted(msgspec.Struct, frozen=True, kw_only=True, tag="note"):
    """What the administrator wrote down about the step with the number ``about``.

    It is no evidence of the peer: plan, verdicts and findings pass it over.  Of several notes on a step
    the last one counts, and an empty ``text`` takes the note back.
    """

    about: int
    text: str = ""


Evidence = (
    ResolverChecked
    | MxLookedUp
    | PolicyRecordsLookedUp
    | PolicyFetched
    | AddressesLookedUp
    | TlsaLookedUp
    | PtrLookedUp
    | Connected
    | Exchanged
    | Handshaken
    | ChainChecked
    | IssuersFetched
    | RevocationChecked
    | IdentityGathered
    | LookedAgain
    | MessageRead
    | SpfChecked
    | DkimChecked
    | ArcChecked
    | DmarcDiscovered
    | ReportersChecked
    | SpfRecordLookedUp
    | DkimKeysLookedUp
    | Concluded
    | Decided
    | Noted
)


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One performed step.

    ``started_s`` counts seconds from the start of the walk with pauses included, ``elapsed_s`` is
    the work alone.  ``cancelled`` marks a step the administrator broke off; its evidence tells how
    far it came.
    """

    seq: int
    kind: StepKind
    scope: Scope
    started_s: float
    elapsed_s: float
    evidence: Evidence
    wire: tuple[WireChunk, ...] = ()
    cancelled: bool = False
