"""Enhanced status codes: what ``5.7.1`` says, from IANA's registry (RFC 3463, RFC 5248).

A code is class, subject and detail.  Classes and subjects give the frame, details their sentence and
their reference; both are data, one line each, in our own words.  A code the registry does not have
(servers invent them) still has its class and subject explained, and is marked as not registered.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mxwalk.language import noted, say

_FORM = re.compile(r"([245])\.([0-9]{1,3})\.([0-9]{1,3})")  # RFC 3463 2

CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "2": "success",
        "4": noted("a temporary failure: trying again later may succeed"),
        "5": noted("a permanent failure: trying again unchanged will fail again"),
    }
)
SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "0": noted("no particular subject"),
        "1": noted("the addresses"),
        "2": noted("the mailbox"),
        "3": noted("the mail system"),
        "4": noted("the network or the routing"),
        "5": noted("the protocol"),
        "6": noted("the content"),
        "7": noted("security or policy"),
    }
)
_BASE, _I18N, _AUTH = "RFC 3463", "RFC 6531", "RFC 4954"
_PRIORITY, _RRVS, _VERDICT = "RFC 6710", "RFC 7293", "RFC 7372"
_NULL_MX, _UPDATE = "RFC 7505", "RFC 5248"

DETAILS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "0.0": (noted("Nothing beyond the class is known."), _BASE),
        "1.0": (noted("Something about an address caused this."), _BASE),
        "1.1": (noted("The destination mailbox does not exist."), _BASE),
        "1.2": (noted("The destination domain does not exist or takes no mail."), _BASE),
        "1.3": (noted("The syntax of the destination address is wrong."), _BASE),
        "1.4": (noted("The destination address matches more than one mailbox."), _BASE),
        "1.5": (noted("The destination address is valid."), _BASE),
        "1.6": (noted("The mailbox has moved and left no forwarding address."), _BASE),
        "1.7": (noted("The syntax of the sender's address is wrong."), _BASE),
        "1.8": (noted("The sender's domain does not exist or takes no mail."), _BASE),
        "1.9": (noted("The message was relayed to a system without these codes."), "RFC 3886"),
        "1.10": (noted("The recipient's domain publishes a null MX and takes no mail."), _NULL_MX),
        "2.0": (noted("Something about the mailbox caused this."), _BASE),
        "2.1": (noted("The mailbox is disabled and takes no messages."), _BASE),
        "2.2": (noted("The mailbox is full."), _BASE),
        "2.3": (noted("The message is longer than this mailbox may take."), _BASE),
        "2.4": (noted("The mailing list could not be expanded."), _BASE),
        "3.0": (noted("Something about the destination's mail system caused this."), _BASE),
        "3.1": (noted("The mail system's storage is full."), _BASE),
        "3.2": (noted("The system takes no messages from the network now."), _BASE),
        "3.3": (noted("The system cannot do what the message asks for."), _BASE),
        "3.4": (noted("The message is larger than the system takes."), _BASE),
        "3.5": (noted("The system is not configured for this message."), _BASE),
        "3.6": (noted("The message was taken with another priority than asked for."), _PRIORITY),
        "4.0": (noted("Something about the network caused this."), _BASE),
        "4.1": (noted("The destination host did not answer."), _BASE),
        "4.2": (noted("The connection broke or could not carry the message."), _BASE),
        "4.3": (noted("A directory, such as DNS, could not be asked."), _BASE),
        "4.4": (noted("No next hop could be determined."), _BASE),
        "4.5": (noted("The mail system is congested."), _BASE),
        "4.6": (noted("The message runs in a routing loop."), _BASE),
        "4.7": (noted("The message waited longer than it may."), _BASE),
        "5.0": (noted("Something about the protocol caused this."), _BASE),
        "5.1": (noted("The command is unknown or not allowed here."), _BASE),
        "5.2": (noted("The syntax of the command is wrong."), _BASE),
        "5.3": (noted("The message has more recipients than one transaction may have."), _BASE),
        "5.4": (noted("The arguments of the command are not valid."), _BASE),
        "5.5": (noted("The two sides speak different versions of the protocol."), _BASE),
        "5.6": (noted("A line of the authentication exchange is too long."), _AUTH),
        "6.0": (noted("Something about the content caused this."), _BASE),
        "6.1": (noted("The content's type is not supported."), _BASE),
        "6.2": (noted("The content must be converted, and that is prohibited."), _BASE),
        "6.3": (noted("The content must be converted, and that is not supported."), _BASE),
        "6.4": (noted("The content was converted with loss."), _BASE),
        "6.5": (noted("The content could not be converted."), _BASE),
        "6.6": (noted("The content to be fetched is not available."), "RFC 4468"),
        "6.7": (
            noted("Addresses beyond ASCII are not allowed for this sender or recipient."),
            _I18N,
        ),
        "6.8": (noted("The reply needs UTF-8, which the client did not allow."), _I18N),
        "6.9": (noted("A message with UTF-8 header fields cannot be passed on."), _I18N),
        "6.10": (noted("The reply needs UTF-8; a deprecated duplicate of X.6.8."), _I18N),
        "7.0": (noted("Something about security caused this."), _BASE),
        "7.1": (noted("The sender is not authorized, or local policy refuses the message."), _BASE),
        "7.2": (noted("The sender may not use the mailing list."), _BASE),
        "7.3": (noted("A security conversion would be needed and is not possible."), _BASE),
        "7.4": (noted("A security feature the message needs is not supported."), _BASE),
        "7.5": (noted("A cryptographic operation failed, for example TLS or decryption."), _BASE),
        "7.6": (noted("A cryptographic algorithm is not supported."), _BASE),
        "7.7": (noted("The message's integrity could not be confirmed."), _BASE),
        "7.8": (noted("The credentials are invalid."), _AUTH),
        "7.9": (noted("The authentication mechanism is weaker than the user may use."), _AUTH),
        "7.10": (noted("Encryption is needed before this is allowed."), _UPDATE),
        "7.11": (noted("The authentication mechanism is allowed under encryption only."), _AUTH),
        "7.12": (noted("The user must first move to a new authentication mechanism."), _AUTH),
        "7.13": (noted("The user's account is disabled."), _UPDATE),
        "7.14": (noted("The server needs a trust relationship with another server."), _UPDATE),
        "7.15": (noted("The message's priority is too low to be taken now."), _PRIORITY),
        "7.16": (noted("The message is too large for its priority."), _PRIORITY),
        "7.17": (noted("The mailbox has had another owner since the given date."), _RRVS),
        "7.18": (noted("The domain has had another owner since the given date."), _RRVS),
        "7.19": (noted("Whether the owner has changed cannot be found out."), _RRVS),
        "7.20": (noted("The message has no DKIM signature that passes."), _VERDICT),
        "7.21": (noted("DKIM signatures pass, but none of them is acceptable."), _VERDICT),
        "7.22": (noted("No passing DKIM signature belongs to the author's domain."), _VERDICT),
        "7.23": (noted("SPF fails for the message."), _VERDICT),
        "7.24": (noted("SPF could not be evaluated because of an error."), _VERDICT),
        "7.25": (noted("The client's address fails the reverse DNS check."), _VERDICT),
        "7.26": (noted("The message fails more than one authentication check."), _VERDICT),
        "7.27": (noted("The sender's domain publishes a null MX: it takes no replies."), _NULL_MX),
        "7.28": (noted("The message seems to belong to a flood of mail."), "IANA registry"),
        "7.29": (noted("The ARC chain does not validate."), "RFC 8617"),
        "7.30": (noted("The message demands REQUIRETLS and the next hop lacks it."), "RFC 8689"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnhancedCode:
    """A code and what its three numbers say; ``title`` is one sentence."""

    code: str
    outcome: str
    subject: str
    title: str
    reference: str
    registered: bool


def explain_enhanced(code: str) -> EnhancedCode | None:
    """Explain an enhanced status code such as ``5.7.1``; ``None`` if it has not that form."""
    match = _FORM.fullmatch(code)
    if match is None:
        return None
    outcome, subject, detail = match.group(1), str(int(match.group(2))), str(int(match.group(3)))
    known = DETAILS.get(f"{subject}.{detail}")
    about = say(SUBJECTS.get(subject, noted("an unknown subject")))
    if known is None:
        title = say("The server's own code, not registered; about {about}.", about=about)
    else:
        title = say(known[0])
    return EnhancedCode(
        code=code,
        outcome=say(CLASSES[outcome]),
        subject=about,
        title=title,
        reference=known[1] if known else _BASE,
        registered=known is not None,
    )
