"""What in a trace identifies the person who walked, and by what it is replaced.

The secrets are collected from the options and from what was really sent, since a command may have
been edited.  Placeholders are of the same kind (a name stays a name, an address an address), so that
a redacted trace can still be judged.  A name that is also the target's is no secret: the report is
about it.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator

from mxwalk.evidence.connection import Connected, Exchanged, IdentityGathered, LookedAgain
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.lookups import AddressesLookedUp, MxLookedUp, PtrLookedUp, TlsaLookedUp
from mxwalk.evidence.mailauth import LOOKED_UP, DkimChecked, SpfChecked
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.records import told_apart
from mxwalk.evidence.trace import Trace
from mxwalk.evidence.wire import Direction, Layer
from mxwalk.limits import MAILBOX_BYTES, NAME_BYTES, REDACTED_ADDRESSES, REDACTED_OCCURRENCES
from mxwalk.names import is_address

LOCAL_PART = b"recipient"
SENDER_LOCAL_PART = b"sender"
OWN_NAME = b"redacted.example"
OWN_IPV4 = b"192.0.2.254"
OWN_IPV6 = b"2001:db8:ffff::fe"
FILE_NAME = "redacted.pem"

_COMMAND = re.compile(rb"(?i)(EHLO|HELO|MAIL FROM:|RCPT TO:)\s*([^\r\n]*)")
# A path with its brackets, and some room for the parameters of MAIL and RCPT.
_ARGUMENT_BYTES = MAILBOX_BYTES + 512
_LABEL_END = re.compile(rb"[a-z0-9_-]*\Z")
_HOST_NAME = re.compile(rb"[a-z0-9_-]{1,126}(?:\.[a-z0-9_-]{1,63}){0,9}")
_PATH = re.compile(rb"<?([^<>\s]*)>?")  # also without the brackets RFC 5321 4.1.2 wants
_NAME_BEFORE_ADDRESS = re.compile(
    rb"(?i)([a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,9})\.?[ \t]?[\[(]{1,2}(?:IPv6:)?\Z"
)
# Sendmail, Exim and Exchange answer EHLO with a word to the client: its HELO name, or the name they
# found for its address, which need not stand beside the address.
_NAME_AFTER_HELLO = re.compile(
    rb"(?i)\b(?:hello|hi)[ ,\t]{1,3}([a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,9})"
)
_ADDRESS_TOKEN = re.compile(
    rb"(?i)(?<![0-9A-Za-z.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9A-Za-z]|\.[0-9])"
    rb"|(?:(?<=IPv6:)|(?<![0-9A-Za-z.:]))"
    rb"[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:[0-9.]{7,15})?(?![0-9A-Za-z:])"
)


class Secrets:
    """The secrets of a trace, as lower-case bytes."""

    def __init__(self, trace: Trace) -> None:
        self.names: set[bytes] = set()
        self.local_parts: set[bytes] = set()
        self.sender_local_parts: set[bytes] = set()
        self.addresses: set[bytes] = set()
        self._from_options(trace)
        replies: list[bytes] = []
        for step, chunks in told_apart(trace.steps):
            if isinstance(step.evidence, Exchanged):
                self._from_command(step.evidence.command)
                self._from_command(step.evidence.planned)
                replies.append(step.evidence.reply)
            elif isinstance(step.evidence, LookedAgain):  # its dialogue is in the wire alone
                replies.append(
                    b"".join(
                        chunk.data
                        for chunk in chunks
                        if chunk.direction is Direction.RECEIVED
                        and chunk.layer is not Layer.TLS_RECORDS
                    )
                )
            elif isinstance(step.evidence, Connected):
                self._own_address(step.evidence.local_address)
        for answer in answers(trace):
            self._own_address(answer.server)
        self.public_addresses = public_addresses(trace)
        self.addresses -= self.public_addresses
        self._seen_from: set[str] = set()
        for reply in replies:
            self._from_reply(reply)
        for reply in replies:
            self._from_disguised_addresses(reply)
        self.names -= public_names(trace)
        self.local_parts.discard(b"postmaster")  # RFC 5321 4.5.1: every domain has this one
        for collected in (self.names, self.local_parts, self.sender_local_parts, self.addresses):
            collected.discard(b"")

    def _from_options(self, trace: Trace) -> None:
        options, target = trace.header.options, trace.header.target
        self.local_parts.add(target.local_part.lower().encode())
        self._helo(options.helo.encode())
        self._mailbox((options.mail_from or "").encode(), is_own=True)
        self._mailbox((options.rcpt_to or "").encode(), is_own=False)
        self._own_address(options.resolver)

    def _from_command(self, command: bytes) -> None:
        match = _COMMAND.match(command)
        if match is None:
            return
        verb, argument = match.group(1).upper(), match.group(2)
        if len(argument) > _ARGUMENT_BYTES:
            return  # neither a name nor a mailbox (RFC 5321 4.5.3.1), and searching for it takes long
        if verb in (b"EHLO", b"HELO"):
            self._helo(argument)
        else:
            path = _PATH.match(argument)
            self._mailbox(path.group(1) if path else b"", is_own=verb.startswith(b"MAIL"))

    def _from_reply(self, reply: bytes) -> None:
        """Servers greet with our address and the name they found for it: ``mail.example [address]``."""
        for match in address_tokens(reply):
            address = str(ipaddress.ip_address(match.group().decode("ascii"))).encode()
            before = reply[max(0, match.start() - 300) : match.start()]
            name = _NAME_BEFORE_ADDRESS.search(before)
            if address in self.public_addresses:
                continue
            if len(self._seen_from) < REDACTED_ADDRESSES:
                self._seen_from.add(address.decode())
            if name:
                self.names.add(name.group(1).lower())
        for hello in _NAME_AFTER_HELLO.finditer(reply):
            if not is_address(hello.group(1).decode("ascii")):
                self.names.add(hello.group(1).lower())

    def _from_disguised_addresses(self, reply: bytes) -> None:
        """Providers name their clients after the address: ``host-203-0-113-7.isp.example``.

        Servers write it in hexadecimal into names, links and the ids of messages.
        """
        lowered = reply.lower()
        for address in {*self._seen_from, *(own.decode() for own in self.addresses)}:
            for form in _disguises(address):
                at, seen = lowered.find(form), 0
                while at >= 0 and seen < REDACTED_OCCURRENCES:
                    start = _LABEL_END.search(lowered, max(0, at - 63), at)
                    name = _HOST_NAME.match(lowered, start.start() if start else at)
                    self.names.add(name.group().rstrip(b".") if name else form)
                    at, seen = lowered.find(form, at + len(form)), seen + 1

    def _helo(self, name: bytes) -> None:
        plain = name.strip().lower()
        if len(plain) > NAME_BYTES:
            return
        if not self._own_address(plain.decode("utf-8", "replace")):
            self.names.add(plain)

    def _mailbox(self, mailbox: bytes, *, is_own: bool) -> None:
        if len(mailbox) > MAILBOX_BYTES:
            return
        local, _, domain = mailbox.lower().rpartition(b"@")
        (self.sender_local_parts if is_own else self.local_parts).add(local)
        if is_own:
            self.names.add(domain)

    def _own_address(self, text: str) -> bool:
        """Take the address out of ``192.0.2.1``, ``[IPv6:...]`` or ``address:port``."""
        plain = text.strip().removeprefix("[").lower().removeprefix("ipv6:")
        for candidate in (plain, plain.partition("]")[0], plain.rpartition(":")[0]):
            if is_address(candidate):
                self.addresses.add(str(ipaddress.ip_address(candidate)).encode())
                return True
        return False


def _disguises(address: str) -> Iterator[bytes]:
    """Yield an address in hexadecimal, an IPv4 one also with hyphens and backwards."""
    packed = ipaddress.ip_address(address).packed
    yield packed.hex().encode()
    if len(packed) == 4:
        octets = address.split(".")
        yield "-".join(octets).encode()
        yield "-".join(reversed(octets)).encode()


def answers(trace: Trace) -> Iterator[DnsAnswer]:
    """Yield every DNS answer in the trace."""
    for step in trace.steps:
        evidence = step.evidence
        answer = getattr(evidence, "answer", None)
        if isinstance(answer, DnsAnswer):
            yield answer
        if isinstance(evidence, AddressesLookedUp | TlsaLookedUp):
            yield from evidence.answers
        if isinstance(evidence, PolicyRecordsLookedUp):
            yield from (evidence.sts, evidence.tls_rpt, *evidence.support)
        if isinstance(evidence, MxLookedUp | AddressesLookedUp | TlsaLookedUp):
            yield from evidence.support
        if isinstance(evidence, PtrLookedUp):
            for name in evidence.names:
                yield from name.answers
        if isinstance(evidence, LOOKED_UP):
            yield from (*evidence.answers, *evidence.support)
        if isinstance(evidence, DkimChecked):
            yield from (*((evidence.key,) if evidence.key else ()), *evidence.support)


def public_names(trace: Trace) -> set[bytes]:
    """Return the names the report is about, with their parents but the top-level domain."""
    found = {trace.header.target.domain.ascii} if trace.header.target.domain else set()
    for step in trace.steps:
        found.add(step.scope.host)
        if isinstance(step.evidence, IdentityGathered):
            found.update((step.evidence.mx_host, *step.evidence.mx_hosts, *step.evidence.routes))
    return {name.lower().encode() for host in found for name in _with_parents(host)}


def _with_parents(host: str) -> Iterator[str]:
    labels = host.split(".")
    for start in range(max(1, len(labels) - 1)):
        yield ".".join(labels[start:])


def public_addresses(trace: Trace) -> set[bytes]:
    """Return the addresses of the target's side: connected to, looked up, or named as target."""
    header = trace.header
    texts = [header.target.address, *(route.destination for route in header.options.routes)]
    texts.extend(step.scope.address for step in trace.steps)
    if header.message is not None:
        texts.append(header.message.client_ip)
    texts.extend(
        step.evidence.client_ip for step in trace.steps if isinstance(step.evidence, SpfChecked)
    )
    for answer in answers(trace):
        texts.extend(answer.records("A") + answer.records("AAAA"))
    return {str(ipaddress.ip_address(text)).encode() for text in texts if text and is_address(text)}


def address_tokens(data: bytes) -> Iterable[re.Match[bytes]]:
    """Find what looks like an IPv4 or IPv6 address and is one."""
    for match in _ADDRESS_TOKEN.finditer(data):
        if is_address(match.group().decode("ascii")):
            yield match


def placeholder_address(token: bytes) -> bytes:
    """Return the placeholder of the same family."""
    return OWN_IPV6 if b":" in token else OWN_IPV4
