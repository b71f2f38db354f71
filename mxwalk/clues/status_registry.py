"""The enhanced status codes that IANA lists, with what each means to the administrator of a sender.

The registry is "Simple Mail Transfer Protocol (SMTP) Enhanced Status Codes" (RFC 5248); titles are the
registry's.  Meanings are ours: they name what to look at, not what the title repeats.
"""

from dataclasses import dataclass

from mxwalk.evidence.step import StepKind
from mxwalk.language import noted


@dataclass(frozen=True, slots=True)
class Registered:
    """A code without its class: subject and detail (``7.30``).  ``meaning`` is given to ``say``."""

    detail: str
    title: str
    reference: str
    meaning: str
    step: StepKind | None = None
    findings: tuple[str, ...] = ()


_R3463 = "RFC 3463"
_RCPT = StepKind.RCPT
_MAIL = StepKind.MAIL

_ADDRESS = (
    Registered("0.0", "Other undefined Status", _R3463, noted("The code says nothing more; read the words beside it.")),
    Registered("1.0", "Other address status", _R3463, noted("Something about the address is wrong; the words beside the code say what."), _RCPT, ("ENV002",)),
    Registered("1.1", "Bad destination mailbox address", _R3463, noted("The mailbox does not exist there. The connection itself worked; check the part before the @."), _RCPT, ("ENV002",)),
    Registered("1.2", "Bad destination system address", _R3463, noted("The domain cannot receive: it does not exist, or no host accepts its mail."), StepKind.MX, ("ROUTE003", "ROUTE021")),
    Registered("1.3", "Bad destination mailbox address syntax", _R3463, noted("The recipient's address is malformed for that server."), _RCPT, ("ENV002",)),
    Registered("1.4", "Destination mailbox address ambiguous", _R3463, noted("The address fits several mailboxes there."), _RCPT, ("ENV002",)),
    Registered("1.5", "Destination address valid", _R3463, noted("The recipient was accepted."), _RCPT, ("ENV007",)),
    Registered("1.6", "Destination mailbox has moved, No forwarding address", _R3463, noted("The mailbox is gone and nothing is forwarded."), _RCPT, ("ENV002",)),
    Registered("1.7", "Bad sender's mailbox address syntax", _R3463, noted("The envelope sender is malformed for that server."), _MAIL, ("ENV001",)),
    Registered("1.8", "Bad sender's system address", _R3463, noted("The envelope sender's domain cannot be found or cannot take mail back; look at its MX and address records."), _MAIL, ("ENV001",)),
    Registered("1.9", "Message relayed to non-compliant mailer", "RFC 3886", noted("The message was passed on to a system that sends no reports."), _RCPT),
    Registered("1.10", "Recipient address has null MX", "RFC 7505", noted("The domain publishes a null MX: it accepts no mail at all."), StepKind.MX, ("ROUTE001",)),
)  # fmt: skip

_MAILBOX = (
    Registered("2.0", "Other or undefined mailbox status", _R3463, noted("The mailbox exists and something is wrong with it."), _RCPT, ("ENV002",)),
    Registered("2.1", "Mailbox disabled, not accepting messages", _R3463, noted("The mailbox is switched off."), _RCPT, ("ENV002",)),
    Registered("2.2", "Mailbox full", _R3463, noted("The mailbox is over its quota; only its owner can help."), _RCPT, ("ENV002",)),
    Registered("2.3", "Message length exceeds administrative limit", _R3463, noted("The message is larger than that mailbox may take."), StepKind.EHLO),
    Registered("2.4", "Mailing list expansion problem", _R3463, noted("The address is a list that could not be expanded."), _RCPT),
)  # fmt: skip

_SYSTEM = (
    Registered("3.0", "Other or undefined mail system status", _R3463, noted("The receiving system has a problem of its own."), StepKind.GREETING),
    Registered("3.1", "Mail system full", _R3463, noted("The receiving system is out of space."), _RCPT),
    Registered("3.2", "System not accepting network messages", _R3463, noted("The receiving host takes no mail now: shutting down, overloaded or closed to this client."), StepKind.GREETING, ("RPLY001", "RPLY002")),
    Registered("3.3", "System not capable of selected features", _R3463, noted("The receiving system lacks a feature that the message needs; look at its EHLO response."), StepKind.EHLO),
    Registered("3.4", "Message too big for system", _R3463, noted("The message is larger than the receiving system takes; SIZE in its EHLO response says how much."), StepKind.EHLO),
    Registered("3.5", "System incorrectly configured", _R3463, noted("A host is not configured for this mail, often a loop of MX records."), StepKind.MX),
    Registered("3.6", "Requested priority was changed", "RFC 6710", noted("The priority of the message was lowered; it is delivered all the same.")),
)  # fmt: skip

_NETWORK = (
    Registered("4.0", "Other or undefined network or routing status", _R3463, noted("Something on the way failed; the words beside the code say what."), StepKind.CONNECT),
    Registered("4.1", "No answer from host", _R3463, noted("No delivery host answered on the SMTP port."), StepKind.CONNECT, ("CONN002", "CONN001", "CONN003")),
    Registered("4.2", "Bad connection", _R3463, noted("The connection was made and then lost."), StepKind.CONNECT, ("CONN011", "CONN012")),
    Registered("4.3", "Directory server failure", _R3463, noted("A look-up failed: DNS, or the directory of the system that wrote this."), StepKind.MX, ("ROUTE004",)),
    Registered("4.4", "Unable to route", _R3463, noted("The sender found no host to deliver to."), StepKind.MX, ("ROUTE003", "ROUTE021", "ROUTE004")),
    Registered("4.5", "Mail system congestion", _R3463, noted("The receiving system is overloaded."), StepKind.GREETING, ("RPLY001",)),
    Registered("4.6", "Routing loop detected", _R3463, noted("The message went round in circles: two systems each think the other one is responsible."), StepKind.MX),
    Registered("4.7", "Delivery time expired", _R3463, noted("The message waited too long in the queue. The reason is in the attempts before: walk to see what fails."), StepKind.CONNECT),
)  # fmt: skip

_PROTOCOL = (
    Registered("5.0", "Other or undefined protocol status", _R3463, noted("The two hosts did not understand each other."), StepKind.EHLO),
    Registered("5.1", "Invalid command", _R3463, noted("A command came that the server does not know or does not allow at this point."), StepKind.EHLO),
    Registered("5.2", "Syntax error", _R3463, noted("A command was malformed for that server."), StepKind.EHLO),
    Registered("5.3", "Too many recipients", _R3463, noted("The transaction has more recipients than the server takes."), _RCPT),
    Registered("5.4", "Invalid command arguments", _R3463, noted("A parameter of a command is not allowed there; compare the EHLO response."), StepKind.EHLO),
    Registered("5.5", "Wrong protocol version", _R3463, noted("The two hosts speak different versions of the protocol."), StepKind.EHLO),
    Registered("5.6", "Authentication Exchange line is too long", "RFC 4954", noted("A line of the AUTH dialogue was too long.")),
)  # fmt: skip

_MEDIA = (
    Registered("6.0", "Other or undefined media error", _R3463, noted("The content of the message is the problem.")),
    Registered("6.1", "Media not supported", _R3463, noted("The content's type is not accepted there.")),
    Registered("6.2", "Conversion required and prohibited", _R3463, noted("The content would have to be converted, and may not be."), StepKind.EHLO),
    Registered("6.3", "Conversion required but not supported", _R3463, noted("The content would have to be converted, for example because 8BITMIME is not offered."), StepKind.EHLO),
    Registered("6.4", "Conversion with loss performed", _R3463, noted("The content was converted and lost something.")),
    Registered("6.5", "Conversion Failed", _R3463, noted("The content could not be converted."), StepKind.EHLO),
    Registered("6.6", "Message content not available", "RFC 4468", noted("The content named by BURL could not be fetched.")),
    Registered("6.7", "Non-ASCII addresses not permitted for that sender/recipient", "RFC 6531", noted("An internationalized address is not accepted there."), StepKind.EHLO, ("ENV008",)),
    Registered("6.8", "UTF-8 string reply is required, but not permitted by the SMTP client", "RFC 6531", noted("The reply needs SMTPUTF8, which the client did not ask for."), StepKind.EHLO, ("ENV008",)),
    Registered("6.9", "UTF-8 header message cannot be transferred to one or more recipients, so the message must be rejected", "RFC 6531", noted("The message has UTF-8 in its header, and a host on the way lacks SMTPUTF8."), StepKind.EHLO, ("ENV008",)),
)  # fmt: skip

_AUTH = StepKind.DISPOSITION
_SECURITY = (
    Registered("7.0", "Other or undefined security status", _R3463, noted("A security or policy matter; the words beside the code say which."), StepKind.STARTTLS, ("STLS002", "STLS003")),
    Registered("7.1", "Delivery not authorized, message refused", _R3463, noted("The receiver's policy refuses the message: address, reputation, content or a rule of theirs."), _RCPT, ("ENV002", "ENV001")),
    Registered("7.2", "Mailing list expansion prohibited", _R3463, noted("The sender may not write to that list."), _RCPT),
    Registered("7.3", "Security conversion required but not possible", _R3463, noted("The message would have to be converted between security protocols, and cannot be.")),
    Registered("7.4", "Security features not supported", _R3463, noted("A security feature is demanded and not there, with most senders STARTTLS."), StepKind.STARTTLS, ("STLS001", "DANE003", "STS015")),
    Registered("7.5", "Cryptographic failure", _R3463, noted("A cryptographic check failed: with most senders the certificate of the receiving host, or TLSA records that could not be looked up."), StepKind.CHAIN, ("CERT017", "CERT007", "CERT002", "DANE002", "DANE010")),
    Registered("7.6", "Cryptographic algorithm not supported", _R3463, noted("An algorithm is demanded that the other side does not know."), StepKind.HANDSHAKE, ("STLS007",)),
    Registered("7.7", "Message integrity failure", _R3463, noted("The message was changed on the way, by a check of the receiver."), StepKind.DKIM, ("DKIM003", "DKIM004")),
    Registered("7.8", "Authentication credentials invalid", "RFC 4954", noted("User name or password of an SMTP login is wrong; it concerns submission, not delivery between servers.")),
    Registered("7.9", "Authentication mechanism is too weak", "RFC 4954", noted("The login mechanism is not accepted there.")),
    Registered("7.10", "Encryption Needed", "RFC 5248", noted("The login mechanism needs TLS around it; some servers say it of any command: STARTTLS must come first."), StepKind.STARTTLS, ("STLS001",)),
    Registered("7.11", "Encryption required for requested authentication mechanism", "RFC 4954", noted("The login mechanism is allowed inside TLS only."), StepKind.STARTTLS),
    Registered("7.12", "A password transition is needed", "RFC 4954", noted("The account must log in once in another way.")),
    Registered("7.13", "User Account Disabled", "RFC 5248", noted("The account used to log in is switched off.")),
    Registered("7.14", "Trust relationship required", "RFC 5248", noted("The submission server and the message store do not trust each other.")),
    Registered("7.15", "Priority Level is too low", "RFC 6710", noted("The server takes only mail of a higher priority now.")),
    Registered("7.16", "Message is too big for the specified priority", "RFC 6710", noted("The message is too large for its priority.")),
    Registered("7.17", "Mailbox owner has changed", "RFC 7293", noted("The mailbox belongs to somebody else than the sender's system expects."), _RCPT),
    Registered("7.18", "Domain owner has changed", "RFC 7293", noted("The domain belongs to somebody else than the sender's system expects."), _RCPT),
    Registered("7.19", "RRVS test cannot be completed", "RFC 7293", noted("The receiver cannot tell since when the mailbox has its owner."), _RCPT),
    Registered("7.20", "No passing DKIM signature found", "RFC 7372", noted("The receiver asks for a DKIM signature that passes, and found none."), StepKind.DKIM, ("DKIM002", "DKIM003", "DKIM004")),
    Registered("7.21", "No acceptable DKIM signature found", "RFC 7372", noted("Signatures pass, and none is one that the receiver accepts."), StepKind.DKIM, ("DKIM009", "DKIM010")),
    Registered("7.22", "No valid author-matched DKIM signature found", "RFC 7372", noted("No DKIM signature that passes is of the author's domain."), StepKind.ALIGNMENT, ("DMARC002",)),
    Registered("7.23", "SPF validation failed", "RFC 7372", noted("SPF fails: the sending address is not in the SPF record of the envelope sender's domain."), StepKind.SPF_MAILFROM, ("SPF002", "SPF003")),
    Registered("7.24", "SPF validation error", "RFC 7372", noted("The SPF record could not be evaluated."), StepKind.SPF_MAILFROM, ("SPF006", "SPF007", "SPF009")),
    Registered("7.25", "Reverse DNS validation failed", "RFC 7372", noted("The sending address has no PTR record that leads back to it; it is the sender's own DNS."), StepKind.PTR, ("ROUTE029", "ROUTE030")),
    Registered("7.26", "Multiple authentication checks failed", "RFC 7372", noted("More than one check failed, in most cases SPF and DKIM, and with them DMARC."), _AUTH, ("DMARC002", "DMARC003")),
    Registered("7.27", "Sender address has null MX", "RFC 7505", noted("The envelope sender's domain publishes a null MX: nobody can answer, so the receiver refuses."), _MAIL, ("ROUTE001", "ENV001")),
    Registered("7.28", "Mail flood detected", "IANA registry", noted("The receiver counts too many messages from this sender.")),
    Registered("7.29", "ARC validation failure", "RFC 8617", noted("The ARC chain of the message does not validate."), StepKind.ARC, ("ARC002",)),
    Registered("7.30", "REQUIRETLS support required", "RFC 8689", noted("The message asks for REQUIRETLS, and the next host does not offer it inside TLS, or its certificate is not verified."), StepKind.EHLO_TLS, ("EHLO024",)),
)  # fmt: skip

REGISTERED: tuple[Registered, ...] = (
    *_ADDRESS,
    *_MAILBOX,
    *_SYSTEM,
    *_NETWORK,
    *_PROTOCOL,
    *_MEDIA,
    *_SECURITY,
)
