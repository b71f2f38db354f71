"""Enhanced status codes: what ``5.7.1`` says, from IANA's registry (RFC 3463, RFC 5248).

A code is class, subject and detail.  Classes and subjects give the frame, details their sentence and
their reference; both are data, one line each, in our own words.  A code the registry does not have
(servers invent them) still has its class and subject explained, and is marked as not registered.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_FORM = re.compile(r"([245])\.([0-9]{1,3})\.([0-9]{1,3})")  # RFC 3463 2

CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "2": "success",
        "4": "a temporary failure: trying again later may succeed",
        "5": "a permanent failure: trying again unchanged will fail again",
    }
)
SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "0": "no particular subject",
        "1": "the addresses",
        "2": "the mailbox",
        "3": "the mail system",
        "4": "the network or the routing",
        "5": "the protocol",
        "6": "the content",
        "7": "security or policy",
    }
)
_BASE, _I18N, _AUTH = "RFC 3463", "RFC 6531", "RFC 4954"
_PRIORITY, _RRVS, _VERDICT = "RFC 6710", "RFC 7293", "RFC 7372"
_NULL_MX, _UPDATE = "RFC 7505", "RFC 5248"

DETAILS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "0.0": ("Nothing beyond the class is known.", _BASE),
        "1.0": ("Something about an address caused this.", _BASE),
        "1.1": ("The destination mailbox does not exist.", _BASE),
        "1.2": ("The destination domain does not exist or takes no mail.", _BASE),
        "1.3": ("The syntax of the destination address is wrong.", _BASE),
        "1.4": ("The destination address matches more than one mailbox.", _BASE),
        "1.5": ("The destination address is valid.", _BASE),
        "1.6": ("The mailbox has moved and left no forwarding address.", _BASE),
        "1.7": ("The syntax of the sender's address is wrong.", _BASE),
        "1.8": ("The sender's domain does not exist or takes no mail.", _BASE),
        "1.9": ("The message was relayed to a system without these codes.", "RFC 3886"),
        "1.10": ("The recipient's domain publishes a null MX and takes no mail.", _NULL_MX),
        "2.0": ("Something about the mailbox caused this.", _BASE),
        "2.1": ("The mailbox is disabled and takes no messages.", _BASE),
        "2.2": ("The mailbox is full.", _BASE),
        "2.3": ("The message is longer than this mailbox may take.", _BASE),
        "2.4": ("The mailing list could not be expanded.", _BASE),
        "3.0": ("Something about the destination's mail system caused this.", _BASE),
        "3.1": ("The mail system's storage is full.", _BASE),
        "3.2": ("The system takes no messages from the network now.", _BASE),
        "3.3": ("The system cannot do what the message asks for.", _BASE),
        "3.4": ("The message is larger than the system takes.", _BASE),
        "3.5": ("The system is not configured for this message.", _BASE),
        "3.6": ("The message was taken with another priority than asked for.", _PRIORITY),
        "4.0": ("Something about the network caused this.", _BASE),
        "4.1": ("The destination host did not answer.", _BASE),
        "4.2": ("The connection broke or could not carry the message.", _BASE),
        "4.3": ("A directory, such as DNS, could not be asked.", _BASE),
        "4.4": ("No next hop could be determined.", _BASE),
        "4.5": ("The mail system is congested.", _BASE),
        "4.6": ("The message runs in a routing loop.", _BASE),
        "4.7": ("The message waited longer than it may.", _BASE),
        "5.0": ("Something about the protocol caused this.", _BASE),
        "5.1": ("The command is unknown or not allowed here.", _BASE),
        "5.2": ("The syntax of the command is wrong.", _BASE),
        "5.3": ("The message has more recipients than one transaction may have.", _BASE),
        "5.4": ("The arguments of the command are not valid.", _BASE),
        "5.5": ("The two sides speak different versions of the protocol.", _BASE),
        "5.6": ("A line of the authentication exchange is too long.", _AUTH),
        "6.0": ("Something about the content caused this.", _BASE),
        "6.1": ("The content's type is not supported.", _BASE),
        "6.2": ("The content must be converted, and that is prohibited.", _BASE),
        "6.3": ("The content must be converted, and that is not supported.", _BASE),
        "6.4": ("The content was converted with loss.", _BASE),
        "6.5": ("The content could not be converted.", _BASE),
        "6.6": ("The content to be fetched is not available.", "RFC 4468"),
        "6.7": ("Addresses beyond ASCII are not allowed for this sender or recipient.", _I18N),
        "6.8": ("The reply needs UTF-8, which the client did not allow.", _I18N),
        "6.9": ("A message with UTF-8 header fields cannot be passed on.", _I18N),
        "6.10": ("The reply needs UTF-8; a deprecated duplicate of X.6.8.", _I18N),
        "7.0": ("Something about security caused this.", _BASE),
        "7.1": ("The sender is not authorized, or local policy refuses the message.", _BASE),
        "7.2": ("The sender may not use the mailing list.", _BASE),
        "7.3": ("A security conversion would be needed and is not possible.", _BASE),
        "7.4": ("A security feature the message needs is not supported.", _BASE),
        "7.5": ("A cryptographic operation failed, for example TLS or decryption.", _BASE),
        "7.6": ("A cryptographic algorithm is not supported.", _BASE),
        "7.7": ("The message's integrity could not be confirmed.", _BASE),
        "7.8": ("The credentials are invalid.", _AUTH),
        "7.9": ("The authentication mechanism is weaker than the user may use.", _AUTH),
        "7.10": ("Encryption is needed before this is allowed.", _UPDATE),
        "7.11": ("The authentication mechanism is allowed under encryption only.", _AUTH),
        "7.12": ("The user must first move to a new authentication mechanism.", _AUTH),
        "7.13": ("The user's account is disabled.", _UPDATE),
        "7.14": ("The server needs a trust relationship with another server.", _UPDATE),
        "7.15": ("The message's priority is too low to be taken now.", _PRIORITY),
        "7.16": ("The message is too large for its priority.", _PRIORITY),
        "7.17": ("The mailbox has had another owner since the given date.", _RRVS),
        "7.18": ("The domain has had another owner since the given date.", _RRVS),
        "7.19": ("Whether the owner has changed cannot be found out.", _RRVS),
        "7.20": ("The message has no DKIM signature that passes.", _VERDICT),
        "7.21": ("DKIM signatures pass, but none of them is acceptable.", _VERDICT),
        "7.22": ("No passing DKIM signature belongs to the author's domain.", _VERDICT),
        "7.23": ("SPF fails for the message.", _VERDICT),
        "7.24": ("SPF could not be evaluated because of an error.", _VERDICT),
        "7.25": ("The client's address fails the reverse DNS check.", _VERDICT),
        "7.26": ("The message fails more than one authentication check.", _VERDICT),
        "7.27": ("The sender's domain publishes a null MX: it takes no replies.", _NULL_MX),
        "7.28": ("The message seems to belong to a flood of mail.", "IANA registry"),
        "7.29": ("The ARC chain does not validate.", "RFC 8617"),
        "7.30": ("The message demands REQUIRETLS and the next hop lacks it.", "RFC 8689"),
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
    about = SUBJECTS.get(subject, "an unknown subject")
    title, reference = known or (f"The server's own code, not registered; about {about}.", _BASE)
    return EnhancedCode(
        code=code,
        outcome=CLASSES[outcome],
        subject=about,
        title=title,
        reference=reference,
        registered=known is not None,
    )
